"""The `tangent` gradient of a lifetime in PyTorch: autograd of the surrogate, eager, one thread."""

from collections.abc import Callable
from typing import Any

import torch

from .lifetimes import Lifetime

VARIANTS = ("autograd",)


def powers(values, d):
    """values^0 ... values^d by products: (T, N) to (T, d+1, N)."""
    result = [torch.ones_like(values)]
    for _ in range(d):
        result.append(result[-1] * values)
    return torch.stack(result, dim=1)


def run_trial(c, once, trial, coefficients, W, Rbar):
    """W and R after the trial, and the baseline used: the eligibility one matrix product outside the loop."""
    x = xbar = trial["x0"]
    rates, deltas = [], []
    # Row t as a tensor of its own: indexing in the loop would be recorded step by step.
    for drive, kick in zip(trial["drive"].unbind(0), trial["kicks"].unbind(0)):
        r = torch.tanh(x)
        rates.append(r)
        deltas.append(xbar - x)
        x, xbar = torch.lerp(x, torch.addmv(drive, W, r), c.leak) + kick, torch.lerp(xbar, x, c.leak_bar)
    r, delta = torch.stack(rates), torch.stack(deltas)
    R = -((r @ once["Wout"].T - trial["y"]).abs() * trial["mask"]).sum()
    post = torch.einsum("kl,tln->tkn", coefficients, powers(delta, c.d)) * once["weights"][:, None, None]
    e = post.reshape(-1, c.N).T @ powers(r, c.d).reshape(-1, c.N)
    used = R if Rbar is None else Rbar
    mu = torch.clamp(c.eta * e * (R - used), -c.clip, c.clip)
    carried = W.detach() if trial["reset"] else W
    return carried + mu + c.sigma * trial["xi"], R, used


def gradient(c, once, trials):
    """g (P) of mean_h A^{h+1} <xi^h, W^{h+1}> / sigma, A constant."""
    theta = once["theta"].detach().requires_grad_(True)
    coefficients = theta.reshape(c.d + 1, c.d + 1) * once["scale"]
    W, Rbar, surrogate = once["W0"], {}, 0
    for trial in trials:
        condition, W_before = trial["condition"], W
        before = Rbar.get(condition)
        W, R, used = run_trial(c, once, trial, coefficients, W, before)
        baseline = trial["silent"] if before is None else used
        surrogate = surrogate + (R - baseline).detach() * (trial["xi_before"] * W_before).sum()
        Rbar[condition] = used + c.a_R * (R - used)
    # A lifetime of one trial has no noise behind it.
    if not surrogate.requires_grad:
        return torch.zeros_like(theta)
    return torch.autograd.grad(surrogate / (c.sigma * c.H), theta)[0]


def prepare(variant: str, lifetime: Lifetime) -> Callable[[], tuple[Any, Any]]:
    """A function without arguments that runs the lifetime and returns (None, g)."""
    assert variant in VARIANTS, variant
    torch.set_num_threads(1)
    c = lifetime.constants
    once = {name: torch.from_numpy(value) for name, value in lifetime.once.items()}
    plain = ("condition", "reset", "first")
    trials = [
        {
            name: values[h].item() if name in plain else torch.as_tensor(values[h])
            for name, values in lifetime.trials.items()
        }
        for h in range(c.H)
    ]
    return lambda: (None, gradient(c, once, trials))
