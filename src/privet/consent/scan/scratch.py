"""Directories for what a scan needs while it runs: they hold cookies, so none outlives its scan.

A directory is locked as long as its scan lives. One that nobody holds was left by a scan that was
killed, and the next scan removes it.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "privet-scan-"


@contextmanager
def scratch_directory() -> Iterator[Path]:
    """A directory of this scan's own, removed with all that it holds when the block ends."""
    directory, lock = _claim_new()
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)
        os.close(lock)


def remove_leftovers() -> None:
    """Remove what scans of this user left that were killed; those that run keep theirs."""
    for directory in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        lock = _try_lock(directory)
        if lock is not None:
            shutil.rmtree(directory, ignore_errors=True)
            os.close(lock)


def _claim_new() -> tuple[Path, int]:
    while True:
        directory = Path(tempfile.mkdtemp(prefix=_PREFIX))
        lock = _try_lock(directory)
        if lock is not None:
            # Another scan may have taken it for a leftover before it was locked.
            if directory.exists():
                return directory, lock
            os.close(lock)


def _try_lock(directory: Path) -> int | None:
    """The lock of a directory that is this user's and that nobody holds; no link is followed."""
    with suppress(OSError):
        handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            if os.fstat(handle).st_uid == os.geteuid():
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return handle
        except OSError:
            pass
        os.close(handle)
    return None
