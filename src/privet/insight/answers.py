"""Answers that are kept for a while, so that the same question is not worked out twice.

They are kept in this process's memory, each under everything it hangs on: the query's text, its
use, the scope, the parameters, the secret of the noise. One is given again as long as nobody was
hidden or shown since, and the lake's files of its days are the same, or hold the same rows. While a
day is still running new files arrive every few seconds; an answer about such days may lag behind
them, the longer the more it cost and at most `BEHIND`, and whoever shows it learns from when it is.
Where answers are worked out beforehand (`privet.insight.warming`), one that cost more than `QUICK`
may lag until that is done, as long as no row that it was made of was changed. After somebody was
hidden or shown an answer is never given as it is: what they have in it is changed first, from the
sums that stand beside it, or it is forgotten.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from privet.events.shares import Shares
from privet.events.standing import Standing
from privet.events.withheld import NOBODY_HIDDEN, HiddenFrom
from privet.insight.protection import Row
from privet.insight.sums import Sums

BEHIND = timedelta(minutes=15)
"""How old an answer about today may be at most when events arrived meanwhile."""
WORTH = 30
"""How many times as old as it took to work out; so a small installation sees its clicks at once."""
QUICK = timedelta(milliseconds=100)
"""What is worked out in less is not worth a lag: whoever asks for it gets it worked out."""
LAG = timedelta(days=1)
"""How old an answer may be at most that lags until it is worked out anew."""
OUTDATED = timedelta(minutes=10)
"""After so long, what was not asked for since somebody was hidden or shown is forgotten."""
MOST_VALUES = 3_000_000
"""So many values at most are kept, of about a hundred bytes each."""
_ENTRY = 50
"""What an answer without rows counts, in values."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The rows that were found, and how things stood before they were asked for."""

    rows: tuple[Row, ...]
    standing: Standing
    at: datetime
    took: timedelta
    """How long it took to work out."""
    sums: Sums | None = None
    """What the rows were made of; none if one learner's share cannot be taken out of them."""
    hidden: HiddenFrom = NOBODY_HIDDEN
    """Who is not in the sums."""
    is_sound: bool = True
    """Whether no row that it was made of was changed since, as far as was looked."""

    @property
    def size(self) -> int:
        """About how many values it keeps in memory."""
        return _ENTRY + sum(len(row) for row in self.rows) + (self.sums.size if self.sums else 0)

    def holds(
        self, standing: Standing, *, now: datetime, is_running: bool, may_lag: bool = False
    ) -> bool:
        """Whether the lake's files are the same, or at least its rows were not changed since.

        In that case it has to be young, and about days that change all the time; or with
        ``may_lag`` not too old.
        """
        if standing.files == self.standing.files:
            return True
        is_of_late = may_lag and timedelta(0) <= now - self.at <= LAG
        return self.is_sound and (is_of_late or (is_running and self.is_young(now)))

    def is_young(self, now: datetime) -> bool:
        """Whether it is not much older than it took to work out."""
        return timedelta(0) <= now - self.at <= min(BEHIND, WORTH * self.took)

    def told(self) -> list[Row]:
        """The rows, for somebody who may change them."""
        return [dict(row) for row in self.rows]


@dataclass
class Noted:
    """Of what age the answers are that a page shows."""

    behind: datetime | None = None
    """The moment of the oldest that does not know of all files; none if all do."""
    shares: Shares | None = None
    """Of the learners who were hidden or shown since answers were worked out, for this page."""
    moves_on: bool = False
    """Whether the page is about the days up to today, so that tomorrow it will be about others."""

    @property
    def form(self) -> str:
        """How a page writes the moment: with the day if that is not today."""
        is_today = self.behind and self.behind.date() == datetime.now(UTC).date()
        return "H:i:s" if is_today else "j M Y, H:i:s"

    def note(self, at: datetime) -> None:
        """One more answer does not know what came after this moment."""
        self.behind = min(at, self.behind or at)


_noted: ContextVar[Noted | None] = ContextVar("noted", default=None)


def shares_of(subjects: frozenset[int]) -> Shares:
    """Some learners' shares in answers, read once for all questions of a page."""
    noted = noted_here()
    if noted.shares is None or noted.shares.subjects != subjects:
        noted.shares = Shares(subjects)
    return noted.shares


def noted_here() -> Noted:
    """What is noted in this request; something new where nobody notes."""
    return _noted.get() or Noted()


