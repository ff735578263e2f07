"""The files of rollups: which exist, and of exactly which files of the lake each was made.

A file says all of that itself, so nothing else has to be kept in step with it: its name has the
days it spans and a mark of the rollup's text and of the form of events; its footer has for each day
a digest of the lake's files that the day was made of.
"""

import json
import re
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from privet.events.rollups import Rollup
from privet.events.schema import schema_mark
from privet.events.store import LakeFile
from privet.events.view import shown_columns

DRAFT = ".draft-"
DAYS = "privet.days"
"""The key in a footer under which the days stand."""
_NAME = re.compile(r"\d{4}-\d\d-\d\d\.\d{4}-\d\d-\d\d\.([0-9a-f]{12})\.[0-9a-f]{12}\.parquet")
_FOOTERS = 20_000


@dataclass(frozen=True, kw_only=True)
class RolledDay:
    """One day of a rollup, as it stands in a file."""

    digest: str
    rows: int
    earliest: int
    """Of all its events the earliest time or receipt, in microseconds since 1970 UTC."""


@dataclass(frozen=True, eq=False)
class RollupFile:
    """Some days of one rollup, made of some files of the lake."""

    path: Path
    mark: str
    days: Mapping[date, RolledDay]


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


def name_of(mark: str, days: Iterable[date]) -> str:
    """A new name for a file that is made."""
    listed = sorted(days)
    return f"{listed[0]}.{listed[-1]}.{mark}.{secrets.token_hex(6)}.parquet"


def say_days(days: Mapping[date, RolledDay]) -> str:
    """The days as they stand in a footer."""
    return json.dumps(
        {day.isoformat(): [one.digest, one.rows, one.earliest] for day, one in days.items()}
    )


def list_rollup(directory: Path, rollup: str) -> list[RollupFile]:
    """The files of one rollup, drafts left out."""
    here = directory / rollup
    paths = list(here.iterdir()) if here.is_dir() else []
    found = ((path, _NAME.fullmatch(path.name)) for path in paths)
    listed = ((path, match[1], _read_days(path)) for path, match in found if match)
    return [RollupFile(path, mark, days) for path, mark, days in listed if days]


def _read_days(path: Path) -> Mapping[date, RolledDay]:
    """The days of a file; none if it is gone."""
    try:
        return _days_in_footer(path)
    except FileNotFoundError:
        return {}


@lru_cache(maxsize=_FOOTERS)
def _days_in_footer(path: Path) -> Mapping[date, RolledDay]:
    # No two files ever have one name, so what was read of one holds.
    said = json.loads((pq.read_metadata(path).metadata or {}).get(DAYS.encode(), b"{}"))
    return {
        date.fromisoformat(day): RolledDay(digest=digest, rows=rows, earliest=earliest)
        for day, (digest, rows, earliest) in said.items()
    }


def fitting(
    directory: Path, rollup: Rollup, days: Mapping[date, DayFiles]
) -> dict[date, RollupFile]:
    """By day: the file of a rollup that covers most of what the lake holds of it.

    Of two that cover the same it is the one that spans more days.
    """
    mark = mark_of(rollup)
    best: dict[date, tuple[int, int, RollupFile]] = {}
    for file in list_rollup(directory, rollup.name):
        for day, rolled in file.days.items() if file.mark == mark else ():
            if day in days and rolled.digest in days[day].parts:
                worth = (-days[day].parts[rolled.digest], len(file.days))
                if day not in best or worth > best[day][:2]:
                    best[day] = (*worth, file)
    return {day: file for day, (_, _, file) in best.items()}


def remove_stale(directory: Path, days: Mapping[date, DayFiles]) -> int:
    """Remove what was made of files that the lake no longer has, and drafts; returns how many.

    The caller holds the right to write rollups, so no draft is in use.
    """
    kept = {
        file.path
        for folder in directory.glob("*")
        for file in list_rollup(directory, folder.name)
        if all(day in days and one.digest in days[day].parts for day, one in file.days.items())
    }
    return _remove(path for path in _all_files(directory) if path not in kept)


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
