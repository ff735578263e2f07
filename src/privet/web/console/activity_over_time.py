"""Activity over time: by day, week or month; by the length of sessions; by the hour of the week."""

from datetime import date
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext, gettext_lazy

from privet.insight.activity import LENGTHS
from privet.insight.activity_results import Activity
from privet.insight.rules import Grain
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.console.asking import Asked
from privet.web.words import say_month, say_number, say_short_day

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
_LENGTHS = (
    gettext_lazy("under 1 min"),
    gettext_lazy("1 to 5 min"),
    gettext_lazy("5 to 15 min"),
    gettext_lazy("15 to 30 min"),
    gettext_lazy("30 to 60 min"),
    gettext_lazy("1 to 2 h"),
    gettext_lazy("over 2 h"),
)


def over_time_table(found: Activity, asked: Asked) -> Table:
    """Learners, sessions and events at each point, with those of the days before."""
    grain = asked.question.grain
    keys = ["learners", "events"] if asked.question.event else ["learners", "sessions", "events"]
    titles = {
        "learners": gettext("Learners"),
        "sessions": gettext("Sessions"),
        "events": gettext("Events"),
    }
    columns = [Column(key="point", title=str(_GRAINS[grain]))]
    columns += [Column(key=key, title=titles[key], kind=Kind.COUNT) for key in keys]
    rows: list[tuple[Any, ...]] = [
        (Cell(value=b.point, words=say_point(b.point, grain)), *(getattr(b, key) for key in keys))
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


def say_point(point: date, grain: Grain) -> str:
    """A point in time in the words of its grain."""
    return say_month(point) if grain is Grain.MONTH else say_short_day(point)


def learners_chart(table: Table, asked: Asked) -> Chart:
    """Active learners over time."""
    return Chart(
        title=str(_OVER_TIME[asked.question.grain]),
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


def events_chart(table: Table, asked: Asked) -> Chart:
    """Events over time."""
    return Chart(
        title=str(_EVENTS_OVER_TIME[asked.question.grain]),
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


def lengths_table(found: Activity) -> Table:
    """Sessions by their length."""
    columns = [
        Column(key="from_minutes", title=gettext("Length")),
        Column(key="sessions", title=gettext("Sessions"), kind=Kind.COUNT),
        Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
    ]
    rows: list[tuple[Any, ...]] = [
        (_length(line.length), line.sessions, line.learners)
        for line in found.lengths
        if any(one.sessions for one in found.lengths)
    ]
    if found.lengths_before:
        columns.append(
            Column(key="sessions_before", title=gettext("Sessions before"), kind=Kind.COUNT)
        )
        rows = [
            (*row, line.sessions) for row, line in zip(rows, found.lengths_before, strict=False)
        ]
    return Table(
        name="session-lengths",
        caption=gettext("Sessions by their length"),
        columns=tuple(columns),
        rows=tuple(rows),
        can_sort=False,
    )


def _length(place: int) -> Cell:
    """A class of lengths: in files the minutes from which it reaches to the next."""
    begins = LENGTHS[place - 1] // 60 if place else 0
    return Cell(value=begins, words=str(_LENGTHS[place]))


def lengths_chart(table: Table) -> Chart:
    """Sessions by their length, as columns."""
    return Chart(
        title=gettext("How long sessions last"),
        kind=ChartKind.COLUMNS,
        table=table,
        label="from_minutes",
        series=_series(table, "sessions", gettext("now")),
        summary=_summary(table, "sessions"),
        how=gettext(
            "A session is one visit of a browser or an app, until half an hour passes without an "
            "event. Its length runs from its first to its last event, so what was read after the "
            "last click is not in it; a session of one event has no length. One that goes over "
            "midnight stays one session."
        ),
        width="half",
    )


def hours_table(found: Activity) -> Table:
    """Learners by the hours of the week."""
    return Table(
        name="hours",
        caption=gettext("Active learners by day of the week and hour (UTC)"),
        columns=(
            Column(key="weekday", title=gettext("Day of the week")),
            Column(key="hour", title=gettext("Hour (UTC)")),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="events", title=gettext("Events"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (
                Cell(value=line.weekday, words=str(WEEKDAYS[line.weekday])),
                Cell(value=line.hour, words=f"{line.hour:02}"),
                line.learners,
                line.events,
            )
            for line in found.hours
        ),
        can_sort=False,
    )


def hours_chart(table: Table) -> Chart:
    """The hours of the week as squares."""
    return Chart(
        title=gettext("When learners are active"),
        kind=ChartKind.HEATMAP,
        table=table,
        label="hour",
        other="weekday",
        series=(Series(key="learners", name=gettext("learners")),),
        summary=gettext(
            "Squares for the hours of a week; the more learners, the darker. "
            "The table below has each value."
        ),
        how=gettext(
            "How many different learners were active in that hour of that day of the week, on any "
            "of the chosen days. Hours are UTC, not those of each learner's own place."
        ),
        width="half",
    )


def _series(table: Table, key: str, name: str) -> tuple[Series, ...]:
    now = Series(key=key, name=name)
    if not any(column.key == f"{key}_before" for column in table.columns):
        return (now,)
    return now, Series(key=f"{key}_before", name=gettext("before"), is_earlier=True)


def _summary(table: Table, key: str) -> str:
    values = table.values(key)
    return gettext(
        "Chart over time or lengths; between %(least)s and %(most)s. "
        "The table below has each value."
    ) % {
        "least": say_number(min(values, default=0)),
        "most": say_number(max(values, default=0)),
    }
