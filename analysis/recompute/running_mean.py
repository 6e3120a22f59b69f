"""Running means that start with what they first see: Rbar_c, ebar, and with the same weights their tangents."""

from typing import Generic, TypeVar

from analysis.recompute.export import Array

Value = TypeVar("Value", float, Array)


class RunningMean(Generic[Value]):
    """One mean for every place: conditions, or one for all."""

    def __init__(self, rate: float, by_condition: bool = True) -> None:
        self.rate = rate
        self.by_condition = by_condition
        self.means: dict[int, Value] = {}

    def before(self, condition: int) -> Value | None:
        """The mean before this trial; None at a first visit."""
        return self.means.get(self._place(condition))

    def rest(self, value: Value, condition: int) -> Value:
        """The value without the mean, 0 at a first visit; the mean then follows."""
        place = self._place(condition)
        mean = self.means.get(place, value)
        rest = value - mean
        self.means[place] = mean + self.rate * rest
        return rest

    def _place(self, condition: int) -> int:
        return condition if self.by_condition else 0
