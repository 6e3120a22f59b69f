"""Learners at the gain that other networks chose, on numbers that can be worked out by hand."""

import csv

from analysis import limits
from analysis.tests import made_up
from trifactor import command

NAMES = ("none", "bptt:gain=1", "bptt:gain=3", "node-perturbation")


def write(folder, accuracies, names=NAMES):
    """The --out of an evaluation: two networks a learner, each with its accuracy and one less as reward."""
    cells = [
        {"key": f"{n + 1:016x}", "shortcut": 0.75}
        | {"settings": {"task": "flip-flop", "evaluate.contender": name, "evaluate.feedback": "scalar"}}
        for n, name in enumerate(names)
    ]
    made_up.write_plan(folder, cells)
    records = [
        {"cell": n + 1, "network": network, "trials": 200, "diverged_at": -1, "late_accuracy": value}
        | {"late_reward": value - 1, "late_incongruent_accuracy": float("nan")}
        for n, values in enumerate(accuracies)
        for network, value in enumerate(values)
    ]
    made_up.write_shard(folder / "shards", "evaluation", 0, records)
    made_up.write_shard(folder / "shards", "result", 0, [{"cell": n + 1, "evaluations": 2} for n in range(len(names))])
    return folder


def test_the_search_chooses_and_the_test_counts(tmp_path, capsys):
    search = write(tmp_path / "search", [[0.5, 0.5], [0.6, 0.6], [0.9, 0.9], [0.7, 0.7]])
    test = write(tmp_path / "test", [[0.5, 0.4], [1.0, 1.0], [0.9, 0.8], [0.6, 0.8]])
    file = tmp_path / "limits.csv"
    assert command.run(limits.main, [str(search), str(test), "--to", str(file)]) == 0
    with file.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [(row["learner"], row["gain"]) for row in rows] == [
        ("bptt", "1"),
        ("bptt", "3"),
        ("node-perturbation", "1"),
        ("none", "1"),
    ]
    assert rows[0]["late_incongruent_accuracy"] == ""
    capsys.readouterr()
    assert command.run(limits.main, [str(file)]) == 0
    printed = capsys.readouterr().out
    # Gain 3 did best on the networks of the search, gain 1 on those of the test.
    line = "| flip-flop | 0.450 [0.400, 0.500] | 0.700 [0.600, 0.800] | **0.850 [0.800, 0.900]** | 0.750 |"
    assert line in printed
    assert "| task | none | node-perturbation | bptt |\n" in printed, "rewards have no shortcut beside them"


def test_other_sources_are_told(folder, tmp_path, capsys):
    search = write(tmp_path / "search", [[0.5, 0.5]], names=NAMES[:1])
    test = write(tmp_path / "test", [[0.5, 0.4], [1.0, 1.0]], names=NAMES[:2])
    for sources, words in (
        ([search, test, "--to", tmp_path / "x.csv"], "has not tested flip-flop 32 200 bptt 1; give it the learners of"),
        ([folder, test, "--to", tmp_path / "x.csv"], "no test of learners; give the --out of `trifactor evaluate`"),
        ([search, "--to", tmp_path / "x.csv"], "--to wants two folders"),
        ([search, test], "give one CSV file, or two folders with --to"),
    ):
        assert command.run(limits.main, list(map(str, sources))) == command.USAGE
        assert words in capsys.readouterr().err
    (tmp_path / "other.csv").write_text("a\n1\n")
    assert command.run(limits.main, [str(tmp_path / "other.csv")]) == command.DATA
    assert "no file of `analysis.limits --to`" in capsys.readouterr().err
