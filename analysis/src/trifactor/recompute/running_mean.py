"""Running means that start with what they first see: ebar, and with the same weights its tangents."""

from trifactor.recompute.export import Array


class RunningMean:
    """One mean for every place: conditions, or one for all."""

    def __init__(self, rate: float, by_condition: bool = True) -> None:
        self.rate = rate
        self.by_condition = by_condition
        self.means: dict[int, Array] = {}

    def rest(self, value: Array, condition: int, more: Array | None = None) -> Array:
        """The value without the mean, 0 at a first visit; the mean then follows, and changes by `more` beside."""
        place = condition if self.by_condition else 0
        mean = self.means.get(place, value)
        rest = value - mean
        self.means[place] = mean + self.rate * rest + (0 if more is None else more)
        return rest
