"""Values of settings as figures show them: names, short numbers, and places along an axis."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

# What follows the name of a task that comes from a file.
_DIGEST = re.compile("@[0-9a-f]{16}(?![0-9a-f])")
_TITLES = {"rule.degree": "polynomial degree d"}


def label(value: Any) -> str:
    """A setting's value as tables print it; two values are the same where their labels are.

    The task of a file goes by its name, without the digits of its content.
    """
    if isinstance(value, list):
        names = value and all(isinstance(one, str) for one in value)
        return "+".join(map(label, value)) if names else "[" + ",".join(map(label, value)) + "]"
    if isinstance(value, str):
        return _DIGEST.sub("", value)
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def title(path: str) -> str:
    """A setting's name on an axis."""
    return _TITLES.get(path, path)


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def short(values: Sequence[Any]) -> list[str]:
    """One text a value: numbers with three significant digits, more where two would read the same; others whole."""
    exact = [label(value) for value in values]
    for digits in range(3, 16):
        texts = [_number(value, digits) if is_number(value) else text for value, text in zip(values, exact)]
        if len(set(texts)) == len(set(exact)):
            return texts
    return exact


def _number(value: float, digits: int) -> str:
    if value == int(value) and abs(value) < 1e6:
        return str(int(value))
    text = f"{value:.{digits}g}"
    mantissa, _, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else text


@dataclass(frozen=True)
class Scale:
    """Where the values of a setting lie along an axis: by size, by logarithm, or one after the other."""

    kind: str
    places: list[float]
    labels: list[str]

    @property
    def step(self) -> float:
        """Room beside a value: the smallest distance of two, as a share of the axis for logarithms."""
        return min((abs(b - a) for a, b in pairwise(self._even)), default=1.0)

    @property
    def _even(self) -> list[float]:
        return [math.log10(place) for place in self.places] if self.kind == "log" else self.places

    def beside(self, place: int, shift: float) -> float:
        """The coordinate `shift` steps beside a value."""
        moved = self._even[place] + shift * self.step
        return float(10**moved) if self.kind == "log" else moved

    @property
    def limits(self) -> tuple[float, float]:
        """A little beyond the first and last value."""
        first, last = 0, len(self.places) - 1
        room = (
            0.5 * self.step if self.kind == "ordinal" else max(0.06 * (self._even[-1] - self._even[0]), 0.5 * self.step)
        )
        shift = room / self.step
        return self.beside(first, -shift), self.beside(last, shift)


def scale(values: Sequence[Any]) -> Scale:
    """Numbers by size where none crowd, else by logarithm where none crowd then; everything else in order."""
    labels = short(values)
    ordinal = Scale("ordinal", [float(place) for place in range(len(values))], labels)
    if len(values) < 3 or not all(map(is_number, values)):
        return ordinal
    if _is_even(values):
        return Scale("linear", [float(value) for value in values], labels)
    if min(values) > 0 and _is_even([math.log(value) for value in values]):
        return Scale("log", [float(value) for value in values], labels)
    return ordinal


def _is_even(values: Sequence[float]) -> bool:
    """True where the nearest neighbours are at least a third as far apart as even ones would be."""
    gaps = [b - a for a, b in pairwise(values)]
    return min(gaps) >= (values[-1] - values[0]) / len(gaps) / 3
