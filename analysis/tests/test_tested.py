"""Tested rules as CSV, and the paired tables and figure of such a file, on numbers that can be worked out by hand."""

import csv

import numpy as np
import pytest

from analysis import paired, tested
from analysis.figures import paired as figure
from analysis.tests import made_up
from trifactor import command, shards

COMMON = {
    "learner": "three-factor",
    "rule.theta": "{k1l1:-1}",
    "rule.trace-mean": 0,
    "rule.trace-mean-by": "condition",
    "rule.baseline": "condition",
    "exploration.gate": 0,
    "meta.learn": "[eta,clip]",
    "meta.iterations": 100,
}
TASKS = "[cue-association,delayed-xor]"


def write(folder, cells, scores, name="made-up", thetas=None):
    """A result folder: `scores` by cell, role and network; no two rules are the same unless `thetas` says so."""
    plan = [{"key": f"{n + 1:016x}", "settings": settings} for n, settings in enumerate(cells)]
    made_up.write_plan(folder, plan, name, common=COMMON)
    records = [
        {"cell": n + 1, "role": role, "network": network, "trials": 200, "diverged_at": -1}
        | {"late_accuracy": value, "late_reward": value - 1}
        for n, roles in enumerate(scores)
        for role, values in roles.items()
        for network, value in enumerate(values)
    ]
    made_up.write_shard(folder / "shards", "evaluation", 1, records)
    results = [
        {"cell": n + 1, "evaluations": sum(map(len, roles.values())), "theta": [0, 0, 0, (thetas or range(99))[n]]}
        for n, roles in enumerate(scores)
    ]
    made_up.write_shard(folder / "shards", "result", 1, results)
    return folder


@pytest.fixture
def folders(tmp_path):
    """Two seeds of a rule with and without the mean, learned on two tasks, and their test on a third."""
    cells = [{"task": TASKS, "seed": seed, "rule.trace-mean": mean} for mean in (0, 0.5) for seed in (0, 1)]
    learned = [[0.5, 0.6, 0.7, 0.8], [0.6, 0.6, 0.8, 0.8], [0.7, 0.9, 0.7, 0.9], [0.9, 0.9, 0.9, 0.9]]
    run = write(tmp_path / "run", cells, [{0: values, 2: [0.5, 0.4, 0.5, 0.4]} for values in learned])
    asked = [{"task": "flip-flop", "evaluate.contender": "none", "evaluate.training-seed": None, "network.units": 64}]
    asked += [
        {"task": "flip-flop", "evaluate.contender": f"learned rule.trace-mean={mean}", "evaluate.training-seed": seed}
        | {"network.units": 64, "options.cues": 8}
        for mean in (0, 0.5)
        for seed in ("0", "1")
    ]
    scores = [{0: [0.3, 0.5]}, *({0: [0.5, 0.5 + 0.1 * n]} for n in range(4))]
    return run, write(tmp_path / "test", asked, scores, "evaluate-made-up")


def read(folders, to, *options):
    assert command.run(tested.main, [*map(str, folders), "--to", str(to), *options]) == 0
    with to.open(newline="") as file:
        return list(csv.DictReader(file))


def still_on(found):
    return found["no plasticity", "", "flip-flop"]["learned-on"]


def test_networks_take_turns_and_tests_find_their_rules(folders, tmp_path):
    columns = "network.units,rule.trace-mean,learned-on,learned-units,options.cues"
    rows = read(folders, tmp_path / "scores.csv", "--columns", columns)
    assert len(rows) == 4 * 3 + 3
    found = {(row["rule"], row["seed"], row["task"]): row for row in rows}
    first = found["linear", "0", "cue-association"]
    assert float(first["late_accuracy"]) == pytest.approx(0.6) and first["networks"] == "2"
    assert float(found["linear", "0", "delayed-xor"]["late_accuracy"]) == pytest.approx(0.7)
    last = found["linear + mean by condition", "1", "flip-flop"]
    assert float(last["late_accuracy"]) == pytest.approx(0.65)
    # The network is that of the test, the mean that of the rule.
    assert (last["network.units"], last["rule.trace-mean"], first["network.units"]) == ("64", "0.5", "32")
    assert (last["options.cues"], first["options.cues"]) == ("8", "")
    assert (last["learned-units"], first["learned-units"]) == ("32", "32")
    assert (last["test"], first["test"]) == ("made-up", "own")
    assert (last["learned-on"], still_on(found)) == ("cue-association+delayed-xor", "")
    assert (last["family"], last["mean"], last["gate"], last["critic"]) == ("linear", "condition", "no", "condition")
    still = found["no plasticity", "", "cue-association"]
    assert float(still["late_accuracy"]) == 0.5 and still["networks"] == "8"
    assert float(found["no plasticity", "", "flip-flop"]["late_accuracy"]) == pytest.approx(0.4)


