"""Alignment of a learner with the gradient of the expected reward, measured again from the draws of an export."""

import copy
from pathlib import Path
from typing import Any

import numpy as np

from trifactor.recompute import rivals, trial
from trifactor.recompute.critic import Critic
from trifactor.recompute.export import Array, load
from trifactor.recompute.method import Method
from trifactor.recompute.synapses import Synapses


def recompute_alignment(folder: Path | str) -> dict[str, Array]:
    """W, R, Rbar, mu and g of every draw, and the numbers of every point, named as in the export but for `aligned_`.

    Critic and slow mean follow the lifetime's own trials up to each point; every draw of it has them as they then are.
    """
    a, c = load(folder)
    life = Method(a, c)
    synapses = Synapses(life)
    critic = Critic(life.critic, life.a_R, life.directions.along("baseline-rate", life.a_R))
    points = {int(h): place for place, h in enumerate(a["aligned_trial"])}
    draws = a["aligned_R"].shape[1]
    out = {name: np.full(a[f"aligned_{name}"].shape, np.nan) for name in ("W", "R", "Rbar", "mu", "g")}
    for h in range(life.H):
        W = a["W0"] if h == 0 else a["W"][h - 1]
        if h in points:
            place = points[h]
            center = W - life.sigma * a["xi"][h - 1] if h > 0 else W
            drawn = _drawn(life, a, c, place)
            for draw in range(draws):
                one = _measure(drawn, draw, center, copy.deepcopy(synapses), critic, is_first=h == 0)
                for name, value in one.items():
                    out[name][place, draw] = value
        ran = trial.run(life, h, W)
        synapses.trace(h, W, ran)
        critic.follow(ran.R, ran.f, int(a["condition"][h]))
    return out | numbers(out["mu"], out["g"])


def numbers(mu: Array, g: Array) -> dict[str, Array]:
    """What every point says: mu and g are C x D x N x N. Squares, variances and the product are without bias."""
    C, D = mu.shape[:2]
    mu, g = mu.reshape(C, D, -1), g.reshape(C, D, -1)
    mean_mu, mean_g = mu.mean(axis=1), g.mean(axis=1)

    def crossed(one: Array, other: Array) -> Array:
        """The mean product of different draws."""
        products = one @ other.transpose(0, 2, 1)
        return (products.sum(axis=(1, 2)) - np.trace(products, axis1=1, axis2=2)) / (D * (D - 1))

    with np.errstate(invalid="ignore"):
        sizes = np.linalg.norm(mean_mu, axis=1) * np.linalg.norm(mean_g, axis=1)
        cosine = (mean_mu * mean_g).sum(axis=1) / sizes
    squares = {"update": crossed(mu, mu), "gradient": crossed(g, g)}
    every = {"update": (mu**2).sum(axis=2).mean(axis=1), "gradient": (g**2).sum(axis=2).mean(axis=1)}
    return (
        {"cosine": cosine, "product": crossed(mu, g)}
        | {f"{name}_square": square for name, square in squares.items()}
        | {f"{name}_variance": every[name] - square for name, square in squares.items()}
    )


def _drawn(life: Method, a: dict[str, Array], c: dict[str, Any], place: int) -> Method:
    """The lifetime with the draws of a point as its trials 1, 2, ...; xi of draw d is that before trial d + 1."""
    names = ("x0", "u", "y", "window", "condition", "kicks")
    own = {name: np.concatenate([a[f"aligned_{name}"][place][:1], a[f"aligned_{name}"][place]]) for name in names}
    return Method(a | own | {"xi": a["aligned_xi"][place]}, c)


def _measure(
    drawn: Method, draw: int, center: Array, synapses: Synapses, critic: Critic, is_first: bool
) -> dict[str, Array | float]:
    """One draw: W that it runs from, what it earns beside what was expected, how W changes, and dR/dW."""
    h = draw + 1
    noisy = center + drawn.sigma * drawn.a["xi"][draw]
    W = np.where(drawn.keeps_sign(noisy) & drawn.mask, noisy, 0)
    ran = trial.run(drawn, h, W)
    before = critic.before(ran.f, int(drawn.a["condition"][h]))
    b = ran.R if before is None else before
    synapses.life = drawn
    # The first trial of a lifetime has no noise behind it.
    e = synapses.trace(0 if is_first and drawn.learner == "weight-perturbation" else h, W, ran)
    raw = np.where(drawn.mask, synapses.change(W, e, ran.R - b), 0)
    moved = W + np.clip(raw, -drawn.clip, drawn.clip)
    mu = np.where(drawn.keeps_sign(moved), moved, 0) - W
    g = np.where(drawn.mask, rivals.exact(drawn, W, ran, _slopes(drawn, h, ran.z)), 0)
    return {"W": W, "R": ran.R, "Rbar": b, "mu": mu, "g": g}


def _slopes(life: Method, h: int, z: Array) -> Array:
    """dR/dz, T x K."""
    inside = life.a["window"][h][:, None] == 1
    error = z - life.a["y"][h]
    slope = -np.sign(error) if life.reward == "absolute" else -2 * error
    return np.where(inside, slope, 0) / (inside.sum() * life.K)
