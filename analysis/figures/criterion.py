"""How soon networks learn: the share that has met the criterion, by trial, with those that never do in sight."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis import bootstrap

from . import style
from .drawing import Drawing, finish
from .sweep import Sweep
from .values import label

Array = NDArray[Any]
# A network's trials to the criterion, and whether it met it in them; (networks, 2).
Times = NDArray[np.float64]


def draw(sweep: Sweep) -> Drawing | None:
    """A panel a column, a staircase a row: 1 - Kaplan-Meier over all fresh networks, with a band over runs.

    A staircase that ends below 1 has networks that never met the criterion: they are censored, never given the
    length of the lifetime. Diverged networks never met it. A symbol marks the median of `trifactor table`, a bar its
    95 % interval. None where no network met the criterion.
    """
    columns = [
        column
        for column in sweep.column_values
        if any(run[:, 1].any() for row in sweep.row_values for run in times(sweep, row, column))
    ]
    if not columns:
        return None
    sweep.refuse_pooling("criteria", "evaluation.criterion.correct", "evaluation.criterion.of")
    looks = style.looks(sweep.row_values)
    figure, axes = style.panels(len(columns))
    for axis, column in zip(axes, columns):
        axis.set_xlim(0, max(run[:, 0].max() for row in sweep.row_values for run in times(sweep, row, column)))
        entries = {label(entry["row"]): entry for entry in sweep.entries("trials-to-criterion", column)}
        for row, look in zip(sweep.row_values, looks):
            runs = times(sweep, row, column)
            if not runs:
                continue
            at, share = staircase(np.concatenate(runs))
            axis.step(at, share, where="post", label=sweep.row_label(row), **{**look, "marker": ""})
            low, high = band(runs, at)
            axis.fill_between(
                at, low, high, step="post", color=look["color"], alpha=style.shade(len(looks)), linewidth=0
            )
            _median(axis, entries[label(row)], look)
        axis.axhline(0.5, color=style.FAINT, linewidth=0.6, linestyle=(0, (1, 2)))
        axis.set_ylim(0, 1)
        style.heading(axis, sweep.column_title(column), min(3, len(columns)))
    style.name_outer(axes, "trial", "networks that met\nthe criterion")
    style.legend(figure, axes, sweep.row_title)
    note = (
        f"Criterion: {criteria(sweep)}. 1 - Kaplan-Meier over fresh networks of all runs; bands: 95 % bootstrap "
        "interval over runs, over networks where there is one run; symbols: medians where they are reached, bars: "
        "their 95 % interval. What is missing to 1 never met the criterion (diverged networks among them)."
    )
    return finish(figure, sweep.origin, "criterion", note + sweep.pooling("a run holds the networks of all"))


def criteria(sweep: Sweep) -> str:
    """What counts as learned: `18 of 20 trials in a row right`, or the range where rows or columns differ."""
    numbers = [
        [str(value) for value in sweep.values(f"evaluation.criterion.{name}") if value is not None]
        for name in ("correct", "of")
    ]
    right, window = (" to ".join(dict.fromkeys([found[0], found[-1]])) if found else "?" for found in numbers)
    return f"{right} of {window} trials in a row right"


def times(sweep: Sweep, row: Any, column: Any) -> list[Times]:
    """Of every run: trials and whether the criterion was met in them, by network; censored ones at their last."""
    found = []
    for run in sweep.runs(row, column):
        parts = []
        for cell in run:
            networks = sweep.networks(cell)
            if networks is None:
                continue
            met = (networks["trials_to_criterion"] >= 0) & (networks["diverged_at"] < 0)
            trials = np.where(met, networks["trials_to_criterion"], networks["trials"])
            parts.append(np.stack([trials, met], axis=1).astype(float))
        if parts:
            found.append(np.concatenate(parts))
    return found


def staircase(networks: Times) -> tuple[Array, Array]:
    """Trials and 1 - the product-limit estimate from each of them on; begins at (0, 0), ends at the last trial."""
    at = np.unique(networks[:, 0])
    return np.concatenate([[0], at]), np.concatenate([[0], _shares([networks], np.ones((1, 1)), at)[0]])


def band(runs: list[Times], at: Array) -> tuple[Array, Array]:
    """95 % bootstrap interval of the staircase at trials `at`: whole runs are drawn, networks where there is one."""
    units = runs if len(runs) > 1 else [network[None] for network in runs[0]]
    drawn = bootstrap.resample_indices([len(units)])
    numbered = drawn + len(units) * np.arange(len(drawn))[:, None]
    weights = np.bincount(numbered.ravel(), minlength=drawn.shape[0] * len(units)).reshape(len(drawn), -1)
    grid = np.unique(np.concatenate(runs)[:, 0])
    low, high = np.quantile(_shares(units, weights.astype(float), grid), (0.025, 0.975), axis=0)
    places = np.searchsorted(grid, at, side="right")
    return np.concatenate([[0], low])[places], np.concatenate([[0], high])[places]


def _shares(units: list[Times], weights: Array, at: Array) -> Array:
    """1 - the product-limit estimate at these ascending trials; a row for each row of weights (rows, units), which say
    how often the networks of a unit count."""
    ended, events = np.zeros((2, len(units), len(at)))
    for place, networks in enumerate(units):
        trials = np.searchsorted(at, networks[:, 0])
        ended[place] = np.bincount(trials, minlength=len(at))
        events[place] = np.bincount(trials, networks[:, 1], len(at))
    ended, events = weights @ ended, weights @ events
    at_risk = ended.sum(axis=1, keepdims=True) - np.cumsum(ended, axis=1) + ended
    hazard = np.divide(events, at_risk, out=np.zeros_like(events), where=at_risk > 0)
    return np.asarray(1 - np.cumprod(1 - hazard, axis=1))


def _median(axis: Any, entry: dict[str, Any], look: dict[str, Any]) -> None:
    """The median that the table prints, with its interval; an end that is not reached leaves the panel."""
    if entry["median"] is None:
        return
    if entry["low"] is not None:
        end = entry["high"] if entry["high"] is not None else axis.get_xlim()[1]
        axis.plot([entry["low"], end], [0.5, 0.5], color=look["color"], linewidth=1, zorder=3, solid_capstyle="butt")
    axis.plot(entry["median"], 0.5, look["marker"], color=look["color"], markersize=4.5, zorder=4)
