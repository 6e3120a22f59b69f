"""A plasticity rule: its coefficients, constants, critic and mechanisms, as a formula and as code."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from trifactor import command
from trifactor.optional import need

if TYPE_CHECKING:
    import sympy

    from trifactor.exported import ExportedLifetime

Array = NDArray[np.float64]

# The constants of a rule in the order of records: `constants`, `more_constants`, `layer_rates`; with what they are
# where a file says nothing.
DEFAULTS = {
    "eta": 0.02, "clip": 0.015, "tau-e": 400.0, "tau-bar": 15.0, "baseline-rate": 0.5, "probability": 0.01,
    "amplitude": 2.5, "gate": 0.0, "growth-0": 0.0, "growth-2": 0.0, "trace-mean": 0.0, "eta-input": 1.0,
    "eta-readout": 1.0,
}  # fmt: skip
LAYERS = ("recurrent", "input", "readout")
_FAILED = 2
_PARTS = {
    "degree", "theta", "scale", "constants", "calibration", "critic", "exploration", "mechanisms", "normalise",
    "provenance", "weight-degree", "plastic", "theta-by",
}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """theta and scale are (d + 1) x (d + 1), [k, l]: the power of the presynaptic rate and of the postsynaptic
    fluctuation; where the rule sees the weight, (M + 1) x (d + 1) x (d + 1) with its power first. Where every layer of
    synapses has coefficients of its own, there is one such array a layer, in the order of `layers`."""

    degree: int
    theta: Array
    # The s that makes every monomial's trace of rms 1; None where it is measured in the configuration of use.
    scale: Array | None
    # By name; infinite for one that is off.
    constants: dict[str, float]
    # What a reward is measured against: condition, shared or learned.
    critic: str = "condition"
    exploration: str = "sparse"
    trace_mean_by: str = "condition"
    name: str = "a rule"
    # The synapses that learn: some of recurrent, input, readout, in this order.
    plastic: tuple[str, ...] = ("recurrent",)
    # Those of them that have coefficients of their own; empty where all share theta.
    layers: tuple[str, ...] = ()
    # Settings of the cell that has learned it; empty for a file.
    settings: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, path: Path | str) -> "Rule":
        """A rule file. Needs PyYAML. Raises CommandError where the file is no rule."""
        yaml = need("yaml", "reading a rule file", package="pyyaml")
        place = command.file(Path(path))
        if not place.exists():
            raise command.CommandError(
                f"{path}: there is no such file; `trifactor rule DIR --cell KEY --to FILE` makes one"
            )
        try:
            parts = yaml.safe_load(place.read_text(encoding="utf-8"))
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise command.CommandError(f"{path}: not a YAML file ({error})", command.DATA) from error
        if not isinstance(parts, dict):
            raise command.CommandError(
                f"{path}: a {type(parts).__name__}, and a rule file has degree and theta", command.DATA
            )
        unknown = sorted(map(str, parts.keys() - _PARTS))
        if unknown:
            raise command.CommandError(
                f"{path}: unknown key {unknown[0]!r}; known are {', '.join(sorted(_PARTS))}", command.DATA
            )
        try:
            return cls._of_parts(parts, str(path))
        except (KeyError, TypeError, ValueError) as error:
            raise command.CommandError(
                f"{path}: damaged ({error}); `trifactor rule {path}` says what is wrong with it", command.DATA
            ) from error

    @classmethod
    def _of_parts(cls, parts: dict[str, Any], name: str) -> "Rule":
        lacking = [key for key in ("degree", "theta") if key not in parts]
        if lacking:
            raise ValueError(f"{lacking[0]} is missing")
        plastic = _plastic(parts.get("plastic", "recurrent"))
        layers = _layers(plastic, str(parts.get("theta-by", "all")))
        degree, powers = int(parts["degree"]), int(parts.get("weight-degree", 0)) + 1
        given = parts["theta"]
        if isinstance(given, dict):
            places = {term: _place(term, degree, layers) for term in given}
            powers = max([powers, *(place[0] + 1 for _, place in places.values())])
            theta = np.zeros((max(1, len(layers)), powers, degree + 1, degree + 1))
            # A term without a layer is that of every layer; one with a layer comes after it.
            for term in sorted(given, key=lambda term: "-" in term):
                block, place = places[term]
                theta[(block, *place)] = float(given[term])
        else:
            theta = _rows(given, degree, powers, layers, "theta")
        scale = _rows(parts["scale"], degree, powers, layers, "scale") if "scale" in parts else None
        constants = dict(DEFAULTS)
        for key, value in (parts.get("constants") or {}).items():
            if key not in DEFAULTS:
                raise ValueError(f"unknown constant {key!r}; the constants are {', '.join(DEFAULTS)}")
            constants[key] = np.inf if value == "none" else float(value)
        critic = parts.get("critic", "baseline")
        return cls(
            degree,
            _squeezed(theta, layers),
            None if scale is None else _squeezed(scale, layers),
            constants,
            "condition" if critic == "baseline" else critic,
            parts.get("exploration", "sparse"),
            (parts.get("mechanisms") or {}).get("trace-mean-by", "condition"),
            name,
            plastic,
            layers,
        )

    @classmethod
    def of_cell(cls, key: str, settings: dict[str, Any], result: Any, folder: str) -> "Rule":
        """What a result record says that a cell has learned."""
        learner = settings.get("learner", "three-factor")
        if learner != "three-factor":
            raise command.CommandError(f"cell {key} of {folder} tuned {learner}, which is no rule of theta")
        if result is None or int(result["status"]) == _FAILED or not np.isfinite(result["theta"]).all():
            ended = "has not ended" if result is None else "has failed"
            raise command.CommandError(
                f"cell {key} of {folder} {ended}, so it has no rule; `trifactor status {folder}` says why"
            )
        plastic = _plastic(settings.get("rule.plastic", "recurrent"))
        layers = _layers(plastic, settings.get("rule.theta-by", "all"))
        degree = int(settings["rule.degree"])
        fields = ("constants", "more_constants", "layer_rates")
        values = [float(value) for name in fields for value in _field(result, name)]
        if len(values) > len(DEFAULTS):
            raise command.CommandError(
                f"cell {key} of {folder} has {len(values)} constants, and {len(DEFAULTS)} are known here; install the "
                "trifactor package that belongs to the program",
                command.DATA,
            )
        return cls(
            degree,
            _shaped(result["theta"], degree, layers),
            _shaped(result["scale"], degree, layers),
            # What records of an earlier program lack is NaN beside those of a later one.
            DEFAULTS | {name: value for name, value in zip(DEFAULTS, values) if not np.isnan(value)},
            settings.get("rule.baseline", "condition"),
            settings["exploration.kind"],
            settings.get("rule.trace-mean-by", "condition"),
            f"the rule of cell {key}",
            plastic,
            layers,
            dict(settings),
        )

    @classmethod
    def of_lifetime(cls, arrays: dict[str, Array], c: dict[str, Any], folder: str) -> "Rule":
        """That of an exported lifetime."""
        if c.get("learner", "three-factor") != "three-factor":
            raise command.CommandError(f"{folder}: the network learned by {c['learner']}, which is no rule of theta")

        def number(name: str, off: float = np.inf) -> float:
            return off if c.get(name) is None else float(c[name])

        growth = c.get("growth", [0.0, 0.0])
        constants = {
            "eta": number("eta"), "clip": number("clip"), "tau-e": number("tau_e"), "tau-bar": number("tau_bar"),
            "baseline-rate": number("a_R"), "probability": number("p", 0.0), "amplitude": number("A", 0.0),
            "gate": number("gate", 0.0), "growth-0": float(growth[0]), "growth-2": float(growth[1]),
            "trace-mean": number("trace_mean", 0.0), "eta-input": number("eta_input", 1.0),
            "eta-readout": number("eta_readout", 1.0),
        }  # fmt: skip
        degree, layers = int(c["d"]), tuple(c.get("theta_layers", ()))
        return cls(
            degree,
            _shaped(arrays["theta"], degree, layers),
            _shaped(arrays["scale"], degree, layers),
            constants,
            c.get("critic", "condition"),
            c.get("exploration", "sparse"),
            c.get("trace_mean_by", "condition"),
            f"the rule of {folder}",
            tuple(c.get("plastic", ["recurrent"])),
            layers,
        )

    @property
    def weight_degree(self) -> int:
        """M, the highest power of the weight."""
        return int(self.theta.size // max(1, len(self.layers)) // (self.degree + 1) ** 2) - 1

    @property
    def coefficients(self) -> Array:
        """theta times scale: what a synapse computes. theta itself where the file has no scale."""
        return self.theta if self.scale is None else self.theta * self.scale

    @property
    def terms(self) -> dict[str, float]:
        """The coefficients that are not 0, by name (k1l1: r delta; readout-k1l1 where layers have their own), largest
        |theta| first."""
        theta = self._by_block(self.theta)
        computed = self._by_block(self.coefficients)
        places = sorted(map(tuple, np.argwhere(theta != 0)), key=lambda place: -abs(theta[place]))
        prefixes = [f"{layer}-" for layer in self.layers] or [""]
        return {
            prefixes[b] + f"k{k}l{l}" + (f"m{m}" if m else ""): float(computed[b, m, k, l]) for b, m, k, l in places
        }

    def rate(self, layer: str) -> float:
        """What multiplies the trace of a layer: `eta-input`, `eta-readout`, 1 for recurrent synapses."""
        return 1.0 if layer == "recurrent" else self.constants[f"eta-{layer}"]

    def of_layer(self, layer: str) -> Array:
        """The coefficients that the synapses of a layer compute, its rate included: (M + 1) x (d + 1) x (d + 1). Raises
        CommandError for a layer that does not learn."""
        if layer not in self.plastic:
            raise command.CommandError(
                f"{self.name}: {layer} synapses do not learn by it; those that do are {', '.join(self.plastic)}"
            )
        blocks = self._by_block(self.coefficients)
        block: Array = blocks[self.layers.index(layer) if self.layers else 0]
        return block * self.rate(layer)

    def _by_block(self, table: Array) -> Array:
        return table.reshape(max(1, len(self.layers)), self.weight_degree + 1, self.degree + 1, self.degree + 1)

    def formula(self, layer: str | None = None) -> "sympy.Eq":
        """de_ij/dt, with the coefficients that a synapse computes. Needs sympy; `sympy.latex` makes LaTeX of it.

        layer: that of its synapses; the first that learns if not given, which is the recurrent one of most rules. At an
        input synapse u_j takes the place of r_j, and at a readout synapse zeta_i = zbar_i - z_i that of delta_i.
        """
        from trifactor import formula

        return formula.equation(self, self.plastic[0] if layer is None else layer)

    def latex(self, digits: int = 3, layer: str | None = None) -> str:
        """The trace and the update as LaTeX, coefficients to so many digits. Needs sympy. layer: as in `formula`."""
        from trifactor import formula

        return formula.latex(self, self.plastic[0] if layer is None else layer, digits)

    def lifetime(self, lifetime: "ExportedLifetime") -> dict[str, Any]:
        """A network's lifetime under this rule, in plain numpy: see `ExportedLifetime.run`."""
        return lifetime.run(self)

    def as_constants(self) -> dict[str, Any]:
        """What of an exported lifetime's `constants.json` is the rule's."""

        def finite(name: str) -> float | None:
            return self.constants[name] if np.isfinite(self.constants[name]) else None

        return {
            "d": self.degree, "weight_degree": self.weight_degree, "eta": self.constants["eta"],
            "clip": finite("clip"), "tau_e": finite("tau-e"), "tau_bar": self.constants["tau-bar"],
            "a_R": self.constants["baseline-rate"], "p": self.constants["probability"],
            "A": self.constants["amplitude"], "gate": self.constants["gate"],
            "growth": [self.constants["growth-0"], self.constants["growth-2"]],
            "trace_mean": self.constants["trace-mean"], "trace_mean_by": self.trace_mean_by, "critic": self.critic,
            "plastic": list(self.plastic), "theta_layers": list(self.layers),
            "eta_input": self.constants["eta-input"], "eta_readout": self.constants["eta-readout"],
            "learner": "three-factor", "directions": [],
        }  # fmt: skip


