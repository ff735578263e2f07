"""Replaces files of the lake by what a change makes of their rows, a day at a time."""

from bisect import bisect_left
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import groupby

import pyarrow as pa
import pyarrow.compute as pc

from privet.events.lake import Lake, Turn
from privet.events.store import LakeFile

Change = Callable[[LakeFile, pa.Table], pa.Table]


@dataclass
class Rewritten:
    """What a rewrite did."""

    files: int = 0
    """Replaced or taken away."""
    rows_removed: int = 0
    days: int = 0


def rewrite(
    lake: Lake,
    *,
    concerns: Callable[[LakeFile], bool],
    change: Change,
    turn: Turn | None = None,
) -> Rewritten:
    """Replace the files that are concerned; the caller holds the right to rewrite.

    Each day is a commit of its own: it is short, and it does not lose against the loader. With
    ``turn`` all of it happens in a turn that the caller holds.
    """
    done = Rewritten()
    files = sorted(lake.files(), key=lambda file: (file.day, file.path))
    for _, listed in groupby(files, key=lambda file: file.day):
        concerned = [file for file in listed if concerns(file)]
        if concerned:
            added = [new for file in concerned for new in _change(lake, file, change, done)]
            with lake.turn() if turn is None else nullcontext(turn) as mine:
                mine.commit(add=added, remove=concerned)
            done.files += len(concerned)
            done.days += 1
    return done


def _change(lake: Lake, file: LakeFile, change: Change, done: Rewritten) -> list[LakeFile]:
    before = lake.store.read(file.path)
    after = change(file, before)
    done.rows_removed += before.num_rows - after.num_rows
    if not after.num_rows:
        return []
    return [lake.store.write(after, day=file.day, level=file.level, run=file.run)]


class Holds:
    """Finds the files that hold one of some learners: by their footers, then by their rows."""

    def __init__(self, lake: Lake, subjects: Iterable[int]) -> None:
        self._lake = lake
        self._sorted = sorted(subjects)
        self._set = pa.array(self._sorted, pa.int64())

    def __call__(self, file: LakeFile) -> bool:
        if not self._sorted or not self._may_be_in(file):
            return False
        held = self._lake.store.read(file.path, ["subject"])["subject"]
        return bool(pc.any(pc.is_in(held, value_set=self._set)).as_py())

    def _may_be_in(self, file: LakeFile) -> bool:
        footer = self._lake.store.metadata(file.path)
        place = next(
            n for n in range(footer.num_columns) if footer.schema.column(n).path == "subject"
        )
        spans = (footer.row_group(n).column(place).statistics for n in range(footer.num_row_groups))
        return any(s is None or not s.has_min_max or self._any_within(s.min, s.max) for s in spans)

    def _any_within(self, low: int, high: int) -> bool:
        first = bisect_left(self._sorted, low)
        return first < len(self._sorted) and self._sorted[first] <= high
