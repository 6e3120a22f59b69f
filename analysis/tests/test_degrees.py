"""The page of the degree ablation against its CSV files: every number of its tables is computed again."""

import re
from pathlib import Path

import numpy as np
import pytest

from analysis import bootstrap, degrees, rules
from trifactor import command

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "sweeps" / "results"
PAGE = PLACE / "degree-ablation.md"
SCORES = PLACE / "degree-ablation.csv"


def test_the_tables_of_the_page_are_those_of_its_csv(capsys):
    assert command.run(degrees.main, [str(SCORES)]) == 0
    printed = capsys.readouterr().out
    page = PAGE.read_text()
    tables = [part for part in printed.split("\n\n") if part.startswith("|")]
    assert len(tables) == 4
    for table in tables:
        assert table.strip() in page


def test_the_readme_has_the_table_of_the_page():
    table = degrees.table(degrees.scores(rules.read(SCORES), "late_accuracy"))
    bare = (ROOT / "README.md").read_text().replace("**", "")
    for line in table.splitlines():
        assert line in bare


def test_rules_and_scores_are_of_the_same_cells():
    cells, learned = rules.read(SCORES), rules.read(PLACE / "degree-ablation-rules.csv")
    assert len(cells) == 300
    for cell, rule in zip(cells, learned, strict=True):
        assert all(cell[name] == rule[name] for name in (*rules.CELL, "late_accuracy", "late_reward"))
        assert len(rule["theta"].split()) == len(rule["scale"].split()) == (int(rule["degree"]) + 1) ** 2


def test_entries_by_numpy_alone():
    # Independent of analysis.degrees: the ten middle ones of twenty runs.
    runs = sorted(
        float(row["late_accuracy"])
        for row in rules.read(SCORES)
        if (row["task"], row["degree"]) == ("cue-association", "3")
    )
    assert len(runs) == 20
    shown = re.search(r"^\| 3 \| (\S+) \[", PAGE.read_text(), re.MULTILINE)
    assert shown and shown[1] == f"{np.mean(runs[5:15]):.3f}"


def test_signed_rank_is_exact_without_ties_and_normal_with_them():
    # All five positive: 2 of 32 sign patterns are as extreme.
    assert degrees.signed_rank([1, 2, 3, 4, 5]) == pytest.approx(2 / 32, abs=1e-15)
    assert degrees.signed_rank([0, 0]) == 1
    # The normal approximation by hand; 1e-6 covers the quadrature below.
    tied = [1.0] * 10 + [-1.0] * 4 + [2.0]
    n, positive, ties = 15, 10 * 7.5 + 15, 14**3 - 14
    z = (positive - n * (n + 1) / 4) / np.sqrt((n * (n + 1) * (2 * n + 1) - ties / 2) / 24)
    assert degrees.signed_rank(tied) == pytest.approx(float(2 * (1 - _normal(abs(z)))), abs=1e-6)


def _normal(z):
    """The normal distribution function by the trapezoidal rule, good to 1e-7 on this grid."""
    x = np.linspace(-10, z, 100_001)
    return np.trapezoid(np.exp(-x * x / 2), x) / np.sqrt(2 * np.pi)


def test_holm_and_improvement():
    assert degrees.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert degrees.improvement(np.array([1.0, 2.0]), np.array([1.0, 0.0])) == 0.875


def test_steps_over_all_tasks():
    runs = {
        ("a", 1): [0, 0],
        ("a", 2): [1, -0.5],
        ("b", 1): [0, 0],
        ("b", 2): [0.5, 0],
        ("b", 3): [0, 0],
        ("c", 3): [1],
    }
    found = {place: np.array(values, dtype=float) for place, values in runs.items()}
    # From 1 to 2: a by .25 in the mean with one of two up, b by .25 with one of two; from 2 to 3 only b has both.
    assert degrees.over_tasks(found).splitlines()[2:] == [
        "| 1 to 2 | +0.250 | 2 of 4 | +0.250, a | +0.250, a |",
        "| 2 to 3 | -0.250 | 0 of 2 | -0.250, b | -0.250, b |",
    ]


def test_signs_of_a_term(capsys):
    rules_file = str(PLACE / "degree-ablation-rules.csv")
    assert command.run(degrees.main, [rules_file, "--negative", "3,3"]) == 0
    printed = capsys.readouterr().out.splitlines()
    # Counted here by the place that the specification gives: theta[k,l] at k (degree + 1) + l.
    for degree, line in zip((3, 4, 5), printed[2:], strict=True):
        learned = [row for row in rules.read(rules_file) if row["degree"] == str(degree)]
        below = sum(float(row["theta"].split()[3 * (degree + 1) + 3]) < 0 for row in learned)
        assert line.startswith(f"| {degree} |") and line.endswith(f"| {below} of {len(learned)} |")
    assert command.run(degrees.main, [rules_file, "--negative", "6,3"]) == command.USAGE
    assert "--negative 6,3: no rule is of degree 6 or more" in capsys.readouterr().err
    assert command.run(degrees.main, [rules_file, "--negative", "13"]) == command.USAGE
    assert "13 is not two powers joined by a comma, as in 1,3" in capsys.readouterr().err
    assert command.run(degrees.main, [str(SCORES), "--negative", "1,3"]) == command.DATA
    assert "no rules in it; `python -m analysis.rules OUT` writes them" in capsys.readouterr().err


def test_degrees_without_common_seeds_are_refused():
    rows = [{"task": "t", "degree": degree, "seed": seed, "late_accuracy": "1"} for degree, seed in ("10", "21")]
    with pytest.raises(command.CommandError, match="t: its degrees have not the same seeds"):
        degrees.scores(rows, "late_accuracy")
    with pytest.raises(command.CommandError, match="no file of scores"):
        degrees.scores([{"key": "1"}], "late_accuracy")


def test_the_interval_is_of_the_whole_family_of_runs():
    runs = np.arange(20) / 20
    low, high = bootstrap.stratified_bootstrap([runs])
    assert degrees.entry(runs) == f"0.475 [{low:.3f}, {high:.3f}]"


def test_a_file_without_scores_is_refused(tmp_path, capsys):
    (tmp_path / "empty.csv").touch()
    for path in (tmp_path / "empty.csv", PLACE / "degree-ablation-rules.csv"):
        assert command.run(degrees.main, [str(path)]) == command.DATA
        assert "a column is missing; `python -m analysis.rules OUT --scores" in capsys.readouterr().err
