"""The answers of the activity dashboard, as values that cannot change."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The figures of a period; what hangs on sessions is none where one event is asked for."""

    learners: int
    events: int
    sessions: int | None = None
    session_seconds: float | None = None
    """The median length of a session; none without enough learners."""
    enrolled: int | None = None
    completed: int | None = None


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """One point in time: a day, a week or a month by its first day."""

    point: date
    learners: int = 0
    events: int = 0
    sessions: int = 0


@dataclass(frozen=True, kw_only=True)
class LengthLine:
    """The sessions of one class of lengths, of `LENGTHS`."""

    length: int
    learners: int
    sessions: int


@dataclass(frozen=True, kw_only=True)
class HourLine:
    """One hour (UTC) of one day of the week; 0 is Monday."""

    weekday: int
    hour: int
    learners: int
    events: int


@dataclass(frozen=True, kw_only=True)
class CourseLine:
    """A course's part in what happened."""

    course: str
    institution: str
    learners: int
    events: int
    sessions: int | None = None


@dataclass(frozen=True, kw_only=True)
class EventLine:
    """How often something happened, and to how many."""

    name: str
    learners: int
    events: int


@dataclass(frozen=True, kw_only=True)
class EnrolmentLine:
    """Who came into a course in a mode, and who completed it."""

    course: str
    institution: str
    mode: str
    enrolled: int
    completed: int
    through: int
    """How many did both in these days."""

    @property
    def share(self) -> float | None:
        """The part of those who enrolled in these days that completed in them; none of none."""
        return min(1.0, self.through / self.enrolled) if self.enrolled else None


@dataclass(frozen=True, kw_only=True)
class CohortLine:
    """Of those who first enrolled in a week or month, how many were active a while later."""

    cohort: date
    later: int
    """How many weeks or months later; from 1."""
    enrolled: int
    learners: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; none of none."""
        return min(1.0, self.learners / self.enrolled) if self.enrolled else None


@dataclass(frozen=True, kw_only=True)
class Activity:
    """Who was active when, in which course, with what."""

    totals: Totals
    totals_before: Totals | None
    buckets: tuple[Bucket, ...]
    buckets_before: tuple[Bucket, ...]
    """As many as ``buckets``, or none."""
    courses: tuple[CourseLine, ...]
    events: tuple[EventLine, ...]
    lengths: tuple[LengthLine, ...] = ()
    lengths_before: tuple[LengthLine, ...] = ()
    hours: tuple[HourLine, ...] = ()
    enrolments: tuple[EnrolmentLine, ...] = ()
    cohorts: tuple[CohortLine, ...] = ()
