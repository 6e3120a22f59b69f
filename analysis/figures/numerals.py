"""Numbers as `trifactor table` and `compare` print them: the same decimals, rounded the same way."""

import math


def number(value: float | None, decimals: int = 3) -> str:
    """Halves are rounded away from 0; what is not there is `-`."""
    if value is None or math.isnan(value):
        return "-"
    if math.isinf(value):
        return "-inf" if value < 0 else "inf"
    rounded = math.floor(abs(value) * 10**decimals + 0.5)
    sign = "-" if value < 0 and rounded > 0 else ""
    if decimals == 0:
        return f"{sign}{rounded}"
    digits = str(rounded).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"


def signed(value: float | None, decimals: int = 3) -> str:
    """A difference, which always shows its sign."""
    text = number(value, decimals)
    return text if value is None or value == 0 or text.startswith("-") else "+" + text


def interval(low: float | None, high: float | None, is_difference: bool = False) -> str:
    if low is None or high is None:
        return "-"
    write = signed if is_difference else number
    return f"[{write(low)}, {write(high)}]"


def probability(value: float | None) -> str:
    if value is None:
        return "-"
    return "<0.0001" if 0 < value < 0.0001 else number(value, 4)
