"""The `tangent` gradient of a lifetime in JAX: three ways forward, three backward.

Every function takes the arrays of `Lifetime.once` and `Lifetime.trials` and is compiled whole: one jit a lifetime, a
scan over trials, a scan over steps, and everything that needs no recursion outside the inner scan as a matrix product.
"""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from .lifetimes import Lifetime

# The eligibility's tangents are two-factor sums over t. `gemm` does them as products of (N, T(d+1)) matrices, one
# direction after the other; `scan` adds elementwise, step after step, d + 1 times fewer flops but bound by memory.
FORWARD = ("jvp", "tangents-gemm", "tangents-scan")
# Residuals of all trials kept, each trial run again from its W, or a batch of lifetimes at once under vmap.
BACKWARD = ("grad", "grad-remat", "grad-vmap")
# Lifetimes of that batch.
BATCH = 8


def powers(values, d):
    """values^0 ... values^d by products: (T, N) to (T, d+1, N)."""
    result = [jnp.ones_like(values)]
    for _ in range(d):
        result.append(result[-1] * values)
    return jnp.stack(result, axis=1)


def slopes(raised):
    """Derivatives of `powers`: k values^(k-1)."""
    k = jnp.arange(1, raised.shape[1], dtype=raised.dtype)[:, None]
    return jnp.concatenate([jnp.zeros_like(raised[:, :1]), k * raised[:, :-1]], axis=1)


def flat(values):
    """(T, d+1, N) to (T(d+1), N)."""
    return values.reshape(-1, values.shape[-1])


def trajectory(c, W, trial):
    """r and delta of a trial, (T, N) each."""

    def step(state, now):
        x, xbar = state
        drive, kick = now
        r = jnp.tanh(x)
        after = x + c.leak * (W @ r - x + drive) + kick
        return (after, xbar + c.leak_bar * (x - xbar)), (r, xbar - x)

    return lax.scan(step, (trial["x0"], trial["x0"]), (trial["drive"], trial["kicks"]))[1]


def reward(once, trial, r):
    return -(jnp.abs(r @ once["Wout"].T - trial["y"]) * trial["mask"]).sum()


def run_trial(c, once, trial, theta, W, Rbar):
    """W, Rbar after the trial, and R: the primal, in a form that can be differentiated either way."""
    r, delta = trajectory(c, W, trial)
    R = reward(once, trial, r)
    coefficients = theta.reshape(c.d + 1, c.d + 1) * once["scale"]
    post = jnp.einsum("kl,tln->tkn", coefficients, powers(delta, c.d)) * once["weights"][:, None, None]
    e = flat(post).T @ flat(powers(r, c.d))
    used = jnp.where(trial["first"], R, Rbar[trial["condition"]])
    mu = jnp.clip(c.eta * e * (R - used), -c.clip, c.clip)
    carried = jnp.where(trial["reset"], lax.stop_gradient(W), W)
    Rbar_after = Rbar.at[trial["condition"]].set(used + c.a_R * (R - used))
    return carried + mu + c.sigma * trial["xi"], Rbar_after, R


def advantage(trial, R, Rbar):
    """R - b: b is Rbar before its update, at a first visit the reward of a silent read-out."""
    return R - jnp.where(trial["first"], trial["silent"], Rbar[trial["condition"]])


def backward(c, remat):
    """g (P) by jax.grad of the surrogate mean_h A^{h+1} <xi^h, W^{h+1}> / sigma, A constant."""

    def surrogate(theta, once, trials):
        def one(state, trial):
            W, Rbar = state
            W_after, Rbar_after, R = run_trial(c, once, trial, theta, W, Rbar)
            A = lax.stop_gradient(advantage(trial, R, Rbar))
            return (W_after, Rbar_after), A * jnp.vdot(trial["xi_before"], W)

        body = jax.checkpoint(one) if remat else one
        return lax.scan(body, (once["W0"], once["Rbar0"]), trials)[1].sum() / (c.sigma * c.H)

    return jax.jit(lambda once, trials: jax.grad(surrogate)(once["theta"], once, trials))


def forward(c, push):
    """U (P, N, N) and g (P), tangents of each trial by `push`."""

    def lifetime(once, trials):
        def one(state, trial):
            W, U, Rbar, Rbardot = state
            products = jnp.einsum("pij,ij->p", U, trial["xi_before"])
            W, U, after, Rbardot, R = push(c, once, trial, W, U, Rbar, Rbardot)
            return (W, U, after, Rbardot), advantage(trial, R, Rbar) * products

        zeros = jnp.zeros((c.P, c.N, c.N), once["W0"].dtype), jnp.zeros((c.P, *once["Rbar0"].shape), once["W0"].dtype)
        state, terms = lax.scan(one, (once["W0"], zeros[0], once["Rbar0"], zeros[1]), trials)
        return state[1], terms.sum(axis=0) / (c.sigma * c.H)

    return jax.jit(lifetime)


def push_jvp(c, once, trial, W, U, Rbar, Rbardot):
    """vmap of jvp over all directions; the primal is not batched."""

    def along(theta_dot, W_dot, Rbar_dot):
        run = lambda theta, W, Rbar: run_trial(c, once, trial, theta, W, Rbar)  # noqa: E731
        return jax.jvp(run, (once["theta"], W, Rbar), (theta_dot, W_dot, Rbar_dot))

    unit = jnp.eye(c.P, dtype=W.dtype)
    (W, Rbar, R), (U, Rbardot, _) = jax.vmap(along, out_axes=(None, 0))(unit, U, Rbardot)
    return W, U, Rbar, Rbardot, R


