"""DuckDB inside this process, locked down to the files of one table and of its rollups.

Nothing but their directories can be reached: no other file, no network, no extension, no
variable of the Python program, and no setting can be changed. What does not fit into memory goes
to a directory that only the service's user can read. It is removed with the engine; what a killed
process left, with the next engine that is made.
"""

import fcntl
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from weakref import finalize

import duckdb

from privet.events.errors import EngineFullError

THREADS = 2
MEMORY_LIMIT = "2GB"
"""With less, the slowest page of 100 million events spills more than `SPILL_LIMIT` and fails."""
SPILL_LIMIT = "8GB"
AT_ONCE = 2
UNHURRIED_MEMORY = "1GB"
"""What one thread may have that works beside those who wait: enough for each page at that size."""
_PREFIX = "spill-"
_LOCK = "lock"


class Engine:
    """One DuckDB instance over few directories; connections to it share nothing but memory."""

    def __init__(
        self,
        *directories: Path | None,
        spill: Path,
        memory: str = MEMORY_LIMIT,
        threads: int = THREADS,
    ) -> None:
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._working: set[duckdb.DuckDBPyConnection] = set()
        self._instance = duckdb.connect(":memory:", config={"threads": threads})
        allowed = [d for d in directories if d is not None]
        mine, lock = _make_spill(spill)
        finalize(self, _remove_spill, mine, lock, os.getpid())
        self._lock_down(allowed, mine, memory)

    @contextmanager
    def connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection of its own; at most two work at once, so that memory stays bounded.

        Raises `EngineFullError` if what is asked of it does not fit.
        """
        with self._slots, self._instance.cursor() as connection:
            self._working.add(connection)
            try:
                yield connection
            except duckdb.OutOfMemoryException as error:
                raise EngineFullError(
                    "What was asked of the lake does not fit into the engine's memory.",
                    remedy="Ask for fewer days or one course, or see that the disk has room.",
                ) from error
            finally:
                self._working.discard(connection)

    def interrupt(self) -> None:
        """End what it works on at this moment; whoever asked for it gets the engine's error."""
        for connection in list(self._working):
            # It may have come to its end by itself a moment ago.
            with suppress(duckdb.ConnectionException):
                connection.interrupt()

    def _lock_down(self, directories: list[Path], spill: Path, memory: str) -> None:
        allowed = [f"{directory.resolve()}/" for directory in directories]
        for name, value in {
            "TimeZone": "UTC",
            "memory_limit": memory,
            "temp_directory": str(spill),
            "max_temp_directory_size": SPILL_LIMIT,
            "python_enable_replacements": False,
            "python_scan_all_frames": False,
            # What was erased from the files must not live on in a cache of their bytes.
            "enable_external_file_cache": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
            "allow_unsigned_extensions": False,
            "allow_persistent_secrets": False,
            "allowed_directories": allowed,
            "enable_external_access": False,
            "lock_configuration": True,
        }.items():
            self._instance.execute(f"SET {name} = {_literal(value)}")


def literal_list(paths: list[str]) -> str:
    """A list of texts as SQL."""
    return _literal(paths)


def _literal(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"


def _make_spill(parent: Path) -> tuple[Path, int]:
    """A directory of one's own, and the lock that says so; those that nobody holds are removed.

    Numbers of processes say nothing: in a container the next one has the number of the last.
    """
    for left in parent.glob(f"{_PREFIX}*"):
        lock = _try_lock(left)
        if lock is not None:
            shutil.rmtree(left, ignore_errors=True)
            os.close(lock)
    name = f"{_PREFIX}{os.getpid()}-{os.urandom(4).hex()}"
    # It gets the name by which others look for it when it is held already.
    draft = parent / f".{name}"
    draft.mkdir(mode=0o700, parents=True)
    lock = _try_lock(draft)
    if lock is None:
        raise FileNotFoundError(draft)
    return draft.rename(parent / name), lock


def _remove_spill(mine: Path, lock: int, maker: int) -> None:
    # A fork has the engine too, and ends before it.
    if os.getpid() == maker:
        shutil.rmtree(mine, ignore_errors=True)
    os.close(lock)


def _try_lock(directory: Path) -> int | None:
    """Hold a directory; none if another does, or it is gone."""
    try:
        handle = os.open(directory / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle
