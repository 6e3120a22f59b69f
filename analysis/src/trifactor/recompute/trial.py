"""One trial: what the network does, and how that depends on what the lifetime is differentiated by."""

from dataclasses import dataclass

import numpy as np

from trifactor.recompute.directions import Step
from trifactor.recompute.export import Array
from trifactor.recompute.method import Method


@dataclass
class Trial:
    """What one trial gave. r and delta are T x N, z is T x K; f, N, is the mean of r that a critic sees."""

    within: bool
    r: Array
    delta: Array
    z: Array
    R: float
    f: Array


@dataclass
class TrialTangents:
    """rdot and deltadot are T x Q x N, Rdot is Q and fdot Q x N."""

    rdot: Array
    deltadot: Array
    Rdot: Array
    fdot: Array


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
    return Trial(within, r, delta, z, life.reward_of(z, h), r[: life.shown(h)].mean(axis=0))


def differentiate(life: Method, h: int, W: Array, trial: Trial, U: Array, kick_tangent: Array) -> TrialTangents:
    """The tangents of the trial from W, of which U (Q x N x N) is the tangent. kick_tangent: d log(kick), Q."""
    dt, Q = life.dt, len(life.directions)
    # dt / tau_bar, which multiplies x - xbar = -delta, moves against log(tau_bar).
    by_tau_bar = life.directions.along("tau-bar", dt / life.tau_bar)[:, None]
    xdot, xbardot = np.zeros((Q, life.N)), np.zeros((Q, life.N))
    rdot, deltadot = np.zeros((life.T, Q, life.N)), np.zeros((life.T, Q, life.N))
    for t in range(life.T):
        rdot[t], deltadot[t] = life.slope(trial.r[t]) * xdot, xbardot - xdot
        xdot_next = xdot + dt / life.tau * (-xdot + rdot[t] @ W.T + U @ trial.r[t])
        xdot_next = xdot_next + kick_tangent[:, None] * life.a["kicks"][h][t]
        xbardot = xbardot + dt / life.tau_bar * (xdot - xbardot) + by_tau_bar * trial.delta[t]
        xdot = xdot_next
    Rdot = life.reward_tangent(trial.z, rdot @ life.a["Wout"].T, h)
    return TrialTangents(rdot, deltadot, Rdot, rdot[: life.shown(h)].mean(axis=0))


def trace(life: Method, W: Array, trial: Trial) -> Array:
    """e(T) = sum_m W^m E^m(T), N x N."""
    E = np.zeros((life.weight_degree + 1, life.N, life.N))
    for t in range(life.T):
        now = Step.of(trial.r[t], trial.delta[t], life.d)
        E = (1 - life.dt / life.tau_e) * E + life.dt * _growth(life, now.deltas, now.rates)
    return (_powers(life, W) * E).sum(axis=0)


def differentiate_trace(life: Method, W: Array, trial: Trial, tangents: TrialTangents, U: Array) -> tuple[Array, Array]:
    """edot(T), Q x N x N, and what of it is direct, with the state held fixed: of terms alone, S x N x N."""
    decay, degrees = 1 - life.dt / life.tau_e, np.arange(1, life.d + 1)[:, None]
    terms = life.directions.terms
    numbers = np.arange(len(terms))
    # decay moves with log(tau_e).
    by_tau_e = life.directions.along("tau-e", life.dt / life.tau_e)[:, None, None, None]
    E = np.zeros((life.weight_degree + 1, life.N, life.N))
    Edot = np.zeros((len(life.directions), *E.shape))
    direct = np.zeros((len(terms), life.N, life.N))
    for t in range(life.T):
        now = Step.of(trial.r[t], trial.delta[t], life.d)
        slope_rates, slope_deltas = np.zeros_like(now.rates), np.zeros_like(now.deltas)
        slope_rates[1:], slope_deltas[1:] = degrees * now.rates[:-1], degrees * now.deltas[:-1]
        G = _growth(life, slope_deltas, now.rates)
        H = _growth(life, now.deltas, slope_rates)
        one = terms.trace(now)
        by_state = G * tangents.deltadot[t][:, None, :, None] + H * tangents.rdot[t][:, None, None, :]
        Edot = decay * Edot + life.dt * by_state + by_tau_e * E
        Edot[numbers, terms.m] += life.dt * one
        direct = decay * direct + life.dt * one
        E = decay * E + life.dt * _growth(life, now.deltas, now.rates)
    powers = _powers(life, W)
    edot = (powers * Edot).sum(axis=1)
    for m in range(1, life.weight_degree + 1):
        edot += m * powers[m - 1] * E[m] * U
    return edot, powers[terms.m] * direct


def _growth(life: Method, deltas: Array, rates: Array) -> Array:
    """sum_kl theta[k, l, m] s_klm deltas_l rates_k of every m: M + 1 x N x N."""
    return np.asarray(deltas.T @ life.coefficients.transpose(0, 2, 1) @ rates)


def _powers(life: Method, W: Array) -> Array:
    """W^0...W^M, element by element."""
    return np.stack([W**m for m in range(life.weight_degree + 1)])
