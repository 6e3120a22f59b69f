"""The figure of alignment against reward, and the program's table of it beside numpy."""

import csv
import shutil
import subprocess

import numpy as np
import pytest

from analysis import bootstrap
from analysis.figures import alignment
from analysis.figures.sweep import Sweep
from analysis.tests import made_up
from trifactor import program, shards

POINTS = 3


def with_records(folder, tmp_path):
    """A copy of the made-up folder with records of two networks of every cell; the second diverged before its last
    point, and the first was measured twice."""
    rng = np.random.default_rng(3)
    copy = tmp_path / "aligned"
    shutil.copytree(folder, copy)
    for degree in (1, 3):
        records = []
        for cell in (cell for cell in Sweep([copy]).cells if cell.settings["rule.degree"] == degree):
            for _ in range(2):
                for network in range(2):
                    for point in range(POINTS):
                        lost = network == 1 and point == POINTS - 1
                        numbers = {
                            name: np.nan if lost else value
                            for name, value in {
                                "reward": -rng.random(),
                                "cosine": rng.uniform(-1, 1),
                                "product": 0.1 + rng.random(),
                                "update_square": 1 + rng.random(),
                                "update_variance": 5 + rng.random(),
                                "gradient_square": 2 + rng.random(),
                                "gradient_variance": 3.0,
                            }.items()
                        }
                        records.append(
                            numbers
                            | {
                                "cell": int(cell.key, 16),
                                "network": network,
                                "point": point,
                                "points": POINTS,
                                "trial": 10 * point + 9,
                                "wanted": 64,
                                "draws": 0 if lost else 64,
                                "diverged_at": 25 if network == 1 else -1,
                                "late_reward": -2.0 if network == 1 else -0.1 * degree,
                                "late_accuracy": 0.0 if network == 1 else 0.8,
                            }
                        )
        made_up.write_shard(copy / "shards", "alignment", degree, records)
    return copy


def summaries(records):
    """One row a network: mean cosine, noise-free cosine, signal to noise, late reward."""
    rows = []
    for one in np.unique(records[["cell", "network"]]):
        own = records[(records["cell"] == one["cell"]) & (records["network"] == one["network"])]
        own = own[own["draws"] >= 2]
        squares = np.sqrt(own["update_square"].sum() * own["gradient_square"].sum())
        noise = np.sqrt(own["update_square"].sum() / own["update_variance"].sum())
        rows.append((own["cosine"].mean(), own["product"].sum() / squares, noise, own["late_reward"][0]))
    return np.array(rows)


NAMES = ["cosine", "noise-free cosine", "signal/noise", "late reward"]


def test_the_program_says_what_numpy_says(folder, tmp_path):
    sweep = Sweep([with_records(folder, tmp_path)], program.find())
    assert len(sweep.alignment(sweep.cells[0])) == 2 * POINTS, "of two records of a place the last counts"
    answer = sweep.alignment_table()
    assert len(answer["entries"]) == 4
    for entry in answer["entries"]:
        records = np.concatenate([sweep.alignment(one) for one in sweep.chosen(entry["row"], entry["column"])])
        assert (entry["networks"], entry["diverged"]) == (6, 3)
        for name, values in zip(NAMES, summaries(records).T):
            number = entry["numbers"][name]
            assert number["networks"] == pytest.approx(values, rel=1e-12)
            assert number["mean"] == pytest.approx(values.mean(), rel=1e-12)
            low, high = bootstrap.stratified_bootstrap([values], statistic=bootstrap.mean)
            assert (number["low"], number["high"]) == (pytest.approx(low, rel=1e-12), pytest.approx(high, rel=1e-12))
        assert [point["trial"] for point in entry["points"]] == [9, 19, 29]
        last = records[(records["point"] == POINTS - 1) & (records["draws"] >= 2)]
        assert entry["points"][-1]["numbers"]["cosine"]["mean"] == pytest.approx(last["cosine"].mean(), rel=1e-12)
    for form in ("text", "markdown", "latex"):
        words = ("table", sweep.folders[0], "--alignment", "--format", form)
        assert "noise-free cosine" in program.ask(sweep.program, *words)


def test_it_is_drawn_and_signed(folder, tmp_path):
    sweep = Sweep([with_records(folder, tmp_path)], program.find())
    drawing = alignment.draw(sweep)
    numbers = sweep.alignment_table()["entries"][0]["numbers"]
    # The first panel's marks are one a row, in the order of rows; bars are lines of their own.
    marks = [line for line in drawing.figure.axes[0].lines if line.get_marker() in ("o", "s") and len(line.get_xdata())]
    first = marks[0]
    assert first.get_xdata().tolist() == [numbers["late reward"]["mean"]]
    assert first.get_ydata().tolist() == [numbers["cosine"]["mean"]]
    text = drawing.save(tmp_path / "figures").with_suffix(".svg").read_text()
    assert "made-up · cells 0000000000000001" in text and "cosine of update and gradient" in text


def test_many_columns_have_the_cosine_alone(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(alignment, "_MOST", 1)
    drawing = alignment.draw(Sweep([with_records(folder, tmp_path)], program.find()))
    shown = [axis for axis in drawing.figure.axes if axis.get_visible()]
    assert len(shown) == 2 and all(axis.get_ylabel() == "cosine of update and gradient" for axis in shown)
    assert "Noise-free" not in drawing.note


def test_no_two_rows_look_alike():
    looks = [tuple(sorted(alignment._look(place).items())) for place in range(40)]
    assert len(set(looks)) == 40


def test_a_folder_without_records_has_no_figure(folder):
    assert alignment.draw(Sweep([folder])) is None


def test_the_program_reads_what_numpy_wrote(folder, tmp_path):
    """verify and export take the shards, and the export has the numbers that the Python reader has."""
    copy = with_records(folder, tmp_path)
    checked = subprocess.run([program.find(), "verify", str(copy)], capture_output=True, text=True, check=False)
    assert "alignment-d1.00000.npy  72 records" in checked.stdout
    target = tmp_path / "kept.csv"
    subprocess.run([program.find(), "export", str(copy), "--alignment", "--to", str(target)], check=True)
    with target.open(newline="") as file:
        rows = list(csv.DictReader(file))
    kept = {
        (f"{record['cell']:016x}", int(record["network"]), int(record["point"])): record
        for array in shards.load(copy).alignment.values()
        for record in array
    }
    assert len(rows) == 12 * 2 * POINTS == len(kept)
    for row in rows:
        record = kept[row["key"], int(row["network"]), int(row["point"])]
        for name in ("cosine", "product", "update_square", "gradient_variance", "late_reward"):
            assert np.array_equal(float(row[name]), record[name], equal_nan=True)
