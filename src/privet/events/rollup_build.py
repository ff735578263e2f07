"""Makes the files of rollups in the background, a day at a time, the newest days first.

A day is made when it has settled: when no file of the part it is made of is younger than two
minutes. What arrives later stands beside that part and is read from the events, until it is more
than a fiftieth of the day. Nothing depends on this work but speed.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import groupby

import duckdb

from privet.events.lake import Lake
from privet.events.query import reader_of
from privet.events.rollup_files import (
    DayFiles,
    RolledDay,
    fitting,
    list_rollup,
    mark_of,
    remove_needless,
    split_days,
)
from privet.events.rollup_merge import find_merges, merge, span_of
from privet.events.rollup_view import made_from
from privet.events.rollup_writing import write_sorted
from privet.events.rollups import Rollup, all_rollups
from privet.events.store import LakeFile
from privet.events.view import Gate, Scope, create_view
from privet.events.withheld import NOBODY_HIDDEN
from privet.kernel.clock import to_micros

SETTLED = timedelta(minutes=2)
_MOST_BESIDE = 50
"""A part is good enough as long as what stands beside it is less than a 50th of the day."""


ROWS_AT_ONCE = 4_000_000
"""So many events at most become one file at a time, so that nobody waits long for the lock."""


@dataclass(frozen=True)
class Due:
    """Days of a rollup that are to be made, each with the part of the lake's files it is of."""

    rollup: Rollup
    digests: Mapping[date, str]


@dataclass(frozen=True)
class Progress:
    """How far the rollups of this machine are, in days of a rollup."""

    ready: int
    wanted: int


def refresh_rollups(
    lake: Lake,
    *,
    at_most_seconds: float = float("inf"),
    should_stop: Callable[[], bool] = lambda: False,
) -> int:
    """Make what is due until the time is over, remove what is not read; returns how many made."""
    until = time.monotonic() + at_most_seconds
    made = 0
    for work in _work(lake):
        if should_stop():
            return made
        made += work()
        if time.monotonic() > until:
            break
    with lake.turns.rolling_up():
        remove_needless(lake.rollups, all_rollups(), split_days(lake.files()))
    return made


def _work(lake: Lake) -> Iterator[Callable[[], bool]]:
    """What there is to do, one file at a time."""
    for due in find_due(lake):
        yield partial(make, lake, due)
    for wanted in find_merges(lake):
        yield partial(merge, lake, wanted)


def find_due(lake: Lake, *, rows_at_once: int = ROWS_AT_ONCE) -> list[Due]:
    """What would be made now, the newest day first."""
    days = split_days(lake.files())
    before = to_micros(lake.clock.now() - SETTLED) // 1000
    wanted = {day: digest for day, files in days.items() if (digest := _settled(files, before))}
    today = lake.clock.now().date()
    due = [
        Due(rollup, {day: wanted[day] for day in together})
        for rollup in all_rollups()
        for together in _together(
            _missing_days(lake, rollup, days, wanted), days, today, rows_at_once
        )
    ]
    return sorted(due, key=lambda one: max(one.digests), reverse=True)


def measure_progress(lake: Lake) -> Progress:
    """How many days of rollups are ready, of those that there could be."""
    days = split_days(lake.files())
    rollups = all_rollups()
    ready = sum(len(fitting(lake.rollups, rollup, days)) for rollup in rollups)
    return Progress(ready=ready, wanted=len(rollups) * len(days))


def make(lake: Lake, due: Due) -> bool:
    """Make one file; false if the lake's files changed, so that nothing of it is wanted."""
    with lake.turns.rolling_up():
        days = split_days(lake.files())
        made = _digests_made(lake, due.rollup)
        wanted = {
            day: digest for day, digest in due.digests.items()
            if day in days and digest in days[day].parts and (day, digest) not in made
        }  # fmt: skip
        files = [file for day, digest in wanted.items() for file in days[day].part(digest)]
        try:
            if wanted:
                _make_days(lake, due.rollup, wanted, files)
        except (duckdb.IOException, FileNotFoundError):
            return False  # A rewrite took a file away; what came in its place is due next time.
    return bool(wanted)


def _make_days(
    lake: Lake, rollup: Rollup, digests: Mapping[date, str], files: list[LakeFile]
) -> None:
    gate = Gate(use=rollup.use, scope=Scope(), hidden=NOBODY_HIDDEN)
    earliest = "SELECT day, min(least(time, received)) FROM events GROUP BY day"
    with reader_of(lake).engine.connection() as connection:
        create_view(connection, lake, files, gate=gate)
        since = {day: to_micros(at) for day, at in connection.execute(earliest).fetchall()}

        def say(rows: Mapping[date, int]) -> dict[date, RolledDay]:
            return {
                day: RolledDay(digest=digest, rows=rows.get(day, 0), earliest=since.get(day, 0))
                for day, digest in digests.items()
            }

        source = made_from(rollup, "events")
        write_sorted(connection, lake.rollups, rollup, source=source, days=say)


def _digests_made(lake: Lake, rollup: Rollup) -> set[tuple[date, str]]:
    """What is there already: another worker may have been quicker."""
    mark = mark_of(rollup)
    made = (file for file in list_rollup(lake.rollups, rollup.name) if file.mark == mark)
    return {(day, rolled.digest) for file in made for day, rolled in file.days.items()}


def _missing_days(
    lake: Lake, rollup: Rollup, days: Mapping[date, DayFiles], wanted: Mapping[date, str]
) -> list[date]:
    ready = fitting(lake.rollups, rollup, days)
    return [
        day for day, digest in sorted(wanted.items())
        if day not in ready or _is_better(days[day], digest, ready[day].days[day].digest)
    ]  # fmt: skip


def _together(
    missing: list[date], days: Mapping[date, DayFiles], today: date, rows_at_once: int
) -> Iterator[list[date]]:
    """Days that will lie in one file anyway, as long as they are not large."""
    for _, of_span in groupby(missing, key=lambda day: span_of(day, today)):
        listed: list[date] = []
        rows = 0
        for day in of_span:
            rows += _rows(days[day].files)
            if listed and rows > rows_at_once:
                yield listed
                listed, rows = [], _rows(days[day].files)
            listed.append(day)
        yield listed


def _is_better(files: DayFiles, digest: str, ready: str) -> bool:
    """Whether a part covers enough more than the part that is ready."""
    gained = _rows(files.part(digest)) - _rows(files.part(ready))
    return gained * _MOST_BESIDE > _rows(files.files)


def _rows(files: tuple[LakeFile, ...]) -> int:
    return sum(file.rows for file in files)


def _settled(files: DayFiles, before_millis: int) -> str | None:
    """The largest part of which no file is young; none if each has one."""
    for digest in sorted(files.parts, key=lambda digest: files.parts[digest]):
        if all(file.added_millis <= before_millis for file in files.part(digest)):
            return digest
    return None
