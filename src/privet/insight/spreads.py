"""Values with how often each occurs: what is no sum over learners by itself, kept so that it is.

A median cannot lose one learner, and neither can the first of some days. How often each value
occurs can: it is a sum. So queries output that, in the columns ``X_values`` and ``X_numbers``, and
say in a line ``-- of X: 0.5`` (or ``least``, ``greatest``) what of it is shown.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import accumulate
from math import floor
from typing import Any

LEAST, GREATEST = "least", "greatest"


class Spread:
    """Values and their numbers; it does not change, and knows what was asked of it before."""

    def __init__(self, numbers: Mapping[Any, int]) -> None:
        self.numbers = numbers
        self._known: dict[str, Any] = {}

    def shown(self, of: str) -> Any:
        """The least or greatest value, or the percentile of a share from 0 to 1; none of none."""
        if of not in self._known:
            self._known[of] = self._find(of)
        return self._known[of]

    def plus(self, other: "Spread", sign: int) -> "Spread | None":
        """With another's numbers added or taken away; none if it has not so many."""
        numbers = dict(self.numbers)
        for value, number in other.numbers.items():
            left = numbers.get(value, 0) + sign * number
            if left < 0:
                return None
            if left:
                numbers[value] = left
            else:
                numbers.pop(value, None)
        return Spread(numbers)

    def _find(self, of: str) -> Any:
        values = sorted(self.numbers)
        if not values:
            return None
        if of in (LEAST, GREATEST):
            return values[0] if of == LEAST else values[-1]
        return _percentile(values, [self.numbers[value] for value in values], float(of))


def read_spread(values: Iterable[Any] | None, numbers: Iterable[int] | None) -> Spread:
    """A spread as a query tells it: two lists in the same order, or nothing."""
    return Spread(dict(zip(values or (), numbers or (), strict=True)))


def _percentile(values: list[Any], numbers: list[int], share: float) -> float:
    """Between the two values next to it, as SQL's ``percentile_cont``."""
    up_to = list(accumulate(numbers))
    place = share * (up_to[-1] - 1)
    low, high = (_at(values, up_to, floor(place) + one) for one in (0, 1))
    return float(low + (high - low) * (place - floor(place)))


def _at(values: list[Any], up_to: list[int], place: int) -> Any:
    return values[min(bisect_right(up_to, place), len(values) - 1)]