def test_rules_that_are_the_same_are_tested_once_and_count_each(tmp_path):
    cells = [{"task": "delayed-xor", "seed": seed} for seed in (0, 1, 2)]
    run = write(tmp_path / "run", cells, [{0: [0.5]}] * 3, thetas=[1, 2, 1])
    # Seed 2 stayed where seed 0 did, and has no test of its own.
    asked = [
        {"task": "flip-flop", "evaluate.contender": "learned", "evaluate.training-seed": seed} for seed in ("0", "1")
    ]
    test = write(tmp_path / "test", asked, [{0: [0.6]}, {0: [0.7]}], "evaluate-made-up")
    found = {row["seed"]: row["late_accuracy"] for row in tested.rows([run, test]) if row["task"] == "flip-flop"}
    assert found == {"0": "0.6", "1": "0.7", "2": "0.6"}


def test_larger_budgets_and_cells_of_earlier_plans(tmp_path):
    cells = [{"task": "flip-flop", "seed": 0, "meta.iterations": count} for count in (100, 200)]
    folder = write(tmp_path / "run", cells, [{0: [0.5]}, {0: [0.7]}])
    found = {row["rule"]: row["late_accuracy"] for row in read([folder], tmp_path / "scores.csv") if row["seed"]}
    assert found == {"linear": "0.5", "linear, 200 iterations": "0.7"}
    made_up.write_plan(folder, [{"key": f"{1:016x}", "settings": cells[0]}], common=COMMON)
    assert [row["key"] for row in tested._own(shards.load(folder), ())] == [f"{1:016x}"]


def test_a_test_without_its_run_is_refused(folders, tmp_path, capsys):
    assert command.run(tested.main, [str(folders[1]), "--to", str(tmp_path / "x.csv")]) == command.DATA
    assert "is 0 cells of the folders given; give the folder that `evaluate --learned` had" in capsys.readouterr().err
    assert command.run(tested.main, [str(folders[0]), "--to", str(tmp_path / "x.csv"), "--columns", "rule.etta"]) == 64
    assert "no setting rule.etta" in capsys.readouterr().err


@pytest.mark.parametrize(
    "settings, words",
    [
        ({}, "linear"),
        ({"rule.theta": "{k3l3:-1}", "exploration.gate": -0.5}, "cubic + gate"),
        ({"meta.learn": "[theta,eta]"}, "free"),
        ({"learner": "node-perturbation", "meta.learn": "[eta,gate]", "rule.theta": "{}"}, "node-perturbation + gate"),
        ({"rule.trace-mean": 0.5, "rule.trace-mean-by": "synapse"}, "linear + mean by synapse"),
        ({"rule.theta": "{k1l3:-1}"}, "{k1l3:-1}"),
    ],
)
def test_names_of_rules(settings, words):
    assert tested.named({**COMMON, **settings})["rule"] == words


def test_tables_count_a_seed_with_its_mean_over_tasks(folders, tmp_path, capsys):
    file = tmp_path / "scores.csv"
    read(folders, file)
    capsys.readouterr()
    seen = "cue-association,delayed-xor"
    assert command.run(paired.main, [str(file), "--columns", "critic", "--tasks", seen]) == 0
    # Seeds 0 and 1 have 0.65 and 0.7 without the mean, 0.8 and 0.9 with it.
    text = capsys.readouterr().out
    assert "| linear | 0.675 [0.650, 0.700] | 2 |" in text
    assert "| linear + mean by condition | 0.850 [0.800, 0.900] | 2 |" in text
    assert command.run(paired.main, [str(file), "--tasks", seen]) == 0
    assert "| linear | 0.650 [0.600, 0.700] | 0.700 [0.700, 0.700] | 2 |" in capsys.readouterr().out
    vary = ["--vary", "mean", "--baseline", "none", "--by", "family,critic", "--tasks", seen]
    assert command.run(paired.main, [str(file), *vary]) == 0
    line = capsys.readouterr().out.splitlines()[-1]
    # Differences 0.15 and 0.2: effect size 0.175 / 0.0354; two pairs of one sign have p = 1/2.
    assert line.startswith("| linear | condition | condition - none | 2 | +0.175 [+0.150, +0.200] | +4.95 | +0.175")
    assert line.endswith("| 0.5000 | 0.5000 |")


