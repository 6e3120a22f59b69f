"""One lifetime that `trifactor lifetime --export` has written, and the same lifetime run again in numpy."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trifactor import command
from trifactor.recompute import export, lifetime
from trifactor.rule import Rule

Array = NDArray[np.float64]
OUTPUTS = ("R", "Rbar", "W", "W_in", "W_out")
# The weights and the weight noise of layers of synapses.
ENDINGS = {"recurrent": "", "input": "_in", "readout": "_out"}


class ExportedLifetime:
    """`arrays` by the letters of the method (W0, u, xi, ...; R, W, ...) and `constants`, which name the sizes."""

    def __init__(self, arrays: dict[str, Array], constants: dict[str, Any], folder: Path) -> None:
        self.arrays = arrays
        self.constants = constants
        self.folder = folder

    @classmethod
    def load(cls, folder: Path | str) -> "ExportedLifetime":
        """Raises CommandError for a folder that is no export or is damaged."""
        return cls(*export.load(folder), Path(folder))

    def __getitem__(self, name: str) -> Array:
        """An array by its name."""
        try:
            return self.arrays[name]
        except KeyError:
            reason = self.constants.get("left_out", {}).get(name)
            raise command.CommandError(
                f"{self.folder} has no {name}{f' ({reason})' if reason else ''}; it has {', '.join(self.arrays)}"
            ) from None

    @property
    def rule(self) -> Rule:
        """The rule that the network had. Raises CommandError for a rival learner."""
        return Rule.of_lifetime(self.arrays, self.constants, str(self.folder))

    def run(self, rule: Rule | None = None) -> dict[str, Any]:
        """The lifetime from W0 on, in float64: R and Rbar (H), W after every trial (H x N x N) and diverged_at; where
        input or readout synapses learn, W_in (H x N x M) or W_out (H x K x N) too.

        Network, task and noise are those of the export. rule: another one to live by, with its constants; kicks change
        in proportion to its amplitude, to the single precision in which they are drawn. Raises CommandError for a rule
        whose kicks or weight noise cannot be made from the export's.
        """
        arrays, constants = self.arrays, self.constants
        if rule is not None:
            arrays, constants = self._with(rule)
        inputs = {name: array for name, array in arrays.items() if name in export.INPUTS}
        learned = [ENDINGS[layer] for layer in constants.get("plastic", ["recurrent"])]
        outputs = [name for name in OUTPUTS if name in ("R", "Rbar", "W") or name[1:] in learned]
        return lifetime.lifetime(inputs, constants, outputs, carries_weights=True)

    def _with(self, rule: Rule) -> tuple[dict[str, Array], dict[str, Any]]:
        if rule.scale is None:
            raise command.CommandError(
                f"{rule.name} has no scale, so what its theta comes to in a synapse is not known; take the rule of a "
                "cell, or write the file by `trifactor rule DIR --cell KEY --to FILE`"
            )
        gates = self.constants.get("gate", 0.0), rule.constants["gate"]
        kind = self.constants.get("exploration", rule.exploration)
        if gates != (0.0, 0.0) and (gates[0] != gates[1] or rule.constants["amplitude"] != self.constants["A"]):
            raise command.CommandError(
                f"{self.folder} has kicks gated by {gates[0]:g}, and {rule.name} gates its own by {gates[1]:g}, by "
                "what the network earns; export a lifetime of it, `trifactor lifetime SWEEP --rule FILE --export DIR`"
            )
        if kind != rule.exploration or rule.constants["probability"] != self.constants.get("p"):
            raise command.CommandError(
                f"{self.folder} has {kind} kicks of probability {self.constants.get('p')}, and {rule.name} wants "
                f"{rule.exploration} ones of probability {rule.constants['probability']:g}; export a lifetime of it, "
                "`trifactor lifetime SWEEP --rule FILE --export DIR`"
            )
        learning = self.constants.get("plastic", ["recurrent"])
        silent = [layer for layer in rule.plastic if layer not in learning]
        if silent:
            raise command.CommandError(
                f"{self.folder} has weight noise for {', '.join(learning)} synapses, and by {rule.name} "
                f"{', '.join(silent)} ones learn too; export a lifetime of it, `trifactor lifetime SWEEP --rule FILE "
                "--export DIR`"
            )
        amplitude = rule.constants["amplitude"] / self.constants["A"] if self.constants["A"] else 1.0
        arrays = self.arrays | {"theta": rule.theta.ravel(), "scale": rule.scale.ravel()}
        arrays["kicks"] = self.arrays["kicks"] * amplitude
        # What does not learn has no noise either.
        for layer, ending in ENDINGS.items():
            if layer not in rule.plastic and f"xi{ending}" in arrays:
                arrays[f"xi{ending}"] = np.zeros_like(arrays[f"xi{ending}"])
        return arrays, self.constants | rule.as_constants()
