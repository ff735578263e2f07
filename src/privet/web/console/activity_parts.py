"""Activity in its parts: by course, by event, and enrolments by institution, course and mode."""

from collections import defaultdict

from django.utils.translation import gettext

from privet.insight.activity_results import Activity, EnrolmentLine
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.console.asking import Asked
from privet.web.words import quote_event

_MOST = 10
_KEY = "course-v1:"
"""How each course's key begins on Open edX; a picture has no room for it."""


def courses_table(found: Activity, asked: Asked) -> Table:
    """Each course's part."""
    keys = ["learners", "events"] if asked.question.event else ["learners", "sessions", "events"]
    titles = {
        "learners": gettext("Learners"),
        "sessions": gettext("Sessions"),
        "events": gettext("Events"),
    }
    return Table(
        name="courses",
        caption=gettext("Learners, sessions and events by course"),
        columns=(
            Column(key="course", title=gettext("Course")),
            Column(key="institution", title=gettext("Institution"), only_in_files=True),
            *(Column(key=key, title=titles[key], kind=Kind.COUNT) for key in keys),
        ),
        rows=tuple(
            (
                _course(line.course, line.institution, asked),
                line.institution,
                *(getattr(line, key) for key in keys),
            )
            for line in found.courses
        ),
        sorted_by="learners",
    )


def events_table(found: Activity) -> Table:
    """How often each event happened."""
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
                Cell(value=line.name, words=line.name, about=quote_event(line.name)),
                line.learners,
                line.events,
            )
            for line in found.events
        ),
        sorted_by="events",
    )


def enrolments_table(found: Activity, asked: Asked) -> Table:
    """Enrolments and completions by course, institution and mode."""
    return Table(
        name="enrolments",
        caption=gettext("Enrolments and completions by institution, course and mode"),
        columns=(
            Column(key="course", title=gettext("Course")),
            Column(key="institution", title=gettext("Institution"), only_in_files=True),
            Column(key="mode", title=gettext("Mode")),
            Column(key="enrolled", title=gettext("Newly enrolled"), kind=Kind.COUNT),
            Column(key="completed", title=gettext("Completed"), kind=Kind.COUNT),
            Column(key="share", title=gettext("Of the new, completed"), kind=Kind.SHARE),
        ),
        rows=tuple(
            (
                _course(line.course, line.institution, asked),
                line.institution,
                Cell(value=line.mode, words=_mode(line.mode)),
                line.enrolled,
                line.completed,
                line.share,
            )
            for line in found.enrolments
        ),
        sorted_by="enrolled",
    )


def by_mode_table(found: Activity) -> Table:
    """Enrolments by course, a column for each mode; the courses with the most come first."""
    modes = sorted({line.mode for line in found.enrolments if line.enrolled})
    courses: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(modes, 0))
    for line in found.enrolments:
        if line.enrolled:
            courses[line.course][line.mode] += line.enrolled
    ordered = sorted(courses.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))
    return Table(
        name="enrolments-by-mode",
        caption=gettext("Enrolments by course and mode"),
        columns=(
            Column(key="course", title=gettext("Course")),
            *(
                Column(key=f"mode_{mode}" if mode else "mode_unknown", title=_mode(mode),
                       kind=Kind.COUNT)
                for mode in modes
            ),
        ),
        rows=tuple((Cell(value=course, words=course.removeprefix(_KEY)), *counts.values())
                   for course, counts in ordered),
        can_sort=False,
    )  # fmt: skip


def by_mode_chart(table: Table) -> Chart:
    """Enrolments by course, each bar made of its modes."""
    return Chart(
        title=gettext("Enrolments by course and mode"),
        kind=ChartKind.STACKED,
        table=table,
        label="course",
        series=tuple(Series(key=one.key, name=one.title) for one in table.columns[1:]),
        summary=gettext("Stacked bar chart of enrolments by course. The table has each value."),
        how=gettext(
            "Learners who enrolled on one of the chosen days and may be counted, in the mode that "
            "was last known in these days. Somebody who enrolled in two courses counts in both. "
            "The longest bars are drawn; the table has all."
        ),
        most=_MOST,
    )


def by_institution_table(found: Activity, asked: Asked) -> Table:
    """Enrolments and completions by institution."""
    lines: dict[str, list[EnrolmentLine]] = defaultdict(list)
    for line in found.enrolments:
        lines[line.institution].append(line)
    return Table(
        name="enrolments-by-institution",
        caption=gettext("Enrolments and completions by institution"),
        columns=(
            Column(key="institution", title=gettext("Institution")),
            Column(key="enrolled", title=gettext("Newly enrolled"), kind=Kind.COUNT),
            Column(key="completed", title=gettext("Completed"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (
                Cell(value=slug, words=_institution(slug, asked)),
                sum(line.enrolled for line in of_it),
                sum(line.completed for line in of_it),
            )
            for slug, of_it in lines.items()
        ),
        sorted_by="enrolled",
    )


def by_institution_chart(table: Table) -> Chart:
    """Enrolments and completions by institution, side by side."""
    return Chart(
        title=gettext("Enrolments and completions by institution"),
        kind=ChartKind.BARS,
        table=table,
        label="institution",
        series=(
            Series(key="enrolled", name=gettext("Enrolled")),
            Series(key="completed", name=gettext("Completed")),
        ),
        summary=gettext("Bar chart of enrolments and completions. The table has each value."),
        how=gettext(
            "Added up over the courses of the institution. Completed means that a certificate was "
            "made on one of the chosen days, for whoever enrolled whenever."
        ),
        width="half",
        most=_MOST,
    )


def _course(course: str, institution: str, asked: Asked) -> Cell:
    return Cell(
        value=course,
        words=course or gettext("outside any course"),
        about=_institution(institution, asked),
    )


def _institution(slug: str, asked: Asked) -> str:
    return asked.institutions.get(slug, slug) or gettext("no institution")


def _mode(mode: str) -> str:
    return mode or gettext("unknown")
