"""How the rule was learned: reward, validation and gradient norm over meta-iterations."""

import numpy as np
from matplotlib.ticker import FuncFormatter

from . import style


def draw(sweep, folder):
    """Three rows a task: training reward, late accuracy on validation networks, gradient norm (logarithmic).

    Lines are means over the runs of a value of the compared setting (medians for the norm, smoothed over nine
    iterations), bands run from the lowest to the highest run. Shrunk and undone steps are marked on the norm. None
    where no iteration is stored.
    """
    tasks = [task for task in sweep.tasks if any(_histories(sweep, row, task) for row in sweep.row_values)]
    if not tasks:
        return None
    figure, axes = style.grid(3, len(tasks))
    for column, task in enumerate(tasks):
        for index, row in enumerate(sweep.row_values):
            histories = _histories(sweep, row, task)
            if histories:
                _series(axes[0][column], [h["reward"] for h in histories], sweep.label(row), index, np.mean)
                _validation(axes[1][column], histories, sweep.label(row), index)
                _norms(axes[2][column], histories, sweep.label(row), index)
        axes[2][column].set_yscale("log")
        axes[2][column].yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axes[2][column].yaxis.set_minor_formatter(FuncFormatter(_minor))
        axes[0][column].set_title(sweep.label(task))
        axes[2][column].set_xlabel("meta-iteration")
    names = ("mean reward of the batch", "validation late accuracy", "median gradient norm")
    for axis, name in zip(axes[:, 0], names):
        axis.set_ylabel(name)
    style.legend(figure, axes[0][0], sweep.title(sweep.rows))
    note = (
        "Means over runs (medians for the norm), reward and norm smoothed over nine iterations; bands: lowest to "
        "highest run. Triangles: theta was shrunk (down) or went back to the best one (left) in some run."
    )
    return style.finish(figure, sweep, "meta-learning", folder, note)


def _minor(value, _):
    """Labels 2 and 5 of every decade."""
    return f"{value:g}" if f"{value:e}"[0] in "25" else ""


def _histories(sweep, row, task):
    found = (sweep.iterations(cell) for cell in sweep.chosen(row, task))
    return [history for history in found if history is not None and len(history)]


def smooth(values, width=9):
    """Running mean of the finite values in a centred window that narrows at the ends."""
    values = np.asarray(values, dtype=float)
    half = width // 2
    windows = [values[max(0, i - half) : i + half + 1] for i in range(len(values))]
    return np.array([w[np.isfinite(w)].mean() if np.isfinite(w).any() else np.nan for w in windows])


def _aligned(series):
    """Rows of equal length: a run that is still going on is padded with NaN."""
    longest = max(map(len, series))
    return np.stack([np.pad(smooth(s), (0, longest - len(s)), constant_values=np.nan) for s in series])


def _series(axis, series, label, index, middle):
    block = _aligned(series)
    with np.errstate(all="ignore"):
        centre = np.array([middle(c[np.isfinite(c)]) if np.isfinite(c).any() else np.nan for c in block.T])
        low = np.array([np.min(c[np.isfinite(c)], initial=np.inf) for c in block.T])
        high = np.array([np.max(c[np.isfinite(c)], initial=-np.inf) for c in block.T])
    x, look = np.arange(len(centre)), style.look(index)
    step = max(1, len(x) // 6)
    axis.plot(x, centre, label=label, markevery=(index * step // 5, step), markersize=3.2, **look)
    shown = np.isfinite(centre)
    axis.fill_between(x[shown], low[shown], high[shown], color=look["color"], alpha=0.12, linewidth=0)


def _validation(axis, histories, label, index):
    """Validation happens every few iterations: means over the runs that had it, as marks on a line."""
    points = {}
    for history in histories:
        for record in history[np.isfinite(history["validation_accuracy"])]:
            points.setdefault(int(record["iteration"]), []).append(float(record["validation_accuracy"]))
    if points:
        x = sorted(points)
        look = style.look(index)
        axis.plot(x, [np.mean(points[i]) for i in x], label=label, markersize=3, **look)
        axis.fill_between(
            x, [min(points[i]) for i in x], [max(points[i]) for i in x], color=look["color"], alpha=0.12, linewidth=0
        )


def _norms(axis, histories, label, index):
    norms = [np.where(h["gradient_norm"] > 0, h["gradient_norm"], np.nan) for h in histories]
    if any(np.isfinite(n).any() for n in norms):
        _series(axis, norms, label, index, np.median)
    colour = style.look(index)["color"]
    for action, marker in ((1, "v"), (2, "<")):
        at = sorted({int(i) for h in histories for i in h["iteration"][h["action"] == action]})
        if at:
            axis.plot(at, [0.03] * len(at), marker, color=colour, markersize=3, transform=axis.get_xaxis_transform())
