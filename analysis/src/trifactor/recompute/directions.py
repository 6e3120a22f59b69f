"""What a lifetime is differentiated by.

A tangent of the state, the trace or the update is one formula for every parameter, in which a parameter's own direct
terms are added. Coefficients enter the trace alone; a constant enters in one place, and constants that are learned by
their logarithm change by their own size.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trifactor.recompute.export import Array, term_names


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


class Terms:
    """Some coefficients theta[k, l, m], by their places m (d + 1)^2 + k (d + 1) + l."""

    def __init__(self, places: Sequence[int], scale: Array) -> None:
        self.places = np.array(places, dtype=int)
        # Of every term: m, k and l.
        self.m, self.k, self.l = np.unravel_index(self.places, scale.shape)
        self.scale = scale[self.m, self.k, self.l]

    def __len__(self) -> int:
        return len(self.places)

    def trace(self, step: Step) -> Array:
        """What E^m, of the term's own m, grows by over dt where the state is held fixed: terms x N x N."""
        return np.einsum("p,pi,pj->pij", self.scale, step.deltas[self.l], step.rates[self.k])


class Directions:
    """The coefficients, then the constants, as the axes of U, Rdot and the estimates have them."""

    def __init__(self, names: Sequence[str], scale: Array) -> None:
        self.names = list(names)
        places = {name: place for place, name in enumerate(term_names(scale.shape[1] - 1, scale.shape[0] - 1))}
        self.terms = Terms([places[name] for name in names if name in places], scale)

    def __len__(self) -> int:
        return len(self.names)

    def along(self, constant: str, slope: float) -> Array:
        """The direct term of a constant, Q: its slope in its own direction and 0 in all others."""
        return np.array([slope if name == constant else 0.0 for name in self.names])

    def contain(self, *constants: str) -> bool:
        return any(name in self.names for name in constants)
