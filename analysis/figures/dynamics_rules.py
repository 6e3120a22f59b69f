"""How the rules differ dynamically: what learning does to fixed points and spectra, from the stored records."""

from typing import Any

from matplotlib.axes import Axes

from . import style
from .drawing import Drawing, finish
from .sweep import Sweep
from .values import label

# What `trifactor table --dynamics` calls a stage, and its name in the legend.
STAGES = {"before": "before", "learned": "learned rule", "start": "start rule", "none": "no plasticity"}
# The same of a number, and its name on the axis.
NUMBERS = [
    ("fixed points", "fixed points"),
    ("stable", "share of stable points"),
    ("abscissa", r"largest Re $\lambda$ (1/$\tau$)"),
    ("non-normality", "Henrici / $||J||^2$"),
    ("sensitivity", "$|p| = |(-J)^{-1} W_{in}|$"),
    ("output gain", "$|dz/du|$"),
]
# More panels beside each other are too narrow to read.
_MOST = 4


def draw(sweep: Sweep) -> Drawing | None:
    """A line a number, a panel a column: for each row of the sweep the four stages side by side, a faint dot
    a network (mean over its conditions), a mark at their mean with its 95 % bootstrap interval.

    Diverged lifetimes leave no network; they are counted below the axis. None where no dynamics are stored.
    """
    if all(sweep.dynamics(cell) is None for cell in sweep.cells):
        return None
    entries = {(label(one["row"]), label(one["column"])): one["stages"] for one in sweep.dynamics_table()["entries"]}
    columns = [one for one in sweep.column_values if any(column == label(one) for _, column in entries)]
    rows = [one for one in sweep.row_values if any(row == label(one) for row, _ in entries)]
    left_out, columns = columns[_MOST:], columns[:_MOST]
    figure, axes = style.grid(len(NUMBERS), len(columns), height=1.25)
    networks: set[int] = set()
    for stage, name in enumerate(STAGES.values()):
        look: dict[str, Any] = {"marker": style.MARKERS[stage], "color": style.COLOURS[stage], "linestyle": "none"}
        axes[0][0].plot([], [], label=name, **look)
    for across, column in enumerate(columns):
        for place, row in enumerate(rows):
            for stage in entries.get((label(row), label(column)), []):
                kind = list(STAGES).index(stage["stage"])
                aside = place + 0.19 * (kind - 1.5)
                networks.add(stage["networks"])
                for line, (name, _) in zip(axes, NUMBERS):
                    if name in stage["numbers"]:
                        _points(line[across], aside, stage["numbers"][name], kind)
                if stage["diverged"]:
                    axes[-1][across].annotate(
                        f"{stage['diverged']} div.",
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
    for line, (_, name) in zip(axes, NUMBERS):
        line[0].set_ylabel(name, fontsize=style.NOTE)
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


def _points(axis: Axes, place: float, found: dict[str, Any], stage: int) -> None:
    values, mean, low, high = found["networks"], found["mean"], found.get("low"), found.get("high")
    colour, marker = style.COLOURS[stage], style.MARKERS[stage]
    axis.plot([place] * len(values), values, "o", color=colour, alpha=0.3, markersize=2, markeredgewidth=0, zorder=2)
    bars = None if low is None or high is None else [[mean - low], [high - mean]]
    axis.errorbar(place, mean, yerr=bars, fmt=marker, color=colour, markersize=4, elinewidth=1, capsize=1.5, zorder=3)
