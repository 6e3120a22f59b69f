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

# The constants of a rule in the order of records: `constants`, then `more_constants`; with what they are where a file
# says nothing.
DEFAULTS = {
    "eta": 0.02, "clip": 0.015, "tau-e": 400.0, "tau-bar": 15.0, "baseline-rate": 0.5, "probability": 0.01,
    "amplitude": 2.5, "gate": 0.0, "growth-0": 0.0, "growth-2": 0.0, "trace-mean": 0.0,
}  # fmt: skip
_FAILED = 2
_PARTS = {
    "degree", "theta", "scale", "constants", "calibration", "critic", "exploration", "mechanisms", "normalise",
    "provenance", "weight-degree",
}  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """theta and scale are (d + 1) x (d + 1), [k, l]: the power of the presynaptic rate and of the postsynaptic
    fluctuation; where the rule sees the weight, (M + 1) x (d + 1) x (d + 1) with its power first."""

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
        degree, powers = int(parts["degree"]), int(parts.get("weight-degree", 0)) + 1
        given = parts["theta"]
        if isinstance(given, dict):
            places = {term: _place(term, degree) for term in given}
            powers = max([powers, *(place[0] + 1 for place in places.values())])
            theta = np.zeros((powers, degree + 1, degree + 1))
            for term, value in given.items():
                theta[places[term]] = float(value)
        else:
            theta = _rows(given, degree, powers, "theta")
        scale = _rows(parts["scale"], degree, powers, "scale") if "scale" in parts else None
        constants = dict(DEFAULTS)
        for key, value in (parts.get("constants") or {}).items():
            if key not in DEFAULTS:
                raise ValueError(f"unknown constant {key!r}; the constants are {', '.join(DEFAULTS)}")
            constants[key] = np.inf if value == "none" else float(value)
        critic = parts.get("critic", "baseline")
        return cls(
            degree,
            _without_powers(theta),
            None if scale is None else _without_powers(scale),
            constants,
            "condition" if critic == "baseline" else critic,
            parts.get("exploration", "sparse"),
            (parts.get("mechanisms") or {}).get("trace-mean-by", "condition"),
            name,
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
        degree = int(settings["rule.degree"])
        values = [float(value) for name in ("constants", "more_constants") for value in _field(result, name)]
        if len(values) > len(DEFAULTS):
            raise command.CommandError(
                f"cell {key} of {folder} has {len(values)} constants, and {len(DEFAULTS)} are known here; install the "
                "trifactor package that belongs to the program",
                command.DATA,
            )
        return cls(
            degree,
            _shaped(result["theta"], degree),
            _shaped(result["scale"], degree),
            DEFAULTS | dict(zip(DEFAULTS, values)),
            settings.get("rule.baseline", "condition"),
            settings["exploration.kind"],
            settings.get("rule.trace-mean-by", "condition"),
            f"the rule of cell {key}",
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
            "trace-mean": number("trace_mean", 0.0),
        }  # fmt: skip
        degree = int(c["d"])
        return cls(
            degree,
            _shaped(arrays["theta"], degree),
            _shaped(arrays["scale"], degree),
            constants,
            c.get("critic", "condition"),
            c.get("exploration", "sparse"),
            c.get("trace_mean_by", "condition"),
            f"the rule of {folder}",
        )

    @property
    def weight_degree(self) -> int:
        """M, the highest power of the weight."""
        return int(self.theta.size // (self.degree + 1) ** 2) - 1

    @property
    def coefficients(self) -> Array:
        """theta times scale: what a synapse computes. theta itself where the file has no scale."""
        return self.theta if self.scale is None else self.theta * self.scale

    @property
    def terms(self) -> dict[str, float]:
        """The coefficients that are not 0, by name (k1l1: r delta), largest |theta| first."""
        theta = self.theta.reshape(-1, self.degree + 1, self.degree + 1)
        computed = self.coefficients.reshape(theta.shape)
        places = sorted(map(tuple, np.argwhere(theta != 0)), key=lambda place: -abs(theta[place]))
        return {f"k{k}l{l}" + (f"m{m}" if m else ""): float(computed[m, k, l]) for m, k, l in places}

    def formula(self) -> "sympy.Eq":
        """de_ij/dt, with the coefficients that a synapse computes. Needs sympy; `sympy.latex` makes LaTeX of it."""
        from trifactor import formula

        return formula.equation(self)

    def latex(self, digits: int = 3) -> str:
        """The trace and the update as LaTeX, coefficients to so many digits. Needs sympy."""
        from trifactor import formula

        return formula.latex(self, digits)

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
            "learner": "three-factor", "directions": [],
        }  # fmt: skip


def _field(record: Any, name: str) -> Any:
    return record[name] if name in record.dtype.names else ()


def _shaped(flat: Array, degree: int) -> Array:
    return _without_powers(np.array(flat, float).reshape(-1, degree + 1, degree + 1))


def _without_powers(table: Array) -> Array:
    return table[0] if len(table) == 1 else table


def _rows(given: Any, degree: int, powers: int, name: str) -> Array:
    rows = np.array([[float(value) for value in row] for row in given])
    if rows.shape != (powers * (degree + 1), degree + 1):
        raise ValueError(f"{name} is {' x '.join(map(str, rows.shape))}, wanted {powers * (degree + 1)} x {degree + 1}")
    return rows.reshape(powers, degree + 1, degree + 1)


def _place(term: str, degree: int) -> tuple[int, int, int]:
    """Powers of the weight, of the rate and of the fluctuation."""
    letters, digits = term[::2], term[1::2]
    if letters not in ("kl", "klm") or not digits.isdigit() or len(term) != 2 * len(letters):
        raise ValueError(f"{term} is no coefficient; names go from k0l0 to k{degree}l{degree}m2")
    k, l, m = (*map(int, digits), 0)[:3]
    if max(k, l) > degree:
        raise ValueError(f"{term} is above degree {degree}")
    return m, k, l
