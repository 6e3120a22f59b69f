"""Learning curves: what a fresh network does over a lifetime under each learned rule."""

import numpy as np

from . import statistics, style

_NAMES = {"accuracy": "accuracy", "reward": "reward"}


def draw(sweep, folder, metric="accuracy"):
    """One panel a task, one curve a value of the compared setting, and theta = 0 in grey.

    A curve is the interquartile mean over runs, in 20 equal parts of the lifetime; a run is the mean of its networks.
    From the trial at which a network diverges on it counts with accuracy 0 or reward -2 (0 if binary). Bands are
    95 % bootstrap intervals over runs, over networks where there is one run. None where there is nothing to draw.
    """
    drawn = [task for task in sweep.tasks if any(_runs(sweep, row, task, metric) for row in sweep.row_values)]
    if not drawn:
        return None
    figure, axes = style.panels(len(drawn))
    single = False
    for axis, task in zip(axes, drawn):
        for index, row in enumerate(sweep.row_values):
            runs = _runs(sweep, row, task, metric)
            if not runs:
                continue
            single = single or len(runs) == 1
            units = runs[0] if len(runs) == 1 else np.stack([run.mean(axis=0) for run in runs])
            trials, look = _trials(sweep, row, task, units.shape[1]), style.look(index)
            curve = statistics.interquartile_mean(units)
            low, high = statistics.stratified_bootstrap([units])
            axis.plot(trials, curve, label=sweep.label(row), markevery=(index % 4, 5), markersize=3.2, **look)
            axis.fill_between(trials, low, high, color=look["color"], alpha=0.15, linewidth=0)
        _unlearned(axis, sweep, task, metric)
        axis.set_title(sweep.label(task))
        axis.set_xlabel("trial")
        axis.margins(x=0.02)
    axes[0].set_ylabel(_NAMES[metric])
    style.legend(figure, axes[0], sweep.title(sweep.rows))
    unit = "networks where there is one run, else runs" if single else "runs"
    note = f"Interquartile mean over runs in 20 parts of the lifetime; bands: 95 % bootstrap interval over {unit}."
    return style.finish(figure, sweep, f"learning-{metric}", folder, note)


def _runs(sweep, row, task, metric, role="learned"):
    """Curves (networks, parts) of every run that has ended."""
    found = []
    for cell in sweep.chosen(row, task):
        curves = curves_of(sweep, cell, metric, role)
        if curves is not None:
            found.append(curves)
    return found


def curves_of(sweep, cell, metric, role="learned"):
    """Curves (networks, parts) of a cell with the score of a diverged network from its end on; parts that no trial
    falls into (lifetimes shorter than 20 trials) are left out."""
    networks = sweep.networks(cell, role)
    if networks is None or cell.status == "failed":
        return None
    worst = 0.0 if metric == "accuracy" else cell.diverged_reward
    curves = networks[f"{metric}_curve"].astype(float)
    parts = curves.shape[1]
    edges = (np.arange(parts) + 1) * networks["trials"][:, None] / parts
    over = (networks["diverged_at"][:, None] >= 0) & (edges > networks["diverged_at"][:, None])
    curves = np.where(over, worst, curves)
    return curves[:, np.isfinite(curves).all(axis=0)]


def _trials(sweep, row, task, parts):
    """Middles of the parts of a lifetime, in trials."""
    lifetimes = [sweep.networks(c)["trials"].max() for c in sweep.chosen(row, task) if sweep.networks(c) is not None]
    return (np.arange(parts) + 0.5) * max(lifetimes) / parts


def _unlearned(axis, sweep, task, metric):
    """The same networks without plasticity, over all values of the compared setting."""
    runs = [run for row in sweep.row_values for run in _runs(sweep, row, task, metric, "none")]
    runs = [run for run in runs if run.shape[1] == max(r.shape[1] for r in runs)]
    if runs:
        curve = np.stack([run.mean(axis=0) for run in runs]).mean(axis=0)
        trials = _trials(sweep, sweep.row_values[0], task, len(curve)) if _has(sweep, task) else np.arange(len(curve))
        axis.plot(trials, curve, color="#777777", linestyle=(0, (1, 1)), linewidth=1, label="no plasticity")


def _has(sweep, task):
    return any(sweep.networks(cell) is not None for cell in sweep.chosen(sweep.row_values[0], task))
