"""The outputs of an export beside those that were computed again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from trifactor import command
from trifactor.recompute.alignment import numbers, recompute_alignment
from trifactor.recompute.export import DRAWN, NUMBERS, TRIALS, WHOLE, Array, load
from trifactor.recompute.lifetime import recompute

# Of the forward quantities, and of those that tangents enter.
TOLERANCES = {"double": (1e-9, 1e-7), "float": (2e-4, 2e-2)}
EPSILON = {"double": 2.0**-52, "float": 2.0**-23}


def compare(folder: Path | str) -> list[tuple[str, float, float, int]]:
    """One line a quantity that is there: (name, worst error, its tolerance, trial of the worst; -1 for those of the
    lifetime)."""
    a, c = load(folder)
    mine = recompute(folder)
    primal, tangent = TOLERANCES[c["precision"]]
    lines = [("diverged_at", 0.0 if mine["diverged_at"] == c["diverged_at"] else np.inf, 0.0, -1)]
    for name in (*TRIALS, *WHOLE):
        if name not in a:
            continue
        if name in WHOLE:
            lines.append((name, _error(a[name], mine[name]), tangent, -1))
            continue
        errors = [_error(seen, wanted) for seen, wanted in zip(a[name], mine[name])]
        if name == "W":
            errors = _weight_errors(a, mine["W"], EPSILON[c["precision"]])
        worst = max(range(len(errors)), key=errors.__getitem__)
        tolerance = tangent if name == "Rdot" else primal
        lines.append((name, errors[worst], tolerance, worst if errors[worst] > 0 else -1))
    return lines + (_compare_alignment(folder, a, primal) if "aligned_trial" in a else [])


def _compare_alignment(
    folder: Path | str, a: dict[str, Array], tolerance: float
) -> list[tuple[str, float, float, int]]:
    """The same for the draws of alignment, at the trial of the worst point. The numbers are compared with those of the
    exported mu and g, whose products they are sums of."""
    mine = recompute_alignment(folder) | numbers(a["aligned_mu"], a["aligned_g"])
    lines = []
    for name in (*DRAWN, *NUMBERS):
        seen, wanted = a[f"aligned_{name}"], mine[name]
        errors = [_error(one, other) for one, other in zip(seen, wanted)]
        if name == "mu":
            # W less W: what rounding leaves of it is relative to W.
            sizes = [np.nanmax(np.abs(one), initial=0) for one in a["aligned_W"]]
            errors = [np.nanmax(np.abs(x - y), initial=0) / size for x, y, size in zip(seen, wanted, sizes)]
        worst = max(range(len(errors)), key=errors.__getitem__)
        lines.append((f"aligned_{name}", float(errors[worst]), tolerance, int(a["aligned_trial"][worst])))
    return lines


def _error(seen: Any, wanted: Any) -> float:
    """The largest difference, relative to the largest entry; infinite where one is NaN and the other is not."""
    seen, wanted = np.asarray(seen), np.asarray(wanted)
    return _relative(np.abs(seen - wanted), np.abs(wanted), seen, wanted)


def _relative(difference: Array, sizes: Array, seen: Array, wanted: Array) -> float:
    if (np.isnan(seen) != np.isnan(wanted)).any():
        return np.inf
    if np.isnan(wanted).all() or not wanted.size:
        return 0.0
    size = sizes.max()
    return float(difference.max() / size if size > 0 else difference.max())


def _weight_errors(a: dict[str, Array], wanted: Array, epsilon: float) -> list[float]:
    """Relative to the step. W itself is rounded to the precision of the run, however small its step is."""
    before = np.concatenate([a["W0"][None], a["W"][:-1]])
    errors = []
    for h, weights in enumerate(wanted):
        difference = np.maximum(np.abs(a["W"][h] - weights) - epsilon * np.abs(weights), 0)
        errors.append(_relative(difference, np.abs(weights - before[h]), a["W"][h], weights))
    return errors


def main(arguments: Sequence[str] | None = None) -> int:
    parser = command.Parser(
        prog="python -m analysis.recompute", description="Compute an exported lifetime again, from the equations alone."
    )
    parser.add_argument("folder", type=command.named, metavar="FOLDER", help="the --export of `trifactor lifetime`")
    folder = parser.parse_args(arguments).folder
    failed = False
    for name, error, tolerance, place in compare(folder):
        wrong = not error <= tolerance
        failed = failed or wrong
        where = "" if place < 0 else f"  trial {place}"
        print(f"{name:25} error {error:8.1e}  tolerance {tolerance:7.0e}{where}{'  WRONG' if wrong else ''}")
    reasons = load(folder)[1].get("left_out", {})
    for reason in sorted(set(reasons.values())):
        print(f"not there: {', '.join(name for name in reasons if reasons[name] == reason)} ({reason})")
    return 1 if failed else 0
