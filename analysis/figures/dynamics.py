"""Spectra and fixed points of a fresh network before and after learning, from what `trifactor dynamics` has kept."""

import numpy as np

from . import style

# Rows beyond this make a page too long to read.
_MOST = 6
_STAGES = ("before", "learned")


def draw(sweep, folder):
    """A row for each task and value of the compared setting: eigenvalues of J before and after a lifetime with the
    learned rule, and the fixed points of both by read-out and first principal component of the rates.

    The network is the first one kept of the first cell that has one. Colours are conditions (the input held constant).
    None where no dynamics are kept.
    """
    chosen = [
        (task, row, arrays)
        for task in sweep.tasks
        for row in sweep.row_values
        if (arrays := _first(sweep, row, task)) is not None
    ]
    if not chosen:
        return None
    left_out = len(chosen) - _MOST
    chosen = chosen[:_MOST]
    figure, axes = style.grid(len(chosen), 3, height=1.9, share_y=False, share_x=False)
    for line, (task, row, arrays) in zip(axes, chosen):
        for axis, stage in zip(line, _STAGES):
            _spectrum(axis, arrays, stage)
        _match(line[0], line[1])
        _points(line[2], arrays)
        line[0].set_ylabel(f"{sweep.label(task)}\n{sweep.rows} = {sweep.label(row)}\nIm $\\lambda$ (1/$\\tau$)")
    for axis, title in zip(axes[0], ("eigenvalues before learning", "after, learned rule", "fixed points")):
        axis.set_title(title)
    for axis, name in zip(axes[-1], ("Re $\\lambda$ (1/$\\tau$)",) * 2 + ("read-out z",)):
        axis.set_xlabel(name)
    style.legend(figure, axes[0][2], "condition held")
    note = (
        "Eigenvalues of the Jacobian at the fixed points that most starts lead to; vertical line: Re = 0, where a point "
        "loses its stability. Fixed points by the first read-out and the first principal component of the rates: open "
        "before, filled after learning, larger where stable. Points not found are not shown."
    )
    if left_out > 0:
        note += f" {left_out} further rows are left out."
    return style.finish(figure, sweep, "dynamics", folder, note)


def _first(sweep, row, task):
    """The arrays of the first network kept for a value and task, or None."""
    for cell in sweep.chosen(row, task):
        for folder in sweep.folders:
            kept = sorted(
                (folder / "dynamics").glob(f"{cell.key}-n*.npz"), key=lambda path: int(path.stem.split("-n")[1])
            )
            if kept:
                with np.load(kept[0]) as archive:
                    return dict(archive)
    return None


def _of(arrays, stage):
    """Mask of the points of a stage that belong to a condition."""
    place = list(arrays["stages"]).index(stage)
    return (arrays["point_stage"] == place) & (arrays["point_condition"] >= 0)


def _conditions(arrays):
    return range(len(arrays["u"]) - 1)


def _spectrum(axis, arrays, stage):
    mask = _of(arrays, stage)
    axis.axvline(0, color="#999999", linewidth=0.7)
    for condition in _conditions(arrays):
        rows = mask & (arrays["point_condition"] == condition)
        look = style.look(condition)
        axis.plot(
            arrays["eigenvalues_real"][rows].ravel(), arrays["eigenvalues_imaginary"][rows].ravel(),
            look["marker"], color=look["color"], markersize=2, alpha=0.6, markeredgewidth=0,
        )
    if not mask.any():
        axis.text(0.5, 0.5, "no fixed point found", ha="center", va="center", fontsize=7, transform=axis.transAxes)


def _match(one, other):
    """Gives two panels the same limits, so that spectra compare."""
    for get, put in (("get_xlim", "set_xlim"), ("get_ylim", "set_ylim")):
        low, high = zip(getattr(one, get)(), getattr(other, get)())
        for axis in (one, other):
            getattr(axis, put)(min(low), max(high))


def _points(axis, arrays):
    rates = np.tanh(arrays["x"])
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
                    readout[rows], component[rows], look["marker"], color=look["color"], markerfacecolor=fill,
                    markersize=size, markeredgewidth=0.7,
                )
    axis.set_ylabel("first component")
