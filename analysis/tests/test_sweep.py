"""The sweep that figures see: statuses, scores, names and merging."""

import itertools

import numpy as np
import pytest

from analysis.figures.sweep import Refusal, Sweep
from analysis.figures.values import label, scale, short
from analysis.tests import made_up
from trifactor import command, shards

TASKS = ["cue-association", "perceptual-decision"]


def test_cells_and_endings(sweep):
    assert len(sweep.cells) == 12
    status = {(c.settings["rule.degree"], c.settings["task"], c.settings["seed"]): c.status for c in sweep.cells}
    assert [status[3, TASKS[1], seed] for seed in range(3)] == ["failed", "diverged", "unfinished"]
    assert list(status.values()).count("done") == 9
    assert sweep.rows == "rule.degree" and sweep.row_values == [1, 3] and sweep.column_values == TASKS
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


def test_the_signature_names_sweep_cells_and_version(sweep):
    assert sweep.origin.signature.startswith("made-up · cells 0000000000000001 and 11 more, digest ")
    assert "trifactor 0.1.0 (012345678)" in sweep.origin.signature
    assert sweep.origin.signature.endswith("PARTIAL: 11 of 12 cells have ended")


def test_labels():
    values = (3, 3.0, 0.5, None, True, "a", ["a", "b"], [1, 2.0])
    assert list(map(label, values)) == ["3", "3", "0.5", "none", "true", "a", "a+b", "[1,2]"]


def test_numbers_are_short_and_differ():
    assert short([0.0001, 0.000316227766017, 0.001]) == ["0.0001", "0.000316", "0.001"]
    assert short([0.12345, 0.12346]) == ["0.12345", "0.12346"], "as many digits as tell them apart"
    assert short([1, 2.5, 1000000, "none"]) == ["1", "2.5", "1e6", "none"]


def test_places_along_an_axis():
    assert scale([1, 3, 5]).kind == "linear" and scale([1, 3, 5]).places == [1, 3, 5]
    assert scale([0.0001, 0.000316, 0.001, 0.00316, 0.01]).kind == "log"
    assert scale([0, 0.001, 1]).kind == "ordinal", "no logarithm of 0, and too near for a linear axis"
    assert scale(["a", "b", "c"]).places == [0, 1, 2] and scale([1, 100]).kind == "ordinal"
    low, high = scale([0.01, 0.1, 1]).limits
    assert 0 < low < 0.01 and high > 1


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
    with pytest.raises(command.CommandError, match=r"bad record.*verify .* --salvage") as refused:
        Sweep([tmp_path])
    assert refused.value.code == command.DATA


def test_lost_records_are_damage(tmp_path):
    """A shard that is gone, and one that was cut at a record and opened again: 12 evaluations are counted a cell."""
    made_up.write_sweep(tmp_path)
    shard = tmp_path / "shards" / "evaluation-d1.00000.npy"
    whole = shard.read_bytes()
    shard.unlink()
    with pytest.raises(command.CommandError, match="cell 0000000000000001 has 0 of 12 evaluations"):
        Sweep([tmp_path])
    size = made_up.dtype("evaluation", 1).itemsize
    header = len(whole) - 72 * size
    opened = whole[:header].replace(b"'shape': (72,), }", b"'shape': (0,), } ")
    shard.write_bytes(opened + whole[header : header + 20 * size])
    with pytest.raises(command.CommandError, match="has 8 of 12 evaluations") as refused:
        Sweep([tmp_path])
    assert refused.value.code == command.DATA


def test_version_one_reads_alike(tmp_path, sweep):
    """What an earlier program wrote: the same scores; a field of version 2 is NaN where both lie in one folder."""
    made_up.write_sweep(tmp_path, version=1)
    old = Sweep([tmp_path])
    for cell, other in zip(sweep.cells, old.cells):
        mine, theirs = sweep.scores(cell, "accuracy"), old.scores(other, "accuracy")
        assert (mine is None and theirs is None) or np.array_equal(mine, theirs)
    mixed = shards.together([old.networks(old.cells[0]), sweep.networks(sweep.cells[0])])
    assert np.isnan(mixed["late_incongruent_accuracy"]).tolist() == [True] * 4 + [False] * 4


def plan(folder, **values):
    """A sweep of all combinations of these settings; `_` stands for a dot."""
    names = [name.replace("_", ".") for name in values]
    made_up.write_plan(
        folder,
        [
            {"key": f"{number:016x}", "settings": {"task": "t", "rule.degree": 1, "seed": 0} | dict(zip(names, chosen))}
            for number, chosen in enumerate(itertools.product(*values.values()), 1)
        ],
    )
    (folder / "shards").mkdir()
    return folder


def test_two_settings_are_set_out_and_the_others_pooled(tmp_path):
    folder = plan(tmp_path, rule_degree=[1, 3], rule_eta=[0.1, 0.2, 0.3], network_gain=[1, 2], seed=[0, 1])
    sweep = Sweep([folder])
    assert (sweep.rows, sweep.columns) == ("rule.degree", "rule.eta") and sweep.pooled == {"network.gain": 2}
    assert sweep.pooling("so") == " POOLED over network.gain (2 values): so."
    assert [len(run) for run in sweep.runs(1, 0.2)] == [2, 2], "a run is a seed"
    sweep = Sweep([folder], rows="network.gain", columns="rule.degree", where=["rule.eta=0.10|0.3"])
    assert sweep.pooled == {"rule.eta": 2} and len(sweep.cells) == 16
    assert sweep.column_title(3) == "polynomial degree d = 3" and sweep.row_title == "network.gain"
    with pytest.raises(Refusal, match=r"rewards of different rule.eta have no mean: .*--where rule.eta=0.1"):
        sweep.refuse_pooling("rewards", "rule.eta")
    assert Sweep([folder], where=["rule.eta=0.1", "network.gain=2"]).pooled == {}


def test_a_form_that_follows_from_the_task_is_not_compared(tmp_path):
    cells = [
        {"key": f"{n:016x}", "settings": {"task": task, "form": form, "seed": 0, "rule.eta": eta, "rule.degree": 1}}
        for n, (eta, (task, form)) in enumerate(itertools.product((1, 2), (("a", "full"), ("b", "short"))))
    ]
    made_up.write_plan(tmp_path, cells)
    (tmp_path / "shards").mkdir()
    sweep = Sweep([tmp_path])
    assert (sweep.rows, sweep.columns, sweep.pooled) == ("rule.eta", "task", {})


@pytest.mark.parametrize(
    "given, words",
    [
        ({"rows": "rule.degre"}, "--rows rule.degre: no cell has this setting"),
        ({"columns": "nothing"}, "--columns nothing: no cell has this setting"),
        ({"rows": "task", "columns": "task"}, "rows and columns are both task"),
        ({"where": ["rule.degree"]}, "--where rule.degree: wanted PATH=VALUE"),
        ({"where": ["rule.degree=2"]}, "--where rule.degree=2: no cell has this; there are 1, 3"),
    ],
)
def test_wrong_axes_are_told(folder, given, words):
    with pytest.raises(command.CommandError, match=words):
        Sweep([folder], **given)


def test_the_task_of_a_file_goes_by_its_name():
    assert label("match@0123456789abcdef") == "match"
    assert label(["match@0123456789abcdef", "delayed-xor"]) == "match+delayed-xor"
    assert label("me@home") == "me@home"
