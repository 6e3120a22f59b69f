"""How the rules differ dynamically: what learning does to fixed points and spectra, from the stored records."""

import numpy as np

from . import statistics, style

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


def draw(sweep, folder):
    """A row a number, a panel a task: for each value of the compared setting the four stages side by side, a faint dot
    a network (mean over its conditions), a mark at their mean with its 95 % bootstrap interval.

    Diverged lifetimes leave no network; they are counted below the axis. None where no dynamics are stored.
    """
    tasks = [task for task in sweep.tasks if any(len(_records(sweep, row, task)) for row in sweep.row_values)]
    rows = [row for row in sweep.row_values if any(len(_records(sweep, row, task)) for task in tasks)]
    if not tasks:
        return None
    left_out, tasks = tasks[_MOST:], tasks[:_MOST]
    figure, axes = style.grid(len(NUMBERS), len(tasks), height=1.25)
    networks = set()
    for stage, name in enumerate(STAGES):
        look = {"marker": style.MARKERS[stage], "color": style.COLOURS[stage], "linestyle": "none"}
        axes[0][0].plot([], [], label=name, **look)
    for column, task in enumerate(tasks):
        for place, row in enumerate(rows):
            records = _records(sweep, row, task)
            if not len(records):
                continue
            for stage in range(len(STAGES)):
                aside = place + 0.19 * (stage - 1.5)
                for line, (name, _) in zip(axes, NUMBERS):
                    values = by_network(records, stage, name)
                    if name == NUMBERS[0][0]:
                        networks.add(len(values))
                    _points(line[column], aside, values, stage)
                lost = diverged(records, stage)
                if lost:
                    axes[-1][column].annotate(
                        f"{lost} div.", (aside, 0), xycoords=("data", "axes fraction"), xytext=(0, 2),
                        textcoords="offset points", ha="center", fontsize=5.5, color="#D55E00",
                    )
        axes[0][column].set_title(sweep.label(task))
        for axis in axes[:, column]:
            axis.margins(y=0.12)
        axes[-1][column].set_xticks(range(len(rows)), [sweep.label(row) for row in rows])
        axes[-1][column].set_xlim(-0.5, len(rows) - 0.5)
        axes[-1][column].set_xlabel(sweep.title(sweep.rows))
    for line, (_, label) in zip(axes, NUMBERS):
        line[0].set_ylabel(label, fontsize=7)
    figure.align_ylabels(axes[:, 0])
    style.legend(figure, axes[0][0])
    span = f"{min(networks)}" if len(networks) == 1 else f"{min(networks)} to {max(networks)}"
    note = (
        f"Over {span} networks an entry, each the mean over its conditions and their analysed fixed points (dots); marks: "
        "means with 95 % bootstrap intervals over networks. Time in units of tau."
    )
    if left_out:
        note += f" Not shown: {', '.join(map(sweep.label, left_out))}; `trifactor export --dynamics` has them."
    return style.finish(figure, sweep, "dynamics-rules", folder, note)


def by_network(records, stage, name):
    """One number a network of a stage: its mean over conditions that have the number; no input is left out."""
    chosen = records[(records["stage"] == stage) & (records["condition"] >= 0) & (records["diverged_at"] < 0)]
    values = []
    for one in np.unique(chosen[["cell", "network"]]):
        own = chosen[name][(chosen["cell"] == one["cell"]) & (chosen["network"] == one["network"])].astype(float)
        if np.isfinite(own).any():
            values.append(own[np.isfinite(own)].mean())
    return np.array(values)


def diverged(records, stage):
    """Networks whose lifetime before this stage diverged."""
    return len(np.unique(records[(records["stage"] == stage) & (records["diverged_at"] >= 0)][["cell", "network"]]))


def _records(sweep, row, task):
    found = [kept for cell in sweep.chosen(row, task) if (kept := sweep.dynamics(cell)) is not None]
    # Shards of several degrees have the same fields, in arrays of the same type.
    return np.concatenate(found) if found else np.empty(0)


def _points(axis, place, values, stage):
    if not len(values):
        return
    colour, marker = style.COLOURS[stage], style.MARKERS[stage]
    axis.plot([place] * len(values), values, "o", color=colour, alpha=0.3, markersize=2, markeredgewidth=0, zorder=2)
    mean = values.mean()
    low, high = statistics.stratified_bootstrap([values], statistic=lambda drawn: drawn.mean(axis=0))
    bars = [[mean - low], [high - mean]] if len(values) > 1 else None
    axis.errorbar(
        place, mean, yerr=bars, fmt=marker, color=colour, markersize=4, elinewidth=1, capsize=1.5, zorder=3
    )
