"""What dashboards ask: each verb puts its questions to the lake and returns plain values.

All of it is read through `privet.events.query`, within the asker's scope and under the analytics
use. Only the coverage also looks at coursework under the instruction use: a single number, to say
how many learners the dashboards cannot show.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from privet.catalogue.uses import Use
from privet.events.query import Scope, query, register_queries
from privet.insight.results import (
    Activity,
    Bucket,
    CourseLine,
    Coverage,
    EventLine,
    NameLine,
    OperatorLine,
    Options,
    PlaceLine,
    Places,
    Technique,
    Totals,
)
from privet.insight.rules import Period

register_queries("privet.insight.sql")


@dataclass(frozen=True, kw_only=True)
class Question:
    """Which events a dashboard is about, who asks, and how far they may see."""

    period: Period
    scope: Scope
    by: str
    institution: str = ""
    course: str = ""
    event: str = ""
    """Empty for all, as are the institution and the course."""


def find_span(*, scope: Scope, by: str) -> Period | None:
    """The days from the first event to the last; none if the asker can see none."""
    result = query("span", use=Use.ANALYTICS, scope=scope, by=by)
    first, last = result.rows[0]
    return Period(first=first, last=last) if first else None


def find_options(question: Question) -> Options:
    """The institutions of the period, and the courses of the chosen one (or of all)."""
    rows = list(_ask("options", replace(question, institution="", course="", event="")))
    chosen = question.institution
    return Options(
        institutions=tuple(sorted({row["institution"] for row in rows} - {""})),
        courses=tuple(
            sorted(
                {row["course"] for row in rows if not chosen or row["institution"] == chosen} - {""}
            )
        ),
    )


def measure_coverage(question: Question) -> Coverage:
    """How many of those who did coursework in the period the dashboards may show."""
    plain = replace(question, event="")
    seen, everybody = (
        next(_ask("coursework_learners", plain, use=use))["learners"]
        for use in (Use.ANALYTICS, Use.INSTRUCTION)
    )
    # Somebody who objected to one use and agreed to the other would be seen but not counted.
    return Coverage(seen=min(seen, everybody), everybody=everybody)


def show_activity(question: Question, *, compares: bool) -> Activity:
    """Who was active when, in which course and with what; with the days before, if asked."""
    before = replace(question, period=question.period.before()) if compares else None
    return Activity(
        totals=_totals(question),
        totals_before=_totals(before) if before else None,
        buckets=_buckets(question),
        buckets_before=_aligned(before, question) if before else (),
        courses=tuple(CourseLine(**row) for row in _ask("activity_by_course", question)),
        events=tuple(EventLine(**row) for row in _ask("activity_by_event", question)),
    )


def show_places(question: Question) -> Places:
    """Countries, regions, kinds of network and their operators."""
    return Places(
        countries=tuple(PlaceLine(**row) for row in _ask("places_by_country", question)),
        regions=tuple(PlaceLine(**row) for row in _ask("places_by_region", question)),
        kinds=_names("places_by_network_kind", question),
        operators=tuple(OperatorLine(**row) for row in _ask("places_by_operator", question)),
    )


def show_technique(question: Question) -> Technique:
    """Browsers, operating systems and types of device."""
    return Technique(
        browsers=_names("technique_by_browser", question),
        systems=_names("technique_by_system", question),
        devices=_names("technique_by_device", question),
    )


def _totals(question: Question) -> Totals:
    counts = next(_ask("activity_totals", question))
    sessions = next(_ask("activity_sessions", question))
    return Totals(**counts, **sessions)


def _buckets(question: Question) -> tuple[Bucket, ...]:
    rows = _ask("activity_over_time", question, grain=question.period.grain.value)
    found = {row["point"]: Bucket(**row) for row in rows}
    return tuple(found.get(point) or _empty(point) for point in question.period.points())


def _aligned(before: Question, question: Question) -> tuple[Bucket, ...]:
    """The earlier points, as many as the later ones: weeks and months do not always divide."""
    number = sum(1 for _ in question.period.points())
    earlier = _buckets(before)
    missing = number - len(earlier)
    return (*(_empty(before.period.first) for _ in range(missing)), *earlier[-number:])


def _empty(point: date) -> Bucket:
    return Bucket(point=point, learners=0, sessions=0, events=0)


def _names(name: str, question: Question) -> tuple[NameLine, ...]:
    return tuple(NameLine(**row) for row in _ask(name, question))


def _ask(
    name: str, question: Question, *, use: Use = Use.ANALYTICS, **more: Any
) -> Iterator[dict[str, Any]]:
    result = query(
        name,
        use=use,
        scope=question.scope,
        by=question.by,
        start=question.period.first,
        end=question.period.last,
        institution=question.institution,
        course=question.course,
        event=question.event,
        **more,
    )
    return (dict(zip(result.columns, row, strict=True)) for row in result.rows)
