"""The directories of the log: one a writer, held by a lock, with segments named by number.

A log's id is the name of its directory. It is random, so that two machines never share one, and
it stays: the next writer takes over a directory that nobody holds. Numbers of segments only rise,
even when all segments have been loaded and removed, since the lake remembers the last one.
"""

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from privet.events.log.layer import FileLayer, RealLayer
from privet.events.log.recovery import seal_left_open

OPEN = ".open"
SEALED = ".seg"
_LOCK = "lock"
_FLOOR = "floor"
_BLOCK = 1_000_000
_PATIENCE_SECONDS = 0.3


@dataclass(frozen=True, kw_only=True)
class SegmentRef:
    """A sealed segment that waits for the loader."""

    log_id: str
    sequence: int
    path: Path


@dataclass(kw_only=True)
class LogClaim:
    """One log directory, held by this process until `release`."""

    directory: Path
    layer: FileLayer
    _lock: int
    _next: int = field(default=0)
    _ceiling: int = field(default=0)

    @property
    def log_id(self) -> str:
        """The log's id: its directory's name."""
        return self.directory.name

    def next_sequence(self) -> int:
        """A number that no segment of this log ever had."""
        if self._next >= self._ceiling:
            self._next, self._ceiling = _reserve_numbers(self.directory, self.layer)
        self._next += 1
        return self._next

    def release(self) -> None:
        """Let another process have the directory."""
        os.close(self._lock)


def claim_log(root: Path, *, prefix: str, layer: FileLayer | None = None) -> LogClaim:
    """Take over a free log directory of that prefix, or make one; raises `OSError`.

    The dead writer's open segment is sealed first.
    """
    layer = layer or RealLayer()
    layer.make_directory(root)
    claim = _claim_existing(root, prefix, layer) or _claim_new(root, prefix, layer)
    _seal_open(claim.directory, layer)
    return claim


def seal_abandoned(root: Path, layer: FileLayer | None = None) -> list[str]:
    """Seal the open segments of writers that died; returns the ids of their logs."""
    sealed = []
    for directory in _log_directories(root, ""):
        if not any(directory.glob(f"*{OPEN}")):
            continue
        with _held(directory) as is_held:
            if is_held and _seal_open(directory, layer or RealLayer()):
                sealed.append(directory.name)
    return sealed


def list_segments(root: Path) -> list[SegmentRef]:
    """All sealed segments of all logs, in the order of each log's numbers."""
    return [
        SegmentRef(log_id=directory.name, sequence=int(path.stem), path=path)
        for directory in _log_directories(root, "")
        for path in sorted(directory.glob(f"*{SEALED}"))
    ]


def remove_segments(refs: list[SegmentRef], layer: FileLayer | None = None) -> None:
    """Remove loaded segments for good: the directories are synced before it returns."""
    layer = layer or RealLayer()
    for ref in refs:
        layer.unlink(ref.path)
    for directory in {ref.path.parent for ref in refs}:
        layer.sync_directory(directory)


def _log_directories(root: Path, prefix: str) -> list[Path]:
    if not root.is_dir():
        return []
    return sorted(p for p in root.iterdir() if p.name.startswith(prefix) and p.is_dir())


def _claim_existing(root: Path, prefix: str, layer: FileLayer) -> LogClaim | None:
    """The first directory that is free; waits a little for one that the loader is sealing."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while directories := _log_directories(root, f"{prefix}-"):
        for directory in directories:
            lock = _try_lock(directory)
            if lock is not None:
                return LogClaim(directory=directory, layer=layer, _lock=lock)
        if time.monotonic() > until:
            break
        time.sleep(0.05)
    return None


def _claim_new(root: Path, prefix: str, layer: FileLayer) -> LogClaim:
    while True:
        directory = root / f"{prefix}-{secrets.token_hex(4)}"
        layer.make_directory(directory)
        layer.sync_directory(root)
        lock = _try_lock(directory)
        if lock is not None:
            return LogClaim(directory=directory, layer=layer, _lock=lock)


def _try_lock(directory: Path) -> int | None:
    handle = os.open(directory / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


@contextmanager
def _held(directory: Path) -> Iterator[bool]:
    lock = _try_lock(directory)
    try:
        yield lock is not None
    finally:
        if lock is not None:
            os.close(lock)


def _seal_open(directory: Path, layer: FileLayer) -> int:
    """Seal what a dead writer left; a torn last frame was never acknowledged and is cut off."""
    left = sorted(directory.glob(f"*{OPEN}"))
    for path in left:
        seal_left_open(path, layer)
    if left:
        layer.sync_directory(directory)
    return len(left)


def _reserve_numbers(directory: Path, layer: FileLayer) -> tuple[int, int]:
    """Take the next block of numbers, durably, so that a restart cannot give one again."""
    path = directory / _FLOOR
    floor = int(path.read_text()) if path.exists() else 0
    ceiling = floor + _BLOCK
    draft = path.with_suffix(".draft")
    with suppress(FileNotFoundError):
        layer.unlink(draft)
    file = layer.create(draft)
    try:
        file.write(str(ceiling).encode())
        file.sync()
    finally:
        file.close()
    layer.rename(draft, path)
    layer.sync_directory(directory)
    return floor, ceiling
