"""What the directories tell: what waits to be loaded, what was set aside, what is free.

Nothing here needs a database, so a collector can say it whatever else is wrong.
"""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from privet.events.log import LogLimits
from privet.events.log.directory import list_segments


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Sealed segments that the loader has not put into the lake yet."""

    segments: int
    size_bytes: int
    oldest_seconds: float | None
    """The age of the oldest; none if nothing waits. It is how far the lake lags."""


@dataclass(frozen=True, kw_only=True)
class SetAside:
    """Damaged parts of segments, kept for the operator to look at."""

    files: int
    size_bytes: int


@dataclass(frozen=True, kw_only=True)
class Room:
    """What is free on the disk of an installation."""

    free_bytes: int

    @property
    def is_short(self) -> bool:
        """Whether it is time to make room: the log refuses events at a quarter of this."""
        return self.free_bytes < 4 * LogLimits().reserve_bytes


def read_waiting(log: Path, *, now: datetime) -> Waiting:
    """What lies in the log; segments that vanish while one looks have been loaded."""
    found = [found for ref in list_segments(log) if (found := _size_and_time(ref.path)) is not None]
    oldest = min((changed for _, changed in found), default=None)
    return Waiting(
        segments=len(found),
        size_bytes=sum(size for size, _ in found),
        oldest_seconds=None if oldest is None else max(0.0, now.timestamp() - oldest),
    )


def read_set_aside(quarantine: Path) -> SetAside:
    """What lies in quarantine."""
    sizes = [found[0] for path in _files(quarantine) if (found := _size_and_time(path))]
    return SetAside(files=len(sizes), size_bytes=sum(sizes))


def read_room(home: Path) -> Room:
    """How much can still be written in an installation's directory."""
    return Room(free_bytes=shutil.disk_usage(home).free)


def _files(directory: Path) -> Iterable[Path]:
    return (path for path in directory.rglob("*") if path.is_file())


def _size_and_time(path: Path) -> tuple[int, float] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime
