"""One trial: what the network does, and how that depends on what the lifetime is differentiated by."""

from dataclasses import dataclass

import numpy as np

from trifactor.recompute.directions import Step
from trifactor.recompute.export import Array
from trifactor.recompute.method import Method


@dataclass
class Trial:
    """What one trial gave. r and delta are T x N, z is T x K; f, N, is the mean of r that a critic sees. `sent` and
    `received` are what synapses see: r and u, and delta and zbar - z where the synapses of inputs or readouts learn."""

    within: bool
    r: Array
    delta: Array
    z: Array
    R: float
    f: Array
    sent: Array
    received: Array


@dataclass
class TrialTangents:
    """rdot and deltadot are T x Q x N, Rdot is Q and fdot Q x N; the others are tangents of `sent` and `received`."""

    rdot: Array
    deltadot: Array
    Rdot: Array
    fdot: Array
    sent: Array
    received: Array


def run(life: Method, h: int, W: Array) -> Trial:
    """Trial h from W."""
    a, dt = life.a, life.dt
    recurrent, Win = life.layers.recurrent(W), life.layers.input(W)
    x = a["x0"][h].copy()
    xbar = x.copy()
    r, delta = np.zeros((life.T, life.N)), np.zeros((life.T, life.N))
    within = True
    for t in range(life.T):
        within = within and bool((np.abs(x) <= life.bound).all())
        r[t], delta[t] = life.rate(x), xbar - x
        x_next = x + dt / life.tau * (-x + recurrent @ r[t] + Win @ a["u"][h][t]) + a["kicks"][h][t]
        xbar = xbar + dt / life.tau_bar * (x - xbar)
        x = x_next
    z = r @ life.layers.readout(W).T
    sent, received = r, delta
    if life.layers.is_wide:
        sent = np.concatenate([r, a["u"][h]], axis=1)
        received = np.concatenate([delta, _running_mean(life, z, np.zeros_like(z)) - z], axis=1)
    return Trial(within, r, delta, z, life.reward_of(z, h), r[: life.shown(h)].mean(axis=0), sent, received)


def _running_mean(life: Method, values: Array, more: Array) -> Array:
    """The running mean with tau_bar of values (T x ...), which starts at the first; it moves by `more` beside."""
    means = np.empty_like(values)
    mean = values[0]
    for t in range(life.T):
        means[t] = mean
        mean = mean + life.dt / life.tau_bar * (values[t] - mean) + more[t]
    return means


def differentiate(life: Method, h: int, W: Array, trial: Trial, U: Array, kick_tangent: Array) -> TrialTangents:
    """The tangents of the trial from W, of which U (Q x W) is the tangent. kick_tangent: d log(kick), Q."""
    dt, Q, layers = life.dt, len(life.directions), life.layers
    u, recurrent, Wout = life.a["u"][h], layers.recurrent(W), layers.readout(W)
    # dt / tau_bar, which multiplies x - xbar = -delta, moves against log(tau_bar).
    by_tau_bar = life.directions.along("tau-bar", dt / life.tau_bar)[:, None]
    xdot, xbardot = np.zeros((Q, life.N)), np.zeros((Q, life.N))
    rdot, deltadot = np.zeros((life.T, Q, life.N)), np.zeros((life.T, Q, life.N))
    for t in range(life.T):
        rdot[t], deltadot[t] = life.slope(trial.r[t]) * xdot, xbardot - xdot
        by_weights = layers.recurrent(U) @ trial.r[t] + (layers.input(U) @ u[t] if layers.is_wide else 0)
        xdot_next = xdot + dt / life.tau * (-xdot + rdot[t] @ recurrent.T + by_weights)
        xdot_next = xdot_next + kick_tangent[:, None] * life.a["kicks"][h][t]
        xbardot = xbardot + dt / life.tau_bar * (xdot - xbardot) + by_tau_bar * trial.delta[t]
        xdot = xdot_next
    zdot = rdot @ Wout.T
    sent, received = rdot, deltadot
    if layers.is_wide:
        zdot = zdot + np.einsum("qkj,tj->tqk", layers.readout(U), trial.r)
        # zbar - z, by the direct term of tau_bar as delta has one.
        more = by_tau_bar * trial.received[:, None, life.N :]
        sent = np.concatenate([rdot, np.zeros((life.T, Q, u.shape[1]))], axis=2)
        received = np.concatenate([deltadot, _running_mean(life, zdot, more) - zdot], axis=2)
    Rdot = life.reward_tangent(trial.z, zdot, h)
    return TrialTangents(rdot, deltadot, Rdot, rdot[: life.shown(h)].mean(axis=0), sent, received)


