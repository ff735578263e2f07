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
from privet.events.rollup_merge import find_merges, merge
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


@dataclass(frozen=True)
class Due:
    """A day of a rollup that is to be made, and the part of the lake's files it is made of."""

    rollup: Rollup
    day: date
    digest: str


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


def find_due(lake: Lake) -> list[Due]:
    """What would be made now, the newest day first."""
    days = split_days(lake.files())
    before = to_micros(lake.clock.now() - SETTLED) // 1000
    wanted = {day: digest for day, files in days.items() if (digest := _settled(files, before))}
    due = [found for rollup in all_rollups() for found in _due_of(lake, rollup, days, wanted)]
    return sorted(due, key=lambda one: one.day, reverse=True)


def measure_progress(lake: Lake) -> Progress:
    """How many days of rollups are ready, of those that there could be."""
    days = split_days(lake.files())
    rollups = all_rollups()
    ready = sum(len(fitting(lake.rollups, rollup, days)) for rollup in rollups)
    return Progress(ready=ready, wanted=len(rollups) * len(days))


def make(lake: Lake, due: Due) -> bool:
    """Make one file; false if the lake's files changed, so that it is no longer wanted."""
    with lake.turns.rolling_up():
        files = split_days(lake.files()).get(due.day)
        if files is None or due.digest not in files.parts or _is_made(lake, due):
            return False
        try:
            _make_day(lake, due, list(files.part(due.digest)))
        except (duckdb.IOException, FileNotFoundError):
            return False  # A rewrite took a file away; what came in its place is due next time.
    return True


def _make_day(lake: Lake, due: Due, files: list[LakeFile]) -> None:
    gate = Gate(use=due.rollup.use, scope=Scope(), hidden=NOBODY_HIDDEN)
    source = f"{made_from(due.rollup, 'events')}"
    with reader_of(lake).engine.connection() as connection:
        create_view(connection, lake, files, gate=gate)
        found = connection.execute("SELECT min(least(time, received)) FROM events").fetchall()
        earliest = to_micros(found[0][0]) if found[0][0] else 0

        def say(rows: int) -> dict[date, RolledDay]:
            return {due.day: RolledDay(digest=due.digest, rows=rows, earliest=earliest)}

        write_sorted(connection, lake.rollups, due.rollup, source=source, days=say)


def _is_made(lake: Lake, due: Due) -> bool:
    """Whether another worker was quicker."""
    mark = mark_of(due.rollup)
    made = (file for file in list_rollup(lake.rollups, due.rollup.name) if file.mark == mark)
    return any(due.day in f.days and f.days[due.day].digest == due.digest for f in made)


def _due_of(
    lake: Lake, rollup: Rollup, days: Mapping[date, DayFiles], wanted: Mapping[date, str]
) -> Iterator[Due]:
    ready = fitting(lake.rollups, rollup, days)
    for day, digest in wanted.items():
        file = ready.get(day)
        if file is None or _is_better(days[day], digest, file.days[day].digest):
            yield Due(rollup, day, digest)


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
