"""How soon networks learn: the share that has met the criterion, by trial, with those that never do in sight."""

import numpy as np

from . import style


def draw(sweep, folder):
    """One panel a task, one staircase a value of the compared setting: 1 - Kaplan-Meier over all fresh networks.

    A staircase that ends below 1 has networks that never met the criterion: they are censored, never given the
    length of the lifetime. Diverged networks never met it. A dot marks the median where it is reached. None where no
    network met the criterion.
    """
    tasks = [task for task in sweep.tasks if any(_reached(sweep, row, task) for row in sweep.row_values)]
    if not tasks:
        return None
    figure, axes = style.panels(len(tasks))
    for axis, task in zip(axes, tasks):
        for index, row in enumerate(sweep.row_values):
            trials, reached = times(sweep, row, task)
            if not len(trials):
                continue
            at, share = staircase(trials, reached)
            look = {**style.look(index), "marker": ""}
            axis.step(at, share, where="post", label=sweep.label(row), **look)
            over = np.flatnonzero(share >= 0.5 - 1e-12)
            if len(over):
                axis.plot(at[over[0]], 0.5, style.look(index)["marker"], color=look["color"], markersize=4.5)
        axis.axhline(0.5, color="#777777", linewidth=0.6, linestyle=(0, (1, 2)))
        axis.set_ylim(0, 1)
        axis.set_xlabel("trial")
        axis.set_title(sweep.label(task))
    axes[0].set_ylabel("networks that met the criterion")
    style.legend(figure, axes[0], sweep.title(sweep.rows))
    note = (
        "1 - Kaplan-Meier over fresh networks of all runs; symbols: medians; what is missing to 1 never met the "
        "criterion (diverged networks among them)."
    )
    return style.finish(figure, sweep, "criterion", folder, note)


def times(sweep, row, task):
    """Trials and whether the criterion was met in them, of all learned networks; censored ones at their last."""
    trials, reached = [], []
    for cell in sweep.chosen(row, task):
        networks = sweep.networks(cell)
        if networks is None or cell.status == "failed":
            continue
        met = (networks["trials_to_criterion"] >= 0) & (networks["diverged_at"] < 0)
        trials.append(np.where(met, networks["trials_to_criterion"], networks["trials"]))
        reached.append(met)
    if not trials:
        return np.empty(0), np.empty(0, bool)
    return np.concatenate(trials).astype(float), np.concatenate(reached)


def staircase(trials, reached):
    """Trials and 1 - the product-limit estimate from each of them on; begins at (0, 0), ends at the last trial."""
    order = np.unique(trials)
    at_risk = np.array([(trials >= t).sum() for t in order])
    events = np.array([((trials == t) & reached).sum() for t in order])
    share = 1 - np.cumprod(1 - events / at_risk)
    return np.concatenate([[0], order]), np.concatenate([[0], share])


def _reached(sweep, row, task):
    return times(sweep, row, task)[1].any()
