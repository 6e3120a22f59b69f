"""The learned rules: theta as k x l maps with sign, one a row and column of the sweep, and where a rule has them one a
layer of synapses and power of the weight."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from . import style
from .drawing import Drawing, finish
from .sweep import Refusal, Sweep
from .values import label, title

Array = NDArray[Any]
# Column and row of the sweep, the part of theta, and theta of every run (runs, d + 1, d + 1).
Rule = tuple[Any, Any, str, Array]
# Inches that a coefficient needs to be read, and that lie beside the maps.
_BOX, _BESIDE = 0.26, 1.1
_MOST = 48


def draw(sweep: Sweep) -> Drawing | None:
    """Maps of mean theta over runs, columns of the sweep down and rows across (over several lines where they are
    many): red positive and blue negative, the value in every box, and a frame where at least nine in ten of three or
    more runs agree on the sign.

    theta is in the units of the normalised monomials, so boxes compare. None where no cell has learned a rule.
    """
    rules = [
        (column, row, part, thetas)
        for column in sweep.column_values
        for row in sweep.row_values
        for part, thetas in _thetas(sweep, row, column)
    ]
    if not rules:
        return None
    sweep.refuse_pooling("coefficients", "rule.degree", "rule.normalise")
    if len(rules) > _MOST:
        raise Refusal(f"{len(rules)} maps are more than a page holds ({_MOST}): keep some by --where")
    widest = max(thetas.shape[1] for *_, thetas in rules)
    most = max(1, int((style.TWO_COLUMNS - _BESIDE) // (_BOX * widest + 0.2)))
    lines: list[list[Rule]] = []
    # Columns of one map each share their lines.
    alone = len(rules) == len({label(column) for column, *_ in rules})
    for mine in [rules] if alone else _by_column(rules):
        lines += [mine[start : start + most] for start in range(0, len(mine), most)]
    across = max(map(len, lines))
    figure, axes = style.grid(
        len(lines), across, height=max(0.9, _BOX * widest) + 0.6, share_y=False, share_x=False, wide=across > 2
    )
    bound = max(np.abs(thetas.mean(axis=0)).max() for *_, thetas in rules) or 1.0
    image = None
    room = max(_BOX * widest + 0.3, (style.TWO_COLUMNS - _BESIDE) / across - 0.2)
    for down, (line, maps) in enumerate(zip(axes, lines)):
        for axis in line[len(maps) :]:
            axis.set_axis_off()
        for place, (axis, (column, row, part, thetas)) in enumerate(zip(line, maps)):
            image = _map(axis, thetas, bound)
            text = f"{title(sweep.rows) if sweep.rows != 'rule.degree' else 'd'} = {sweep.row_label(row)}"
            heading = sweep.column_title(column)
            if alone:
                text = heading if len(sweep.row_values) == 1 else f"{heading}\n{text}"
            if part:
                text += f"\n{part}"
            axis.set_title("\n".join(style.wrap(part, room, 8) for part in text.split("\n")), fontsize=8)
            if place == 0:
                names = "" if alone else style.wrap(heading, 1.5, 8) + "\n"
                axis.set_ylabel(names + "k (presynaptic)", fontsize=8)
            if down == len(lines) - 1:
                axis.set_xlabel("l (postsynaptic)", fontsize=8)
    assert image is not None
    figure.colorbar(image, ax=axes, shrink=min(0.8, 1.6 / len(lines)), pad=0.01, label=r"$\theta_{kl}$ (normalised)")
    note = (
        "Mean over runs of the coefficient of r_pre^k delta_post^l, normalised monomials; framed: at least nine in ten "
        "of three or more runs agree on the sign."
    )
    if any(part for _, _, part, _ in rules):
        note += " Maps of one rule are of its layers of synapses and of powers of the weight W that multiply its terms."
    if any(_is_rival(cell.settings) for cell in sweep.cells):
        note += " Rival learners have no such coefficients and are left out."
    return finish(figure, sweep.origin, "rules", note + sweep.pooling("means are over all of their cells"))


def _by_column(rules: list[Rule]) -> list[list[Rule]]:
    """The maps of each column of the sweep."""
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        found.setdefault(label(rule[0]), []).append(rule)
    return list(found.values())


def _is_rival(settings: dict[str, Any]) -> bool:
    return settings.get("learner", "three-factor") != "three-factor"


def _thetas(sweep: Sweep, row: Any, column: Any) -> list[tuple[str, Array]]:
    """Every part of theta, (runs, d + 1, d + 1), of the runs that have ended with a rule; with its name where there are
    several."""
    found: list[tuple[list[str], Array]] = []
    for cell in sweep.chosen(row, column):
        record = sweep.results.get(cell.key)
        if record is None or cell.status == "failed" or _is_rival(cell.settings):
            continue
        if np.isfinite(record["theta"]).all():
            names, side = _parts(cell.settings), int(cell.settings["rule.degree"]) + 1
            found.append((names, np.asarray(record["theta"], dtype=float).reshape(len(names), side, side)))
    # Those of another form only where `refuse_pooling` speaks.
    found = [one for one in found if one[0] == found[0][0] and one[1].shape == found[0][1].shape]
    if not found:
        return []
    return list(zip(found[0][0], np.stack([theta for _, theta in found], axis=1)))


def _parts(settings: dict[str, Any]) -> list[str]:
    """The parts of theta in its order: by layer where each has its own, then by power of the weight."""
    plastic = str(settings.get("rule.plastic", "recurrent")).strip("[]").split(",")
    by_layer = settings.get("rule.theta-by", "all") == "layer" and len(plastic) > 1
    layers = [one for one in ("recurrent", "input", "readout") if one in plastic] if by_layer else [""]
    powers = int(settings.get("rule.weight-degree", 0)) + 1
    names = []
    for layer in layers:
        for m in range(powers):
            power = "" if powers == 1 else ("without W", "times W", "times W^2")[m]
            names.append(", ".join(part for part in (layer, power) if part))
    return names


def _map(axis: Axes, thetas: Array, bound: float) -> AxesImage:
    mean = thetas.mean(axis=0)
    side = len(mean)
    image = axis.imshow(mean, cmap="RdBu_r", norm=Normalize(-bound, bound), origin="upper", aspect="equal")
    agreement = np.abs(np.sign(thetas).sum(axis=0)) / len(thetas)
    for (k, l), value in np.ndenumerate(mean):
        ink = "white" if abs(value) > 0.6 * bound else "black" if short(value) != "0" else "#999999"
        axis.text(l, k, short(value), ha="center", va="center", fontsize=style.NOTE, color=ink)
        if len(thetas) >= 3 and agreement[k, l] >= 0.8:
            axis.add_patch(Rectangle((l - 0.47, k - 0.47), 0.94, 0.94, fill=False, edgecolor=ink, linewidth=0.8))
    axis.set_xticks(range(side))
    axis.set_yticks(range(side))
    axis.tick_params(length=0, pad=1.5)
    axis.spines[:].set_visible(False)
    return image


def short(value: float) -> str:
    """A coefficient in at most five characters: `+.25`, `-1.03`, `+12`, `0` below 0.005."""
    if abs(value) < 0.005:
        return "0"
    text = f"{value:+.2f}" if abs(value) < 9.995 else f"{value:+.0f}"
    return text.replace("+0.", "+.").replace("-0.", "-.")
