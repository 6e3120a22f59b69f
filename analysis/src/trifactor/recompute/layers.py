"""The synapses that learn, as one matrix.

Its rows are what receives, the N units and then the K outputs; its columns are what sends, the N units and then the M
inputs. Where only recurrent synapses learn it is W alone, N x N, and Win and Wout stay as they were drawn.
"""

from typing import Any

import numpy as np

from trifactor.recompute.export import Array

NAMES = ("recurrent", "input", "readout")
# The arrays of a layer among those of an export, after one that all lifetimes have.
PARTS = {"input": "_in", "readout": "_out"}


class Layers:
    """Where each layer lies in that matrix, and what its rule is."""

    def __init__(self, a: dict[str, Array], c: dict[str, Any]) -> None:
        N, M, K = c["N"], c["M"], c["K"]
        self.plastic = list(c.get("plastic", ["recurrent"]))
        self.own_theta = list(c.get("theta_layers", []))
        self.is_wide = self.plastic != ["recurrent"]
        self.N = N
        self.fixed = {"input": a["Win"], "readout": a["Wout"]}
        self.places = {"recurrent": np.s_[..., :N, :N], "input": np.s_[..., :N, N:], "readout": np.s_[..., N:, :N]}
        self.shape = (N + K, N + M) if self.is_wide else (N, N)
        rates = {"recurrent": 1.0, "input": c.get("eta_input", 1.0), "readout": c.get("eta_readout", 1.0)}
        # By layer: 1 where its synapses are; and what multiplies theta s there.
        self.planes = {name: np.zeros(self.shape) for name in self.plastic}
        for name, plane in self.planes.items():
            plane[self.places[name]] = 1
        self.factors = {name: rates[name] * plane for name, plane in self.planes.items()}

    def join(self, a: dict[str, Array], name: str, start: bool = False) -> Array:
        """An array of every synapse: `name` and what its layers add, with Win and Wout where they stay."""
        whole = a[name]
        if not self.is_wide:
            return whole
        joined = np.zeros((*whole.shape[:-2], *self.shape))
        joined[self.places["recurrent"]] = whole
        for layer, ending in PARTS.items():
            learned = a.get(name + ending) if layer in self.plastic and not start else None
            if learned is not None:
                joined[self.places[layer]] = learned
            elif name in ("W", "W0"):
                joined[self.places[layer]] = self.fixed[layer]
        return joined

    def split(self, name: str, whole: Array) -> dict[str, Array]:
        """The arrays of an export that `whole` becomes."""
        parts = {name: whole[self.places["recurrent"]] if self.is_wide else whole}
        for layer, ending in PARTS.items():
            if layer in self.plastic:
                parts[name + ending] = whole[self.places[layer]]
        return parts

    def recurrent(self, whole: Array) -> Array:
        return whole[self.places["recurrent"]] if self.is_wide else whole

    def input(self, W: Array) -> Array:
        """Win."""
        return W[self.places["input"]] if self.is_wide else self.fixed["input"]

    def readout(self, W: Array) -> Array:
        """Wout."""
        return W[self.places["readout"]] if self.is_wide else self.fixed["readout"]

    def theta_of(self, name: str) -> int:
        """Which of the coefficients' blocks the synapses of a layer use."""
        return self.own_theta.index(name) if name in self.own_theta else 0
