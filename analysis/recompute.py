"""Compute an exported lifetime again, from the equations alone.

    python -m analysis.recompute FOLDER        FOLDER as `trifactor lifetime SWEEP --export FOLDER` writes it

Everything below follows the method's equations one step of time after the other, in float64, and shares nothing with
the program but the files. Each trial starts from the W that the program says it started from, so an error cannot hide
behind the chaos of the trials before it (under a linear rule with the slow mean left out, rounding alone reaches 0.1 of
reward within 80 trials, so lifetimes at two precisions or SIMD levels agree in their means, not trial by trial); U,
which is written at the end only, is carried along those W. Errors are relative to the largest entry of the trial; for W
to the largest entry of its step. Exit code 1 where one exceeds its tolerance.

Needs numpy only.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis import command

Array = NDArray[np.float64]

ARRAYS = (
    "W0 Win Wout x0 u y window condition xi kicks theta scale "
    "R Rbar W U Rdot R_antithetic g_tangent g_antithetic g_pathwise g_score"
).split()

# Of the forward quantities, and of those that tangents enter.
TOLERANCES = {"double": (1e-9, 1e-7), "float": (2e-4, 2e-2)}
EPSILON = {"double": 2.0**-52, "float": 2.0**-23}
LARGEST = {"double": np.finfo(np.float64).max, "float": float(np.finfo(np.float32).max)}
ESTIMATES = ("g_tangent", "g_antithetic", "g_pathwise", "g_score")


def load(folder: Path | str) -> tuple[dict[str, Array], dict[str, Any]]:
    """The arrays by name, and constants.json. Raises CommandError for a folder that is no export or is damaged."""
    folder = Path(folder)
    if not (folder / "constants.json").is_file():
        raise command.CommandError(
            f"{folder} is no exported lifetime: it has no constants.json. Give the --export of `trifactor lifetime`"
        )
    try:
        arrays = {name: np.load(folder / f"{name}.npy") for name in ARRAYS}
        return arrays, json.loads((folder / "constants.json").read_text())
    except FileNotFoundError as error:
        raise command.CommandError(f"{error.filename}: not there; export the lifetime again", command.DATA) from error
    except (ValueError, EOFError) as error:
        raise command.CommandError(f"{folder}: damaged ({error}); export the lifetime again", command.DATA) from error


@dataclass
class Trial:
    """What one trial gave: e is N x N, edot and direct P x N x N, Rdot P; empty without tangents."""

    within: bool
    R: float
    e: Array
    edot: Array = field(default_factory=lambda: np.empty(0))
    direct: Array = field(default_factory=lambda: np.empty(0))
    Rdot: Array = field(default_factory=lambda: np.empty(0))


class Lifetime:
    """The method on the inputs of one export."""

    N: int
    M: int
    K: int
    T: int
    H: int
    d: int
    dt: float
    tau: float
    tau_bar: float
    eta: float
    a_R: float
    sigma: float
    bound: float
    reward: str

    def __init__(self, arrays: dict[str, Array], constants: dict[str, Any]) -> None:
        self.a = arrays
        self.c = constants
        for name in ("N", "M", "K", "T", "H", "d", "dt", "tau", "tau_bar", "eta", "a_R", "sigma", "bound", "reward"):
            setattr(self, name, constants[name])
        self.P = (self.d + 1) ** 2
        self.tau_e = np.inf if constants["tau_e"] is None else constants["tau_e"]
        self.clip = np.inf if constants["clip"] is None else constants["clip"]
        self.horizon = constants["horizon"]
        self.gate = constants.get("gate", 0.0)
        self.growth = constants.get("growth", [0.0, 0.0])
        # theta[k, l] s_kl, and the same by output index for one product a step.
        self.s = arrays["scale"].reshape(self.d + 1, self.d + 1)
        self.coefficients = arrays["theta"].reshape(self.d + 1, self.d + 1) * self.s

    def reward_of(self, z: Array, h: int) -> float:
        """R of a read-out z (T x K)."""
        inside = self.a["window"][h] == 1
        z, y = z[inside], self.a["y"][h][inside]
        if self.reward == "absolute":
            return -np.abs(z - y).mean()
        if self.reward == "squared":
            return -((z - y) ** 2).mean()
        return float((np.sign(z.mean(axis=0)) == np.sign(y.mean(axis=0))).mean())

    def reward_tangent(self, z: Array, zdot: Array, h: int) -> Array:
        """Rdot of zdot (T x P x K)."""
        inside = self.a["window"][h] == 1
        error, zdot = (z - self.a["y"][h])[inside], zdot[inside]
        if self.reward == "binary":
            return np.zeros(self.P)
        slope = -np.sign(error) if self.reward == "absolute" else -2 * error
        return np.einsum("tk,tpk->p", slope, zdot) / error.size

    def silent(self, h: int) -> float:
        return self.reward_of(np.zeros((self.T, self.K)), h)

    def trial(self, h: int, W: Array, U: Array | None = None, kick_tangent: Array | None = None) -> Trial:
        """Trial h from W; with U (P x N x N), its tangents. kick_tangent: d log(kick) / d theta (P)."""
        dt, degrees = self.dt, np.arange(self.d + 1)
        x = self.a["x0"][h].copy()
        xbar = x.copy()
        e = np.zeros((self.N, self.N))
        z = np.zeros((self.T, self.K))
        within = True
        if U is not None:
            xdot, xbardot = np.zeros((self.P, self.N)), np.zeros((self.P, self.N))
            edot, direct = np.zeros((self.P, self.N, self.N)), np.zeros((self.P, self.N, self.N))
            zdot = np.zeros((self.T, self.P, self.K))
        for t in range(self.T):
            within = within and bool((np.abs(x) <= self.bound).all())
            r, delta = np.tanh(x), xbar - x
            z[t] = self.a["Wout"] @ r
            rates = r[None, :] ** degrees[:, None]  # numpy has 0^0 = 1
            deltas = delta[None, :] ** degrees[:, None]
            decay = 1 - dt / self.tau_e
            if U is not None:
                rdot, deltadot = (1 - r * r) * xdot, xbardot - xdot
                zdot[t] = rdot @ self.a["Wout"].T
                slope_rates, slope_deltas = np.zeros_like(rates), np.zeros_like(deltas)
                slope_rates[1:] = degrees[1:, None] * rates[:-1]
                slope_deltas[1:] = degrees[1:, None] * deltas[:-1]
                G = slope_deltas.T @ self.coefficients.T @ rates
                H = deltas.T @ self.coefficients.T @ slope_rates
                one = np.einsum("kl,li,kj->klij", self.s, deltas, rates).reshape(self.P, self.N, self.N)
                direct = decay * direct + dt * one
                edot = decay * edot + dt * (one + G * deltadot[:, :, None] + H * rdot[:, None, :])
            e = decay * e + dt * (deltas.T @ self.coefficients.T @ rates)
            kick = self.a["kicks"][h][t]
            if U is not None:
                pull = -xdot + rdot @ W.T + U @ r
                xdot_next = xdot + dt / self.tau * pull
                if kick_tangent is not None:
                    xdot_next = xdot_next + kick_tangent[:, None] * kick
                xbardot = xbardot + dt / self.tau_bar * (xdot - xbardot)
                xdot = xdot_next
            x_next = x + dt / self.tau * (-x + W @ r + self.a["Win"] @ self.a["u"][h][t]) + kick
            xbar = xbar + dt / self.tau_bar * (x - xbar)
            x = x_next
        result = Trial(within, self.reward_of(z, h), e)
        if U is not None:
            result.edot, result.direct, result.Rdot = edot, direct, self.reward_tangent(z, zdot, h)
        return result

    def change(self, W: Array, e: Array, m: float) -> tuple[Array, float, float]:
        """mu before the clip: eta e m - growth W, and growth with its derivative by m."""
        growth = 0.002 * (self.growth[0] + self.growth[1] * (m / 0.3) ** 2)
        slope = 0.002 * self.growth[1] * 2 * m / 0.3**2
        return self.eta * e * m - growth * W, growth, slope


def recompute(folder: Path | str) -> dict[str, Any]:
    """Every output of the export, computed again: a dictionary of arrays with `diverged_at`.

    Rows from a divergence on are NaN, as in the export.
    """
    a, c = load(folder)
    life = Lifetime(a, c)
    H, N, P = life.H, life.N, life.P
    written = ("R", "Rbar", "W", "Rdot", "R_antithetic", "U")
    out: dict[str, Any] = {name: np.full(a[name].shape, np.nan) for name in written}
    out["diverged_at"] = None
    estimates = {name: np.zeros(P) for name in ESTIMATES}
    scores = np.zeros((H, P))
    U, products = np.zeros((P, N, N)), np.zeros(P)
    Rbar: dict[int, float] = {}
    Rbardot: dict[int, Array] = {}
    largest = LARGEST[c["precision"]]
    for h in range(H):
        W = a["W0"] if h == 0 else a["W"][h - 1]
        condition = int(a["condition"][h])
        first = condition not in Rbar
        kick_tangent = None if first or life.gate == 0 else life.gate * Rbardot[condition]
        with np.errstate(all="ignore"):
            trial = life.trial(h, W, U, kick_tangent)
            used = trial.R if first else Rbar[condition]
            used_dot = trial.Rdot if first else Rbardot[condition]
            m, mdot = trial.R - used, trial.Rdot - used_dot
            raw, growth, slope = life.change(W, trial.e, m)
            W_next = W + np.clip(raw, -life.clip, life.clip) + life.sigma * a["xi"][h]
            sound = trial.within and np.isfinite(trial.R) and (np.abs(trial.e) <= largest).all()
            if not sound or not (np.abs(W_next) <= life.bound).all():
                out["diverged_at"] = h
                break
        out["R"][h], out["Rbar"][h], out["W"][h], out["Rdot"][h] = trial.R, used, W_next, trial.Rdot
        twin = trial.R
        if h > 0 and life.sigma > 0:
            mirrored = life.trial(h, W - 2 * life.sigma * a["xi"][h - 1])
            twin = mirrored.R if mirrored.within else np.nan
        out["R_antithetic"][h] = twin
        if h > 0 and life.sigma > 0:
            baseline = life.silent(h) if first else used
            estimates["g_tangent"] += (trial.R - baseline) * products / life.sigma
            estimates["g_antithetic"] += (trial.R - twin) / 2 * products / life.sigma
        estimates["g_pathwise"] += trial.Rdot

        open_ = np.abs(raw) <= life.clip
        mudot = life.eta * (trial.edot * m + trial.e * mdot[:, None, None]) - growth * U
        mudot = np.where(open_, mudot - slope * mdot[:, None, None] * W, 0)
        scores[h] = np.einsum("ij,pij->p", np.where(open_, a["xi"][h], 0), life.eta * m * trial.direct)
        dropped = life.horizon is not None and (h + 1) % life.horizon == 0
        U = mudot if dropped else U + mudot
        products = np.einsum("ij,pij->p", a["xi"][h], U)
        Rbar[condition] = used + life.a_R * (trial.R - used)
        Rbardot[condition] = used_dot + life.a_R * (trial.Rdot - used_dot)
    if out["diverged_at"] is None:
        out["U"] = U
        if life.sigma > 0:
            later = np.cumsum(out["R"][::-1])[::-1] - out["R"]
            estimates["g_score"] = later @ scores / life.sigma
    for name, value in estimates.items():
        lost = out["diverged_at"] is not None or not np.isfinite(value).all()
        out[name] = np.full(P, np.nan) if lost else value / H
    return out


def compare(folder: Path | str) -> list[tuple[str, float, float, int]]:
    """One line a quantity: (name, worst error, its tolerance, trial of the worst; -1 for those of the lifetime)."""
    a, c = load(folder)
    mine = recompute(folder)
    primal, tangent = TOLERANCES[c["precision"]]
    epsilon = EPSILON[c["precision"]]
    lines = [("diverged_at", 0.0 if mine["diverged_at"] == c["diverged_at"] else np.inf, 0.0, -1)]
    before = np.concatenate([a["W0"][None], a["W"][:-1]])
    for name in ("R", "Rbar", "R_antithetic", "W", "Rdot", "U", *ESTIMATES):
        whole = name == "U" or name in ESTIMATES
        seen, wanted = (a[name][None], mine[name][None]) if whole else (a[name], mine[name])
        tolerance = tangent if whole or name == "Rdot" else primal
        worst, place = 0.0, -1
        for h in range(len(seen)):
            if (np.isnan(seen[h]) != np.isnan(wanted[h])).any():
                worst, place = np.inf, h
                break
            if np.isnan(wanted[h]).all():
                continue
            difference, size = np.abs(seen[h] - wanted[h]), np.abs(wanted[h]).max()
            if name == "W":
                # W itself is rounded to the precision of the run, however small its step is.
                difference = np.maximum(difference - epsilon * np.abs(wanted[h]), 0)
                size = np.abs(wanted[h] - before[h]).max()
            error = difference.max() / size if size > 0 else difference.max()
            if error > worst:
                worst, place = float(error), -1 if whole else h
        lines.append((name, worst, tolerance, place))
    return lines


def main(arguments: Sequence[str] | None = None) -> int:
    parser = command.Parser(prog="python -m analysis.recompute", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the --export of `trifactor lifetime`")
    failed = False
    for name, error, tolerance, place in compare(parser.parse_args(arguments).folder):
        wrong = error > tolerance
        failed = failed or wrong
        where = "" if place < 0 else f"  trial {place}"
        print(f"{name:14} error {error:8.1e}  tolerance {tolerance:7.0e}{where}{'  WRONG' if wrong else ''}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(command.run(main))
