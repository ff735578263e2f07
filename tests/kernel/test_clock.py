"""Time."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis.strategies import datetimes, integers, timezones

from privet.kernel.clock import FixedClock, SystemClock, from_micros, to_micros

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
_FIRST = datetime(1900, 1, 1)  # noqa: DTZ001 - the zone is drawn by the test.
_LATEST = datetime(2200, 1, 1)  # noqa: DTZ001
_LAST = 253_402_300_799_999_999
"""The last microsecond of the year 9999."""


def test_the_system_clock_is_aware_and_goes_on() -> None:
    first = SystemClock().now()
    assert first.tzinfo is UTC
    assert SystemClock().now() >= first


def test_a_fixed_clock_stands_until_it_is_moved() -> None:
    clock = FixedClock(AT)
    assert clock.now() == clock.now() == AT
    clock.advance(timedelta(hours=1))
    assert clock.now() == AT + timedelta(hours=1)
    clock.advance(timedelta(hours=-2))
    assert clock.now() == AT - timedelta(hours=1)


def test_a_fixed_clock_tells_utc_whatever_it_was_set_with() -> None:
    clock = FixedClock(AT.astimezone(timezone(timedelta(hours=5))))
    assert (clock.now(), clock.now().tzinfo) == (AT, UTC)


@given(integers(-62_135_596_800_000_000, _LAST))
def test_microseconds_survive_the_way_there_and_back(micros: int) -> None:
    assert to_micros(from_micros(micros)) == micros


@given(datetimes(timezones=timezones(), min_value=_FIRST, max_value=_LATEST))
def test_moments_survive_the_way_there_and_back(moment: datetime) -> None:
    assert from_micros(to_micros(moment)) == moment.astimezone(UTC)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        to_micros(datetime(2026, 11, 21))  # noqa: DTZ001
