"""Learned rules as CSV: the same bits from the folder's records to a rule file, and that file read by trifactor."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from analysis import rules
from analysis.tests import made_up
from trifactor import command, program, shards

SHIPPED = Path(__file__).resolve().parents[2] / "sweeps" / "results" / "degree-ablation-rules.csv"
EVERYWHERE = SHIPPED.parent / "every-synapse-rules.csv"
SETTINGS = {"exploration.kind": "sparse", "rule.normalise": True}
# Not short in decimals; the last is the smallest number above 1.
THETA = np.array([1 / 3, -0.1, 2e-308, np.nextafter(1, 2)])
CONSTANTS = [0.02, 0.015, 400, 15, 0.5, 0.01, 2.5, 0, 0, 0]


@pytest.fixture
def folder(tmp_path):
    """Cells of seeds 1 and 0, one that failed, and a rival learner."""
    cells = [{"task": "flip-flop", "rule.degree": 1, "seed": seed, "learner": "three-factor"} for seed in (1, 0, 2, 3)]
    cells[3]["learner"] = "node-perturbation"
    made_up.write_plan(
        tmp_path / "out", [{"key": f"{n + 1:016x}", "settings": one} for n, one in enumerate(cells)], common=SETTINGS
    )
    results = [
        {"cell": n + 1, "status": 2 * (n == 2), "lifetimes": 50, "evaluations": 6 * (n != 2), "theta": THETA * (n + 1)}
        | {"scale": THETA / 7, "constants": CONSTANTS, "more_constants": 0.25, "validation_reward": -0.7}
        for n in range(4)
    ]
    networks = [
        {"cell": cell, "role": role, "network": network, "trials": 200, "diverged_at": -1}
        | {"late_accuracy": 0.5 + 0.1 * network + 0.02 * cell - 0.1 * role, "late_reward": -0.1 * cell}
        for cell in (1, 2, 4)
        for role in range(3)
        for network in range(2)
    ]
    made_up.write_shard(tmp_path / "out" / "shards", "evaluation", 1, networks)
    made_up.write_shard(tmp_path / "out" / "shards", "result", 1, results)
    return tmp_path / "out"


def test_theta_scale_and_constants_keep_their_bits(folder, tmp_path):
    assert command.run(rules.main, [str(folder), "--to", str(tmp_path / "rules.csv")]) == 0
    rows = rules.read(tmp_path / "rules.csv")
    assert [(row["key"], row["seed"]) for row in rows] == [(f"{2:016x}", "0"), (f"{1:016x}", "1")]
    results = {int(record["cell"]): record for record in shards.load(folder).results[1]}
    for row in rows:
        record = results[int(row["key"], 16)]
        for name in ("theta", "scale"):
            assert np.array([float(value) for value in row[name].split()]).tobytes() == record[name].tobytes()
        assert [float(row[name]) for name in rules.CONSTANTS] == [*CONSTANTS, 0.25]
    assert float(rows[1]["late_accuracy"]) == pytest.approx(0.57, abs=1e-12)


def test_a_row_becomes_a_rule_file(folder, tmp_path):
    table, to = tmp_path / "rules.csv", tmp_path / "one.rule"
    rules.main([str(folder), "--to", str(table)])
    assert command.run(rules.main, [str(table), "--cell", f"{1:016x}", "--to", str(to)]) == 0
    assert to.read_text().splitlines()[1:4] == ["degree: 1", "theta:", "  - [0.3333333333333333, -0.1]"]


def test_rivals_are_there_where_the_learner_is_asked_for(folder, tmp_path, capsys):
    to = tmp_path / "rules.csv"
    assert command.run(rules.main, [str(folder), "--columns", "learner", "--to", str(to)]) == 0
    rows = rules.read(to)
    assert [row["learner"] for row in rows] == ["three-factor", "three-factor", "node-perturbation"]
    assert float(rows[2]["amplitude"]) == CONSTANTS[6] and float(rows[2]["late_reward"]) == pytest.approx(
        -0.4, abs=1e-12
    )
    # Own rules are those of a file without rivals, bit for bit.
    rules.main([str(folder), "--to", str(tmp_path / "own.csv")])
    assert [{k: v for k, v in row.items() if k != "learner"} for row in rows[:2]] == rules.read(tmp_path / "own.csv")
    capsys.readouterr()
    assert command.run(rules.main, [str(to), "--cell", f"{4:016x}", "--to", str(tmp_path / "x")]) == command.USAGE
    assert "node-perturbation is a rival learner, which no rule file describes; test it with" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_the_program_tests_a_shipped_rival_by_its_row():
    rows = rules.read(SHIPPED.parent / "what-it-is-told-rivals-rules.csv")
    assert {row["learner"] for row in rows} == {"node-perturbation", "reward-e-prop"}
    words = [str(SHIPPED.parents[1] / "quickstart.yaml"), "--task", "cue-association", "--networks", "1"]
    told = [program.find(), "evaluate", *words, "--learner", rules.rival(rows[0])]
    run = subprocess.run(told, check=True, capture_output=True, text=True)
    assert f"amplitude={rows[0]['amplitude']}" in run.stdout


def test_scores_are_means_of_fresh_networks(folder, tmp_path):
    assert command.run(rules.main, [str(folder), "--scores", "--to", str(tmp_path / "scores.csv")]) == 0
    rows = rules.read(tmp_path / "scores.csv")
    assert [row["seed"] for row in rows] == ["0", "1", "3"]
    first = rows[0]
    # The means of two numbers each; 1e-12 is far above their rounding.
    assert float(first["late_accuracy"]) == pytest.approx(0.59, abs=1e-12)
    assert float(first["start_late_accuracy"]) == pytest.approx(0.49, abs=1e-12)
    assert float(first["none_late_accuracy"]) == pytest.approx(0.39, abs=1e-12)
    assert (first["networks"], first["diverged"], first["lifetimes"]) == ("2", "0", "44")


def test_what_cannot_be_a_rule_is_refused(folder, tmp_path, capsys):
    table = tmp_path / "rules.csv"
    rules.main([str(folder), "--to", str(table)])
    assert command.run(rules.main, [str(table), "--cell", "0", "--to", str(tmp_path / "x")]) == command.USAGE
    assert "2 rules have a key that starts with 0; give the key of one" in capsys.readouterr().err
    table.write_bytes(b"key,theta\n\xff\n")
    assert command.run(rules.main, [str(table), "--cell", "0", "--to", str(tmp_path / "x")]) == command.DATA
    assert not (tmp_path / "x").exists()


def read_and_written(row, folder):
    """The lines of the rule file that the program writes from the row's, whose coefficients have the same bits."""
    (folder / "from.rule").write_text(rules.rule_file(row))
    subprocess.run(
        [program.find(), "rule", str(folder / "from.rule"), "--to", str(folder / "to.rule")],
        check=True,
        capture_output=True,
    )
    lines = (folder / "to.rule").read_text().splitlines()
    listed = [float(word) for line in lines if line.startswith("  - [") for word in line[5:-1].split(", ")]
    assert listed == [float(word) for name in ("theta", "scale") for word in row[name].split()]
    return lines


