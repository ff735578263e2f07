"""Activity: who was active when, in which course, with what; who came, stayed and completed."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from privet.accounts.rules import Act
from privet.insight.activity import show_activity
from privet.insight.activity_results import Activity, Totals
from privet.web.components.figures import Figure
from privet.web.components.tables import Kind, Table
from privet.web.console import activity_over_time as over
from privet.web.console import activity_parts as parts
from privet.web.console import activity_staying as staying
from privet.web.console.asking import Asked, read_question, respond
from privet.web.permission import opens_to, somewhere


@opens_to(somewhere(Act.SEE_STATISTICS))
@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """The page, or one of its tables."""
    asked = read_question(request, with_events=True, with_grain=True)
    found = show_activity(asked.question, compares=asked.narrowing.compares)
    over_time = over.over_time_table(found, asked).at(request.GET)
    courses = parts.courses_table(found, asked).at(request.GET)
    events = parts.events_table(found).at(request.GET)
    context = asked.context() | {
        "figures": _figures(found.totals, found.totals_before),
        "learners": over.learners_chart(over_time, asked),
        "events_chart": over.events_chart(over_time, asked),
        "courses": courses,
        "events": events,
        "of_event": asked.question.event,
        "compares": asked.narrowing.compares,
        "before": asked.question.period.before(),
    }
    tables = [over_time, courses, events]
    if not asked.question.event:
        more, charts = _of_all_events(request, found, asked)
        tables += more
        context |= charts
    return respond(request, "console/activity.html", tables, context)


def _of_all_events(
    request: HttpRequest, found: Activity, asked: Asked
) -> tuple[list[Table], dict[str, Any]]:
    """What is known of all events together, and not of each kind."""
    lengths = over.lengths_table(found).at(request.GET)
    hours = over.hours_table(found).at(request.GET)
    cohorts = staying.cohorts_table(found, asked).at(request.GET)
    enrolments = parts.enrolments_table(found, asked).at(request.GET)
    by_mode = parts.by_mode_table(found).at(request.GET)
    by_institution = parts.by_institution_table(found, asked).at(request.GET)
    charts = {
        "lengths": over.lengths_chart(lengths),
        "hours": over.hours_chart(hours),
        "cohorts": staying.cohorts_chart(cohorts),
        "enrolments": enrolments,
        "by_mode": parts.by_mode_chart(by_mode),
        "by_institution": parts.by_institution_chart(by_institution),
    }
    return [lengths, hours, cohorts, enrolments, by_mode, by_institution], charts


def _figures(now: Totals, before: Totals | None) -> list[Figure]:
    named = {
        "learners": (gettext("Active learners"), Kind.COUNT),
        "events": (gettext("Events"), Kind.COUNT),
        "sessions": (gettext("Sessions"), Kind.COUNT),
        "session_seconds": (gettext("Median session"), Kind.SECONDS),
        "enrolled": (gettext("Enrolled"), Kind.COUNT),
        "completed": (gettext("Completed"), Kind.COUNT),
    }
    if now.sessions is None:
        named = {key: named[key] for key in ("learners", "events")}
    else:
        del named["events"]
    return [
        Figure(
            name=name,
            value=getattr(now, key),
            before=getattr(before, key) if before else None,
            kind=kind,
        )
        for key, (name, kind) in named.items()
    ]
