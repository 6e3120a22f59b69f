"""`trifactor table` on a folder of many cells: every entry against numpy on the numbers the folder was made from."""

import subprocess

import numpy as np
import pytest

from analysis.tests import many_cells
from trifactor import program

CELLS = 8_000


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scale") / "many"
    return folder, many_cells.write(folder, CELLS)


def middle_half(values):
    """scipy's trim_mean(values, 0.25)."""
    values = np.sort(values)
    cut = len(values) // 4
    return values[cut : len(values) - cut].mean()


def test_every_entry(made):
    folder, (degree, task, failed, diverged) = made
    table = program.table(program.find(), [folder], "rule.degree")
    assert table["planned"] == CELLS and table["ended"] == CELLS and not table["partial"]
    assert [cell["row"] for cell in table["cells"]] == sorted(many_cells.DEGREES * len(many_cells.TASKS))
    score = np.where(diverged, 0.0, many_cells.scores(np.arange(CELLS)))
    for cell in table["cells"]:
        chosen = (degree == cell["row"]) & (np.array(many_cells.TASKS)[task] == cell["column"])
        counted = chosen & ~failed
        assert (cell["runs"], cell["networks"]) == (counted.sum(), counted.sum())
        assert cell["failed"] == (chosen & failed).sum() > 0
        assert cell["diverged"] == cell["diverged_networks"] == (chosen & diverged).sum() > 0
        assert cell["mean"] == pytest.approx(score[counted].mean(), abs=1e-12)
        assert cell["iqm"] == pytest.approx(middle_half(score[counted]), abs=1e-12)
        assert cell["low"] < cell["iqm"] < cell["high"] < cell["low"] + 0.05
        assert (cell["none"], cell["start"]) == pytest.approx((0.5, 0.55), abs=1e-12)
        assert (cell["chance"], cell["ceiling"], cell["unfinished"]) == (0.5, 1.0, 0)
        assert cell["lifetimes"] == 48 * counted.sum() and cell["gflop"] == 2.5 * counted.sum()
    assert len(table["failures"]) == 3 and all(line.endswith("no room") for line in table["failures"])


def test_a_filter_keeps_what_it_says(made):
    folder, (degree, task, _, _) = made
    name = many_cells.TASKS[2]
    table = program.table(program.find(), [folder], "rule.degree", where=[f"task={name}", "rule.degree=2|4"])
    assert table["planned"] == ((task == 2) & np.isin(degree, [2, 4])).sum()
    assert [(cell["row"], cell["column"]) for cell in table["cells"]] == [(2, name), (4, name)]


def test_a_damaged_plan_is_refused_before_anything_is_printed(made, tmp_path):
    """Plan and records are read at the same time: the plan's error is the one that is told."""
    folder = tmp_path / "many"
    many_cells.write(folder, 40)
    plan = folder / "sweep.json"
    plan.write_bytes(plan.read_bytes().replace(b'"many"', b'"more"'))
    shard = folder / "shards" / "evaluation-d1.00000.npy"
    shard.write_bytes(shard.read_bytes()[:-7])
    finished = subprocess.run([program.find(), "table", str(folder)], capture_output=True, text=True, check=False)
    assert finished.returncode == 65 and finished.stdout == ""
    assert "sweep.json: damaged or edited" in finished.stderr
