"""Activity: who was active when, in which course, with what."""

from dataclasses import replace
from datetime import date

from privet.insight.asking import Question, ask
from privet.insight.results import Activity, Bucket, CourseLine, EventLine, Totals


def show_activity(question: Question, *, compares: bool) -> Activity:
    """Who was active when, in which course and with what; with the days before, if asked."""
    before = replace(question, period=question.period.before()) if compares else None
    return Activity(
        totals=_totals(question),
        totals_before=_totals(before) if before else None,
        buckets=_buckets(question),
        buckets_before=_aligned(before, question) if before else (),
        courses=tuple(CourseLine(**row) for row in ask("activity_by_course", question)),
        events=tuple(EventLine(**row) for row in ask("activity_by_event", question)),
    )


def _totals(question: Question) -> Totals:
    (counts,) = ask("activity_totals", question)
    (sessions,) = ask("activity_sessions", question)
    return Totals(**counts, session_seconds=sessions["session_seconds"])


def _buckets(question: Question) -> tuple[Bucket, ...]:
    rows = ask("activity_over_time", question, grain=question.period.grain.value)
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
