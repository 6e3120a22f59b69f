"""What a lifetime is differentiated by.

A tangent of the state, the trace or the update is one formula for every parameter, in which a parameter's own direct
terms are added. Coefficients enter the trace alone; a constant enters in one place, and constants that are learned by
their logarithm change by their own size.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from trifactor.recompute.export import Array, term_names
from trifactor.recompute.layers import Layers


@dataclass
class Step:
    """A network at one step of time: what synapses see of those that send and of those that receive, and the powers
    0...d of both."""

    r: Array
    delta: Array
    rates: Array
    deltas: Array

    @classmethod
    def of(cls, r: Array, delta: Array, degree: int) -> "Step":
        degrees = np.arange(degree + 1)[:, None]  # numpy has 0^0 = 1
        return cls(r, delta, r[None, :] ** degrees, delta[None, :] ** degrees)


class Terms:
    """Some coefficients theta[k, l, m], by their places m (d + 1)^2 + k (d + 1) + l, one layer behind the other."""

    def __init__(self, places: Sequence[int], scale: Array, layers: Layers) -> None:
        self.places = np.array(places, dtype=int)
        # Of every term: its layer's place, m, k and l.
        block, self.m, self.k, self.l = np.unravel_index(self.places, scale.shape)
        self.scale = scale[block, self.m, self.k, self.l]
        # What multiplies it at every synapse: the factor of eta of the layers that it is of.
        self.factors = np.zeros((len(self.places), *layers.shape))
        for name, factor in layers.factors.items():
            self.factors += np.where((block == layers.theta_of(name))[:, None, None], factor, 0)

    def __len__(self) -> int:
        return len(self.places)

    def trace(self, step: Step) -> Array:
        """What E^m, of the term's own m, grows by over dt at a fixed state: terms x receivers x senders."""
        return self.factors * np.einsum("p,pi,pj->pij", self.scale, step.deltas[self.l], step.rates[self.k])


class Directions:
    """The coefficients, then the constants, as the axes of U, Rdot and the estimates have them."""

    def __init__(self, names: Sequence[str], scale: Array, layers: Layers) -> None:
        self.names = list(names)
        known = term_names(scale.shape[2] - 1, scale.shape[1] - 1, layers.own_theta)
        places = {name: place for place, name in enumerate(known)}
        self.terms = Terms([places[name] for name in names if name in places], scale, layers)

    def __len__(self) -> int:
        return len(self.names)

    def along(self, constant: str, slope: float) -> Array:
        """The direct term of a constant, Q: its slope in its own direction and 0 in all others."""
        return np.array([slope if name == constant else 0.0 for name in self.names])

    def contain(self, *constants: str) -> bool:
        return any(name in self.names for name in constants)
