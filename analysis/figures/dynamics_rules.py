"""How the rules differ dynamically: what learning does to fixed points and spectra, from the stored records."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from analysis import bootstrap

from . import style
from .drawing import Drawing, finish
from .sweep import Sweep

Array = NDArray[Any]


STAGES = ("before", "learned rule", "start rule", "no plasticity")
# Field of the record, or what is computed from several, and its name on the axis.
NUMBERS = [
    ("fixed_points", "fixed points"),
    ("stable", "share of stable points"),
    ("abscissa", r"largest Re $\lambda$ (1/$\tau$)"),
    ("non_normality", "Henrici / $||J||^2$"),
    ("sensitivity", "$|p| = |(-J)^{-1} W_{in}|$"),
    ("output_gain", "$|dz/du|$"),
]
# More panels beside each other are too narrow to read.
_MOST = 4


def draw(sweep: Sweep) -> Drawing | None:
    """A line a number, a panel a column: for each row of the sweep the four stages side by side, a faint dot
    a network (mean over its conditions), a mark at their mean with its 95 % bootstrap interval.

    Diverged lifetimes leave no network; they are counted below the axis. None where no dynamics are stored.
    """
    columns = [one for one in sweep.column_values if any(len(_records(sweep, row, one)) for row in sweep.row_values)]
    rows = [row for row in sweep.row_values if any(len(_records(sweep, row, one)) for one in columns)]
    if not columns:
        return None
    left_out, columns = columns[_MOST:], columns[:_MOST]
    figure, axes = style.grid(len(NUMBERS), len(columns), height=1.25)
    networks: set[int] = set()
    for stage, name in enumerate(STAGES):
        look: dict[str, Any] = {"marker": style.MARKERS[stage], "color": style.COLOURS[stage], "linestyle": "none"}
        axes[0][0].plot([], [], label=name, **look)
    for across, column in enumerate(columns):
        for place, row in enumerate(rows):
            records = _records(sweep, row, column)
            if not len(records):
                continue
            for stage in range(len(STAGES)):
                aside = place + 0.19 * (stage - 1.5)
                for line, (name, _) in zip(axes, NUMBERS):
                    values = by_network(records, stage, name)
                    if name == NUMBERS[0][0]:
                        networks.add(len(values))
                    _points(line[across], aside, values, stage)
                lost = diverged(records, stage)
                if lost:
                    axes[-1][across].annotate(
                        f"{lost} div.",
                        (aside, 0),
                        xycoords=("data", "axes fraction"),
                        xytext=(0, 2),
                        textcoords="offset points",
                        ha="center",
                        fontsize=style.NOTE,
                        color=style.BAD,
                    )
        style.heading(axes[0][across], sweep.column_title(column), len(columns))
        for axis in axes[:, across]:
            axis.margins(y=0.12)
        axes[-1][across].set_xticks(range(len(rows)), [sweep.row_label(row) for row in rows])
        axes[-1][across].set_xlim(-0.5, len(rows) - 0.5)
        axes[-1][across].set_xlabel(sweep.row_title)
    for line, (_, label) in zip(axes, NUMBERS):
        line[0].set_ylabel(label, fontsize=style.NOTE)
    figure.align_ylabels(axes[:, 0])
    style.legend(figure, [axes[0][0]])
    span = f"{min(networks)}" if len(networks) == 1 else f"{min(networks)} to {max(networks)}"
    note = (
        f"Over {span} networks an entry, each the mean over its conditions and their analysed fixed points (dots); "
        "marks: means with 95 % bootstrap intervals over networks. Time in units of tau."
    )
    if left_out:
        note += f" Not shown: {', '.join(map(sweep.column_title, left_out))}; `trifactor export --dynamics` has them."
    return finish(figure, sweep.origin, "dynamics-rules", note + sweep.pooling("networks of all of them"))


def by_network(records: Array, stage: int, name: str) -> Array:
    """One number a network of a stage: its mean over conditions that have the number; no input is left out."""
    chosen = records[(records["stage"] == stage) & (records["condition"] >= 0) & (records["diverged_at"] < 0)]
    values = []
    for one in np.unique(chosen[["cell", "network"]]):
        own = chosen[name][(chosen["cell"] == one["cell"]) & (chosen["network"] == one["network"])].astype(float)
        if np.isfinite(own).any():
            values.append(own[np.isfinite(own)].mean())
    return np.array(values)


def diverged(records: Array, stage: int) -> int:
    """Networks whose lifetime before this stage diverged."""
    return len(np.unique(records[(records["stage"] == stage) & (records["diverged_at"] >= 0)][["cell", "network"]]))


def _records(sweep: Sweep, row: Any, column: Any) -> Array:
    found = [kept for cell in sweep.chosen(row, column) if (kept := sweep.dynamics(cell)) is not None]
    # Shards of several degrees have the same fields, in arrays of the same type.
    return np.concatenate(found) if found else np.empty(0)


def _points(axis: Axes, place: float, values: Array, stage: int) -> None:
    if not len(values):
        return
    colour, marker = style.COLOURS[stage], style.MARKERS[stage]
    axis.plot([place] * len(values), values, "o", color=colour, alpha=0.3, markersize=2, markeredgewidth=0, zorder=2)
    mean = values.mean()
    low, high = bootstrap.stratified_bootstrap([values], statistic=bootstrap.mean)
    bars = [[mean - low], [high - mean]] if len(values) > 1 else None
    axis.errorbar(place, mean, yerr=bars, fmt=marker, color=colour, markersize=4, elinewidth=1, capsize=1.5, zorder=3)