def trace(life: Method, W: Array, trial: Trial) -> Array:
    """e(T) = sum_m W^m E^m(T), as large as W."""
    E = np.zeros((life.weight_degree + 1, *W.shape))
    for t in range(life.T):
        now = Step.of(trial.sent[t], trial.received[t], life.d)
        E = (1 - life.dt / life.tau_e) * E + life.dt * _growth(life, now.deltas, now.rates)
    return (_powers(life, W) * E).sum(axis=0)


def differentiate_trace(life: Method, W: Array, trial: Trial, tangents: TrialTangents, U: Array) -> tuple[Array, Array]:
    """edot(T), Q x W, and what of it is direct, with the state held fixed: of terms alone, S x W."""
    decay, degrees = 1 - life.dt / life.tau_e, np.arange(1, life.d + 1)[:, None]
    terms = life.directions.terms
    numbers = np.arange(len(terms))
    # decay moves with log(tau_e).
    by_tau_e = life.directions.along("tau-e", life.dt / life.tau_e)[:, None, None, None]
    # A layer's factor of eta, by its logarithm, changes its own e by itself.
    planes = life.layers.planes
    by_factor = sum(
        life.directions.along(f"eta-{name}", 1)[:, None, None] * planes[name]
        for name in ("input", "readout")
        if name in planes
    )
    E = np.zeros((life.weight_degree + 1, *W.shape))
    Edot = np.zeros((len(life.directions), *E.shape))
    direct = np.zeros((len(terms), *W.shape))
    for t in range(life.T):
        now = Step.of(trial.sent[t], trial.received[t], life.d)
        slope_rates, slope_deltas = np.zeros_like(now.rates), np.zeros_like(now.deltas)
        slope_rates[1:], slope_deltas[1:] = degrees * now.rates[:-1], degrees * now.deltas[:-1]
        G = _growth(life, slope_deltas, now.rates)
        H = _growth(life, now.deltas, slope_rates)
        one = terms.trace(now)
        by_state = G * tangents.received[t][:, None, :, None] + H * tangents.sent[t][:, None, None, :]
        Edot = decay * Edot + life.dt * by_state + by_tau_e * E
        Edot[numbers, terms.m] += life.dt * one
        direct = decay * direct + life.dt * one
        E = decay * E + life.dt * _growth(life, now.deltas, now.rates)
    powers = _powers(life, W)
    edot = (powers * Edot).sum(axis=1) + by_factor * (powers * E).sum(axis=0)
    for m in range(1, life.weight_degree + 1):
        edot += m * powers[m - 1] * E[m] * U
    return edot, powers[terms.m] * direct


def _growth(life: Method, deltas: Array, rates: Array) -> Array:
    """sum_kl theta[k, l, m] s_klm deltas_l rates_k of every m, by the theta of every layer: M + 1 x W."""
    layers = life.layers
    return np.asarray(
        sum(
            factor * (deltas.T @ life.coefficients[layers.theta_of(name)].transpose(0, 2, 1) @ rates)
            for name, factor in layers.factors.items()
        )
    )


def _powers(life: Method, W: Array) -> Array:
    """W^0...W^M, element by element."""
    return np.stack([W**m for m in range(life.weight_degree + 1)])
