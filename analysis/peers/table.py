"""From times to the table of ratios; numpy only."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

# ms a trial, one number a round, by name.
Times = Mapping[str, Sequence[float]]

# Column, the engine of ours in it, and the peers whose best it is held against.
COLUMNS = (
    ("forward / best JAX forward", "forward", ("jax jvp", "jax tangents-gemm", "jax tangents-scan")),
    ("adjoint / best JAX forward", "adjoint", ("jax jvp", "jax tangents-gemm", "jax tangents-scan")),
    ("adjoint / jax.grad", "adjoint", ("jax grad", "jax grad-remat", "jax grad-vmap")),
    ("adjoint / torch", "adjoint", ("torch autograd",)),
)


def spread(values: ArrayLike) -> dict[str, float]:
    """Median and quartiles of the rounds: a dictionary of floats."""
    low, median, high = np.percentile(np.asarray(values, dtype=float), [25, 50, 75])
    return {"median": float(median), "low": float(low), "high": float(high), "rounds": np.size(values)}


def ratio(ours: Sequence[float], theirs: Times) -> dict[str, Any] | None:
    """How many times faster ours is than the best of some peers, from interleaved rounds.

    `ours`: ms a trial, one number a round. `theirs`: the same by name of the peer; the best is the one of the smallest
    median. Ratios are taken round by round, since the clock of a shared machine drifts between rounds, and given as
    their median and quartiles. None where no peer was measured.
    """
    if not theirs:
        return None
    best = min(theirs, key=lambda name: float(np.median(theirs[name])))
    rounds = np.asarray(theirs[best], dtype=float) / np.asarray(ours, dtype=float)
    return {"peer": best, **spread(rounds)}


def ratios(times: Times) -> dict[str, dict[str, Any] | None]:
    """Every column of one size from `times`, ms a trial by name: "ours forward", "ours adjoint", "jax jvp", ..."""
    return {
        title: ratio(times[f"ours {engine}"], {name: times[name] for name in peers if name in times})
        for title, engine, peers in COLUMNS
    }


def lines(results: Sequence[Mapping[str, Any]]) -> list[str]:
    """The report: for every size its times, then one table of ratios.

    `results`: dictionaries with size (N, T, d), times and ratios as above.
    """
    text = ["ms a trial: median (quartiles of the rounds)"]
    for result in results:
        text.append("N = {}, T = {}, d = {}".format(*result["size"]))
        for name, values in result["times"].items():
            s = spread(values)
            text.append(f"  {name:20} {number(s['median']):>9}  ({number(s['low'])} - {number(s['high'])})")
    titles = [title for title, _, _ in COLUMNS]
    text += ["", "times faster: median (quartiles)", f"{'N,T,d':12}" + "".join(f"{title:>30}" for title in titles)]
    for result in results:
        cells = [cell(result["ratios"][title]) for title in titles]
        text.append(f"{','.join(map(str, result['size'])):12}" + "".join(f"{value:>30}" for value in cells))
    return text


def cell(value: Mapping[str, Any] | None) -> str:
    """A ratio as text; a dash where there is none."""
    if value is None:
        return "-"
    return f"{value['median']:.2f} ({value['low']:.2f} - {value['high']:.2f})"


def number(value: float) -> str:
    """Three significant digits or so."""
    return f"{value:.4f}" if value < 0.1 else f"{value:.3f}" if value < 10 else f"{value:.1f}"


def relative(seen: ArrayLike, wanted: ArrayLike) -> float:
    """L2 distance of two arrays relative to the second; the distance itself where that is 0."""
    seen, wanted = np.asarray(seen, dtype=float), np.asarray(wanted, dtype=float)
    size = np.linalg.norm(wanted)
    error = np.linalg.norm(seen - wanted)
    return float(error / size if size > 0 else error)
