"""The figures of spectra and fixed points, from arrays and records as `trifactor dynamics` keeps them."""

import csv
import shutil
import subprocess

import numpy as np
import pytest

from analysis import bootstrap
from analysis.figures import dynamics, dynamics_rules
from analysis.figures.sweep import Sweep
from analysis.tests import made_up
from trifactor import program, shards


def kept(points=3, units=5, outputs=1):
    """Arrays of a made-up network: one point a condition and stage, two conditions."""
    rng = np.random.default_rng(1)
    stage = np.repeat([0, 1], points)
    return {
        "stages": np.array(["before", "learned", "start", "none"]),
        "u": np.zeros((3, 2)),
        "Wout": rng.normal(size=(outputs, units)),
        "point_stage": stage,
        "point_condition": np.tile(np.arange(points) - 1, 2),
        "point_stability": np.where(np.arange(2 * points) % 2, 1, -1),
        "x": rng.normal(size=(2 * points, units)),
        "eigenvalues_real": rng.normal(size=(2 * points, units)),
        "eigenvalues_imaginary": rng.normal(size=(2 * points, units)),
    }


def sweep_with(folder, tmp_path, **arrays):
    """A copy of the made-up folder that keeps the dynamics of its first cell."""
    copy = tmp_path / "out"
    shutil.copytree(folder, copy)
    sweep = Sweep([copy])
    (copy / "dynamics").mkdir()
    np.savez(copy / "dynamics" / f"{sweep.keys[0]}-n0.npz", **arrays)
    return sweep


def test_a_folder_without_dynamics_has_no_figure(folder, tmp_path):
    assert dynamics.draw(Sweep([folder])) is None


def test_it_is_drawn_and_signed(folder, tmp_path):
    path = dynamics.draw(sweep_with(folder, tmp_path, **kept())).save(tmp_path / "figures")
    text = path.with_suffix(".svg").read_text()
    assert path.is_file() and "made-up · cells 0000000000000001" in text and "condition held" in text


def test_no_fixed_point_found_is_written_in_the_figure(folder, tmp_path):
    arrays = kept()
    none = {name: value[:0] for name, value in arrays.items() if name not in ("stages", "u", "Wout")}
    path = dynamics.draw(sweep_with(folder, tmp_path, **{**arrays, **none})).save(tmp_path / "figures")
    assert "no fixed point found" in path.with_suffix(".svg").read_text()


def with_records(folder, tmp_path, kept=lambda settings: True, lost=lambda network, stage: network == 1 and stage == 1):
    """A copy of the made-up folder with records of two networks of every cell, the second lost after learning; no
    input would spoil every mean if it counted, and the first network was looked at twice."""
    copy = tmp_path / "kept"
    shutil.copytree(folder, copy)
    for degree in (1, 3):
        records = []
        for cell in (cell for cell in Sweep([copy]).cells if cell.settings["rule.degree"] == degree):
            for fixed in (9, degree) if kept(cell.settings) else ():
                for network in range(2):
                    for stage in range(4):
                        for condition in (-1, 0, 1):
                            gone = lost(network, stage)
                            records.append(
                                {
                                    "cell": int(cell.key, 16),
                                    "network": network,
                                    "stage": stage,
                                    "conditions": 2,
                                    "condition": condition,
                                    "diverged_at": 7 if gone else -1,
                                    "starts": 20,
                                    "limit": 5,
                                    "fixed_points": 0 if gone else 50 if condition < 0 else fixed + condition,
                                    "stable": np.nan if gone else 0.25 * stage,
                                    "abscissa": np.nan if gone else -0.5 - 0.01 * int(cell.key, 16) * (network + 1),
                                    "non_normality": np.nan if gone else 0.2,
                                    "sensitivity": np.nan if gone else 3.0,
                                    "output_gain": np.nan,
                                    "program": b"0.1.0 abc",
                                }
                            )
        made_up.write_shard(copy / "shards", "dynamics", degree, records)
    return copy


def by_network(records, stage, name):
    """One number a network of a stage: its mean over conditions that have the number; no input is left out."""
    chosen = records[(records["stage"] == stage) & (records["condition"] >= 0) & (records["diverged_at"] < 0)]
    values = []
    for one in np.unique(chosen[["cell", "network"]]):
        own = chosen[name][(chosen["cell"] == one["cell"]) & (chosen["network"] == one["network"])].astype(float)
        if np.isfinite(own).any():
            values.append(own[np.isfinite(own)].mean())
    return np.array(values)


NAMES = {
    "fixed points": "fixed_points", "stable": "stable", "abscissa": "abscissa", "non-normality": "non_normality",
    "sensitivity": "sensitivity", "output gain": "output_gain",
}  # fmt: skip


