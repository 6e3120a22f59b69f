"""What may stand in the folder of an exported lifetime, by name and shape."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trifactor import command

Array = NDArray[np.float64]

# Constants that a lifetime may be differentiated by beside coefficients, in order.
CONSTANTS = "eta clip tau-e tau-bar baseline-rate amplitude gate growth-0 growth-2 trace-mean".split()

# Letters are sizes of constants.json, P = (weight_degree + 1) (d + 1)^2 the coefficients of theta, Q the directions
# that the lifetime is differentiated by and S those of them that are coefficients.
INPUTS = {
    "W0": "NN", "Win": "NM", "Wout": "KN", "x0": "HN", "u": "HTM", "y": "HTK", "window": "HT", "condition": "H",
    "xi": "HNN", "kicks": "HTN", "theta": "P", "scale": "P", "B": "NK", "mask": "NN", "signs": "N",
}  # fmt: skip
TRIALS = {"R": "H", "Rbar": "H", "R_antithetic": "H", "W": "HNN", "Rdot": "HQ"}
ESTIMATES = ("g_tangent", "g_antithetic", "g_pathwise", "g_score")
WHOLE = {"U": "QNN"} | dict.fromkeys(ESTIMATES, "Q") | {"g_score": "S"}
# Draws at which alignment was measured, by point (C) and draw (D), and what every point says.
DRAWN = {"W": "CDNN", "R": "CD", "Rbar": "CD", "mu": "CDNN", "g": "CDNN"}
NUMBERS = ("cosine", "product", "update_square", "update_variance", "gradient_square", "gradient_variance")
ALIGNED = {
    f"aligned_{name}": shape
    for name, shape in (
        {"trial": "C", "x0": "CDN", "u": "CDTM", "y": "CDTK", "window": "CDT", "condition": "CD", "xi": "CDNN"}
        | {"kicks": "CDTN", "draws": "C"}
        | DRAWN
        | dict.fromkeys(NUMBERS, "C")
    ).items()
}
SHAPES = INPUTS | TRIALS | WHOLE | ALIGNED
# What lifetimes have that do not say what they have: all are of the forward engine.
ALWAYS = [name for name in SHAPES if name not in ("B", "mask", "signs", *ALIGNED)]
NEEDED = "N M K T H d dt tau tau_bar tau_e eta a_R sigma bound clip horizon reward diverged_at precision".split()


def load(folder: Path | str) -> tuple[dict[str, Array], dict[str, Any]]:
    """The arrays by name, and constants.json. Raises CommandError for a folder that is no export or is damaged."""
    folder = Path(folder)
    if not (folder / "constants.json").is_file():
        raise command.CommandError(
            f"{folder} is no exported lifetime: it has no constants.json. Give the --export of `trifactor lifetime`"
        )
    try:
        constants = json.loads(command.file(folder / "constants.json").read_text(encoding="utf-8"))
        lacking = [name for name in NEEDED if not isinstance(constants, dict) or name not in constants]
        if lacking:
            raise ValueError(f"constants.json lacks {', '.join(lacking)}")
        _check_directions(folder, constants)
        arrays = {name: np.load(command.file(folder / f"{name}.npy")) for name in constants.get("arrays", ALWAYS)}
        for name, array in arrays.items():
            _check(name, array, constants)
    except FileNotFoundError as error:
        raise command.CommandError(f"{error.filename}: not there; export the lifetime again", command.DATA) from error
    except (ValueError, EOFError) as error:
        raise command.CommandError(f"{folder}: damaged ({error}); export the lifetime again", command.DATA) from error
    return arrays, constants


def term_names(degree: int, weight_degree: int) -> list[str]:
    """All coefficients of such a rule, in the order of theta."""
    degrees = range(degree + 1)
    return [
        f"k{k}l{l}" + (f"m{m}" if m > 0 else "") for m in range(weight_degree + 1) for k in degrees for l in degrees
    ]


def directions(constants: dict[str, Any]) -> list[str]:
    """Names of what the lifetime is differentiated by: the first axis of U and of every estimate."""
    return constants.get("directions", term_names(constants["d"], constants.get("weight_degree", 0)))


def shape(name: str, constants: dict[str, Any]) -> tuple[int, ...]:
    """That of the array of this name."""
    names = directions(constants)
    sizes = constants | {
        "P": (constants.get("weight_degree", 0) + 1) * (constants["d"] + 1) ** 2,
        "Q": len(names),
        "S": sum(one not in CONSTANTS for one in names),
    }
    return tuple(sizes[letter] for letter in SHAPES[name])


def _check_directions(folder: Path, constants: dict[str, Any]) -> None:
    """Raises CommandError where the lifetime is differentiated by what is not known here, or in another order."""
    names = directions(constants)
    if not isinstance(names, list):
        raise ValueError("directions is no list of names")
    known = [*term_names(constants["d"], constants.get("weight_degree", 0)), *CONSTANTS]
    rest = iter(known)
    if not all(name in rest for name in names):
        raise command.CommandError(
            f"{folder} is differentiated by {', '.join(map(str, names))}; known here are {', '.join(known)}, "
            "in this order",
            command.DATA,
        )


def _check(name: str, array: Array, constants: dict[str, Any]) -> None:
    if name not in SHAPES:
        raise ValueError(f"an array {name}, which is unknown here")
    wanted = shape(name, constants)
    if array.dtype != np.float64 or array.shape != wanted:
        raise ValueError(f"{name}.npy is {array.dtype} {array.shape}, not float64 {wanted}")
