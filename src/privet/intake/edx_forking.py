"""The server from which the readers of an import are forked; it imports while the command does.

It needs nothing of Django and Arrow, so a command can call it first of all.
"""

import os
from collections.abc import Iterable
from multiprocessing import forkserver, get_context
from multiprocessing.context import BaseContext
from pathlib import Path

ALONE_BYTES = 6 * 1024 * 1024
"""An import that is smaller is read in one process: starting others takes longer."""


def reader_context() -> BaseContext:
    """Makes processes by forking the server, which has imported what readers need."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["privet.intake.edx_preload"])
    return context


def start_early(paths: Iterable[str]) -> bool:
    """Start the server if the files are worth it, and do not wait for it; says whether it did.

    Both processes then let Arrow take memory as Python does. Measured, an import takes a tenth less
    processor time so: what one batch gives back stays with the process for the next. Who has chosen
    a pool for Arrow keeps it.
    """
    if not _is_large(paths):
        return False
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    reader_context()
    forkserver.ensure_running()
    return True


def _is_large(paths: Iterable[str]) -> bool:
    found = 0
    for path in map(Path, paths):
        for file in path.rglob("*") if path.is_dir() else (path,):
            found += _size_of(file)
            if found > ALONE_BYTES:
                return True
    return False


def _size_of(path: Path) -> int:
    """Nothing for what cannot be read: the import itself says what is wrong with it."""
    try:
        return os.stat(path).st_size  # noqa: PTH116 - one call, no object
    except OSError:
        return 0
