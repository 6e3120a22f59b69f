"""The inputs of one lifetime in the form that all peers take."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

Arrays = dict[str, NDArray[Any]]

# What the peers do not compute, with the value at which it has no effect.
LEFT_OUT: dict[str, tuple[Any, ...]] = {
    "gate": (0.0,),
    "growth": ([0.0, 0.0],),
    "reward": ("absolute",),
    "nonlinearity": ("tanh",),
    "connectivity": (1.0,),
    "autapses": (True,),
    "excitatory": (None,),
}


class UnsuitedLifetime(Exception):
    """The exported lifetime uses what the peers do not compute, or ended early."""


@dataclass(frozen=True)
class Constants:
    """Numbers that are the same in all trials; `leak` and `leak_bar` are dt/tau and dt/tau_bar."""

    N: int
    T: int
    H: int
    d: int
    leak: float
    leak_bar: float
    eta: float
    a_R: float
    sigma: float
    clip: float

    @property
    def P(self) -> int:
        return (self.d + 1) ** 2


@dataclass(frozen=True)
class Lifetime:
    """Arrays in one floating-point type.

    `once`: theta (P), scale (d+1, d+1), W0 (N, N), Wout (K, N), Rbar0 (conditions), weights (T), the w_t of METHOD's
    unrolled eligibility. `trials`, H first: drive (H, T, N) = Win u, kicks (H, T, N), y (H, T, K), mask (H, T, 1), the
    window divided by its number of steps and outputs, x0 (H, N), xi and xi_before (H, N, N), xi^h and xi^{h-1} (0 at
    h = 0), condition (H), first and reset (H, bool), silent (H), the reward of z = 0.
    """

    constants: Constants
    once: Arrays
    trials: Arrays

    def repeated(self, H: int) -> "Lifetime":
        """The same trials over and over, H of them, as one lifetime: for timing."""
        order = np.arange(H) % self.constants.H
        trials = {name: values[order] for name, values in self.trials.items()}
        trials["first"] = first_visits(trials["condition"])
        # Resets are left as they are repeated: the work of a trial does not depend on them.
        trials["xi_before"] = np.concatenate([0 * trials["xi"][:1], trials["xi"][:-1]])
        return Lifetime(Constants(**{**vars(self.constants), "H": H}), self.once, trials)


def first_visits(conditions: NDArray[Any]) -> NDArray[np.bool_]:
    """True where a condition comes for the first time."""
    first = np.zeros(len(conditions), dtype=bool)
    first[np.unique(conditions, return_index=True)[1]] = True
    return first


def read(folder: Path, dtype: DTypeLike) -> tuple[Lifetime, NDArray[Any], NDArray[Any]]:
    """The lifetime that `trifactor lifetime --export` wrote to `folder`, and what the program computed: U (P, N, N), g
    (P), the estimate `g_tangent`.

    Raises UnsuitedLifetime.
    """
    c = json.loads((folder / "constants.json").read_text())
    for name, neutral in LEFT_OUT.items():
        if c.get(name, neutral[0]) not in neutral:
            raise UnsuitedLifetime(f"{folder}: {name} is {c[name]}; the peers compute {neutral[0]} only")
    if c["diverged_at"] is not None:
        raise UnsuitedLifetime(f"{folder}: diverged at trial {c['diverged_at']}; choose a smaller network.gain")
    names = "W0 Win Wout x0 u y window condition xi kicks theta scale U g_tangent".split()
    a = {name: np.load(folder / f"{name}.npy") for name in names}
    H, T, K, width = c["H"], c["T"], c["K"], c["d"] + 1
    decay = 1.0 if c["tau_e"] is None else 1 - c["dt"] / c["tau_e"]
    condition = a["condition"].astype(np.int32)
    mask = (a["window"] == 1)[:, :, None] / (K * a["window"].sum(axis=1))[:, None, None]
    horizon = c["horizon"] or H + 1
    once = {
        "theta": a["theta"],
        "scale": a["scale"].reshape(width, width),
        "W0": a["W0"],
        "Wout": a["Wout"],
        "Rbar0": np.zeros(condition.max() + 1),
        "weights": c["dt"] * decay ** np.arange(T - 1, -1, -1.0),
    }
    trials = {
        "drive": a["u"] @ a["Win"].T,
        "kicks": a["kicks"],
        "y": a["y"],
        "mask": mask,
        "x0": a["x0"],
        "xi": a["xi"],
        "xi_before": np.concatenate([0 * a["xi"][:1], a["xi"][:-1]]),
        "silent": -(np.abs(a["y"]) * mask).sum(axis=(1, 2)),
    }
    once = {name: np.ascontiguousarray(value, dtype) for name, value in once.items()}
    trials = {name: np.ascontiguousarray(value, dtype) for name, value in trials.items()}
    trials["condition"], trials["first"] = condition, first_visits(condition)
    trials["reset"] = (np.arange(H) + 1) % horizon == 0
    constants = Constants(
        N=c["N"],
        T=T,
        H=H,
        d=c["d"],
        leak=c["dt"] / c["tau"],
        leak_bar=c["dt"] / c["tau_bar"],
        eta=c["eta"],
        a_R=c["a_R"],
        sigma=c["sigma"],
        clip=np.inf if c["clip"] is None else c["clip"],
    )
    return Lifetime(constants, once, trials), a["U"], a["g_tangent"]
