"""Values with their numbers: what is shown of them, and that they add up."""

from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.insight.spreads import GREATEST, LEAST, Spread, read_spread

NUMBERS = st.dictionaries(st.integers(0, 50), st.integers(1, 9), min_size=1)


def test_lists_of_a_query_become_values_with_their_numbers() -> None:
    assert read_spread([1, 5], [3, 2]).numbers == {1: 3, 5: 2}
    assert read_spread(None, None).numbers == {}


@pytest.mark.parametrize("of", [LEAST, GREATEST, "0.5"])
def test_of_nothing_nothing_is_shown(of: str) -> None:
    assert Spread({}).shown(of) is None


def test_the_least_and_the_greatest_are_shown() -> None:
    spread = Spread({"b": 1, "a": 2, "c": 1})
    assert (spread.shown(LEAST), spread.shown(GREATEST)) == ("a", "c")


@given(NUMBERS, st.sampled_from(["0", "0.25", "0.5", "0.75", "1"]))
def test_a_percentile_lies_between_the_two_values_next_to_it(
    numbers: dict[int, int], share: str
) -> None:
    values = [value for value, number in sorted(numbers.items()) for _ in range(number)]
    place = Fraction(share) * (len(values) - 1)
    low, high = values[floor(place)], values[ceil(place)]
    expected = low + (high - low) * (place - floor(place))
    assert Spread(numbers).shown(share) == pytest.approx(float(expected))


@given(NUMBERS, NUMBERS)
def test_what_was_added_can_be_taken_away(one: dict[int, int], other: dict[int, int]) -> None:
    both = Spread(one).plus(Spread(other), 1)
    assert both
    left = both.plus(Spread(other), -1)
    assert left
    assert left.numbers == one


def test_more_than_there_is_cannot_be_taken_away() -> None:
    assert Spread({1: 2}).plus(Spread({1: 3}), -1) is None
    assert Spread({1: 2}).plus(Spread({2: 1}), -1) is None
