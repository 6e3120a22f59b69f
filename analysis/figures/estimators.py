"""How good the gradient estimators are: bias, variance and signal of every coefficient, from `trifactor audit`."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import style
from .drawing import Drawing, finish
from .origin import Origin

Array = NDArray[Any]

_Z = 1.96
# Coefficients beyond this make the points of a panel touch.
_MOST = 36


def draw(audit: dict[str, Any]) -> Drawing | None:
    """Three panels over the coefficients, an estimator a colour and mark:

    bias against differences of the return with its 95 % interval, dJ itself as a black dash (a linear scale up to the
    largest |dJ|, a logarithmic one beyond); standard deviation of one estimate with its 95 % interval (normal theory);
    |mean| over that deviation at a cost of one GFLOP, bars over what noise alone would leave of its interval.
    Coefficients whose estimate did not vary have no point below. None where nothing was estimated.
    """
    rows = audit["estimators"]
    count = len(audit["slope"])
    if not rows or not count:
        return None
    chosen = _largest(audit["slope"])
    figure, axes = style.grid(3, 1, height=1.75, share_y=False, wide=True)
    bias, deviation, signal = axes[:, 0]
    x = np.arange(len(chosen))
    slope = np.array([_real(mean["mean"]) for mean in audit["slope"]])[chosen]
    for place, value in zip(x, slope):
        bias.plot(
            [place - 0.42, place + 0.42],
            [value, value],
            color="black",
            linewidth=1.6,
            zorder=1,
            label="dJ (differences)" if place == 0 else None,
        )
    for index, row in enumerate(rows):
        aside = x + 0.7 * ((index + 0.5) / len(rows) - 0.5)
        look: dict[str, Any] = {
            "fmt": style.MARKERS[index],
            "color": style.COLOURS[index],
            "markersize": 3,
            "elinewidth": 0.9,
        }
        means, errors = _columns(row["bias"], chosen)
        bias.errorbar(aside, means, yerr=_Z * errors, label=row["name"], **look)
        spread = np.array([_real(value) for value in row["deviation"]])[chosen]
        spread = np.where(spread > 0, spread, np.nan)
        deviation.errorbar(aside, spread, yerr=_spread_interval(spread, row["estimates"]), **look)
        means, errors = _columns(row["gradient"], chosen)
        scale = spread * np.sqrt(_real(row["gigaflop"]))
        signal.errorbar(aside, np.abs(means) / scale, yerr=_folded(np.abs(means), _Z * errors) / scale, **look)
    bound = np.nanmax(np.abs(slope), initial=0)
    bias.set_yscale("symlog", linthresh=bound if bound > 0 else 1e-6, linscale=1.5)
    bias.axhline(0, color="#999999", linewidth=0.6, zorder=0)
    deviation.set_yscale("log")
    signal.set_ylim(bottom=0)
    bias.set_ylabel("bias; black: dJ")
    deviation.set_ylabel("deviation of\none estimate")
    signal.set_ylabel("|mean| / deviation\nat 1 GFLOP")
    side = round(np.sqrt(count))
    signal.set_xticks(x, [rf"$\theta_{{{p // side}{p % side}}}$" for p in chosen])
    for axis in axes[:, 0]:
        axis.set_xlim(-0.6, len(chosen) - 0.4)
        for edge in x[1:] - 0.5:
            axis.axvline(edge, color="#EEEEEE", linewidth=0.6, zorder=0)
    style.legend(figure, [bias])
    note = (
        f"Over {audit['lifetimes']} fresh lifetimes; bars: 95 % intervals. Bias: mean of the paired difference to the "
        "slope of the return, which all estimators share. Deviation: of one estimate. A bar that reaches 0 in the "
        "lowest panel: no signal was seen."
    )
    if len(chosen) < count:
        note += f" The {len(chosen)} of {count} coefficients with the largest |dJ|."
    return finish(figure, Origin.of(audit), "estimators", note)


def _largest(slope: Sequence[dict[str, Any]]) -> Array:
    """Indices of the coefficients that are shown, in order."""
    size = [-abs(_real(mean["mean"])) for mean in slope]
    return np.sort(np.argsort(size, kind="stable")[:_MOST])


def _columns(means: Sequence[dict[str, Any]], chosen: Array) -> tuple[Array, Array]:
    """Means and standard errors of the chosen coefficients."""
    table = np.array([[_real(mean["mean"]), _real(mean["error"])] for mean in means])[chosen]
    return table[:, 0], table[:, 1]


def _spread_interval(spread: Array, estimates: int) -> Array:
    """Below and above a standard deviation of so many normal numbers: 95 % by the normal law of its logarithm."""
    factor = np.exp(_Z / np.sqrt(2 * max(1, estimates - 1)))
    return np.stack([spread - spread / factor, spread * factor - spread])


def _folded(size: Array, half: Array) -> Array:
    """Below and above |mean|, cut at 0."""
    return np.stack([np.minimum(size, half), half])


def _real(value: float | None) -> float:
    return np.nan if value is None else float(value)
