"""Answers questions: from what is kept if it holds, and else from the lake.

If a helper (`privet.insight.warming`) works out in the background what is due, who asks gets what
is kept meanwhile. It obeys every withdrawal of the moment before all the same.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from enum import StrEnum

from privet.events.standing import Standing, carried_over, standing_of
from privet.insight.answers import QUICK, Answer, Answers, note_age, noted_here
from privet.insight.lately import MOST, Lately, remember, today_of
from privet.insight.protection import Row
from privet.insight.working_out import Asked
from privet.kernel.clock import Clock, SystemClock

_YESTERDAY = timedelta(days=1)
_TRIES = 5
"""So often what was worked out is brought up to date with those who withdrew meanwhile."""


class AnswerPoint(StrEnum):
    """Where tests hold whoever works an answer out."""

    WORKED_OUT = "worked_out"
    """It is there, and nobody has it yet."""


class Answerer:
    """Keeps answers, knows what is due and what was asked lately; shared between threads."""

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        quick: timedelta = QUICK,
        reach: Callable[[AnswerPoint], None] = lambda _: None,
    ) -> None:
        self.clock = clock or SystemClock()
        self.lately = Lately()
        self._quick = quick
        self._reach = reach
        self._answers = Answers(quick=quick)
        self._due: OrderedDict[Hashable, Asked] = OrderedDict()
        self._failed: set[Hashable] = set()
        self._guard = threading.Lock()
        self._is_helped: Callable[[], bool] = lambda: False
        self._call: Callable[[], None] = lambda: None

    def be_helped(self, *, is_helped: Callable[[], bool], call: Callable[[], None]) -> None:
        """From now on somebody works out what is due while they say so; ``call`` wakes them."""
        self._is_helped, self._call = is_helped, call

    def answer(self, asked: Asked) -> list[Row]:
        """The protected rows; what is noted of the page says if they are of a while ago."""
        now, standing = self.clock.now(), standing_of(asked.params)
        may_lag = asked.key not in self._failed and self._is_helped()
        answer = self._find(asked, standing, now, may_lag=may_lag)
        answer = answer or self._work_out(asked, standing, now)
        self._remember(asked, answer, now)
        if may_lag and answer.standing.files != standing.files and not answer.is_young(now):
            self._want(asked)
        return answer.told()

    def next_due(self) -> Asked | None:
        """What somebody asked for that is due, the first first; it counts as done then."""
        with self._guard:
            return self._due.popitem(last=False)[1] if self._due else None

    def bring_on(
        self, asked: Asked, *, since: datetime | None = None, may_work: bool = True
    ) -> bool:
        """Have an answer to it that knows all that is known, in no hurry.

        With ``since`` it is only worked out anew if what is kept is from before that, and without
        ``may_work`` never. Returns whether it was.
        """
        now, standing = self.clock.now(), standing_of(asked.params)
        kept = self._find(asked, standing, now, may_lag=True, is_asked=False)
        is_of_all = kept and kept.standing.files == standing.files
        is_young = kept and since is not None and kept.at > since
        if is_of_all or is_young or not may_work:
            return False
        self._work_out(asked, standing, now, is_unhurried=True)
        return True

    def give_up(self, asked: Asked) -> None:
        """It could not be worked out in the background: who asks next gets it worked out."""
        with self._guard:
            if len(self._failed) >= MOST:
                # Nobody asked for these again; any that is asked for now may lag once more.
                self._failed.clear()
            self._failed.add(asked.key)

    def forget(self) -> None:
        """Keep and remember nothing any more."""
        self._answers.forget()
        self.lately.forget()
        with self._guard:
            self._due.clear()
            self._failed.clear()

    def _find(
        self, asked: Asked, standing: Standing, now: datetime, *, may_lag: bool,
        is_asked: bool = True,
    ) -> Answer | None:  # fmt: skip
        """A kept answer that holds, without those who withdrew since."""
        key, is_running = asked.key, asked.is_running(today_of(now))
        self._answers.follow(key, standing, carried_over)
        kept = self._answers.find(
            key, standing, now=now, is_running=is_running, may_lag=may_lag, is_asked=is_asked
        )
        if kept:
            return kept
        outdated = self._answers.find_outdated(
            key, standing, now=now, is_running=is_running, may_lag=may_lag
        )
        answer = asked.bring_up_to_date(outdated, standing) if outdated else None
        if answer:
            note_age(answer, standing)
            self._answers.keep(key, answer)
        return answer

    def _work_out(
        self, asked: Asked, standing: Standing, now: datetime, *, is_unhurried: bool = False
    ) -> Answer:
        answer = asked.work_out(standing, now, is_unhurried=is_unhurried)
        self._reach(AnswerPoint.WORKED_OUT)
        if is_unhurried:
            answer = self._without_who_left(asked, answer)
        note_age(answer, standing)
        self._answers.keep(asked.key, answer)
        with self._guard:
            self._failed.discard(asked.key)
        return answer

    def _without_who_left(self, asked: Asked, answer: Answer) -> Answer:
        """As it is now: what takes long would else be outdated as soon as it is there."""
        for _ in range(_TRIES):
            standing = standing_of(asked.params)
            self._answers.move_on(standing.sequence, self.clock.now())
            if answer.standing.sequence == standing.sequence:
                break
            later = asked.bring_up_to_date(answer, standing)
            if later is None:
                break
            answer = later
        return answer

    def _want(self, asked: Asked) -> None:
        with self._guard:
            self._due.setdefault(asked.key, asked)
        self._call()

    def _remember(self, asked: Asked, answer: Answer, now: datetime) -> None:
        noted, today = noted_here(), today_of(now)
        if "end" in asked.params and asked.is_running(today - _YESTERDAY):
            noted.moves_on = True
        if answer.took > self._quick:
            one = remember(asked, today=today, moves_on=noted.moves_on)
            if one:
                self.lately.note(one, now)
