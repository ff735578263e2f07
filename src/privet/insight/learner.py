"""One learner, for staff with the right to it: only after a look is on record.

What a server recorded is shown under the instruction use, what a browser observed under analytics;
what the learner does not allow does not exist here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from privet.accounts.finding import Found, find_person, person_behind
from privet.catalogue.uses import Use
from privet.events.query import query, register_queries
from privet.insight.content_rules import is_full, seen_share
from privet.insight.looking import (
    Looker,
    LookKind,
    NobodyFoundError,
    OpenLook,
    find_look,
    note_vain_search,
    open_look,
    read_reason,
)
from privet.kernel.clock import Clock
from privet.kernel.crypto import KeyRing

register_queries("privet.insight.people")


@dataclass(frozen=True, kw_only=True)
class CourseOfLearner:
    """A learner in a course, from what the server recorded."""

    institution: str
    course: str
    first_time: datetime
    last_time: datetime
    enrolled: datetime | None
    gone: datetime | None
    mode: str
    certified: datetime | None
    tries: int
    posts: int

    @property
    def is_enrolled(self) -> bool:
        """Whether they are in it now."""
        return self.enrolled is not None and (self.gone is None or self.gone < self.enrolled)


@dataclass(frozen=True, kw_only=True)
class ProblemOfLearner:
    """A learner's results at a problem; grades are points."""

    course: str
    problem: str
    tries: int
    first_grade: float | None
    last_grade: float | None
    max_grade: float | None
    last_time: datetime | None
    shown: int


@dataclass(frozen=True, kw_only=True)
class VideoOfLearner:
    """How much of a video a learner saw."""

    course: str
    video: str
    plays: int
    duration: float | None
    mask: int
    """A bit for each of the 50 segments they saw."""
    last_day: date

    @property
    def share(self) -> float | None:
        """From 0 to 1; none if the player did not say how long the video is."""
        return seen_share(self.mask) if self.duration else None

    @property
    def is_full(self) -> bool:
        """Whether they saw at least 90 % of it."""
        return is_full(self.mask)


@dataclass(frozen=True, kw_only=True)
class ObservedOfLearner:
    """What a learner's browser observed in a course; an empty one is outside of any."""

    course: str
    pages: int
    days: int
    last_time: datetime


@dataclass(frozen=True, kw_only=True)
class LearnerPicture:
    """What a look shows."""

    person: Found
    courses: tuple[CourseOfLearner, ...]
    problems: tuple[ProblemOfLearner, ...]
    videos: tuple[VideoOfLearner, ...]
    observed: tuple[ObservedOfLearner, ...]

    @property
    def last_time(self) -> datetime | None:
        """When they last did anything that may be shown."""
        times = [course.last_time for course in self.courses]
        return max(times + [line.last_time for line in self.observed], default=None)


def look_for_learner(
    *, wanted: str, why: str, looker: Looker, keys: KeyRing, clock: Clock
) -> OpenLook:
    """Open a look at the learner of an e-mail address or a platform's id.

    Raises `NobodyFoundError` in the same words whether nobody has it or they are elsewhere;
    a search in vain is on record too.
    """
    reason = read_reason(why)
    person = find_person(wanted=wanted, keys=keys)
    if person is None or not _ask("learner_courses", person.subjects, Use.INSTRUCTION, looker):
        note_vain_search(looker=looker, clock=clock)
        raise NobodyFoundError(
            "Nobody at your institutions has exactly this address or id.",
            remedy="Check it: it must be whole, and the learner must be in a course of yours.",
        )
    return open_look(person=person, why=reason, looker=looker, clock=clock)


def look_from_list(*, look_id: int, looker: Looker, clock: Clock) -> OpenLook:
    """Open a look at somebody whom an open list showed, for the reason that was given for it."""
    listed = find_look(look_id=look_id, kind=LookKind.LIST, looker=looker, clock=clock)
    person = person_behind(listed.subject)
    return open_look(person=person, why=listed.why, looker=looker, clock=clock)


def show_learner(*, look: OpenLook, looker: Looker) -> LearnerPicture:
    """What may be shown of the learner of an open look."""
    person = person_behind(look.subject)
    return LearnerPicture(
        person=person,
        courses=tuple(
            CourseOfLearner(**row)
            for row in _ask("learner_courses", person.subjects, Use.INSTRUCTION, looker)
        ),
        problems=tuple(
            ProblemOfLearner(**row)
            for row in _ask("learner_problems", person.subjects, Use.INSTRUCTION, looker)
        ),
        videos=tuple(
            VideoOfLearner(**row)
            for row in _ask("learner_videos", person.subjects, Use.ANALYTICS, looker)
        ),
        observed=tuple(
            ObservedOfLearner(**row)
            for row in _ask("learner_observed", person.subjects, Use.ANALYTICS, looker)
        ),
    )


def _ask(name: str, subjects: Collection[int], use: Use, looker: Looker) -> list[dict[str, Any]]:
    if not subjects:
        return []
    result = query(
        name,
        use=use,
        scope=looker.scope,
        by=looker.by,
        subjects=sorted(subjects),
        least=min(subjects),
        most=max(subjects),
    )
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]
