"""Makes the files of rollups in the background, a day at a time, the newest days first.

A day is made when it has settled: when no file of the part it is made of is younger than two
minutes. What arrives later stands beside that part and is read from the events, until it is more
than a fiftieth of the day. Nothing depends on this work but speed.
"""

import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from privet.catalogue.uses import Use
from privet.events.lake import Lake
from privet.events.query import reader_of
from privet.events.rollup_files import (
    DRAFT,
    DayFiles,
    fitting,
    list_rollup,
    mark_of,
    name_of,
    remove_needless,
    split_days,
)
from privet.events.rollup_view import made_from
from privet.events.rollups import Rollup, find_rollup, rollup_names
from privet.events.store import LakeFile, sync_path
from privet.events.view import Gate, Scope, create_view
from privet.events.withheld import NOBODY_HIDDEN
from privet.kernel.clock import to_micros

SETTLED = timedelta(minutes=2)
_MOST_BESIDE = 50
"""A part is good enough as long as what stands beside it is less than a 50th of the day."""
_ROW_GROUP_ROWS = 122_880
_BATCH_ROWS = 65_536


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
    for due in find_due(lake):
        if should_stop():
            return made
        made += make(lake, due)
        if time.monotonic() > until:
            break
    with lake.turns.rolling_up():
        remove_needless(lake.rollups, all_rollups(), split_days(lake.files()))
    return made


def all_rollups() -> list[Rollup]:
    """The registered rollups."""
    return [find_rollup(name) for name in rollup_names()]


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
        directory = lake.rollups / due.rollup.name
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = directory / f"{DRAFT}{os.getpid()}-{secrets.token_hex(4)}"
        try:
            _write(lake, due, list(files.part(due.digest)), draft)
        except (duckdb.IOException, FileNotFoundError):
            return False  # A rewrite took a file away; what came in its place is due next time.
        finally:
            draft.unlink(missing_ok=True)
    return True


def _is_made(lake: Lake, due: Due) -> bool:
    """Whether another worker was quicker."""
    mark = mark_of(due.rollup)
    made = list_rollup(lake.rollups, due.rollup.name)
    return any(file.mark == mark and file.digest == due.digest for file in made)


def _due_of(
    lake: Lake, rollup: Rollup, days: Mapping[date, DayFiles], wanted: Mapping[date, str]
) -> Iterator[Due]:
    ready = fitting(lake.rollups, rollup, days)
    for day, digest in wanted.items():
        file = ready.get(day)
        if file is None or _is_better(days[day], digest, file.digest):
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


def _write(lake: Lake, due: Due, files: list[LakeFile], draft: Path) -> None:
    """Write the draft and put it into its place, so that it would survive a power cut."""
    with reader_of(lake).engine.connection() as connection:
        gate = Gate(use=Use(due.rollup.use), scope=Scope(), hidden=NOBODY_HIDDEN)
        create_view(connection, lake, files, gate=gate)
        earliest = connection.execute("SELECT min(least(time, received)) FROM events").fetchall()
        rows = _write_rows(connection, due.rollup, draft)
    sync_path(draft)
    name = name_of(
        day=due.day, mark=mark_of(due.rollup), digest=due.digest, rows=rows,
        earliest=to_micros(earliest[0][0]) if rows else 0,
    )  # fmt: skip
    draft.rename(draft.with_name(name))
    sync_path(draft.parent)


def _write_rows(connection: duckdb.DuckDBPyConnection, rollup: Rollup, draft: Path) -> int:
    """Write a rollup of the view ``events``, sorted, a batch at a time; returns its rows."""
    text = (
        f"SELECT {rollup.cast()} FROM {made_from(rollup, 'events')} "  # noqa: S608 - checked text
        "ORDER BY institution, course, subject"
    )
    batches = connection.sql(text).to_arrow_reader(_BATCH_ROWS)
    texts = [f.name for f in batches.schema if pa.types.is_string(f.type)] + ["day", "subject"]
    rows = 0
    with pq.ParquetWriter(
        draft, batches.schema, compression="zstd", compression_level=1, use_dictionary=texts,
        store_schema=False,
    ) as writer:  # fmt: skip
        for group in _groups(batches):
            writer.write_table(group, row_group_size=_ROW_GROUP_ROWS)
            rows += group.num_rows
    with suppress(OSError):
        draft.chmod(0o600)
    return rows


def _groups(batches: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """The batches, put together to row groups."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(one.num_rows for one in waiting) >= _ROW_GROUP_ROWS:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)
