"""Merges the loader's small files into runs that are sorted by learner and cut small.

A day that is still open is merged in tiers: so many files of one level become one run of the next,
so that each row is rewritten only a few times a day and the number of files stays bounded. A day
that is over becomes one run. Files are read and written without the turn; only the commit takes it,
so the loader goes on meanwhile.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

import pyarrow as pa
import pyarrow.dataset as ds

from privet.events.lake import Lake
from privet.events.store import FileStore, LakeFile

FAN = 24
"""So many runs of one level are merged into one of the next."""
WHOLE_DAY = 9
"""The level of a day that is over."""
FILE_ROWS = 65_536
"""The size to which files are cut; docs/reference/lake.md says what was measured."""
MOST_FILES_A_DAY = 64
LARGEST_FILE_ROWS = 1_048_576
MERGED_AT_ONCE = 2_000_000
"""Rows in memory during a merge."""
_OPEN_DAYS = timedelta(days=1)
_SAMPLE = 64
_SUBJECT_LIMIT = 2**63 - 1


@dataclass(frozen=True)
class Merge:
    """Files of one day that become one run."""

    day: date
    files: tuple[LakeFile, ...]
    level: int


def compact(
    lake: Lake,
    *,
    thoroughly: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> int:
    """Do the merges that are due; returns how many files were merged away.

    ``thoroughly`` also merges days that are over and received but a few late rows.
    """
    merged = 0
    with lake.turns.rewriting():
        today = lake.clock.now().date()
        for merge in plan(lake.files(), today=today, thoroughly=thoroughly):
            if should_stop():
                break
            added = _write_run(lake.store, merge)
            with lake.turn() as turn:
                turn.commit(add=added, remove=merge.files, changes_data=False)
            merged += len(merge.files)
    return merged


def is_due(files: Iterable[LakeFile], *, today: date) -> bool:
    """Whether `compact` would do anything."""
    return bool(plan(files, today=today))


def plan(files: Iterable[LakeFile], *, today: date, thoroughly: bool = False) -> list[Merge]:
    """The merges that are due, the oldest day first."""
    days: dict[date, list[LakeFile]] = defaultdict(list)
    for file in files:
        days[file.day].append(file)
    merges = []
    for day, listed in sorted(days.items()):
        is_over = day < today - _OPEN_DAYS
        merges += _plan_day(day, listed, thoroughly) if is_over else _plan_tiers(day, listed)
    return merges


def target_rows(rows: int) -> int:
    """How large the files of a day with so many rows are: small, but not too many."""
    return min(max(FILE_ROWS, rows // MOST_FILES_A_DAY), LARGEST_FILE_ROWS)


def _plan_tiers(day: date, files: Sequence[LakeFile]) -> list[Merge]:
    levels: dict[int, list[LakeFile]] = defaultdict(list)
    for file in files:
        levels[file.level].append(file)
    return [
        Merge(day, tuple(some), min(level + 1, WHOLE_DAY))
        for level, some in sorted(levels.items())
        if len({file.run for file in some}) >= FAN
    ]


def _plan_day(day: date, files: Sequence[LakeFile], thoroughly: bool) -> list[Merge]:
    runs = {file.run for file in files}
    if len(runs) == 1 and files[0].level > 0:
        return []
    late = sum(file.rows for file in files if file.level < WHOLE_DAY)
    is_worth_it = len(runs) >= FAN or late * 20 >= sum(file.rows for file in files)
    return [Merge(day, tuple(files), WHOLE_DAY)] if thoroughly or is_worth_it else []


def _write_run(store: FileStore, merge: Merge) -> list[LakeFile]:
    """Write the rows of some files as one sorted run, a range of subjects at a time."""
    run = uuid4().hex[:12]
    target = target_rows(sum(file.rows for file in merge.files))
    written: list[LakeFile] = []
    for low, high in _ranges(store, merge.files):
        inside = (ds.field("subject") >= low) & (ds.field("subject") <= high)
        tables = [store.read(file.path, keep=inside) for file in merge.files]
        rows = pa.concat_tables(tables).sort_by([("subject", "ascending"), ("time", "ascending")])
        if rows.num_rows:
            written += store.write_cut(
                rows, day=merge.day, level=merge.level, run=run, target_rows=target
            )
    return written


def _ranges(store: FileStore, files: Sequence[LakeFile]) -> list[tuple[int, int]]:
    """Ranges of subjects, both ends inside, each of about as many rows as fit into memory."""
    rows = sum(file.rows for file in files)
    parts = -(-rows // MERGED_AT_ONCE)
    if parts <= 1:
        return [(-_SUBJECT_LIMIT - 1, _SUBJECT_LIMIT)]
    sampled = [
        store.read(file.path, ["subject"])["subject"].combine_chunks()[::_SAMPLE] for file in files
    ]
    sample = pa.concat_arrays([array.cast(pa.int64()) for array in sampled]).sort()
    edges = {sample[len(sample) * part // parts].as_py() for part in range(1, parts)}
    lows = [-_SUBJECT_LIMIT - 1, *sorted(edges)]
    highs = [*(edge - 1 for edge in lows[1:]), _SUBJECT_LIMIT]
    return list(zip(lows, highs, strict=True))
