"""Spectra and fixed points of a fresh network before and after learning, from what `trifactor dynamics` has kept."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from trifactor.command import DATA, CommandError, file

from . import style
from .drawing import Drawing, finish
from .sweep import Sweep

Arrays = dict[str, NDArray[Any]]


# Rows beyond this make a page too long to read.
_MOST = 6
_STAGES = ("before", "learned")


def draw(sweep: Sweep) -> Drawing | None:
    """A line for each column and row of the sweep: eigenvalues of J before and after a lifetime with the
    learned rule, and the fixed points of both by read-out and first principal component of the rates.

    The network is the first one kept of the first cell that has one. Colours are conditions (the input held constant).
    None where no dynamics are kept.
    """
    chosen = [
        (column, row, arrays)
        for column in sweep.column_values
        for row in sweep.row_values
        if (arrays := _first(sweep, row, column)) is not None
    ]
    if not chosen:
        return None
    left_out = len(chosen) - _MOST
    chosen = chosen[:_MOST]
    figure, axes = style.grid(len(chosen), 3, height=1.9, share_y=False, share_x=False)
    for line, (column, row, arrays) in zip(axes, chosen):
        for axis, stage in zip(line, _STAGES):
            _spectrum(axis, arrays, stage)
        _match(line[0], line[1])
        _points(line[2], arrays)
        names = (sweep.column_title(column), f"{sweep.rows} = {sweep.row_label(row)}", r"Im $\lambda$ (1/$\tau$)")
        line[0].set_ylabel("\n".join(style.wrap(name, 1.9) for name in names))
    for axis, title in zip(axes[0], ("eigenvalues before learning", "after, learned rule", "fixed points")):
        axis.set_title(title)
    for axis, name in zip(axes[-1], ("Re $\\lambda$ (1/$\\tau$)",) * 2 + ("read-out z",)):
        axis.set_xlabel(name)
    style.legend(figure, axes[:, 2], "condition held")
    note = (
        "Eigenvalues of the Jacobian at the fixed points that most starts lead to; vertical line: Re = 0, where "
        "a point loses its stability. Fixed points by the first read-out and the first principal component of the "
        "rates: open before, filled after learning, larger where stable. Points not found are not shown."
    )
    if left_out > 0:
        note += f" {left_out} further rows are left out; --where chooses others."
    if sweep.pooled:
        note += f" One network of an entry; of {', '.join(sorted(sweep.pooled))} it has the first values."
    return finish(figure, sweep.origin, "dynamics", note)


def _first(sweep: Sweep, row: Any, column: Any) -> Arrays | None:
    """The arrays of the first network kept for a row and column, or None."""
    for cell in sweep.chosen(row, column):
        for folder in sweep.folders:
            kept = sorted(
                (folder / "dynamics").glob(f"{cell.key}-n*.npz"), key=lambda path: int(path.stem.split("-n")[1])
            )
            if kept:
                return _load(kept[0])
    return None


def _load(path: Path) -> Arrays:
    """The arrays of a network; raises CommandError where the file is damaged."""
    try:
        with np.load(file(path)) as archive:
            return dict(archive)
    except (ValueError, OSError, zipfile.BadZipFile, EOFError) as error:
        raise CommandError(
            f"{path}: cannot be read ({error}); remove it and run `trifactor dynamics` again", DATA
        ) from error


def _of(arrays: Arrays, stage: str) -> NDArray[np.bool_]:
    """Mask of the points of a stage that belong to a condition."""
    place = list(arrays["stages"]).index(stage)
    return np.asarray((arrays["point_stage"] == place) & (arrays["point_condition"] >= 0))


def _conditions(arrays: Arrays) -> range:
    return range(len(arrays["u"]) - 1)


def _spectrum(axis: Axes, arrays: Arrays, stage: str) -> None:
    mask = _of(arrays, stage)
    axis.axvline(0, color="#999999", linewidth=0.7)
    for condition in _conditions(arrays):
        rows = mask & (arrays["point_condition"] == condition)
        look = style.look(condition)
        axis.plot(
            arrays["eigenvalues_real"][rows].ravel(),
            arrays["eigenvalues_imaginary"][rows].ravel(),
            look["marker"],
            color=look["color"],
            markersize=2,
            alpha=0.6,
            markeredgewidth=0,
        )
    if not mask.any():
        axis.text(
            0.5, 0.5, "no fixed point found", ha="center", va="center", fontsize=style.NOTE, transform=axis.transAxes
        )


def _match(one: Axes, other: Axes) -> None:
    """Gives two panels the same limits, so that spectra compare."""
    for get, put in (("get_xlim", "set_xlim"), ("get_ylim", "set_ylim")):
        low, high = zip(getattr(one, get)(), getattr(other, get)())
        for axis in (one, other):
            getattr(axis, put)(min(low), max(high))


def _rates(arrays: Arrays) -> NDArray[np.float64]:
    """r of every point; folders from before there was a choice hold tanh."""
    nonlinearity = str(arrays["nonlinearity"][0]) if "nonlinearity" in arrays else "tanh"
    x = arrays["x"]
    if nonlinearity == "sigmoid":
        return 1 / (1 + np.exp(-x))
    return np.maximum(np.tanh(x), 0) if nonlinearity == "rectified-tanh" else np.tanh(x)


def _points(axis: Axes, arrays: Arrays) -> None:
    rates = _rates(arrays)
    masks = {stage: _of(arrays, stage) for stage in _STAGES}
    used = masks["before"] | masks["learned"]
    if not used.any() or not len(arrays["Wout"]):
        axis.set_axis_off()
        return
    centre = rates[used].mean(axis=0)
    _, _, directions = np.linalg.svd(rates[used] - centre, full_matrices=False)
    readout, component = rates @ arrays["Wout"][0], (rates - centre) @ directions[0]
    for condition in _conditions(arrays):
        look = style.look(condition)
        # A name for the legend even where a condition has no point.
        axis.plot([], [], look["marker"], color=look["color"], markersize=4, label=str(condition))
        for stage, fill in zip(_STAGES, ("none", look["color"])):
            for stable, size in ((False, 2.5), (True, 5)):
                rows = masks[stage] & (arrays["point_condition"] == condition)
                rows &= (arrays["point_stability"] == 1) == stable
                axis.plot(
                    readout[rows],
                    component[rows],
                    look["marker"],
                    color=look["color"],
                    markerfacecolor=fill,
                    markersize=size,
                    markeredgewidth=0.7,
                )
    axis.set_ylabel("first component")
