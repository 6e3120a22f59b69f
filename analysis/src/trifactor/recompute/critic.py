"""b, what a trial's reward is measured against, and its tangents."""

import numpy as np

from trifactor.recompute.export import Array


class Critic:
    """b = v . phi. A running mean is the same with phi = [1]: v is Rbar_c, one for every condition or one for all.

    A learned critic has phi = [1, f] with f the mean of r over the steps that it sees. Before its first use it is
    nothing: b is R itself, and v begins as [R, 0...]. After use v += a_R (R - b) phi / (phi . phi).
    """

    def __init__(self, kind: str, rate: float, rate_slopes: Array) -> None:
        """rate_slopes: the change of a_R by direction, Q."""
        self.kind = kind
        self.rate = rate
        self.rate_slopes = rate_slopes
        # By place: v, and vdot as Q x phi.
        self.v: dict[int, Array] = {}
        self.vdot: dict[int, Array] = {}

    def expected(self, condition: int) -> float | None:
        """b before the trial has shown anything, when phi is [1, 0...]; None before the first use."""
        v = self.v.get(self._place(condition))
        return None if v is None else float(v[0])

    def expected_tangent(self, condition: int) -> Array | None:
        vdot = self.vdot.get(self._place(condition))
        return None if vdot is None else vdot[:, 0]

    def before(self, f: Array, condition: int) -> float | None:
        """b of a trial; None before the first use."""
        v = self.v.get(self._place(condition))
        return None if v is None else float(v @ self._phi(f))

    def follow_tangents(self, R: float, Rdot: Array, f: Array, fdot: Array, condition: int) -> Array:
        """mdot; vdot follows. Call it before `follow`. fdot is Q x N."""
        place, phi, phidot = self._place(condition), self._phi(f), self._phidot(fdot)
        if place not in self.v:
            self.vdot[place] = np.zeros_like(phidot)
            self.vdot[place][:, 0] = Rdot
            return np.zeros_like(Rdot)
        v, vdot, square = self.v[place], self.vdot[place], phi @ phi
        m = R - v @ phi
        mdot = Rdot - vdot @ phi - phidot @ v
        # phi / (phi . phi), by the quotient rule.
        stepdot = phidot / square - np.outer(2 * phidot @ phi, phi) / square**2
        gain = self.rate * mdot + self.rate_slopes * m
        self.vdot[place] = vdot + np.outer(gain, phi / square) + self.rate * m * stepdot
        return mdot

    def follow(self, R: float, f: Array, condition: int) -> None:
        place, phi = self._place(condition), self._phi(f)
        v = self.v.get(place, np.concatenate([[R], np.zeros(len(phi) - 1)]))
        first = place not in self.v
        self.v[place] = v if first else v + self.rate * (R - v @ phi) * phi / (phi @ phi)

    def _place(self, condition: int) -> int:
        return condition if self.kind == "condition" else 0

    def _phi(self, f: Array) -> Array:
        return np.concatenate([[1.0], f]) if self.kind == "learned" else np.ones(1)

    def _phidot(self, fdot: Array) -> Array:
        still = np.zeros((len(fdot), 1))
        return np.concatenate([still, fdot], axis=1) if self.kind == "learned" else still
