"""What a horizon makes of gradients by theta and by every constant, from `trifactor audit`."""

from typing import Any

import numpy as np

from . import style
from .drawing import Drawing, finish
from .origin import Origin

_Z = 1.96


def draw(audit: dict[str, Any]) -> Drawing | None:
    """The share of the gradient that each horizon keeps, one line for theta and one for every constant whose gradient
    without a horizon is told from 0; None for an audit that compared no horizons."""
    measured = audit.get("horizons") or {}
    rows = measured.get("rows", [])
    if len(rows) < 2:
        return None
    names = [name for name in measured["directions"] if not _is_term(name)]
    shown = [name for name in names if _is_told(rows[0], measured["directions"].index(name))]
    horizons = [row.get("horizon") for row in rows]
    # None stands right of the longest, as far as that is from the next.
    places = np.arange(len(rows))[::-1]
    figure, (axis,) = style.panels(1, height=2.8)
    axis.plot(places, [kept_of_theta(measured, row) for row in rows], label="theta", **style.look(0))
    for number, name in enumerate(shown):
        values, errors = np.array([kept(measured, row, name) for row in rows]).T
        # Beside each other, so that every bar is seen.
        aside = 0.6 * ((number + 1) / (len(shown) + 1) - 0.5)
        axis.errorbar(
            places + aside, values, yerr=_Z * errors, label=name, elinewidth=0.8, capsize=1.5, **style.look(number + 1)
        )
    for height in (0, 1):
        axis.axhline(height, color=style.FAINT, linewidth=0.6, linestyle=(0, (1, 2)))
    axis.set_xticks(places, ["none" if horizon is None else str(horizon) for horizon in horizons])
    axis.set_xlabel("horizon (trials)")
    axis.set_ylabel("share of the gradient kept")
    style.legend(figure, [axis])
    note = (
        f"`{measured['estimator']}` gradients of {measured['lifetimes']} lifetimes with a horizon over those without. "
        "theta: along the gradient without; constants, in the coordinate that a search moves them by: ratio of means, "
        "bars: 95 % interval of the paired difference, normal theory."
    )
    if hidden := [name for name in names if name not in shown]:
        note += f" Gradients without a horizon that may be 0: {', '.join(hidden)}."
    return finish(figure, Origin.of(audit), "horizons", note)


def kept(measured: dict[str, Any], row: dict[str, Any], name: str) -> tuple[float, float]:
    """The share of a constant's gradient that a horizon keeps, and the standard error of its difference to 1."""
    place = measured["directions"].index(name)
    whole = measured["rows"][0]["gradient"][place]["mean"]
    return row["gradient"][place]["mean"] / whole, (row["bias"][place].get("error") or 0) / abs(whole)


def kept_of_theta(measured: dict[str, Any], row: dict[str, Any]) -> float:
    """The same of theta: its mean gradient along that without a horizon."""
    places = [place for place, name in enumerate(measured["directions"]) if _is_term(name)]
    whole, own = (
        np.array([one["gradient"][place].get("mean") or 0 for place in places]) for one in (measured["rows"][0], row)
    )
    return float(own @ whole / (whole @ whole))


def _is_term(name: str) -> bool:
    """k1l3, k0l2m1, ..."""
    return name[0] == "k" and name[1].isdigit()


def _is_told(row: dict[str, Any], place: int) -> bool:
    mean = row["gradient"][place]
    return abs(mean.get("mean") or 0) > _Z * (mean.get("error") or np.inf)
