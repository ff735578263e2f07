"""What a case goes through, who may do what with it, and its dates: pure, one table for each.

No step here does anything to a learner but write to them. Two people must agree before a case is
upheld; if they do not, it is dismissed. The person who answers an appeal has had no part in it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from privet.kernel.config import Config
from privet.kernel.errors import PrivetError

LEAST_CONFIDENCE = 0.5
"""The nightly run opens no case below it; an officer may, having looked at the finding."""
SHORTEST_WHY, LONGEST_WHY = 20, 2000
"""Characters of a reason that an officer gives, and of what a learner writes at most."""
LONGEST_REPLY = 10_000
NAMES_MINUTES = 15
"""So long names stay open to who opened them; then the reason is asked for again."""


class State(StrEnum):
    """Where a case stands; all but the last are open."""

    OPENED = "opened"
    """Nobody has looked at it; its accounts are letters."""
    TOLD = "told"
    """The learner knows, and has time to reply."""
    DECIDING = "deciding"
    """Two people decide, each without seeing what the other says."""
    UPHELD = "upheld"
    """Both found that it holds; the learner may appeal."""
    APPEALED = "appealed"
    """Somebody who had no part in it answers the appeal."""
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a case ended. Only the first two go to the institution, as a text."""

    UPHELD = "upheld"
    UPHELD_ON_APPEAL = "upheld_on_appeal"
    OVERTURNED = "overturned"
    DISMISSED = "dismissed"
    """The two did not both find that it holds."""
    NOT_PURSUED = "not_pursued"
    """The first review found that it does not carry far enough."""
    LAPSED = "lapsed"
    """Nobody decided in time."""
    FELL = "fell"
    """Before anybody looked at it, new evidence took it back."""


HOLDS = frozenset({Outcome.UPHELD, Outcome.UPHELD_ON_APPEAL})


class Verdict(StrEnum):
    """What a person says of a case."""

    HOLDS = "holds"
    DISMISS = "dismiss"


class ActKind(StrEnum):
    """What is done with a case; each is a line of its history."""

    OPENED = "opened"
    JOINED = "joined"
    REVIEWED = "reviewed"
    TOLD = "told"
    REPLIED = "replied"
    REPLY_TIME_OVER = "reply_time_over"
    NAMES_OPENED = "names_opened"
    DECIDED = "decided"
    UPHELD = "upheld"
    APPEALED = "appealed"
    APPEAL_DECIDED = "appeal_decided"
    CLOSED = "closed"
    HANDED_OVER = "handed_over"
    MARKED = "marked"
    FORGOTTEN = "forgotten"


STATES_FOR: Mapping[ActKind, frozenset[State]] = {
    ActKind.JOINED: frozenset({State.OPENED}),
    ActKind.REVIEWED: frozenset({State.OPENED}),
    ActKind.REPLIED: frozenset({State.TOLD}),
    ActKind.NAMES_OPENED: frozenset({State.TOLD, State.DECIDING, State.APPEALED}),
    ActKind.DECIDED: frozenset({State.DECIDING}),
    ActKind.APPEALED: frozenset({State.UPHELD}),
    ActKind.APPEAL_DECIDED: frozenset({State.APPEALED}),
    ActKind.HANDED_OVER: frozenset({State.CLOSED}),
}
"""In which states people may do something; docs/explanation/integrity-cases.md draws it."""


class CaseError(PrivetError):
    """Something cannot be done with a case as it was asked."""


class WrongStateError(CaseError):
    """The case has moved on, or is not there yet."""


class SamePersonError(CaseError):
    """Somebody wants to judge what they have judged before."""


class WhyError(CaseError):
    """A text says too little or too much."""


class NoCaseError(CaseError):
    """There is no such case for this person."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How long everybody has, and where learners read."""

    reply: timedelta
    appeal: timedelta
    lapse: timedelta
    """So long staff have for each of their steps; then the case closes for the learner."""
    keep: timedelta
    """So long evidence stays once the case is closed."""
    public_url: str


def terms_of(config: Config) -> Terms:
    """The terms of an installation."""
    return Terms(
        reply=timedelta(weeks=config.case_reply_weeks),
        appeal=timedelta(weeks=config.case_appeal_weeks),
        lapse=timedelta(weeks=config.case_lapse_weeks),
        keep=timedelta(weeks=config.case_keep_weeks),
        public_url=config.public_url,
    )


@dataclass(frozen=True, kw_only=True)
class Dates:
    """The dates of a case that its state looks at."""

    reply_until: datetime | None
    appeal_until: datetime | None
    lapses: datetime


def check_state(act: ActKind, state: State) -> None:
    """Raise `WrongStateError` if the state does not allow what somebody wants to do."""
    if state not in STATES_FOR[act]:
        raise WrongStateError(
            "The case does not stand where this can be done; somebody may have been quicker.",
            remedy="Look at the case again.",
        )


def check_may_decide(person: int, *, deciders: Collection[int | None]) -> None:
    """Raise `SamePersonError` if the person is one of the two already."""
    if person in deciders:
        raise SamePersonError(
            "You have decided on this case already.",
            remedy="Let another integrity officer decide: it takes two different people.",
        )


def check_may_answer(person: int, *, involved: Collection[int | None]) -> None:
    """Raise `SamePersonError` if the person had a part in what is appealed against."""
    if person in involved:
        raise SamePersonError(
            "You had a part in this case.",
            remedy="Let an integrity officer answer the appeal who had none.",
        )


def joint_verdict(verdicts: Collection[Verdict]) -> Verdict | None:
    """What two people decided together: it holds only if both say so; none if one is missing."""
    if len(verdicts) < 2:
        return None
    return Verdict.HOLDS if set(verdicts) == {Verdict.HOLDS} else Verdict.DISMISS


def next_by_time(state: State, dates: Dates, now: datetime) -> tuple[State, Outcome | None] | None:
    """Where time alone takes a case, with the outcome if it ends there; none if it stays."""
    if state is State.TOLD and dates.reply_until is not None and now >= dates.reply_until:
        return State.DECIDING, None
    if state is State.UPHELD and dates.appeal_until is not None and now >= dates.appeal_until:
        return State.CLOSED, Outcome.UPHELD
    waits_for_staff = state in (State.OPENED, State.DECIDING, State.APPEALED)
    if waits_for_staff and now >= dates.lapses:
        return State.CLOSED, Outcome.LAPSED
    return None


def stand_by(state: State, dates: Dates, now: datetime) -> list[tuple[State, Outcome | None]]:
    """All steps that time alone has taken a case by now, the last one last; none if it stays."""
    steps: list[tuple[State, Outcome | None]] = []
    while (step := next_by_time(state, dates, now)) is not None:
        steps.append(step)
        state = step[0]
    return steps


def held_until(state: State, dates: Dates) -> datetime | None:
    """Until when at the latest a case holds its data against erasure; none if it is closed."""
    if state is State.CLOSED:
        return None
    if state is State.UPHELD and dates.appeal_until is not None:
        return dates.appeal_until
    return dates.lapses


def read_why(text: str, *, longest: int = LONGEST_WHY, shortest: int = SHORTEST_WHY) -> str:
    """A text without blank ends; raises `WhyError` if it says too little or too much.

    Zero bytes are left out: no text has them, and PostgreSQL refuses them.
    """
    lines = text.replace("\x00", "").replace("\r\n", "\n").split("\n")
    why = "\n".join(line.rstrip() for line in lines).strip()
    if not shortest <= len(why) <= longest:
        raise WhyError(
            f"A text here has from {shortest} to {longest} characters.",
            remedy="Say it in some sentences; the others will read it.",
        )
    return why
