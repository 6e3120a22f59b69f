"""Constants of two files of rules, with numbers that can be worked out by hand."""

from pathlib import Path

import pytest

from analysis import constants, rules
from trifactor import command

SHIPPED = Path(__file__).resolve().parents[2] / "sweeps" / "results" / "degree-ablation-rules.csv"


def rule(seed, **learned):
    row = dict.fromkeys(rules.RULE, "0") | {"task": "flip-flop", "degree": "3", "seed": str(seed)}
    return row | dict.fromkeys(rules.CONSTANTS, "1") | {name.replace("_", "-"): str(x) for name, x in learned.items()}


def test_a_factor_a_difference_and_the_seeds_that_went_up():
    before = [rule(seed, eta=0.1 * (seed + 1), gate=-1) for seed in range(5)]
    after = [rule(seed, eta=0.2 * (seed + 1), gate=-1.5 + 0.25 * seed) for seed in range(5)]
    printed = constants.table(before, after, ["degree"]).splitlines()[2:]
    # Twice the learning rate in all five, p = 2/32, twice that for two rows; the gate rises in two, falls in two.
    assert printed[0] == "| 3 | eta | 0.300 [0.200, 0.400] | 0.600 [0.400, 0.800] | x 2.00 | 5 of 5 | 0.0625 | 0.1250 |"
    assert printed[1].startswith("| 3 | gate | -1.00 [-1.00, -1.00] | -1.00 [-1.25, -0.750] | +0.00 | 2 of 5 | 1.0000")
    assert len(printed) == 2


def test_only_common_seeds_count():
    before = [rule(seed, eta=seed + 1) for seed in range(4)]
    after = [rule(seed, eta=seed + 2) for seed in range(1, 7)]
    assert "3.00 [2.50, 3.50] | 4.00 [3.50, 4.50] | x 1.33 | 3 of 3" in constants.table(before, after, ["degree"])


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("degree", "two rules of seed 0 where degree=1; give --by the columns that tell them apart"),
        ("learner", "no column learner; `python -m analysis.rules OUT --columns learner --to FILE.csv` writes it"),
        ("task,degree", "the files have no rule and seed in common whose constants were learned"),
    ],
)
def test_what_cannot_be_compared_is_said(by, words, capsys):
    assert command.run(constants.main, [str(SHIPPED), str(SHIPPED), "--by", by]) != 0
    assert words in capsys.readouterr().err
