"""U along a lifetime, and the estimates of its gradient."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trifactor.recompute import trial
from trifactor.recompute.critic import Critic
from trifactor.recompute.export import ESTIMATES, Array
from trifactor.recompute.method import Method
from trifactor.recompute.synapses import Synapses


@dataclass
class Update:
    """What a trial made of W, N x N: e and m as it used them, mu before its clip, and where the sign is kept."""

    W: Array
    e: Array
    m: float
    raw: Array
    kept: NDArray[np.bool_]


class Gradient:
    def __init__(self, life: Method, synapses: Synapses, critic: Critic) -> None:
        self.life = life
        self.synapses = synapses
        self.critic = critic
        Q = len(life.directions)
        self.U = np.zeros((Q, life.N, life.N))
        # <xi, U> of the trial before, U as it is before a sign to keep cuts it.
        self.products = np.zeros(Q)
        self.sums = {name: np.zeros(Q) for name in ESTIMATES if name != "g_score"}
        self.scores = np.zeros((life.H, len(life.directions.terms)))

    def credit(self, h: int, R: float, baseline: float, twin: float) -> None:
        """Credits the reward of trial h to the noise of the one before."""
        if h == 0 or self.life.sigma == 0:
            return
        self.sums["g_tangent"] += (R - baseline) * self.products / self.life.sigma
        self.sums["g_antithetic"] += (R - twin) / 2 * self.products / self.life.sigma

    def follow(self, h: int, ran: trial.Trial, update: Update) -> Array:
        """Takes U through trial h; its Rdot, Q. The critic has not learned from the trial yet."""
        life, xi, condition = self.life, self.life.a["xi"][h], int(self.life.a["condition"][h])
        with np.errstate(all="ignore"):
            direct_kicks = life.kick_slopes(self.critic.expected(condition))
            expected_tangent = self.critic.expected_tangent(condition)
            kicks = direct_kicks + (0 if expected_tangent is None else life.gate * expected_tangent)
            tangents = trial.differentiate(life, h, update.W, ran, self.U, kicks)
            self.sums["g_pathwise"] += tangents.Rdot
            self._add_kicked(h, ran, update.W, direct_kicks)
            edot, direct = trial.differentiate_trace(life, update.W, ran, tangents, self.U)
            mdot = self.critic.follow_tangents(ran.R, tangents.Rdot, ran.f, tangents.fdot, condition)
            mudot = self.synapses.change_tangents(h, update.W, self.U, update.e, update.m, edot, mdot)
        # Where mu was cut only the clip moves it; where there is no synapse nothing does.
        open_ = life.mask & (np.abs(update.raw) <= life.clip)
        # S: mudot by the terms with W, R, Rbar and ebar held fixed.
        self.scores[h] = np.einsum("ij,qij->q", np.where(open_, xi, 0), life.eta * update.m * direct)
        by_clip = life.directions.along("clip", life.clip)[:, None, None] * np.sign(update.raw)
        dropped = life.horizon is not None and (h + 1) % life.horizon == 0
        self.U = np.where(open_, mudot, by_clip) + (0 if dropped else self.U)
        # What follows from W depends on xi by way of W before its cut.
        self.products = np.einsum("ij,qij->q", xi, self.U)
        self.U = np.where(update.kept, self.U, 0)
        return tangents.Rdot

    def _add_kicked(self, h: int, ran: trial.Trial, W: Array, direct_kicks: Array) -> None:
        """A trial's own kicks move its reward at fixed W: no weight noise credits that."""
        life = self.life
        if life.sigma == 0 or not life.directions.contain("amplitude", "gate"):
            return
        Rdot = trial.differentiate(life, h, W, ran, np.zeros_like(self.U), direct_kicks).Rdot
        for name in ("g_tangent", "g_antithetic"):
            self.sums[name] += Rdot

    def outputs(self, R: Array, is_lost: bool) -> dict[str, Any]:
        """U and the estimates; NaN where the lifetime diverged, and where an estimate is not finite."""
        life = self.life
        sums = dict(self.sums)
        later = np.cumsum(R[::-1])[::-1] - R
        sums["g_score"] = later @ self.scores / life.sigma if life.sigma > 0 else 0 * self.scores[0]
        out: dict[str, Any] = {"U": np.full_like(self.U, np.nan) if is_lost else self.U}
        for name, value in sums.items():
            is_sound = not is_lost and np.isfinite(value).all()
            out[name] = value / life.H if is_sound else np.full_like(value, np.nan)
        return out
