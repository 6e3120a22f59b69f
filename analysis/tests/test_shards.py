"""The reader of shards: what it maps, what it copies, and rules that see the weight."""

import shutil

import numpy as np

from analysis.tests import made_up
from trifactor import shards


def mapped(array):
    """Whether an array's memory is that of a mapped file."""
    while array is not None and not isinstance(array, np.memmap):
        array = array.base
    return array is not None


def test_one_shard_is_mapped_and_two_are_copied(folder, tmp_path):
    stored = shards.load(folder)
    assert mapped(stored.evaluations[1]) and mapped(stored.results[3])
    key = next(iter(stored.cells))
    assert mapped(stored.of(key)) and mapped(stored.of(key, "iteration"))
    copy = tmp_path / "out"
    shutil.copytree(folder, copy)
    shard = copy / "shards" / "evaluation-d1.00000.npy"
    shutil.copy(shard, shard.with_name("evaluation-d1.00001.npy"))
    twice = shards.load(copy)
    # Every record is there twice and counts once.
    assert not mapped(twice.evaluations[1])
    assert (
        (np.sort(twice.evaluations[1], order=["cell", "role", "network"])["late_accuracy"]).tolist()
        == (np.sort(stored.evaluations[1], order=["cell", "role", "network"])["late_accuracy"]).tolist()
    )


def test_cells_between_each_other_keep_their_records(tmp_path):
    cells = [{"key": f"{key:016x}", "settings": {"rule.degree": 1, "task": "t", "seed": key}} for key in (1, 2)]
    made_up.write_plan(tmp_path, cells)
    records = [{"cell": 1 + n % 2, "network": n // 2, "late_accuracy": n} for n in range(6)]
    made_up.write_shard(tmp_path / "shards", "evaluation", 1, records)
    stored = shards.load(tmp_path)
    assert stored.of(f"{2:016x}")["late_accuracy"].tolist() == [1, 3, 5]
    assert len(stored.of(f"{3:016x}")) == 0 and len(stored.of(f"{1:016x}", "dynamics")) == 0


def test_rules_that_see_the_weight_have_shards_of_their_own(folder, tmp_path):
    copy = tmp_path / "out"
    shutil.copytree(folder, copy)
    shard = copy / "shards" / "evaluation-d3.00000.npy"
    shard.rename(shard.with_name("evaluation-d3m1.00000.npy"))
    stored, plain = shards.load(copy), shards.load(folder)
    assert list(stored.evaluations) == [1, (3, 1)] and not stored.damage
    key = next(key for key, cell in plain.cells.items() if cell["settings"]["rule.degree"] == 3)
    assert (stored.of(key) == plain.of(key)).all() and len(stored.of(key)) > 0