def test_files_are_read_as_one(folders, tmp_path, capsys):
    file, other = tmp_path / "scores.csv", tmp_path / "other.csv"
    rows = read(folders, file, "--columns", "learned-units")
    with other.open("w", newline="") as out:
        writer = csv.DictWriter(out, [*rows[0], "more"])
        writer.writeheader()
        for row in rows:
            reward = str(float(row["late_reward"]) + 0.1)
            writer.writerow(row | {"learned-units": "128", "late_reward": reward, "more": "x"})
    capsys.readouterr()
    vary = ["--vary", "learned-units", "--baseline", "32", "--by", "rule", "--tasks", "flip-flop"]
    assert command.run(paired.main, [str(file), str(other), *vary]) == 0
    assert "| linear | 128 - 32 | 2 | +0.100 [+0.100, +0.100] |" in capsys.readouterr().out
    # A column of one file alone tells nothing.
    assert command.run(paired.main, [str(file), str(other), "--where", "more=x"]) == 64


def test_a_seed_that_lacks_a_task_is_left_out():
    rows = [
        {"rule": "a", "seed": seed, "task": task, "late_reward": "-1"}
        for seed, task in (("0", "x"), ("0", "y"), ("1", "x"))
    ]
    assert paired.by_seed(rows, ["rule"], "late_reward") == {("a",): {0: -1.0}}
    with pytest.raises(command.CommandError, match="two rows of seed 0 and task x have rule in common"):
        paired.by_seed([*rows, rows[0]], ["rule"], "late_reward")


def test_what_cannot_be_compared_is_told(folders, tmp_path, capsys):
    file = tmp_path / "scores.csv"
    read(folders, file)
    for options, words in (
        (["--where", "critics=x"], "no column critics; it has key, rule"),
        (["--where", "critic"], "--where critic: give COLUMN=VALUE"),
        (["--where", "critic=shared"], "no row is left"),
        (["--vary", "mean", "--baseline", "nothing"], "--baseline nothing: mean is one of none, condition"),
    ):
        assert command.run(paired.main, [str(file), *options]) == 64
        assert words in capsys.readouterr().err
    (tmp_path / "empty.csv").write_text("a,b\n1,2\n")
    assert command.run(paired.main, [str(tmp_path / "empty.csv")]) == command.DATA
    assert "no file of tested rules" in capsys.readouterr().err


def test_the_figure_has_every_rule_and_the_same_bytes(folders, tmp_path):
    file = tmp_path / "scores.csv"
    read(folders, file)
    images = []
    for name in ("a", "a"):
        to = tmp_path / f"{name}.svg"
        assert (
            command.run(figure.main, [str(file), "--panel", "seen=cue-association,delayed-xor", "--to", str(to)]) == 0
        )
        images.append(to.read_bytes())
    assert images[0] == images[1]
    assert b"linear + mean by" in images[0] and b"seen" in images[0] and b"late reward" in images[0]


def test_numbers_lie_along_an_axis():
    rows = [
        {"rule": rule, "seed": seed, "task": "x", "cues": cues, "late_reward": str(-int(cues) / 10 - int(seed))}
        for rule in "ab"
        for seed in "01"
        for cues in ("2", "4")
    ]
    rows += [row | {"cues": "16", "late_accuracy": "0"} for row in rows if row["cues"] == "2"]
    assert paired.table(rows, ["rule"], "cues", "late_reward").startswith("| rule | 2 | 4 | 16 | seeds |")
    entries = figure._entries(rows, "cues", "rule", "late_reward")
    assert entries["a"]["4"][0] == pytest.approx(np.mean([-0.4, -1.4]))


def test_a_run_that_goes_on_is_not_damaged(tmp_path, monkeypatch):
    folder = write(tmp_path / "run", [{"task": "flip-flop", "seed": seed} for seed in (0, 1)], [{0: [0.5]}])
    gather = shards.Sweep._gather

    def gather_while_it_runs(self, kind, identity):
        found = gather(self, kind, identity)
        if not list((folder / "shards").glob("iteration-*")):
            made_up.write_shard(folder / "shards", "iteration", 1, [{"cell": 2}])
            made_up.write_shard(folder / "shards", "evaluation", 1, [{"cell": 1}, {"cell": 2}])
            results = [{"cell": 1, "evaluations": 1}, {"cell": 2, "evaluations": 1, "iterations": 1}]
            made_up.write_shard(folder / "shards", "result", 1, results)
        return found

    monkeypatch.setattr(shards.Sweep, "_gather", gather_while_it_runs)
    sweep = shards.sound(folder)
    assert [int(key) for key in sweep.results[1]["cell"]] == [1], "the second result came after the results were read"
