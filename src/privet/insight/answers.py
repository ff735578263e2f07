"""Answers that are kept for a while, so that the same question is not worked out twice.

Only protected values are kept, in this process's memory, each under everything it hangs on: the
query's text, its use, the scope, the parameters, the secret of the noise. It is given again as
long as nobody was hidden or shown since, and the lake's files of its days are the same. While a
day is still running new files arrive every few seconds; an answer about such days may be up to
`BEHIND` old, and whoever shows it learns from when it is.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from privet.events.standing import Standing
from privet.insight.protection import Row

BEHIND = timedelta(seconds=60)
"""How old an answer about today may be when events arrived meanwhile."""
MOST_VALUES = 1_000_000
"""So many values at most are kept: about a hundred megabytes."""
_ENTRY = 50
"""What an answer without rows counts, in values."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The rows that were found, and how things stood before they were asked for."""

    rows: tuple[Row, ...]
    standing: Standing
    at: datetime

    @property
    def size(self) -> int:
        """About how many values it keeps in memory."""
        return _ENTRY + sum(len(row) for row in self.rows)


@dataclass
class Noted:
    """Of what age the answers are that a page shows."""

    behind: datetime | None = None
    """The moment of the oldest that does not know of all files; none if all do."""

    def note(self, at: datetime) -> None:
        """One more answer does not know what came after this moment."""
        self.behind = min(at, self.behind or at)


_noted: ContextVar[Noted | None] = ContextVar("noted", default=None)


def begin_noting() -> Noted:
    """From now on, in this request, note the age of what is answered."""
    noted = Noted()
    _noted.set(noted)
    return noted


class Answers:
    """A bounded number of answers; those that were not asked for longest go first."""

    def __init__(self, *, most_values: int = MOST_VALUES) -> None:
        self._most = most_values
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()
        self._size = 0
        self._sequence = -1
        self._guard = threading.Lock()

    def find(
        self, key: Hashable, standing: Standing, *, now: datetime, is_running: bool
    ) -> list[Row] | None:
        """The rows of an answer that still holds; ``is_running``: its days reach today."""
        with self._guard:
            self._forget_others(standing.sequence)
            answer = self._kept.get(key)
            if answer is None:
                return None
            if answer.standing != standing:
                is_young = timedelta(0) <= now - answer.at <= BEHIND
                if not (is_running and is_young and standing.only_adds_to(answer.standing)):
                    self._drop(key)
                    return None
                _note(answer.at)
            self._kept.move_to_end(key)
        return [dict(row) for row in answer.rows]

    def keep(self, key: Hashable, answer: Answer) -> None:
        """Keep an answer, if nobody was hidden or shown since it was asked for."""
        with self._guard:
            if answer.standing.sequence != self._sequence or answer.size > self._most:
                return
            self._drop(key)
            self._kept[key] = answer
            self._size += answer.size
            while self._size > self._most:
                self._drop(next(iter(self._kept)))

    def forget(self) -> None:
        """Keep nothing any more."""
        with self._guard:
            self._forget_others(-1)

    def _forget_others(self, sequence: int) -> None:
        """What was answered before somebody was hidden is not even kept in memory."""
        if sequence != self._sequence:
            self._kept.clear()
            self._size, self._sequence = 0, sequence

    def _drop(self, key: Hashable) -> None:
        answer = self._kept.pop(key, None)
        self._size -= answer.size if answer else 0


def _note(at: datetime) -> None:
    noted = _noted.get()
    if noted is not None:
        noted.note(at)
