"""What a lifetime is differentiated by.

A tangent of the state, the trace or the update is one formula for every parameter, in which a parameter's own direct
terms are added. A group of parameters says its names and those terms; the engine of the tangents knows the list only.
"""

from dataclasses import dataclass

import numpy as np

from analysis.recompute.export import Array


@dataclass
class Step:
    """A network at one step of time: r and delta, and their powers 0...d, (d + 1) x N."""

    r: Array
    delta: Array
    rates: Array
    deltas: Array

    @classmethod
    def of(cls, r: Array, delta: Array, degree: int) -> "Step":
        degrees = np.arange(degree + 1)[:, None]  # numpy has 0^0 = 1
        return cls(r, delta, r[None, :] ** degrees, delta[None, :] ** degrees)


class Theta:
    """theta[k, l], at k (d + 1) + l."""

    def __init__(self, scale: Array) -> None:
        self.scale = scale
        self.names = [f"k{k}l{l}" for k in range(len(scale)) for l in range(len(scale))]

    def trace(self, step: Step) -> Array:
        """What e grows by for each where the state is held fixed, over dt: P x N x N."""
        terms = np.einsum("kl,li,kj->klij", self.scale, step.deltas, step.rates)
        return terms.reshape(len(self.names), *terms.shape[2:])


class Directions:
    """All groups, one after the other, as the axes of U, Rdot and the estimates have them."""

    def __init__(self, groups: list[Theta]) -> None:
        self.groups = groups
        self.names = [name for group in groups for name in group.names]

    def __len__(self) -> int:
        return len(self.names)

    def trace(self, step: Step) -> Array:
        return np.concatenate([group.trace(step) for group in self.groups])
