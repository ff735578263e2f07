"""Periods and grains."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.insight.rules import Grain, Period, last_days, next_point, start_of

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 1, 1))


def test_the_last_days_end_today() -> None:
    period = last_days(28, today=date(2026, 11, 21))
    assert period == Period(first=date(2026, 10, 25), last=date(2026, 11, 21))
    assert period.days == 28


@given(first=DAYS, length=st.integers(min_value=1, max_value=2000))
def test_the_period_before_is_as_long_and_ends_where_this_begins(first: date, length: int) -> None:
    period = Period(first=first, last=first + timedelta(days=length - 1))
    before = period.before()
    assert before.days == period.days
    assert before.last + timedelta(days=1) == period.first


@pytest.mark.parametrize(
    ("days", "grain"), [(1, Grain.DAY), (92, Grain.DAY), (93, Grain.WEEK), (800, Grain.MONTH)]
)
def test_longer_periods_are_shown_more_coarsely(days: int, grain: Grain) -> None:
    assert last_days(days, today=date(2026, 11, 21)).grain is grain


@given(first=DAYS, length=st.integers(min_value=1, max_value=4000))
def test_points_cover_the_period_and_are_few(first: date, length: int) -> None:
    period = Period(first=first, last=first + timedelta(days=length - 1))
    points = list(period.points())
    assert points[0] <= period.first
    assert points[-1] <= period.last < next_point(points[-1], period.grain)
    assert len(points) <= 135


@given(day=DAYS, grain=st.sampled_from(Grain))
def test_a_day_is_in_the_grain_that_it_begins(day: date, grain: Grain) -> None:
    start = start_of(day, grain)
    assert start <= day < next_point(start, grain)
    assert start_of(start, grain) == start


@pytest.mark.parametrize(
    ("days", "wanted", "grain"),
    [
        (28, None, Grain.DAY),
        (28, Grain.MONTH, Grain.MONTH),
        (366, Grain.DAY, Grain.DAY),
        (367, Grain.DAY, Grain.WEEK),
        (3000, Grain.DAY, Grain.MONTH),
        (3000, Grain.WEEK, Grain.MONTH),
    ],
)
def test_a_wanted_grain_is_taken_unless_it_is_too_fine(
    days: int, wanted: Grain | None, grain: Grain
) -> None:
    assert last_days(days, today=date(2026, 11, 21)).grain_for(wanted) is grain
