"""The trials of a lifetime, one after the other, and the estimates of its gradient."""

from pathlib import Path
from typing import Any

import numpy as np

from analysis import command
from analysis.recompute import rivals, trial
from analysis.recompute.export import ESTIMATES, TRIALS, WHOLE, Array, directions, load
from analysis.recompute.method import Method
from analysis.recompute.running_mean import RunningMean

LARGEST = {"double": np.finfo(np.float64).max, "float": float(np.finfo(np.float32).max)}


class Synapses:
    """What e and m make of W, over one lifetime: a rule of theta with its mechanisms, or a rival."""

    def __init__(self, life: Method) -> None:
        self.life = life
        self.is_rival = life.learner in rivals.RIVALS
        # Rbar_c and the slow mean of e, where there is one; their tangents follow as they do.
        self.Rbar: RunningMean[float] = RunningMean(life.a_R)
        self.Rbardot: RunningMean[Array] = RunningMean(life.a_R)
        by_condition = life.trace_mean_by == "condition"
        self.ebar: RunningMean[Array] = RunningMean(life.trace_mean, by_condition)
        self.ebardot: RunningMean[Array] = RunningMean(life.trace_mean, by_condition)

    def trace(self, h: int, W: Array, ran: trial.Trial) -> Array:
        """e as the update uses it."""
        if self.is_rival:
            return rivals.trace(self.life, h, W, ran)
        e = trial.trace(self.life, ran)
        return self.ebar.rest(e, self._condition(h)) if self.life.trace_mean > 0 else e

    def change(self, W: Array, e: Array, m: float) -> Array:
        """mu before the clip."""
        if self.is_rival:
            return rivals.gain(self.life, m) * e
        return self.life.eta * e * m - self.life.decay(m)[0] * W

    def change_tangents(self, h: int, W: Array, U: Array, e: Array, m: float, edot: Array, mdot: Array) -> Array:
        """mudot before the clip, Q x N x N."""
        if self.life.trace_mean > 0:
            edot = self.ebardot.rest(edot, self._condition(h))
        share, slope = self.life.decay(m)
        mdot = mdot[:, None, None]
        return self.life.eta * (edot * m + e * mdot) - share * U - slope * mdot * W

    def _condition(self, h: int) -> int:
        return int(self.life.a["condition"][h])


def recompute(folder: Path | str) -> dict[str, Any]:
    """Every output of the export, computed again: a dictionary of arrays with `diverged_at`.

    Rows from a divergence on are NaN, as in the export. Gradients are computed where the export has any.
    """
    a, c = load(folder)
    life = Method(a, c)
    synapses = Synapses(life)
    H, N, Q = life.H, life.N, len(life.directions)
    differentiates = any(name in a for name in ("Rdot", *WHOLE))
    if differentiates and directions(c) != life.directions.names:
        known = ", ".join(life.directions.names)
        raise command.CommandError(
            f"{folder} is differentiated by {', '.join(directions(c))}; known here are {known}", command.DATA
        )
    out: dict[str, Any] = {name: np.full(a[name].shape, np.nan) for name in (*TRIALS, "U") if name in a}
    out["diverged_at"] = None
    estimates = {name: np.zeros(Q) for name in ESTIMATES}
    scores = np.zeros((H, Q))
    U, products = np.zeros((Q, N, N)), np.zeros(Q)
    # W before a sign to keep cut it.
    uncut = a["W0"]

    for h in range(H):
        W = a["W0"] if h == 0 else a["W"][h - 1]
        condition = int(a["condition"][h])
        before = synapses.Rbar.before(condition)
        before_dot = synapses.Rbardot.before(condition)
        with np.errstate(all="ignore"):
            ran = trial.run(life, h, W)
            e = synapses.trace(h, W, ran)
            m = synapses.Rbar.rest(ran.R, condition)
            raw = np.where(life.mask, synapses.change(W, e, m), 0)
            before_cut = W + np.clip(raw, -life.clip, life.clip) + life.sigma * a["xi"][h]
            kept = life.keeps_sign(before_cut)
            W_next = np.where(kept, before_cut, 0)
            sizes = np.abs(np.concatenate([e[life.mask], before_cut.ravel()]))
            sound = ran.within and np.isfinite(ran.R) and (sizes <= LARGEST[c["precision"]]).all()
            if not sound or not (np.abs(W_next) <= life.bound).all():
                out["diverged_at"] = h
                break
        twin = ran.R
        if h > 0 and life.sigma > 0:
            mirror = np.where(W == 0, uncut, W) - 2 * life.sigma * a["xi"][h - 1]
            mirrored = trial.run(life, h, np.where(life.keeps_sign(mirror), mirror, 0))
            twin = mirrored.R if mirrored.within else np.nan
        uncut = before_cut
        used = ran.R if before is None else before
        out["R"][h], out["Rbar"][h], out["R_antithetic"][h], out["W"][h] = ran.R, used, twin, W_next
        if not differentiates:
            continue

        with np.errstate(all="ignore"):
            kick_tangent = None if before_dot is None or life.gate == 0 else life.gate * before_dot
            tangents = trial.differentiate(life, h, W, ran, U, kick_tangent)
            edot, direct = trial.differentiate_trace(life, ran, tangents)
            mdot = synapses.Rbardot.rest(tangents.Rdot, condition)
            mudot = synapses.change_tangents(h, W, U, e, m, edot, mdot)
        if "Rdot" in out:
            out["Rdot"][h] = tangents.Rdot
        if h > 0 and life.sigma > 0:
            baseline = life.silent(h) if before is None else before
            estimates["g_tangent"] += (ran.R - baseline) * products / life.sigma
            estimates["g_antithetic"] += (ran.R - twin) / 2 * products / life.sigma
        estimates["g_pathwise"] += tangents.Rdot
        # Where mu was cut nothing moves it, nor where there is no synapse.
        open_ = life.mask & (np.abs(raw) <= life.clip)
        scores[h] = np.einsum("ij,qij->q", np.where(open_, a["xi"][h], 0), life.eta * m * direct)
        dropped = life.horizon is not None and (h + 1) % life.horizon == 0
        U = np.where(open_, mudot, 0) + (0 if dropped else U)
        # What follows from W depends on xi by way of W before its cut.
        products = np.einsum("ij,qij->q", a["xi"][h], U)
        U = np.where(kept, U, 0)

    if not differentiates:
        return out
    lost = out["diverged_at"] is not None
    if "U" in out and not lost:
        out["U"] = U
    if not lost and life.sigma > 0:
        later = np.cumsum(out["R"][::-1])[::-1] - out["R"]
        estimates["g_score"] = later @ scores / life.sigma
    for name, value in estimates.items():
        out[name] = np.full(Q, np.nan) if lost or not np.isfinite(value).all() else value / H
    return out
