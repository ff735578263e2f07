"""The files of rollups: which exist, and of exactly which files of the lake each was made.

A file's name says all of that, so nothing else has to be kept in step with it: the day, a mark of
the rollup's text and of the form of events, a digest of the lake's files it was made of, how many
rows it has, and the earliest moment in it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from privet.events.rollups import Rollup
from privet.events.schema import schema_mark
from privet.events.store import LakeFile
from privet.events.view import shown_columns

DRAFT = ".draft-"
_NAME = re.compile(r"(\d{4}-\d\d-\d\d)\.([0-9a-f]{12})\.([0-9a-f]{24})\.(\d+)\.(-?\d+)\.parquet")


@dataclass(frozen=True, kw_only=True)
class RollupFile:
    """One day of one rollup, made of some files of the lake."""

    path: Path
    day: date
    mark: str
    digest: str
    rows: int
    earliest: int
    """Of all its events the earliest time or receipt, in microseconds since 1970 UTC."""


@dataclass(frozen=True)
class DayFiles:
    """The lake's files of one day, and the parts of them that a rollup may be made of."""

    files: tuple[LakeFile, ...]
    parts: Mapping[str, int]
    """By digest: the lowest level in the part. A part is all files from some level up, so what
    arrives late stands beside it in files of lower levels."""

    def part(self, digest: str) -> tuple[LakeFile, ...]:
        """The files of a part."""
        level = self.parts[digest]
        return tuple(file for file in self.files if file.level >= level)

    def beside(self, digest: str) -> tuple[LakeFile, ...]:
        """The files that are not in a part."""
        level = self.parts[digest]
        return tuple(file for file in self.files if file.level < level)


def split_days(files: Iterable[LakeFile]) -> dict[date, DayFiles]:
    """The lake's files by day."""
    days: dict[date, list[LakeFile]] = defaultdict(list)
    for file in files:
        days[file.day].append(file)
    return {day: _day_files(listed) for day, listed in days.items()}


def _day_files(listed: list[LakeFile]) -> DayFiles:
    files = tuple(sorted(listed, key=lambda file: file.path))
    levels = {file.path: file.level for file in files}
    parts = {
        _digest(path for path, level in levels.items() if level >= lowest): lowest
        for lowest in sorted(set(levels.values()))
    }
    return DayFiles(files, parts)


def _digest(paths: Iterable[str]) -> str:
    return sha256("\n".join(paths).encode()).hexdigest()[:24]


@cache
def mark_of(rollup: Rollup) -> str:
    """Twelve hex digits that change with all that a rollup's rows depend on besides events."""
    said = (rollup.text, schema_mark(), shown_columns(rollup.use), duckdb.__version__)
    return sha256("\n".join(said).encode()).hexdigest()[:12]


def name_of(*, day: date, mark: str, digest: str, rows: int, earliest: int) -> str:
    """The name of a file that is made."""
    return f"{day.isoformat()}.{mark}.{digest}.{rows}.{earliest}.parquet"


def list_rollup(directory: Path, rollup: str) -> list[RollupFile]:
    """The files of one rollup, drafts left out."""
    here = directory / rollup
    names = [path.name for path in here.iterdir()] if here.is_dir() else []
    found = ((name, _NAME.fullmatch(name)) for name in names)
    return [
        RollupFile(
            path=here / name, day=date.fromisoformat(m[1]), mark=m[2], digest=m[3],
            rows=int(m[4]), earliest=int(m[5]),
        )
        for name, m in found if m
    ]  # fmt: skip


def fitting(
    directory: Path, rollup: Rollup, days: Mapping[date, DayFiles]
) -> dict[date, RollupFile]:
    """By day: the file of a rollup that covers most of what the lake holds of it."""
    mark = mark_of(rollup)
    best: dict[date, RollupFile] = {}
    for file in list_rollup(directory, rollup.name):
        day = days.get(file.day)
        if day is None or file.mark != mark or file.digest not in day.parts:
            continue
        other = best.get(file.day)
        if other is None or day.parts[file.digest] < day.parts[other.digest]:
            best[file.day] = file
    return best


def remove_stale(directory: Path, days: Mapping[date, DayFiles]) -> int:
    """Remove what was made of files that the lake no longer has, and drafts; returns how many.

    The caller holds the right to write rollups, so no draft is in use.
    """
    kept = {digest for day in days.values() for digest in day.parts}
    return _remove(
        path for path in _all_files(directory)
        if (match := _NAME.fullmatch(path.name)) is None or match[3] not in kept
    )  # fmt: skip


def remove_needless(
    directory: Path, rollups: Iterable[Rollup], days: Mapping[date, DayFiles]
) -> int:
    """Remove also what no query would read: other texts, other names, what a better file covers."""
    read = {f.path for rollup in rollups for f in fitting(directory, rollup, days).values()}
    return _remove(path for path in _all_files(directory) if path not in read)


def rollup_paths(directory: Path) -> list[Path]:
    """Every Parquet file below a directory of rollups, drafts among them."""
    return sorted(_all_files(directory))


def holds_any(path: Path, subjects: frozenset[int]) -> bool:
    """Whether a rollup's file has a row of one of some subjects."""
    found = pq.read_table(path, columns=["subject"])["subject"].unique().to_pylist()
    return not subjects.isdisjoint(found)


def _all_files(directory: Path) -> Iterator[Path]:
    return (path for path in directory.glob("*/*") if path.is_file())


def _remove(paths: Iterable[Path]) -> int:
    removed = 0
    for path in list(paths):
        path.unlink(missing_ok=True)
        removed += 1
    return removed
