"""One trial: what the network does, and how that depends on what the lifetime is differentiated by."""

from dataclasses import dataclass

import numpy as np

from analysis.recompute.directions import Step
from analysis.recompute.export import Array
from analysis.recompute.method import Method


@dataclass
class Trial:
    """What one trial gave. r and delta are T x N, z is T x K."""

    within: bool
    r: Array
    delta: Array
    z: Array
    R: float


@dataclass
class TrialTangents:
    """rdot and deltadot are T x Q x N, Rdot is Q."""

    rdot: Array
    deltadot: Array
    Rdot: Array


def run(life: Method, h: int, W: Array) -> Trial:
    """Trial h from W."""
    a, dt = life.a, life.dt
    x = a["x0"][h].copy()
    xbar = x.copy()
    r, delta = np.zeros((life.T, life.N)), np.zeros((life.T, life.N))
    within = True
    for t in range(life.T):
        within = within and bool((np.abs(x) <= life.bound).all())
        r[t], delta[t] = life.rate(x), xbar - x
        x_next = x + dt / life.tau * (-x + W @ r[t] + a["Win"] @ a["u"][h][t]) + a["kicks"][h][t]
        xbar = xbar + dt / life.tau_bar * (x - xbar)
        x = x_next
    z = r @ a["Wout"].T
    return Trial(within, r, delta, z, life.reward_of(z, h))


def differentiate(
    life: Method, h: int, W: Array, trial: Trial, U: Array, kick_tangent: Array | None = None
) -> TrialTangents:
    """The tangents of the trial from W, of which U (Q x N x N) is the tangent. kick_tangent: d log(kick), Q."""
    dt, Q = life.dt, len(life.directions)
    xdot, xbardot = np.zeros((Q, life.N)), np.zeros((Q, life.N))
    rdot, deltadot = np.zeros((life.T, Q, life.N)), np.zeros((life.T, Q, life.N))
    for t in range(life.T):
        rdot[t], deltadot[t] = life.slope(trial.r[t]) * xdot, xbardot - xdot
        xdot_next = xdot + dt / life.tau * (-xdot + rdot[t] @ W.T + U @ trial.r[t])
        if kick_tangent is not None:
            xdot_next = xdot_next + kick_tangent[:, None] * life.a["kicks"][h][t]
        xbardot = xbardot + dt / life.tau_bar * (xdot - xbardot)
        xdot = xdot_next
    return TrialTangents(rdot, deltadot, life.reward_tangent(trial.z, rdot @ life.a["Wout"].T, h))


def trace(life: Method, trial: Trial) -> Array:
    """e(T), N x N."""
    e = np.zeros((life.N, life.N))
    for t in range(life.T):
        now = Step.of(trial.r[t], trial.delta[t], life.d)
        e = (1 - life.dt / life.tau_e) * e + life.dt * (now.deltas.T @ life.coefficients.T @ now.rates)
    return e


def differentiate_trace(life: Method, trial: Trial, tangents: TrialTangents) -> tuple[Array, Array]:
    """edot(T) and what of it is direct, with the state held fixed: both Q x N x N."""
    decay, degrees = 1 - life.dt / life.tau_e, np.arange(1, life.d + 1)[:, None]
    edot = np.zeros((len(life.directions), life.N, life.N))
    direct = np.zeros_like(edot)
    for t in range(life.T):
        now = Step.of(trial.r[t], trial.delta[t], life.d)
        slope_rates, slope_deltas = np.zeros_like(now.rates), np.zeros_like(now.deltas)
        slope_rates[1:], slope_deltas[1:] = degrees * now.rates[:-1], degrees * now.deltas[:-1]
        G = slope_deltas.T @ life.coefficients.T @ now.rates
        H = now.deltas.T @ life.coefficients.T @ slope_rates
        one = life.directions.trace(now)
        by_state = G * tangents.deltadot[t][:, :, None] + H * tangents.rdot[t][:, None, :]
        direct = decay * direct + life.dt * one
        edot = decay * edot + life.dt * (one + by_state)
    return edot, direct