def test_the_program_reads_a_shipped_rule_to_the_same_bits(tmp_path):
    row = rules.read(SHIPPED)[-1]
    assert row["degree"] == "5"
    read_and_written(row, tmp_path)


def test_settings_become_columns(folder, tmp_path, capsys):
    to = tmp_path / "rules.csv"
    assert command.run(rules.main, [str(folder), "--columns", "exploration.kind,rule.normalise", "--to", str(to)]) == 0
    assert list(rules.read(to)[0])[:6] == ["key", "task", "degree", "seed", "exploration.kind", "rule.normalise"]
    assert command.run(rules.main, [str(folder), "--columns", "rule.etta", "--to", str(to)]) == command.USAGE
    assert "no setting rule.etta" in capsys.readouterr().err


def test_a_rule_that_sees_the_weight_says_so():
    row = rules.read(SHIPPED)[0] | {"rule.trace-mean-by": "synapse"}
    both = {name: f"{row[name]} {row[name]}" for name in ("theta", "scale")}
    lines = rules.rule_file(row | both).splitlines()
    assert "weight-degree: 1" in lines and "mechanisms: {trace-mean-by: synapse}" in lines
    assert sum(line.startswith("  - [") for line in lines) == 4 * (int(row["degree"]) + 1)


@pytest.mark.parametrize("by_layer", [False, True])
def test_the_program_reads_a_rule_of_several_layers_to_the_same_bits(by_layer, tmp_path):
    [row, *_] = [row for row in rules.read(EVERYWHERE) if row["rule.plastic"] == "[recurrent,input,readout]"]
    if by_layer:
        row |= {name: " ".join([row[name]] * 3) for name in ("theta", "scale")} | {"rule.theta-by": "layer"}
    lines = read_and_written(row, tmp_path)
    assert "plastic: [recurrent, input, readout]" in lines and ("theta-by: layer" in lines) == by_layer
    [constants] = [line for line in lines if line.startswith("constants: ")]
    assert f"eta-input: {row['rule.eta-input']}, eta-readout: {row['rule.eta-readout']}}}" in constants


def test_rules_of_several_layers_want_their_columns(folder):
    sweep = shards.load(folder)
    for cell in sweep.cells.values():
        cell["settings"]["rule.plastic"] = "readout"
    wanted = "add --columns rule.plastic,rule.theta-by,rule.eta-input,rule.eta-readout"
    with pytest.raises(command.CommandError, match=f"is one of readout synapses; {wanted}"):
        rules.rules(sweep)


@pytest.mark.parametrize("metric", ["late_reward", "late_accuracy"])
def test_the_page_of_learned_constants_is_that_of_its_scores(metric):
    results = SHIPPED.parent
    rows = rules.read(results / "learned-constants.csv")
    page = (results / "learned-constants.md").read_text(encoding="utf-8")
    table = page.split(f"| {metric.replace('_', ' ')} | cue-association |")[1]
    for estimator in ("antithetic", "pathwise", "evolution"):
        cells = table.split(f"| {estimator} |")[1].split("|")
        for place, task in enumerate(("cue-association", "delayed-xor")):
            values = [float(r[metric]) for r in rows if (r["task"], r["meta.estimator"]) == (task, estimator)]
            middle = np.sort(values)[len(values) // 4 : len(values) - len(values) // 4]
            assert len(values) == 20 and abs(float(cells[place].split()[0]) - middle.mean()) <= 0.0005 + 1e-9
