"""The table of all tasks, on a made-up evaluation whose numbers can be worked out by hand."""

import numpy as np

from analysis import all_tasks
from analysis.tests import made_up
from trifactor import command, shards

GROUPS = {
    "none": "none",
    "start": "start",
    "learned": "learned task=flip-flop rule.theta={k1l1:0.3} meta.learn=[theta,eta]",
    "random": "random task=flip-flop rule.theta={k1l1:0.3} meta.learn=[theta,eta]",
    "cubic": "learned task=flip-flop rule.theta={k3l3:-1} meta.learn=[eta,amplitude]",
    "control of the cubic": "random task=flip-flop rule.theta={k3l3:-1} meta.learn=[eta,amplitude]",
    "node-perturbation": "node-perturbation",
    "another rival": "bptt",
}
# By column: the scores of each rule on networks 0, 1, 2.
SCORES = {
    "none": [[0.5, 0.4, 0.6]],
    "start": [[0.4, 0.4, 0.4]],
    "random": [[0.5, 0.6, 0.4], [0.5, 0.4, 0.6]],
    "learned": [[0.7, 0.6, 0.8], [0.9, 0.8, 1.0]],
    "cubic": [[0.9, 0.8, 1.0]],
    "control of the cubic": [[1, 1, 1]],
    "node-perturbation": [[0.8, 0.9, 0.7]],
    "another rival": [[1, 1, 1]],
}


def evaluation(folder):
    cells, records = [], []
    for column, rules in SCORES.items():
        for rule, values in enumerate(rules):
            key = len(cells) + 1
            cells.append(
                {
                    "key": f"{key:016x}",
                    "settings": {
                        "task": "flip-flop",
                        "evaluate.contender": GROUPS[column],
                        "evaluate.training-seed": str(rule),
                    },
                }
            )
            # Networks in no order: pairs are made by their number.
            records += [
                {
                    "cell": key,
                    "network": n,
                    "trials": 200,
                    "diverged_at": -1,
                    "late_accuracy": values[n],
                    "late_reward": values[n] - 1,
                }
                for n in (2, 0, 1)
            ]
    # The last rule's test is not complete: it has evaluations, but no result.
    key = len(cells) + 1
    cells.append({"key": f"{key:016x}", "settings": {**cells[-1]["settings"], "evaluate.contender": GROUPS["learned"]}})
    records.append({"cell": key, "network": 0, "trials": 200, "diverged_at": -1})
    made_up.write_shard(folder / "shards", "evaluation", 3, records)
    made_up.write_shard(folder / "shards", "result", 3, [{"cell": n, "evaluations": 3} for n in range(1, key)])
    made_up.write_plan(folder, cells)
    return folder


def test_columns_and_pairs(tmp_path):
    found = all_tasks.scores(shards.load(evaluation(tmp_path)), "late_accuracy")
    columns = found["flip-flop"]
    assert sorted(columns) == sorted([*all_tasks.COLUMNS, "node-perturbation"])
    assert columns["learned"].tolist() == SCORES["learned"]
    mean, low, high = all_tasks.difference(columns, "none")
    assert np.allclose((mean, low, high), 0.3), "every network is better by the same 0.3"
    mean, low, high = all_tasks.difference(columns, "cubic")
    assert np.allclose((mean, low, high), -0.1)
    mean, low, high = all_tasks.interval(columns["none"])
    assert np.isclose(mean, 0.5) and 0.4 <= low < 0.5 < high <= 0.6
    assert all_tasks.beats(columns)


def test_a_tie_is_no_win(tmp_path):
    columns = all_tasks.scores(shards.load(evaluation(tmp_path)), "late_accuracy")["flip-flop"]
    columns["random"] = columns["learned"]
    assert not all_tasks.beats(columns)


def test_tasks_without_all_columns_are_left_out(tmp_path, capsys):
    sweep = shards.load(evaluation(tmp_path))
    sweep.results[3] = sweep.results[3][sweep.results[3]["cell"] > 1]
    assert all_tasks.scores(sweep, "late_accuracy") == {}
    assert "flip-flop: only start, random, learned, cubic, node-perturbation; left out" in capsys.readouterr().err


def test_printed_table(tmp_path, capsys):
    assert all_tasks.main([str(evaluation(tmp_path))]) == 0
    text = capsys.readouterr().out
    assert "Late accuracy, 3 fresh networks, 2 meta-seeds; 1 of 1 tasks won" in text
    assert "| 0.500 | yes |\n" in text and text.count("| shortcut | beats it |") == 1
    assert "| 0.700 ... 0.900 |" in text and "-0.100 [-0.100, -0.100]" in text
    assert "Late reward" in text and "-0.500 [" in text


def test_other_folders_are_told(folder, tmp_path, capsys):
    assert command.run(all_tasks.main, [str(folder)]) == 64
    assert "no test of contenders; give the --out of `trifactor evaluate`" in capsys.readouterr().err
    assert command.run(all_tasks.main, [str(tmp_path / "none")]) == 64
    assert "is no result folder" in capsys.readouterr().err
    damaged = evaluation(tmp_path / "damaged") / "shards" / "evaluation-d3.00000.npy"
    damaged.write_bytes(damaged.read_bytes()[:-9])
    assert command.run(all_tasks.main, [str(tmp_path / "damaged")]) == 65
    assert "records were sealed; `trifactor verify" in capsys.readouterr().err
