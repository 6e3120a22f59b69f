"""Alignment against reward: do learners that move W uphill end higher? From what `evaluate --alignment` has stored."""

from typing import Any

from matplotlib.axes import Axes

from . import style
from .drawing import Drawing, finish
from .sweep import Sweep
from .values import label

# The numbers of `trifactor table --alignment` that have a line of panels, and their names on the axis.
NUMBERS = [
    ("cosine", "cosine of update and gradient"),
    ("noise-free cosine", "noise-free cosine"),
    ("signal/noise", "signal/noise of one update"),
]
# More panels beside each other are too narrow to read.
_MOST = 4


def draw(sweep: Sweep) -> Drawing | None:
    """A line a number, a panel a column: every row of the sweep as a mark at its mean late reward and mean alignment,
    with 95 % bootstrap intervals over networks both ways.

    A row without the number (one that does not move W has no cosine) has no mark. None where nothing is stored.
    """
    if all(sweep.alignment(cell) is None for cell in sweep.cells):
        return None
    entries = {(label(one["row"]), label(one["column"])): one for one in sweep.alignment_table()["entries"]}
    columns = [one for one in sweep.column_values if any(column == label(one) for _, column in entries)]
    left_out, columns = columns[_MOST:], columns[:_MOST]
    rows = [one for one in sweep.row_values if any(row == label(one) for row, _ in entries)]
    figure, axes = style.grid(len(NUMBERS), len(columns), height=1.6)
    for place, row in enumerate(rows):
        axes[0][0].plot([], [], label=sweep.row_label(row), **_look(place))
    for across, column in enumerate(columns):
        style.heading(axes[0][across], sweep.column_title(column), len(columns))
        for place, row in enumerate(rows):
            entry = entries.get((label(row), label(column)))
            for line, (name, _) in zip(axes, NUMBERS):
                if entry is not None:
                    _mark(line[across], entry["numbers"].get("late reward"), entry["numbers"].get(name), place)
        for axis in axes[:, across]:
            axis.margins(0.12)
        for axis in axes[:2, across]:
            axis.axhline(0, color=style.FAINT, linewidth=0.6, linestyle=(0, (1, 2)))
        axes[-1][across].set_xlabel("late reward")
    for line, (_, name) in zip(axes, NUMBERS):
        line[0].set_ylabel(name, fontsize=style.NOTE)
    figure.align_ylabels(axes[:, 0])
    style.legend(figure, [axes[0][0]])
    note = (
        "Marks: means over fresh networks with 95 % bootstrap intervals. Update: the mean change of W that one trial "
        "makes; gradient: that of the trial's expected reward; both over the same draws of trial, kicks and weight "
        "noise, at points along the lifetime. Noise-free: for infinitely many draws."
    )
    if left_out:
        note += f" Not shown: {', '.join(map(sweep.column_title, left_out))}; `trifactor export --alignment` has them."
    return finish(figure, sweep.origin, "alignment", note + sweep.pooling("networks of all of them"))


def _look(place: int) -> dict[str, Any]:
    return {
        "marker": style.MARKERS[place % len(style.MARKERS)],
        "color": style.COLOURS[place % len(style.COLOURS)],
        "linestyle": "none",
    }


def _mark(axis: Axes, across: dict[str, Any] | None, up: dict[str, Any] | None, place: int) -> None:
    if across is None or up is None:
        return
    look = _look(place)
    axis.errorbar(
        across["mean"], up["mean"], xerr=_bars(across), yerr=_bars(up), fmt=look["marker"], color=look["color"],
        markersize=4, elinewidth=0.8, capsize=1.5,
    )  # fmt: skip


def _bars(number: dict[str, Any]) -> list[list[float]] | None:
    mean, low, high = number["mean"], number.get("low"), number.get("high")
    return None if low is None or high is None else [[mean - low], [high - mean]]
