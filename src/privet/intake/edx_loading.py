"""Drives the loader while an import runs, so that reading and loading share the cores."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from django.db import connection

from privet.events.log import list_segments
from privet.intake.loader import LoadReport

_PAUSE_SECONDS = 0.05
_LOOK_SECONDS = 0.005

LoadOnce = Callable[[], LoadReport]
"""Loads what waits in the log, as much as one commit takes."""


class Loading:
    """A thread that loads the log until it is told that all is written, and then until all is in.

    A worker may load the same segments; whoever is first does, and the other goes on.
    """

    def __init__(self, *, log: Path, load_once: LoadOnce) -> None:
        self._log = log
        self._load_once = load_once
        self._is_ending = False
        self._has_news = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="privet-loading", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Say that a segment is there, so that nobody has to look for it."""
        self._has_news.set()

    def check(self) -> None:
        """Raise what the loader failed with, if it did."""
        if self._failure is not None:
            raise self._failure

    def finish(self, log_id: str, *, patience_seconds: float = 600.0) -> None:
        """Return when no segment of the log ``log_id`` is left; raises what the loader raised."""
        until = time.monotonic() + patience_seconds
        while self._waits(log_id) and self._failure is None and time.monotonic() < until:
            time.sleep(_LOOK_SECONDS)
        self.stop()
        self.check()

    def stop(self) -> None:
        """End the thread after the load that it is at."""
        self._is_ending = True
        self.wake()
        self._thread.join()

    def _waits(self, log_id: str) -> bool:
        return any(ref.log_id == log_id for ref in list_segments(self._log))

    def _run(self) -> None:
        try:
            while not self._is_ending:
                self._has_news.clear()
                if list_segments(self._log):
                    self._load_once()
                else:
                    self._has_news.wait(_PAUSE_SECONDS)
        except BaseException as error:  # noqa: BLE001 - it is raised again in the main thread
            self._failure = error
        finally:
            connection.close()
