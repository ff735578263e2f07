"""Who may write to the lake now: one at a time, in turn, by locks that end with their process.

Two locks exist. The *turn* is held for one commit; the loader takes it once a second. The *rewrite*
is held by whoever replaces files (compaction, the daily pass, an erasure), for as long as that
takes, and such a one takes the turn only to commit. A third, *rolling up*, is for the files of
rollups, which are no part of the table; who needs several takes rewrite, rolling up, turn in this
order. A busy loader cannot keep others out: who wants a turn queues for it, and the queue has a
lock of its own, so turns alternate.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from privet.events.errors import LakeBusyError

BetweenMachines = Callable[[str], AbstractContextManager[None]]
"""Holds a lock of that name against other machines too."""

_PAUSE_SECONDS = 0.005


class Turns:
    """The locks of one lake, as files in ``directory``."""

    def __init__(
        self,
        directory: Path,
        *,
        patience_seconds: float = 600.0,
        between_machines: BetweenMachines = lambda _: nullcontext(),
    ) -> None:
        self.directory = directory
        """Where the locks lie; also the place for what must not outlive a process."""
        self._patience_seconds = patience_seconds
        self._between_machines = between_machines

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the right to commit; raises `LakeBusyError` if nobody lets go of it in time."""
        queue = self._take("queue")
        try:
            turn = self._take("turn")
        finally:
            os.close(queue)
        try:
            with self._between_machines("turn"):
                yield
        finally:
            os.close(turn)

    @contextmanager
    def rewriting(self) -> Iterator[None]:
        """Hold the right to replace files; raises `LakeBusyError` like `turn`."""
        lock = self._take("rewrite")
        try:
            with self._between_machines("rewrite"):
                yield
        finally:
            os.close(lock)

    @contextmanager
    def rolling_up(self) -> Iterator[None]:
        """Hold the right to write or remove this machine's rollups.

        It is held for one file at a time; an erasure holds it through its proof.
        """
        lock = self._take("rollups")
        try:
            yield
        finally:
            os.close(lock)

    def _take(self, name: str) -> int:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.directory / f"lake-{name}.lock"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        until = time.monotonic() + self._patience_seconds
        while not _try(handle):
            if time.monotonic() > until:
                os.close(handle)
                raise LakeBusyError(
                    f"The lake's {name} was taken for more than {self._patience_seconds:g} s.",
                    remedy="See which Privet process hangs, end it, and try again.",
                )
            time.sleep(_PAUSE_SECONDS)
        return handle


def _try(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
