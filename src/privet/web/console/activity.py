"""Activity: who was active when, in which course, with what."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from privet.accounts.rules import Act
from privet.insight.activity import show_activity
from privet.insight.results import Activity, Totals
from privet.insight.rules import Grain
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.figures import Figure
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.console.asking import Asked, read_question, respond
from privet.web.permission import opens_to, somewhere
from privet.web.words import say_event, say_month, say_number, say_short_day

_OVER_TIME = {
    Grain.DAY: gettext_lazy("Active learners by day"),
    Grain.WEEK: gettext_lazy("Active learners by week"),
    Grain.MONTH: gettext_lazy("Active learners by month"),
}
_EVENTS_OVER_TIME = {
    Grain.DAY: gettext_lazy("Events by day"),
    Grain.WEEK: gettext_lazy("Events by week"),
    Grain.MONTH: gettext_lazy("Events by month"),
}
_GRAINS = {
    Grain.DAY: gettext_lazy("Day"),
    Grain.WEEK: gettext_lazy("Week from"),
    Grain.MONTH: gettext_lazy("Month"),
}


@opens_to(somewhere(Act.SEE_STATISTICS))
@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    """The page, or one of its tables."""
    asked = read_question(request, with_events=True)
    found = show_activity(asked.question, compares=asked.narrowing.compares)
    over_time = _over_time(found, asked).at(request.GET)
    courses = _courses(found, asked).at(request.GET)
    events = _events(found).at(request.GET)
    context = asked.context() | {
        "figures": _figures(found.totals, found.totals_before),
        "learners": _learners_chart(over_time, asked),
        "events_chart": _events_chart(over_time, asked),
        "courses": courses,
        "events": events,
        "compares": asked.narrowing.compares,
        "before": asked.question.period.before(),
    }
    return respond(request, "console/activity.html", [over_time, courses, events], context)


def _figures(now: Totals, before: Totals | None) -> list[Figure]:
    return [
        Figure(
            name=gettext("Active learners"),
            value=now.learners,
            before=before.learners if before else None,
        ),
        Figure(
            name=gettext("Sessions"),
            value=now.sessions,
            before=before.sessions if before else None,
        ),
        Figure(
            name=gettext("Median session"),
            value=now.session_seconds,
            before=before.session_seconds if before else None,
            kind=Kind.SECONDS,
        ),
        Figure(
            name=gettext("Enrolments"),
            value=now.enrolments,
            before=before.enrolments if before else None,
        ),
    ]


def _over_time(found: Activity, asked: Asked) -> Table:
    grain = asked.question.period.grain
    columns = [
        Column(key="point", title=str(_GRAINS[grain])),
        Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
        Column(key="sessions", title=gettext("Sessions"), kind=Kind.COUNT),
        Column(key="events", title=gettext("Events"), kind=Kind.COUNT),
    ]
    rows: list[tuple[Any, ...]] = [
        (Cell(value=b.point, words=_say_point(b.point, grain)), b.learners, b.sessions, b.events)
        for b in found.buckets
    ]
    if found.buckets_before:
        columns.append(
            Column(key="learners_before", title=gettext("Learners before"), kind=Kind.COUNT)
        )
        columns.append(Column(key="events_before", title=gettext("Events before"), kind=Kind.COUNT))
        rows = [
            (*row, before.learners, before.events)
            for row, before in zip(rows, found.buckets_before, strict=True)
        ]
    return Table(
        name="over-time",
        caption=gettext("Learners, sessions and events over time"),
        columns=tuple(columns),
        rows=tuple(rows),
        can_sort=False,
    )


def _say_point(point: date, grain: Grain) -> str:
    return say_month(point) if grain is Grain.MONTH else say_short_day(point)


def _learners_chart(table: Table, asked: Asked) -> Chart:
    return Chart(
        title=str(_OVER_TIME[asked.question.period.grain]),
        kind=ChartKind.LINE,
        table=table,
        label="point",
        series=_series(table, "learners", gettext("now")),
        summary=_summary(table, "learners"),
        how=gettext(
            "A learner is active when at least one event of theirs may be used for analytics. "
            "Each is counted once in each day, week or month, by a pseudonym. Days are UTC days. "
            "Learners who have not agreed, have withdrawn or objected are not in it."
        ),
        width="half",
        is_unfinished=asked.is_unfinished,
    )


def _events_chart(table: Table, asked: Asked) -> Chart:
    return Chart(
        title=str(_EVENTS_OVER_TIME[asked.question.period.grain]),
        kind=ChartKind.LINE,
        table=table,
        label="point",
        series=_series(table, "events", gettext("now")),
        summary=_summary(table, "events"),
        how=gettext(
            "Every stored event that may be used for analytics, once each, in the day it happened "
            "(UTC). What the gate dropped was never stored and is not in it."
        ),
        width="half",
        is_unfinished=asked.is_unfinished,
        name="events",
    )


def _series(table: Table, key: str, name: str) -> tuple[Series, ...]:
    now = Series(key=key, name=name)
    if not any(column.key == f"{key}_before" for column in table.columns):
        return (now,)
    return now, Series(key=f"{key}_before", name=gettext("before"), is_earlier=True)


def _summary(table: Table, key: str) -> str:
    values = table.values(key)
    return gettext(
        "Line chart; between %(least)s and %(most)s. The table below has each value."
    ) % {
        "least": say_number(min(values, default=0)),
        "most": say_number(max(values, default=0)),
    }


def _courses(found: Activity, asked: Asked) -> Table:
    return Table(
        name="courses",
        caption=gettext("Learners, sessions and events by course"),
        columns=(
            Column(key="course", title=gettext("Course")),
            Column(key="institution", title=gettext("Institution"), only_in_files=True),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="sessions", title=gettext("Sessions"), kind=Kind.COUNT),
            Column(key="events", title=gettext("Events"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (
                Cell(
                    value=line.course,
                    words=line.course or gettext("outside any course"),
                    about=asked.institutions.get(line.institution, line.institution),
                ),
                line.institution,
                line.learners,
                line.sessions,
                line.events,
            )
            for line in found.courses
        ),
        sorted_by="learners",
    )


def _events(found: Activity) -> Table:
    return Table(
        name="events",
        caption=gettext("How often each event happened, and to how many learners"),
        columns=(
            Column(key="event", title=gettext("Event")),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="events", title=gettext("Events"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (
                Cell(value=line.name, words=say_event(line.name), about=line.name),
                line.learners,
                line.events,
            )
            for line in found.events
        ),
        sorted_by="events",
    )
