"""Periods and grains: which days a question is about, and how finely they are shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import assert_never

EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)
"""The days that can be asked about: every reckoning with them stays within the calendar."""
_DAY = timedelta(days=1)
_LONGEST_BY_DAY = 92
_LONGEST_BY_WEEK = 731
_MOST_DAYS = 366
_MOST_WEEKS = 366 * 6


class Grain(StrEnum):
    """The width of one point of a chart over time; the words of SQL's ``date_trunc``."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, kw_only=True)
class Period:
    """Whole UTC days, from the first to the last."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def grain(self) -> Grain:
        """How finely it is shown, so that a chart has at most some hundred points."""
        if self.days <= _LONGEST_BY_DAY:
            return Grain.DAY
        return Grain.WEEK if self.days <= _LONGEST_BY_WEEK else Grain.MONTH

    def grain_for(self, wanted: Grain | None) -> Grain:
        """The wanted grain, or a coarser one where a chart would have too many points."""
        if wanted is None:
            return self.grain
        if wanted is Grain.DAY and self.days > _MOST_DAYS:
            wanted = Grain.WEEK
        return Grain.MONTH if wanted is Grain.WEEK and self.days > _MOST_WEEKS else wanted

    def before(self) -> "Period":
        """The period of the same length that ends where this one begins."""
        return Period(first=self.first - self.days * _DAY, last=self.first - _DAY)

    def points(self, grain: Grain | None = None) -> Iterator[date]:
        """The first days of its grains, the first of them perhaps before the period."""
        width = grain or self.grain
        point = start_of(self.first, width)
        while point <= self.last:
            yield point
            point = next_point(point, width)


def can_be_asked(*days: date) -> bool:
    """Whether questions reach so far back and so far ahead."""
    return all(EARLIEST <= day <= LATEST for day in days)


def last_days(number: int, *, today: date) -> Period:
    """The last so many days, today among them."""
    return Period(first=today - (number - 1) * _DAY, last=today)


def start_of(day: date, grain: Grain) -> date:
    """The first day of the grain that a day is in; weeks begin on Monday."""
    match grain:
        case Grain.DAY:
            return day
        case Grain.WEEK:
            return day - day.weekday() * _DAY
        case Grain.MONTH:
            return day.replace(day=1)
        case _:
            assert_never(grain)


def next_point(point: date, grain: Grain) -> date:
    """The first day of the grain after the one that begins at ``point``."""
    match grain:
        case Grain.DAY:
            return point + _DAY
        case Grain.WEEK:
            return point + 7 * _DAY
        case Grain.MONTH:
            return (point + 31 * _DAY).replace(day=1)
        case _:
            assert_never(grain)
