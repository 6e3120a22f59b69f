"""Alignment against reward: do learners that move W uphill end higher? From what `evaluate --alignment` has stored."""

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

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
# More columns have panels of the cosine alone, in rows of so many.
_MOST = 4


def draw(sweep: Sweep) -> Drawing | None:
    """Every row of the sweep as a mark at its mean late reward and mean alignment, with 95 % bootstrap intervals over
    networks both ways; a panel a column, and where they are few a line of panels for every number.

    A row without the number (one that does not move W has no cosine) has no mark. None where nothing is stored.
    """
    if all(sweep.alignment(cell) is None for cell in sweep.cells):
        return None
    entries = {(label(one["row"]), label(one["column"])): one for one in sweep.alignment_table()["entries"]}
    columns = [one for one in sweep.column_values if any(column == label(one) for _, column in entries)]
    rows = [one for one in sweep.row_values if any(row == label(one) for row, _ in entries)]
    numbers = NUMBERS if len(columns) <= _MOST else NUMBERS[:1]
    figure, lines = _panels(len(numbers), len(columns))
    for place, row in enumerate(rows):
        lines[0][0].plot([], [], label=sweep.row_label(row), **_look(place))
    for across, column in enumerate(columns):
        style.heading(lines[0][across], sweep.column_title(column), min(len(columns), _MOST))
        for place, row in enumerate(rows):
            found = entries.get((label(row), label(column)), {"numbers": {}})["numbers"]
            for line, (name, _) in zip(lines, numbers):
                _mark(line[across], found.get("late reward"), found.get(name), _look(place))
        for line in lines:
            line[across].margins(0.12)
        for line in lines[:2]:
            line[across].axhline(0, color=style.FAINT, linewidth=0.6, linestyle=(0, (1, 2)))
        lines[-1][across].set_xlabel("late reward")
    for line, (_, name) in zip(lines, numbers):
        for axis in line[::_MOST]:
            axis.set_ylabel(name, fontsize=style.NOTE)
    figure.align_ylabels([line[0] for line in lines])
    style.legend(figure, [lines[0][0]])
    note = (
        "Marks: means over fresh networks with 95 % bootstrap intervals. Update: the mean change of W that one trial "
        "makes; gradient: that of the trial's expected reward; both over the same draws of trial, kicks and weight "
        "noise, at points along the lifetime."
    )
    if len(numbers) > 1:
        note += " Noise-free: for infinitely many draws."
    return finish(figure, sweep.origin, "alignment", note + sweep.pooling("networks of all of them"))


def _panels(numbers: int, columns: int) -> tuple[Figure, list[list[Axes]]]:
    """A list of axes by column for every number."""
    if numbers == 1:
        figure, axes = style.panels(columns, height=1.9, columns=_MOST)
        return figure, [axes]
    figure, grid = style.grid(numbers, columns, height=1.6)
    return figure, [list(line) for line in grid]


def _look(place: int) -> dict[str, Any]:
    """Colours repeat with other markers, and every other time open ones."""
    turn, own = divmod(place, len(style.COLOURS))
    look = {
        "marker": style.MARKERS[(own + turn) % len(style.MARKERS)],
        "color": style.COLOURS[own],
        "linestyle": "none",
    }
    return look | ({"markerfacecolor": "white"} if turn % 2 else {})


def _mark(axis: Axes, across: dict[str, Any] | None, up: dict[str, Any] | None, look: dict[str, Any]) -> None:
    if across is not None and up is not None:
        bars: dict[str, Any] = {"xerr": _bars(across), "yerr": _bars(up)}
        axis.errorbar(across["mean"], up["mean"], **bars, markersize=4, elinewidth=0.8, capsize=1.5, **look)


def _bars(number: dict[str, Any]) -> list[list[float]] | None:
    mean, low, high = number["mean"], number.get("low"), number.get("high")
    return None if low is None or high is None else [[mean - low], [high - mean]]
