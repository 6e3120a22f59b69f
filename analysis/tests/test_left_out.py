"""The loss on a task that was left out, on numbers that can be worked out by hand."""

import csv

import pytest

from analysis import left_out
from trifactor import command

FIELDS = ("rule", "test", "seed", "task", "learned-on", "late_reward", "late_accuracy")


def rows(loss=0.1):
    """Three tasks, two seeds: on the task left out the reward is less by `loss`, and by twice that for seed 1."""
    found = []
    for seed in (0, 1):
        for learned in ("a+b+c", "b+c", "a+c", "a+b"):
            for task in "abc":
                score = -0.5 - (loss * (1 + seed) if task not in learned else 0)
                found.append(("free", "eight", str(seed), task, learned, str(score), str(1 + score)))
                # Other networks, of which nothing may be taken.
                found.append(("free", "own", str(seed), task, learned, "-9", "9"))
    found.append(("no plasticity", "eight", "", "a", "", "-1", "0"))
    return [dict(zip(FIELDS, row)) for row in found]


def test_the_loss_is_that_of_the_rule_without_the_task(tmp_path, capsys):
    file = tmp_path / "scores.csv"
    with file.open("w", newline="") as out:
        writer = csv.DictWriter(out, FIELDS)
        writer.writeheader()
        writer.writerows(rows())
    assert command.run(left_out.main, [str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" | ")[0] for line in lines[2:]] == ["| a", "| b", "| c", "| mean over tasks"]
    assert all("| -0.150 [-0.200, -0.100] |" in line for line in lines[2:])
    assert "| -0.500 [-0.500, -0.500] | -0.650 [-0.700, -0.600] |" in lines[2]
    # Two pairs of one sign: p is 1/2, and 3/2, cut to 1, after Holm.
    assert lines[2].endswith("| 1.0000 |")


def test_without_rules_on_all_but_one_task_nothing_is_said(tmp_path, capsys):
    with pytest.raises(command.CommandError, match="no task has rules learned with it and without it"):
        left_out.table([row for row in rows() if row["learned-on"] in ("a+b+c", "")])
    file = tmp_path / "other.csv"
    file.write_text("rule,seed,task,late_reward,late_accuracy\na,0,b,-1,0\n")
    assert command.run(left_out.main, [str(file)]) == 64
    assert "no column learned-on; give --columns learned-on" in capsys.readouterr().err
