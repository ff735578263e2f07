"""One learner, for staff with the right to it: only after a look is on record.

Only what a server recorded for teaching is shown, under the instruction use. What a browser
observed is kept to see courses in groups, as the notice says, so it is never shown of one person.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from privet.accounts.finding import Found, find_person, person_behind
from privet.catalogue.uses import Use
from privet.events.query import query, register_queries
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
class LearnerPicture:
    """What a look shows."""

    person: Found
    courses: tuple[CourseOfLearner, ...]
    problems: tuple[ProblemOfLearner, ...]

    @property
    def last_time(self) -> datetime | None:
        """When they last did anything that may be shown."""
        return max((course.last_time for course in self.courses), default=None)


def look_for_learner(
    *, wanted: str, why: str, looker: Looker, keys: KeyRing, clock: Clock
) -> OpenLook:
    """Open a look at the learner of an e-mail address or a platform's id.

    Raises `NobodyFoundError` in the same words whether nobody has it or they are elsewhere;
    a search in vain is on record too.
    """
    reason = read_reason(why)
    person = find_person(wanted=wanted, keys=keys)
    if person is None or not _ask("learner_courses", person.subjects, looker):
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
            CourseOfLearner(**row) for row in _ask("learner_courses", person.subjects, looker)
        ),
        problems=tuple(
            ProblemOfLearner(**row) for row in _ask("learner_problems", person.subjects, looker)
        ),
    )


def _ask(name: str, subjects: Collection[int], looker: Looker) -> list[dict[str, Any]]:
    if not subjects:
        return []
    result = query(
        name,
        use=Use.INSTRUCTION,
        scope=looker.scope,
        by=looker.by,
        subjects=sorted(subjects),
        least=min(subjects),
        most=max(subjects),
    )
    return [dict(zip(result.columns, row, strict=True)) for row in result.rows]
