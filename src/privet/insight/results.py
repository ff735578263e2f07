"""The answers of dashboards, as values that cannot change."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The figures of a period."""

    learners: int
    sessions: int
    events: int
    enrolments: int
    session_seconds: float | None
    """The median length of a session; none without sessions."""


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """One point in time: a day, a week or a month by its first day."""

    point: date
    learners: int
    sessions: int
    events: int


@dataclass(frozen=True, kw_only=True)
class CourseLine:
    """A course's part in what happened."""

    course: str
    institution: str
    learners: int
    sessions: int
    events: int


@dataclass(frozen=True, kw_only=True)
class EventLine:
    """How often something happened, and to how many."""

    name: str
    learners: int
    events: int


@dataclass(frozen=True, kw_only=True)
class NameLine:
    """Learners and events under a name: a browser, a system, a type of device."""

    name: str
    learners: int
    events: int


@dataclass(frozen=True, kw_only=True)
class PlaceLine:
    """A country (ISO 3166-1 alpha-2), or a region (ISO 3166-2) of one; empty if unknown."""

    country: str
    region: str
    learners: int
    events: int


@dataclass(frozen=True, kw_only=True)
class OperatorLine:
    """The operator of a network (ISP)."""

    asn: int | None
    organisation: str
    learners: int
    events: int


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


@dataclass(frozen=True, kw_only=True)
class Places:
    """From where learners came, as far as their addresses tell."""

    countries: tuple[PlaceLine, ...]
    regions: tuple[PlaceLine, ...]
    kinds: tuple[NameLine, ...]
    operators: tuple[OperatorLine, ...]


@dataclass(frozen=True, kw_only=True)
class Technique:
    """With what learners came."""

    browsers: tuple[NameLine, ...]
    systems: tuple[NameLine, ...]
    devices: tuple[NameLine, ...]
