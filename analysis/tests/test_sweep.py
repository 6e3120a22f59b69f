"""The sweep that figures see: statuses, scores, names and merging."""

import numpy as np
import pytest

import made_up
from analysis.figures import learning
from analysis.figures.sweep import Sweep

TASKS = ["cue-association", "perceptual-decision"]


def test_cells_and_endings(sweep):
    assert len(sweep.cells) == 12
    status = {(c.settings["rule.degree"], c.settings["task"], c.settings["seed"]): c.status for c in sweep.cells}
    assert [status[3, TASKS[1], seed] for seed in range(3)] == ["failed", "diverged", "unfinished"]
    assert list(status.values()).count("done") == 9
    assert sweep.rows == "rule.degree" and sweep.row_values == [1, 3] and sweep.tasks == TASKS
    assert sweep.partial


def test_common_settings_belong_to_every_cell(sweep):
    assert all(cell.settings["network.units"] == 32 for cell in sweep.cells)


def test_diverged_networks_count(sweep):
    [cell] = [c for c in sweep.cells if c.status == "diverged"]
    assert sweep.scores(cell, "accuracy").tolist() == [0, 0, 0, made_up.accuracy(3, 1, 3)]
    assert sweep.scores(cell, "reward").tolist() == [-2, -2, -2, made_up.accuracy(3, 1, 3) - 1]
    cell.settings["reward"] = "binary"
    assert sweep.scores(cell, "reward")[0] == 0
    cell.settings["reward"] = "absolute"


def test_unfinished_cells_do_not_count(sweep):
    [cell] = [c for c in sweep.cells if c.status == "unfinished"]
    assert sweep.networks(cell) is None and sweep.scores(cell, "accuracy") is None
    assert sweep.iterations(cell) is not None
    assert len(sweep.run_scores(3, TASKS[1], "accuracy")) == 1


def test_run_scores(sweep):
    runs = sweep.run_scores(3, TASKS[0], "accuracy")
    assert runs == pytest.approx([0.7 + 0.01 * seed + 0.0015 for seed in range(3)])


def test_a_diverged_network_falls_to_the_bottom_of_its_curve(sweep):
    """It diverged at trial 55 of 200: the sixth of 20 parts, trials 50 to 59, is the first that is lost."""
    [cell] = [c for c in sweep.cells if c.status == "diverged"]
    curves = learning.curves_of(sweep, cell, "accuracy")
    assert (curves[0, 5:] == 0).all() and (curves[0, :5] >= 0.5).all() and (curves[3] >= 0.5).all()
    assert (learning.curves_of(sweep, cell, "reward")[0, 5:] == -2).all()


def test_the_signature_names_sweep_cells_and_version(sweep):
    assert sweep.signature.startswith("made-up · cells 0000000000000001 and 11 more, digest ")
    assert "trifactor 0.1.0 (012345678)" in sweep.signature
    assert sweep.signature.endswith("PARTIAL: 11 of 12 cells have ended")


def test_labels():
    assert [Sweep.label(v) for v in (3, 3.0, 0.5, None, "a", ["a", "b"])] == ["3", "3", "0.5", "none", "a", "a+b"]


def test_folders_merge_by_key(tmp_path):
    """Two slices of one sweep: each holds the results of its own cells."""
    whole = [{"key": f"{k:016x}", "settings": {"rule.degree": 1, "task": "t", "seed": k}} for k in (1, 2)]
    for key in (1, 2):
        made_up.write_plan(tmp_path / str(key), whole)
        shards = tmp_path / str(key) / "shards"
        network = {"cell": key, "trials": 200, "diverged_at": -1, "late_accuracy": 0.1 * key}
        made_up.write_shard(shards, "evaluation", 1, [network, network])
        made_up.write_shard(shards, "result", 1, [{"cell": key, "evaluations": 1}])
    sweep = Sweep([tmp_path / "1", tmp_path / "2"])
    assert not sweep.partial and sweep.name == "made-up"
    assert [sweep.scores(cell, "accuracy").tolist() for cell in sweep.cells] == [[0.1], [0.2]]


def test_the_compared_setting(tmp_path):
    cells = [
        {"key": f"{k:016x}", "settings": {"rule.degree": 1, "task": "t", "seed": k % 2, "network.gain": k // 2}}
        for k in range(4)
    ]
    made_up.write_plan(tmp_path, cells)
    (tmp_path / "shards").mkdir()
    assert Sweep([tmp_path]).rows == "network.gain"
    assert Sweep([tmp_path], rows="seed").row_values == [0, 1]


def test_damage_is_not_drawn_over(tmp_path):
    made_up.write_sweep(tmp_path)
    shard = tmp_path / "shards" / "evaluation-d1.00000.npy"
    data = bytearray(shard.read_bytes())
    data[-500] ^= 1
    shard.write_bytes(bytes(data))
    sweep = Sweep([tmp_path])
    assert any("bad record" in line for line in sweep.left_out)
    assert np.isfinite(sweep.scores(sweep.cells[0], "accuracy")).all()


def test_the_task_of_a_file_goes_by_its_name():
    assert Sweep.label("match@0123456789abcdef") == "match"
    assert Sweep.label("[match@0123456789abcdef,delayed-xor]") == "[match,delayed-xor]"
    assert Sweep.label("me@home") == "me@home"
