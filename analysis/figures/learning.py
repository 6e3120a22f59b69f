"""Learning curves: what a fresh network does over a lifetime under each learned rule."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from analysis import bootstrap

from . import style
from .drawing import Drawing, finish
from .sweep import Cell, Sweep

Curves = NDArray[Any]


def draw(sweep: Sweep, metric: str = "accuracy") -> Drawing | None:
    """A panel a column, a curve a row, and theta = 0 in grey.

    A curve is the interquartile mean over runs, in 20 equal parts of the lifetime; a run is the mean of its networks.
    From the trial at which a network diverges on it counts with accuracy 0 or reward -2 (0 if binary). Bands are
    95 % bootstrap intervals over runs, over networks where there is one run. None where there is nothing to draw.
    """
    columns = [one for one in sweep.column_values if any(_runs(sweep, row, one, metric) for row in sweep.row_values)]
    if not columns:
        return None
    sweep.refuse_pooling("learning curves", "trials")
    if metric == "reward":
        sweep.refuse_pooling("rewards", "reward")
    figure, axes = style.panels(len(columns))
    looks = style.looks(sweep.row_values)
    single = False
    for axis, column in zip(axes, columns):
        for index, (row, look) in enumerate(zip(sweep.row_values, looks)):
            runs = _runs(sweep, row, column, metric)
            if not runs:
                continue
            single = single or len(runs) == 1
            units = runs[0] if len(runs) == 1 else np.stack([run.mean(axis=0) for run in runs])
            trials = _trials(sweep, row, column, units.shape[1])
            low, high = bootstrap.stratified_bootstrap([units])
            axis.plot(
                trials, bootstrap.interquartile_mean(units), label=sweep.row_label(row), markevery=(index % 5, 5),
                markersize=3.2, **look,
            )  # fmt: skip
            axis.fill_between(trials, low, high, color=look["color"], alpha=style.shade(len(looks)), linewidth=0)
        _unlearned(axis, sweep, column, metric)
        style.heading(axis, sweep.column_title(column), min(3, len(columns)))
        axis.margins(x=0.02)
    style.bound_score(axes, metric)
    style.name_outer(axes, "trial", metric)
    style.legend(figure, axes, sweep.row_title)
    unit = "networks where there is one run, else runs" if single else "runs"
    note = f"Interquartile mean over runs in 20 parts of the lifetime; bands: 95 % bootstrap interval over {unit}."
    return finish(figure, sweep.origin, f"learning-{metric}", note + sweep.pooling("a run is the mean over them"))


def _runs(sweep: Sweep, row: Any, column: Any, metric: str, role: str = "learned") -> list[Curves]:
    """Curves (networks, parts) of every run that has ended: of one seed the mean over its cells, network by network."""
    found = []
    for run in sweep.runs(row, column):
        curves = [one for cell in run if (one := curves_of(sweep, cell, metric, role)) is not None]
        if curves:
            networks, parts = (min(one.shape[side] for one in curves) for side in (0, 1))
            found.append(np.mean([one[:networks, :parts] for one in curves], axis=0))
    return found


def curves_of(sweep: Sweep, cell: Cell, metric: str, role: str = "learned") -> Curves | None:
    """Curves (networks, parts) of a cell with the score of a diverged network from its end on; parts that no trial
    falls into (lifetimes shorter than 20 trials) are left out."""
    networks = sweep.networks(cell, role)
    if networks is None:
        return None
    curves = networks[f"{metric}_curve"].astype(float)
    parts = curves.shape[1]
    edges = (np.arange(parts) + 1) * networks["trials"][:, None] / parts
    over = (networks["diverged_at"][:, None] >= 0) & (edges > networks["diverged_at"][:, None])
    curves = np.where(over, cell.diverged_score(metric), curves)
    return curves[:, np.isfinite(curves).all(axis=0)]


def _trials(sweep: Sweep, row: Any, column: Any, parts: int) -> Curves:
    """Middles of the parts of a lifetime, in trials."""
    lifetimes = [
        networks["trials"].max() for cell in sweep.chosen(row, column) if (networks := sweep.networks(cell)) is not None
    ]
    return (np.arange(parts) + 0.5) * max(lifetimes) / parts


def _unlearned(axis: Axes, sweep: Sweep, column: Any, metric: str) -> None:
    """The same networks without plasticity, the mean over all rows of one lifetime's length."""
    found: dict[tuple[float, ...], list[Curves]] = {}
    for row in sweep.row_values:
        for run in _runs(sweep, row, column, metric, "none"):
            trials = _trials(sweep, row, column, run.shape[1])
            found.setdefault(tuple(trials), []).append(run.mean(axis=0))
    for middles, curves in found.items():
        axis.plot(
            middles, np.mean(curves, axis=0), color=style.FAINT, linestyle=(0, (1, 1)), linewidth=1,
            label="no plasticity",
        )  # fmt: skip
