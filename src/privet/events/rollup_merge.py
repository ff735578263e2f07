"""Puts the files of days that are over together: to weeks first, to quarters later.

Reading a hundred small files costs more than what is in them. A file that spans days stays in use
for all days that have not changed; the others are read from their own files until it is put
together again.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from privet.events.lake import Lake
from privet.events.query import reader_of
from privet.events.rollup_files import DayFiles, RolledDay, RollupFile, fitting, split_days
from privet.events.rollup_view import files_as_sql
from privet.events.rollup_writing import write_sorted
from privet.events.rollups import Rollup, all_rollups

WEEK, QUARTER = 7, 91
_WEEK_RESTS = timedelta(days=2)
_QUARTER_RESTS = timedelta(days=28)
_MONDAY = date(2001, 1, 1).toordinal()


@dataclass(frozen=True)
class Merge:
    """Days of a rollup that become one file, the first of them its name."""

    rollup: Rollup
    span: tuple[date, int]


def find_merges(lake: Lake) -> list[Merge]:
    """What would be put together now."""
    days = split_days(lake.files())
    today = lake.clock.now().date()
    return [
        Merge(rollup, span)
        for rollup in all_rollups()
        for span in _spans_due(fitting(lake.rollups, rollup, days), days, today)
    ]


def merge(lake: Lake, wanted: Merge) -> bool:
    """Make one file of several; false if that is no longer wanted."""
    with lake.turns.rolling_up():
        days = split_days(lake.files())
        ready = fitting(lake.rollups, wanted.rollup, days)
        today = lake.clock.now().date()
        if wanted.span not in _spans_due(ready, days, today):
            return False
        inside = {day: file for day, file in ready.items() if span_of(day, today) == wanted.span}
        _merge(lake, wanted.rollup, inside)
    return True


def span_of(day: date, today: date) -> tuple[date, int]:
    """The first day, and the number of days, of the file in which a day should lie."""
    for length, rests in ((QUARTER, _QUARTER_RESTS), (WEEK, _WEEK_RESTS)):
        first = day - timedelta(days=(day.toordinal() - _MONDAY) % length)
        if first + timedelta(days=length - 1) < today - rests:
            return first, length
    return day, 1


def _spans_due(
    ready: Mapping[date, RollupFile], days: Mapping[date, DayFiles], today: date
) -> Iterator[tuple[date, int]]:
    """The spans of which every day is ready, in more than one file or beside what is not used."""
    spans: dict[tuple[date, int], list[date]] = defaultdict(list)
    for day in days:
        spans[span_of(day, today)].append(day)
    for span, inside in sorted(spans.items()):
        if all(day in ready for day in inside):
            used = {ready[day] for day in inside}
            if len(used) > 1 or {day for file in used for day in file.days} != set(inside):
                yield span


def _merge(lake: Lake, rollup: Rollup, ready: Mapping[date, RollupFile]) -> None:
    rolled: dict[date, RolledDay] = {day: file.days[day] for day, file in ready.items()}
    with reader_of(lake).engine.connection() as connection:
        source = f"({files_as_sql(ready)})"
        write_sorted(connection, lake.rollups, rollup, source=source, days=lambda _: rolled)
