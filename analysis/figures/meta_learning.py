"""How the rule was learned: reward, validation and gradient norm over meta-iterations."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter
from numpy.typing import ArrayLike, NDArray

from . import style
from .drawing import Drawing, finish
from .sweep import Sweep

Array = NDArray[Any]
_NAMES = ("mean reward of the batch", "late accuracy, validation", "median gradient norm")


def draw(sweep: Sweep) -> Drawing | None:
    """A line of panels a column: training reward, late accuracy on validation networks, gradient norm (logarithmic).

    Lines are means over the runs of a row (medians for the norm), bands run from the lowest to the highest run. Long
    series are smoothed, short ones are not. Shrunk and undone steps are marked on the norm. None where no iteration
    is stored.
    """
    columns = [one for one in sweep.column_values if any(_histories(sweep, row, one) for row in sweep.row_values)]
    if not columns:
        return None
    sweep.refuse_pooling("training rewards", "reward")
    looks = style.looks(sweep.row_values)
    width = smoothing(max(len(h) for h in map(sweep.iterations, sweep.cells) if h is not None))
    figure, axes = style.grid(len(columns), 3, height=1.7, share_y=False, wide=True)
    for line, column in zip(axes, columns):
        for index, (row, look) in enumerate(zip(sweep.row_values, looks)):
            histories = _histories(sweep, row, column)
            if histories:
                name = sweep.row_label(row)
                _series(line[0], [h["reward"] for h in histories], name, index, look, np.mean, width)
                _validation(line[1], histories, name, look)
                _norms(line[2], histories, name, index, look, width)
        line[2].set_yscale("log")
        line[2].yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        line[2].yaxis.set_minor_formatter(FuncFormatter(_minor(line[2])))
        style.label_y(line[0], sweep.column_title(column), 1.7)
    for axis, name in zip(axes[0], _NAMES):
        style.heading(axis, name, 3)
    for axis in axes[-1]:
        axis.set_xlabel("meta-iteration")
    style.bound_score(axes[:, 1], "accuracy")
    style.legend(figure, axes.flat, sweep.row_title)
    smoothed = f"reward and norm smoothed over {width} iterations" if width > 1 else "not smoothed"
    note = (
        f"Means over runs (medians for the norm), {smoothed}; bands: lowest to highest run. Triangles: theta was "
        "shrunk (down) or went back to the best one (left) in some run."
    )
    return finish(
        figure, sweep.origin, "meta-learning", note + sweep.pooling("means and bands are over all of their cells")
    )


def smoothing(iterations: int) -> int:
    """Width of the running mean: a twelfth of the series, odd, at most nine; 1 for series that need none."""
    return max(1, min(9, iterations // 12) // 2 * 2 + 1) if iterations >= 24 else 1


def _minor(axis: Axes) -> Callable[[float, object], str]:
    """Labels 2 and 5 of a decade where few decades are in sight."""

    def label(value: float, _: object) -> str:
        low, high = axis.get_ylim()
        return f"{value:g}" if high / low < 30 and f"{value:e}"[0] in "25" else ""

    return label


def _histories(sweep: Sweep, row: Any, column: Any) -> list[Array]:
    found = (sweep.iterations(cell) for cell in sweep.chosen(row, column))
    return [history for history in found if history is not None and len(history)]


def smooth(values: ArrayLike, width: int = 9) -> Array:
    """Running mean of the finite values in a centred window that narrows at the ends."""
    values = np.asarray(values, dtype=float)
    half = width // 2
    windows = [values[max(0, i - half) : i + half + 1] for i in range(len(values))]
    return np.array([w[np.isfinite(w)].mean() if np.isfinite(w).any() else np.nan for w in windows])


def _aligned(series: Sequence[Array], width: int) -> Array:
    """Rows of equal length: a run that is still going on is padded with NaN."""
    longest = max(map(len, series))
    return np.stack([np.pad(smooth(s, width), (0, longest - len(s)), constant_values=np.nan) for s in series])


def _series(
    axis: Axes,
    series: Sequence[Array],
    label: str,
    index: int,
    look: dict[str, Any],
    middle: Callable[[Array], Any],
    width: int,
) -> None:
    columns = [column[np.isfinite(column)] for column in _aligned(series, width).T]
    centre = np.array([middle(found) if len(found) else np.nan for found in columns])
    low = np.array([found.min() if len(found) else np.nan for found in columns])
    high = np.array([found.max() if len(found) else np.nan for found in columns])
    x = np.arange(len(centre))
    step = max(1, len(x) // 6)
    axis.plot(x, centre, label=label, markevery=(index * step // 5 % step, step), markersize=3.2, **look)
    shown = np.isfinite(centre)
    axis.fill_between(x[shown], low[shown], high[shown], color=look["color"], alpha=0.12, linewidth=0)


def _validation(axis: Axes, histories: Sequence[Array], label: str, look: dict[str, Any]) -> None:
    """Validation happens every few iterations: means over the runs that had it, as marks on a line."""
    points: dict[int, list[float]] = {}
    for history in histories:
        for record in history[np.isfinite(history["validation_accuracy"])]:
            points.setdefault(int(record["iteration"]), []).append(float(record["validation_accuracy"]))
    if points:
        x = sorted(points)
        axis.plot(x, [np.mean(points[i]) for i in x], label=label, markersize=3, **look)
        axis.fill_between(
            x, [min(points[i]) for i in x], [max(points[i]) for i in x], color=look["color"], alpha=0.12, linewidth=0
        )


def _norms(axis: Axes, histories: Sequence[Array], label: str, index: int, look: dict[str, Any], width: int) -> None:
    norms = [np.where(h["gradient_norm"] > 0, h["gradient_norm"], np.nan) for h in histories]
    if any(np.isfinite(n).any() for n in norms):
        _series(axis, norms, label, index, look, np.median, width)
    for action, marker in ((1, "v"), (2, "<")):
        at = sorted({int(i) for h in histories for i in h["iteration"][h["action"] == action]})
        if at:
            axis.plot(
                at, [0.03] * len(at), marker, color=look["color"], markersize=3, transform=axis.get_xaxis_transform()
            )
