"""The figure of spectra and fixed points, from arrays as `trifactor dynamics` keeps them."""

import shutil

import numpy as np

from analysis.figures import dynamics
from analysis.figures.sweep import Sweep


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
    assert dynamics.draw(Sweep([folder]), tmp_path) is None


def test_it_is_drawn_and_signed(folder, tmp_path):
    path = dynamics.draw(sweep_with(folder, tmp_path, **kept()), tmp_path / "figures")
    text = path.with_suffix(".svg").read_text()
    assert path.is_file() and "made-up · cells 0000000000000001" in text and "condition held" in text


def test_no_fixed_point_found_is_written_in_the_figure(folder, tmp_path):
    arrays = kept()
    none = {name: value[:0] for name, value in arrays.items() if name not in ("stages", "u", "Wout")}
    path = dynamics.draw(sweep_with(folder, tmp_path, **{**arrays, **none}), tmp_path / "figures")
    assert "no fixed point found" in path.with_suffix(".svg").read_text()
