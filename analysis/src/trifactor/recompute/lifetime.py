"""The trials of a lifetime, one after the other."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from trifactor.recompute import trial
from trifactor.recompute.critic import Critic
from trifactor.recompute.export import TRIALS, WHOLE, Array, load, shape
from trifactor.recompute.gradient import Gradient, Update
from trifactor.recompute.method import Method
from trifactor.recompute.synapses import Synapses

LARGEST = {"double": np.finfo(np.float64).max, "float": float(np.finfo(np.float32).max)}


def recompute(folder: Path | str) -> dict[str, Any]:
    """Every output of the export, computed again: a dictionary of arrays with `diverged_at`.

    Rows from a divergence on are NaN, as in the export. Gradients are computed where the export has any.
    """
    a, c = load(folder)
    return lifetime(a, c, [name for name in (*TRIALS, *WHOLE) if name in a])


def lifetime(
    a: dict[str, Array], c: dict[str, Any], outputs: Sequence[str], carries_weights: bool = False
) -> dict[str, Any]:
    """These outputs of a lifetime with the inputs `a` and the constants `c`.

    carries_weights: every trial starts from the W that the trial before it made here; if not, from `a["W"]`.
    """
    differentiates = any(name in outputs for name in ("Rdot", *WHOLE))
    life = Method(a, c)
    synapses = Synapses(life)
    critic = Critic(life.critic, life.a_R, life.directions.along("baseline-rate", life.a_R))
    gradient = Gradient(life, synapses, critic) if differentiates else None
    out: dict[str, Any] = {name: np.full(shape(name, c), np.nan) for name in TRIALS if name in outputs}
    out["diverged_at"] = None
    # W before a sign to keep cut it.
    uncut = a["W0"]
    W_next = a["W0"]

    for h in range(life.H):
        W = W_next if carries_weights or h == 0 else a["W"][h - 1]
        condition = int(a["condition"][h])
        with np.errstate(all="ignore"):
            ran = trial.run(life, h, W)
            before = critic.before(ran.f, condition)
            used = ran.R if before is None else before
            m = ran.R - used
            e = synapses.trace(h, W, ran)
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
        if h > 0 and life.sigma > 0 and (differentiates or "R_antithetic" in out):
            mirror = np.where(W == 0, uncut, W) - 2 * life.sigma * a["xi"][h - 1]
            mirrored = trial.run(life, h, np.where(life.keeps_sign(mirror), mirror, 0))
            twin = mirrored.R if mirrored.within else np.nan
        uncut = before_cut
        for name, value in (("R", ran.R), ("Rbar", used), ("R_antithetic", twin), ("W", W_next)):
            if name in out:
                out[name][h] = value
        if gradient is not None:
            gradient.credit(h, ran.R, life.silent(h) if before is None else before, twin)
            Rdot = gradient.follow(h, ran, Update(W, e, m, raw, kept))
            if "Rdot" in out:
                out["Rdot"][h] = Rdot
        critic.follow(ran.R, ran.f, condition)

    if gradient is None:
        return out
    return out | gradient.outputs(out["R"], out["diverged_at"] is not None)