def test_the_program_says_what_numpy_says(folder, tmp_path):
    """`trifactor table --dynamics` beside the same computed from the records."""
    sweep = Sweep([with_records(folder, tmp_path)], program.find())
    [cell, *_] = sweep.cells
    assert len(sweep.dynamics(cell)) == 2 * 4 * 3, "of the two looks at a network the last counts"
    answer = sweep.dynamics_table()
    assert len(answer["entries"]) == 4 and [name for name, _ in dynamics_rules.NUMBERS] == list(NAMES)
    for entry in answer["entries"]:
        records = np.concatenate([sweep.dynamics(one) for one in sweep.chosen(entry["row"], entry["column"])])
        for place, stage in enumerate(entry["stages"]):
            assert stage["stage"] == list(dynamics_rules.STAGES)[place]
            assert (stage["networks"], stage["diverged"]) == ((3, 3) if place == 1 else (6, 0))
            assert "output gain" not in stage["numbers"]
            for name, number in stage["numbers"].items():
                if name not in NAMES:
                    continue
                values = by_network(records, place, NAMES[name])
                assert number["networks"] == pytest.approx(values, rel=1e-12)
                assert number["mean"] == pytest.approx(values.mean(), rel=1e-12)
                low, high = bootstrap.stratified_bootstrap([values], statistic=bootstrap.mean)
                assert (number["low"], number["high"]) == (
                    pytest.approx(low, rel=1e-12),
                    pytest.approx(high, rel=1e-12),
                )
        assert entry["stages"][0]["numbers"]["fixed points"]["mean"] == entry["row"] + 0.5, "no input is left out"
    for form in ("text", "markdown", "csv", "latex"):
        assert "unstable directions" in program.ask(
            sweep.program, "table", sweep.folders[0], "--dynamics", "--format", form
        )


def test_records_are_drawn_by_rule(folder, tmp_path):
    sweep = Sweep([with_records(folder, tmp_path)], program.find())
    drawing = dynamics_rules.draw(sweep)
    number = sweep.dynamics_table()["entries"][0]["stages"][0]["numbers"]["abscissa"]
    dots, mark, *_ = drawing.figure.axes[2 * len(sweep.column_values)].lines
    assert dots.get_ydata().tolist() == number["networks"] and mark.get_ydata().tolist() == [number["mean"]]
    text = drawing.save(tmp_path / "figures").with_suffix(".svg").read_text()
    assert "made-up · cells 0000000000000001" in text and "learned rule" in text
    assert text.count("3 div.") == 4, "three cells of two degrees on two tasks"


def test_some_cells_without_records_and_lost_lifetimes_are_no_trouble(folder, tmp_path):
    copy = with_records(
        folder, tmp_path, lambda settings: (settings["rule.degree"] == 1) != (settings["task"] == "cue-association"),
        lambda network, stage: True,
    )  # fmt: skip
    text = dynamics_rules.draw(Sweep([copy], program.find())).save(tmp_path / "figures").with_suffix(".svg").read_text()
    assert text.count("6 div.") == 2 * 4, "two entries of four stages"


def test_a_folder_without_records_has_no_comparison(folder, tmp_path):
    assert dynamics_rules.draw(Sweep([folder])) is None
    asked = subprocess.run(
        [program.find(), "table", str(folder), "--dynamics"], capture_output=True, text=True, check=False
    )
    assert asked.returncode == 64 and "no dynamics are stored; run `trifactor dynamics" in asked.stderr


def test_the_program_reads_what_numpy_wrote(folder, tmp_path):
    """verify and export take the shards, and the export has the rows that the Python reader has."""
    copy = with_records(folder, tmp_path)
    checked = subprocess.run([program.find(), "verify", str(copy)], capture_output=True, text=True, check=False)
    assert "dynamics-d1.00000.npy  288 records" in checked.stdout
    target = tmp_path / "kept.csv"
    subprocess.run([program.find(), "export", str(copy), "--dynamics", "--to", str(target)], check=True)
    with target.open(newline="") as file:
        rows = list(csv.DictReader(file))
    mine = shards.load(copy)
    assert len(rows) == 12 * 24 == sum(map(len, mine.dynamics.values()))
    kept = {
        (f"{r['cell']:016x}", int(r["network"]), int(r["stage"]), int(r["condition"])): r
        for array in mine.dynamics.values()
        for r in array
    }
    stages = ["before", "learned", "start", "none"]
    for row in rows:
        record = kept[row["key"], int(row["network"]), stages.index(row["stage"]), int(row["condition"])]
        assert int(row["fixed_points"]) == record["fixed_points"] and row["program"] == "0.1.0 abc"
        assert np.array_equal(float(row["stable"]), record["stable"], equal_nan=True)