def begin_noting() -> Noted:
    """From now on, in this request, note the age of what is answered."""
    noted = Noted()
    _noted.set(noted)
    return noted


Follow = Callable[[frozenset[str]], frozenset[str] | None]
"""From some files to those that hold the same rows now; none if rows were changed."""


class Answers:
    """A bounded number of answers; those that were not asked for longest go first."""

    def __init__(self, *, most_values: int = MOST_VALUES, quick: timedelta = QUICK) -> None:
        self._most = most_values
        self._quick = quick
        self._kept: OrderedDict[Hashable, Answer] = OrderedDict()
        self._size = 0
        self._sequence = -1
        self._ended: dict[int, datetime] = {}
        """By number: since when answers that go with it are outdated."""
        self._guard = threading.Lock()

    def find(
        self, key: Hashable, standing: Standing, *, now: datetime, is_running: bool,
        may_lag: bool = False, is_asked: bool = True,
    ) -> Answer | None:  # fmt: skip
        """An answer that still holds; ``is_running``: its days reach today.

        With ``is_asked`` it counts as asked for, and so as one that is kept longest.
        """
        with self._guard:
            self._move_on(standing.sequence, now)
            answer = self._kept.get(key)
            if answer is None or answer.standing.sequence != standing.sequence:
                return None
            if not self._holds(answer, standing, now, is_running=is_running, may_lag=may_lag):
                self._drop(key)
                return None
            if is_asked:
                self._kept.move_to_end(key)
        note_age(answer, standing)
        return answer

    def find_outdated(
        self, key: Hashable, standing: Standing, *, now: datetime, is_running: bool,
        may_lag: bool = False,
    ) -> Answer | None:  # fmt: skip
        """An answer that would hold if nobody had been hidden or shown since."""
        with self._guard:
            answer = self._kept.get(key)
            if answer is None or answer.standing.sequence == standing.sequence:
                return None
            if not self._holds(answer, standing, now, is_running=is_running, may_lag=may_lag):
                self._drop(key)
                return None
            return answer

    def _holds(
        self, answer: Answer, standing: Standing, now: datetime, *, is_running: bool, may_lag: bool
    ) -> bool:
        """Whether it holds; what was quickly worked out never lags."""
        may_lag = may_lag and answer.took > self._quick
        return answer.holds(standing, now=now, is_running=is_running, may_lag=may_lag)

    def follow(self, key: Hashable, standing: Standing, lead: Follow) -> None:
        """Let an answer tell of the files that hold its rows now; ``lead`` finds them."""
        with self._guard:
            answer = self._kept.get(key)
        if answer is None or not answer.is_sound or answer.standing.files == standing.files:
            return
        files = lead(answer.standing.files)
        stands = replace(answer.standing, files=answer.standing.files if files is None else files)
        followed = replace(answer, standing=stands, is_sound=files is not None)
        with self._guard:
            if self._kept.get(key) is answer:
                self._kept[key] = followed

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

    def move_on(self, sequence: int, now: datetime) -> None:
        """Learn that somebody was hidden or shown, if so."""
        with self._guard:
            self._move_on(sequence, now)

    def forget(self) -> None:
        """Keep nothing any more."""
        with self._guard:
            self._kept.clear()
            self._size, self._sequence, self._ended = 0, -1, {}

    def _move_on(self, sequence: int, now: datetime) -> None:
        """Forget answers from before somebody was hidden: at once if they can only be forgotten."""
        if sequence != self._sequence:
            self._ended[self._sequence], self._sequence = now, sequence
            self._ended.pop(sequence, None)
            self._forget(lambda answer: answer.sums is None)
        over = {one for one, since in self._ended.items() if now - since > OUTDATED}
        if over:
            self._ended = {one: at for one, at in self._ended.items() if one not in over}
            self._forget(lambda answer: answer.standing.sequence in over)

    def _forget(self, is_wanted: Callable[[Answer], bool]) -> None:
        for key in [key for key, answer in self._kept.items() if is_wanted(answer)]:
            self._drop(key)

    def _drop(self, key: Hashable) -> None:
        answer = self._kept.pop(key, None)
        self._size -= answer.size if answer else 0


def note_age(answer: Answer, standing: Standing) -> None:
    """Note of what age an answer is, if it does not know of all files."""
    noted = _noted.get()
    if noted is not None and answer.standing.files != standing.files:
        noted.note(answer.at)