def _field(record: Any, name: str) -> Any:
    return record[name] if name in record.dtype.names else ()


def _plastic(given: Any) -> tuple[str, ...]:
    """The layers that a setting or a rule file names, in their order."""
    names = given.strip("[]").replace(" ", "").split(",") if isinstance(given, str) else list(given)
    unknown = [name for name in names if name not in LAYERS]
    if unknown or not names:
        raise ValueError(f"plastic is {given}, wanted some of {', '.join(LAYERS)}")
    return tuple(layer for layer in LAYERS if layer in names)


def _layers(plastic: tuple[str, ...], theta_by: str) -> tuple[str, ...]:
    """Those with coefficients of their own; one alone is the same as none."""
    return plastic if theta_by == "layer" and len(plastic) > 1 else ()


def _shaped(flat: Array, degree: int, layers: tuple[str, ...]) -> Array:
    return _squeezed(np.array(flat, float).reshape(max(1, len(layers)), -1, degree + 1, degree + 1), layers)


def _squeezed(table: Array, layers: tuple[str, ...]) -> Array:
    """Layers x powers x (d + 1) x (d + 1), without what there is one of."""
    table = table if layers else table[0]
    powers = -3
    return table.squeeze(powers) if table.shape[powers] == 1 else table


def _rows(given: Any, degree: int, powers: int, layers: tuple[str, ...], name: str) -> Array:
    rows = np.array([[float(value) for value in row] for row in given])
    count = max(1, len(layers)) * powers * (degree + 1)
    if rows.shape != (count, degree + 1):
        raise ValueError(f"{name} is {' x '.join(map(str, rows.shape))}, wanted {count} x {degree + 1}")
    return rows.reshape(max(1, len(layers)), powers, degree + 1, degree + 1)


def _place(term: str, degree: int, layers: tuple[str, ...]) -> tuple[int | slice, tuple[int, int, int]]:
    """The layer's place, or all of them, and powers of the weight, of the rate and of the fluctuation."""
    layer, separator, name = term.rpartition("-")
    if separator and layer not in layers:
        raise ValueError(f"{term} is of a layer without coefficients of its own")
    return layers.index(layer) if separator else slice(None), _powers(name, degree)


def _powers(term: str, degree: int) -> tuple[int, int, int]:
    letters, digits = term[::2], term[1::2]
    if letters not in ("kl", "klm") or not digits.isdigit() or len(term) != 2 * len(letters):
        raise ValueError(f"{term} is no coefficient; names go from k0l0 to k{degree}l{degree}m2")
    k, l, m = (*map(int, digits), 0)[:3]
    if max(k, l) > degree:
        raise ValueError(f"{term} is above degree {degree}")
    return m, k, l