def push_tangents(by_products):
    """Tangents written out, U r of all directions and steps one matrix product before the scan."""

    def push(c, once, trial, W, U, Rbar, Rbardot):
        d, weights = c.d, once["weights"][:, None, None]
        r, delta = trajectory(c, W, trial)
        coefficients = once["theta"].reshape(d + 1, d + 1) * once["scale"]
        rates, deltas = powers(r, d), powers(delta, d)
        post = jnp.einsum("kl,tln->tkn", coefficients, deltas) * weights  # factor of r_j^k
        post_slope = jnp.einsum("kl,tln->tkn", coefficients, slopes(deltas)) * weights
        e = flat(post).T @ flat(rates)
        rate_slopes = slopes(rates)
        pushed = (U.reshape(-1, c.N) @ r.T).reshape(c.P, c.N, c.T).transpose(2, 0, 1)

        def step(state, now):
            xdot, xbardot, edot = state
            r, push, rates, rate_slopes, post, post_slope = now
            rdot, deltadot = (1 - r * r) * xdot, xbardot - xdot
            if not by_products:
                G, H = post_slope.T @ rates, post.T @ rate_slopes
                edot = edot + G * deltadot[:, :, None] + H * rdot[:, None, :]
            after = xdot + c.leak * (rdot @ W.T - xdot + push)
            return (after, xbardot + c.leak_bar * (xdot - xbardot), edot), (rdot, deltadot)

        still = jnp.zeros((c.P, c.N), W.dtype)
        none = jnp.zeros((), W.dtype) if by_products else jnp.zeros_like(U)
        inputs = (r, pushed, rates, rate_slopes, post, post_slope)
        (_, _, edot), (rdot, deltadot) = lax.scan(step, (still, still, none), inputs)
        if by_products:
            edot = lax.map(
                lambda one: (
                    flat(post_slope * one[1][:, None, :]).T @ flat(rates)
                    + flat(post).T @ flat(rate_slopes * one[0][:, None, :])
                ),
                (rdot.transpose(1, 0, 2), deltadot.transpose(1, 0, 2)),
            )
        wide = (deltas * weights).reshape(c.T, -1).T @ rates.reshape(c.T, -1)  # (l, i) by (k, j)
        direct = wide.reshape(d + 1, c.N, d + 1, c.N).transpose(2, 0, 1, 3) * once["scale"][:, :, None, None]
        edot = edot + direct.reshape(c.P, c.N, c.N)

        error = r @ once["Wout"].T - trial["y"]
        R = -(jnp.abs(error) * trial["mask"]).sum()
        Rdot = -jnp.einsum("tk,tpk->p", jnp.sign(error) * trial["mask"], rdot @ once["Wout"].T)
        here = trial["condition"]
        used = jnp.where(trial["first"], R, Rbar[here])
        used_dot = jnp.where(trial["first"], Rdot, Rbardot[:, here])
        m, mdot = R - used, Rdot - used_dot
        raw = c.eta * e * m
        mudot = jnp.where(jnp.abs(raw) <= c.clip, c.eta * (edot * m + e * mdot[:, None, None]), 0)
        W = W + jnp.clip(raw, -c.clip, c.clip) + c.sigma * trial["xi"]
        U = mudot + jnp.where(trial["reset"], 0, U)
        Rbar = Rbar.at[here].set(used + c.a_R * m)
        Rbardot = Rbardot.at[:, here].set(used_dot + c.a_R * mdot)
        return W, U, Rbar, Rbardot, R

    return push


def lifetimes_at_once(variant: str) -> int:
    """Lifetimes that a run of the variant computes."""
    return BATCH if variant == "grad-vmap" else 1


def prepare(variant: str, lifetime: Lifetime) -> Callable[[], tuple[Any, Any]]:
    """A function without arguments that runs the compiled lifetime, or `lifetimes_at_once` copies of it, and waits.

    Returns (U, g) for the names in FORWARD and (None, g) for those in BACKWARD, as JAX arrays; g of one lifetime.
    """
    c = lifetime.constants
    if variant == "grad-vmap":
        return prepare_batch(lifetime)
    if variant in BACKWARD:
        compiled = backward(c, remat=variant == "grad-remat")
    else:
        compiled = forward(c, push_jvp if variant == "jvp" else push_tangents(variant == "tangents-gemm"))
    once = {name: jnp.asarray(value) for name, value in lifetime.once.items()}
    trials = {name: jnp.asarray(value) for name, value in lifetime.trials.items()}

    def run():
        result = jax.block_until_ready(compiled(once, trials))
        return result if variant in FORWARD else (None, result)

    return run


def prepare_batch(lifetime: Lifetime) -> Callable[[], tuple[Any, Any]]:
    """`prepare` of the batch: every lifetime has arrays of its own, as different lifetimes would have."""
    compiled = jax.jit(jax.vmap(backward(lifetime.constants, remat=False)))
    copies = lambda arrays: {  # noqa: E731
        name: jnp.stack([jnp.asarray(value)] * BATCH) for name, value in arrays.items()
    }
    once, trials = copies(lifetime.once), copies(lifetime.trials)
    return lambda: (None, jax.block_until_ready(compiled(once, trials))[0])
