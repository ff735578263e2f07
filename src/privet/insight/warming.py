"""A thread that works answers out before somebody waits for them, and is in nobody's way.

What a visitor got though it was due comes first; then what was asked lately, the last first: when
rows came or were changed, when it was lost, when the day changed, and after a start. It does one
question at a time, with one thread of low priority. The longer nobody asked a question, the rarer
it is worked out again, and after some days never. So it rests when nobody looks.
"""

import logging
import os
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from django.db import connections

from privet.events.query import end_unhurried
from privet.insight.answering import Answerer
from privet.insight.answers import begin_noting
from privet.insight.asking import ANSWERER, installed_noise
from privet.insight.lately import Remembered, today_of
from privet.insight.lately_file import as_written, read_lately, write_lately
from privet.insight.working_out import Asked
from privet.kernel.config import read_config
from privet.kernel.errors import place_of

LOOKS_EVERY_SECONDS = 20.0
EVERY = timedelta(minutes=5)
"""How old an answer is at least that is worked out anew before anybody asked. Files that were
merged still lie there for ten minutes, and until then one learner can be taken out of what was made
of them."""
IN_USE = timedelta(hours=1)
SOON = timedelta(minutes=1)
"""After so long who withdrew is taken out of what was asked within `IN_USE`; the fewer there are
to take out, the less whoever asks waits for it."""
BACKS_OFF = 4
"""It is also at least such a part of the time since the question was asked."""
LOWER = 5
"""Not the lowest priority: while the thread holds the interpreter, everybody waits for it."""
FILE = "lately.json"
"""Where in the installation's directory it stands what was asked."""

_log = logging.getLogger(__name__)


class WarmPoint(StrEnum):
    """The places at which tests hold the thread."""

    TAKEN = "taken"
    """It has a question, and has not begun with it."""
    DONE = "done"
    """It has no more to do for now."""


@dataclass
class _Tried:
    """When something was last done for a remembered question."""

    looked: datetime
    worked: datetime | None = None
    """Worked out, or failed to be."""


class Warmer:
    """The thread, from `start` to `stop`."""

    def __init__(
        self,
        answerer: Answerer,
        *,
        file: Path,
        looks_every_seconds: float = LOOKS_EVERY_SECONDS,
        reach: Callable[[WarmPoint], None] = lambda _: None,
    ) -> None:
        self.failures = 0
        """How many questions could not be worked out."""
        self._answerer = answerer
        self._file = file
        self._every_seconds = looks_every_seconds
        self._reach = reach
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._tried: dict[Remembered, _Tried] = {}
        self._thread = threading.Thread(target=self._run, name="privet-warming", daemon=True)

    def start(self) -> None:
        """Begin; from now on who asks for what is due gets what is kept."""
        self._thread.start()
        self._answerer.be_helped(is_helped=self._is_there, call=self._wake.set)

    def stop(self) -> None:
        """End, in the middle of a question if need be, and wait until it has ended."""
        self._stop.set()
        self._wake.set()
        while self._thread.is_alive():
            end_unhurried()
            self._thread.join(timeout=0.1)

    def _is_there(self) -> bool:
        # In a fork of this process there is no such thread.
        return self._thread.is_alive() and not self._stop.is_set()

    def _run(self) -> None:
        _lower_priority()
        while not self._stop.is_set():
            self._wake.clear()
            try:
                self._do_all()
            except Exception as error:  # noqa: BLE001 - a door: the thread has to live on
                self._tell(error)
            finally:
                begin_noting()  # Rows of learners that were read for it are let go of.
                connections.close_all()
            self._reach(WarmPoint.DONE)
            self._wake.wait(self._every_seconds)

    def _do_all(self) -> None:
        """What is due, and what is to be looked at of what was asked lately."""
        self._share_what_was_asked()
        begin_noting()
        while not self._stop.is_set() and self._do_one():
            pass

    def _do_one(self) -> bool:
        """Do what is most urgent; false if nothing is."""
        due = self._answerer.next_due()
        if due:
            self._bring_on(due)
            return True
        now = self._answerer.clock.now()
        for one, when in self._answerer.lately.listed().items():
            if self._is_to_be_looked_at(one, when, now):
                self._look_at(one, when, now)
                return True
        return False

    def _is_to_be_looked_at(self, one: Remembered, when: datetime, now: datetime) -> bool:
        tried = self._tried.get(one)
        every = SOON if now - when <= IN_USE else EVERY
        return tried is None or abs(now - tried.looked) >= every

    def _look_at(self, one: Remembered, when: datetime, now: datetime) -> None:
        tried = self._tried.setdefault(one, _Tried(now))
        tried.looked = now
        pace = max(EVERY, (now - when) / BACKS_OFF)
        asked = one.asked_on(today_of(now), installed_noise())
        # Also what cannot be kept, or fails, is not tried more often.
        may_work = tried.worked is None or abs(now - tried.worked) >= pace
        if asked and self._bring_on(asked, since=now - pace, may_work=may_work):
            tried.worked = now

    def _bring_on(
        self, asked: Asked, *, since: datetime | None = None, may_work: bool = True
    ) -> bool:
        """Returns whether it was worked out, or failed to be."""
        self._reach(WarmPoint.TAKEN)
        try:
            return self._answerer.bring_on(asked, since=since, may_work=may_work)
        except Exception as error:  # noqa: BLE001 - a door: the others are to be worked out
            self._answerer.give_up(asked)
            self._tell(error)
            return True

    def _share_what_was_asked(self) -> None:
        """With the processes beside this one, and those that start after it."""
        lately, now = self._answerer.lately, self._answerer.clock.now()
        theirs = read_lately(self._file)
        lately.take_over(theirs, now)
        listed = lately.listed()
        self._tried = {one: tried for one, tried in self._tried.items() if one in listed}
        if as_written(listed) != theirs:
            write_lately(self._file, listed)

    def _tell(self, error: Exception) -> None:
        """Count it, and log its kind and place, but not its text: that may quote what was asked."""
        if self._stop.is_set():
            return
        self.failures += 1
        _log.error(
            "An answer could not be worked out beforehand (%s): %s in %s; who asks for it next "
            "waits for it.", secrets.token_hex(4), type(error).__name__, place_of(error),
        )  # fmt: skip


def make_warmer() -> Warmer:
    """For this process's answers."""
    return Warmer(ANSWERER, file=read_config().home / FILE)


def _lower_priority() -> None:
    """Of this thread alone; where threads have none of their own (not Linux) nothing changes."""
    if os.uname().sysname == "Linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWER)
