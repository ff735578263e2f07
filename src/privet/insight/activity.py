"""Activity: who was active when, in which course, with what; who came, stayed and completed.

A question about one event leaves out what is not known by event: sessions, hours, enrolments and
who came back.
"""

from dataclasses import replace
from datetime import date

from privet.insight.activity_results import (
    Activity,
    Bucket,
    CohortLine,
    CourseLine,
    EnrolmentLine,
    EventLine,
    HourLine,
    LengthLine,
    Totals,
)
from privet.insight.asking import Question, ask
from privet.insight.rules import Grain, next_point

LENGTHS = (60, 300, 900, 1800, 3600, 7200)
"""The ends of the classes of session lengths, in seconds; the last class has none."""


def show_activity(question: Question, *, compares: bool) -> Activity:
    """Who was active when, in which course and with what; with the days before, if asked."""
    before = replace(question, period=question.period.before()) if compares else None
    if question.event:
        return _of_event(question, before)
    totals, lengths = _sessions(question)
    totals_before, lengths_before = _sessions(before) if before else (None, ())
    return Activity(
        totals=totals,
        totals_before=totals_before,
        buckets=_buckets(question),
        buckets_before=_aligned(before, question) if before else (),
        courses=tuple(CourseLine(**row) for row in ask("activity_by_course", question)),
        events=tuple(EventLine(**row) for row in ask("activity_by_event", question)),
        lengths=lengths,
        lengths_before=lengths_before,
        hours=_hours(question),
        enrolments=_enrolments(question),
        cohorts=_cohorts(question),
    )


def cohort_grain(question: Question) -> Grain:
    """How wide the cohorts of a question are."""
    return Grain.WEEK if question.period.grain is Grain.DAY else Grain.MONTH


def _of_event(question: Question, before: Question | None) -> Activity:
    return Activity(
        totals=Totals(**ask("activity_totals", question)[0]),
        totals_before=Totals(**ask("activity_totals", before)[0]) if before else None,
        buckets=_buckets(question),
        buckets_before=_aligned(before, question) if before else (),
        courses=tuple(CourseLine(**row) for row in ask("activity_by_course_of_event", question)),
        events=tuple(EventLine(**row) for row in ask("activity_by_event", question)),
    )


def _sessions(question: Question) -> tuple[Totals, tuple[LengthLine, ...]]:
    rows = ask("activity_sessions", question)
    (enrolled,) = ask("activity_enrolled", question)
    whole = next((row for row in rows if row["length"] is None), None)
    found = {row["length"]: row for row in rows}
    totals = Totals(
        learners=whole["learners"] if whole else 0,
        events=whole["events"] if whole else 0,
        sessions=whole["sessions"] if whole else 0,
        session_seconds=whole["session_seconds"] if whole else None,
        **enrolled,
    )
    lengths = (found.get(length, {}) for length in range(len(LENGTHS) + 1))
    return totals, tuple(
        LengthLine(length=length, learners=row.get("learners", 0), sessions=row.get("sessions", 0))
        for length, row in enumerate(lengths)
    )


def _buckets(question: Question) -> tuple[Bucket, ...]:
    name = "activity_over_time_of_event" if question.event else "activity_over_time"
    rows = ask(name, question, grain=question.grain.value)
    found = {row["point"]: Bucket(**row) for row in rows}
    points = question.period.points(question.grain)
    return tuple(found.get(point) or Bucket(point=point) for point in points)


def _aligned(before: Question, question: Question) -> tuple[Bucket, ...]:
    """The earlier points, as many as the later ones: weeks and months do not always divide."""
    before = replace(before, asked_grain=question.grain)
    number = sum(1 for _ in question.period.points(question.grain))
    earlier = _buckets(before)
    missing = number - len(earlier)
    return (*(Bucket(point=before.period.first) for _ in range(missing)), *earlier[-number:])


def _hours(question: Question) -> tuple[HourLine, ...]:
    """All hours of the week, those too in which nobody did anything."""
    rows = ask("activity_hours", question)
    found = {(row["weekday"], row["hour_of_day"]): row for row in rows}
    return tuple(
        HourLine(
            weekday=weekday,
            hour=hour,
            learners=found.get((weekday, hour), {}).get("learners", 0),
            events=found.get((weekday, hour), {}).get("events", 0),
        )
        for weekday in range(7)
        for hour in range(24)
        if rows
    )


def _enrolments(question: Question) -> tuple[EnrolmentLine, ...]:
    rows = ask("activity_enrolments", question)
    return tuple(EnrolmentLine(mode=row.pop("last_mode"), **row) for row in rows)


def _cohorts(question: Question) -> tuple[CohortLine, ...]:
    grain = cohort_grain(question)
    rows = ask("activity_retention", question, grain=grain.value)
    enrolled = {row["cohort"]: row["learners"] for row in rows if row["point"] is None}
    active = {(row["cohort"], row["point"]): row["learners"] for row in rows}
    return tuple(
        CohortLine(
            cohort=cohort,
            later=later,
            enrolled=enrolled[cohort],
            learners=active.get((cohort, point), 0),
        )
        for cohort in sorted(enrolled)
        for later, point in enumerate(_points_after(cohort, question.period.last, grain), start=1)
    )


def _points_after(cohort: date, last: date, grain: Grain) -> list[date]:
    points = []
    point = next_point(cohort, grain)
    while point <= last:
        points.append(point)
        point = next_point(point, grain)
    return points
