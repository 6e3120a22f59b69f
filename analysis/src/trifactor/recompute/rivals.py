"""The traces of learners that have no theta, as their papers write them; `Sources/Model/RivalRule.swift` has the table.

With err = z - y inside the response window and psi = f'(x); p is the presynaptic rate filtered by the membrane.
"""

import numpy as np

from trifactor.recompute.export import Array
from trifactor.recompute.method import Method
from trifactor.recompute.trial import Trial

# The sign of eta e, and whether the success m = R - Rbar_c is a factor of the update.
RIVALS = {
    "node-perturbation": (1, True),
    "weight-perturbation": (1, True),
    "reward-e-prop": (-1, True),
    "rflo": (-1, False),
    "e-prop": (-1, False),
    "bptt": (-1, False),
}


def gain(life: Method, m: float) -> float:
    """What e is multiplied by."""
    sign, is_rewarded = RIVALS[life.learner]
    return life.eta * float(life.coefficients[0, 0, 0]) * sign * (m if is_rewarded else 1.0)


def trace(life: Method, h: int, W: Array, trial: Trial) -> Array:
    """e of trial h, N x N."""
    if life.learner == "node-perturbation":
        return life.a["kicks"][h][:-1].T @ trial.r[:-1]  # the last kick reaches no read-out
    if life.learner == "weight-perturbation":
        return life.a["xi"][h - 1] / life.sigma if h > 0 else np.zeros_like(W)
    y, inside = life.a["y"][h], life.a["window"][h][:, None] == 1
    if life.learner == "reward-e-prop":
        y = np.sign(np.where(inside, trial.z, 0).sum(axis=0))
    errors = np.where(inside, trial.z - y, 0)
    if life.learner == "bptt":
        return exact(life, W, trial, errors)
    feedback = life.a["B"].T if life.learner == "rflo" else life.a["Wout"]
    return (errors @ feedback * life.slope(trial.r)).T @ _filtered(life, trial.r)


def _filtered(life: Method, r: Array) -> Array:
    p = np.zeros_like(r)
    for t in range(1, life.T):
        p[t] = p[t - 1] + life.dt / life.tau * (r[t - 1] - p[t - 1])
    return p


def exact(life: Method, W: Array, trial: Trial, errors: Array) -> Array:
    """dL/dW by lambda_t = dL/dx_t backwards from 0; `errors` are dL/dz, T x K: of sum_t |err|^2 / 2 they are err."""
    alpha = life.dt / life.tau
    e, later = np.zeros_like(W), np.zeros(life.N)
    for t in reversed(range(life.T)):
        e += alpha * np.outer(later, trial.r[t])
        through = alpha * W.T @ later + life.a["Wout"].T @ errors[t]
        later = (1 - alpha) * later + life.slope(trial.r[t]) * through
    return e
