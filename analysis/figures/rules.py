"""The learned rules: theta as k x l maps with sign, one a task and degree."""

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from . import style


def draw(sweep, folder):
    """A grid of maps, tasks down and values of the compared setting across: mean theta over runs, red positive and
    blue negative, the value in every box, and a frame where at least nine in ten of three or more runs agree on the
    sign.

    theta is in the units of the normalised monomials, so boxes compare. None where no cell has learned a rule.
    """
    rules = {
        (task, row): thetas
        for task in sweep.tasks
        for row in sweep.row_values
        if (thetas := _thetas(sweep, row, task)) is not None
    }
    tasks = [task for task in sweep.tasks if any((task_, _) in rules for task_, _ in rules if task_ == task)]
    rows = [row for row in sweep.row_values if any(row_ == row for _, row_ in rules)]
    if not rules:
        return None
    height = min(2.2, 0.25 + 5.0 / len(rows))
    figure, axes = style.grid(len(tasks), len(rows), height=height, share_y=False, share_x=False)
    bound = max(np.abs(np.nanmean(thetas, axis=0)).max() for thetas in rules.values()) or 1.0
    image = None
    for down, task in enumerate(tasks):
        for across, row in enumerate(rows):
            axis = axes[down][across]
            if (task, row) not in rules:
                axis.set_axis_off()
                axis.text(0.5, 0.5, "no rule", ha="center", va="center", fontsize=7, transform=axis.transAxes)
                continue
            image = _map(axis, rules[task, row], bound)
            axis.set_title(f"{sweep.title(sweep.rows)[-1]} = {sweep.label(row)}" if down == 0 else "", fontsize=8)
            if across == 0:
                axis.set_ylabel(f"{sweep.label(task)}\nk (presynaptic)")
            if down == len(tasks) - 1:
                axis.set_xlabel("l (postsynaptic)")
    figure.colorbar(image, ax=axes, shrink=0.6, pad=0.01, label=r"$\theta_{kl}$ (normalised units)")
    note = (
        "Mean over runs of the coefficient of r_pre^k delta_post^l, normalised monomials; framed: at least nine in ten "
        "of three or more runs agree on the sign."
    )
    return style.finish(figure, sweep, "rules", folder, note)


def _thetas(sweep, row, task):
    """(runs, d + 1, d + 1) of the runs that have ended with a rule; runs of another degree than the first are left
    out (they occur only where the degree is not the compared setting)."""
    found = []
    for cell in sweep.chosen(row, task):
        record = sweep.results.get(cell.key)
        if record is not None and cell.status != "failed" and np.isfinite(record["theta"]).all():
            side = int(round(np.sqrt(record["theta"].size)))
            found.append(np.asarray(record["theta"], dtype=float).reshape(side, side))
    found = [theta for theta in found if theta.shape == found[0].shape]
    return np.stack(found) if found else None


def _map(axis, thetas, bound):
    mean = thetas.mean(axis=0)
    side = len(mean)
    image = axis.imshow(mean, cmap="RdBu_r", norm=Normalize(-bound, bound), origin="upper", aspect="equal")
    agreement = np.abs(np.sign(thetas).sum(axis=0)) / len(thetas)
    for k in range(side):
        for l in range(side):
            ink = "white" if abs(mean[k, l]) > 0.6 * bound else "black" if short(mean[k, l]) != "0" else "#999999"
            size = 6.5 if side <= 3 else 5.6 if side <= 4 else 4.8
            axis.text(l, k, short(mean[k, l]), ha="center", va="center", fontsize=size, color=ink)
            if len(thetas) >= 3 and agreement[k, l] >= 0.8:
                frame = Rectangle((l - 0.47, k - 0.47), 0.94, 0.94, fill=False, edgecolor=ink, linewidth=0.8)
                axis.add_patch(frame)
    axis.set_xticks(range(side))
    axis.set_yticks(range(side))
    axis.tick_params(length=0, pad=1.5, labelsize=6.5)
    for spine in axis.spines.values():
        spine.set_visible(False)
    return image


def short(value):
    """A coefficient in at most five characters: `+.25`, `-1.03`, `+12`, `0` below 0.005."""
    if abs(value) < 0.005:
        return "0"
    text = f"{value:+.2f}" if abs(value) < 9.995 else f"{value:+.0f}"
    return text.replace("+0.", "+.").replace("-0.", "-.")
