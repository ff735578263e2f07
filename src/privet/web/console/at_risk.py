"""At risk: who is enrolled, has few points and stays away; by course, for some staff by name."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from privet.accounts.rules import Act
from privet.insight.at_risk import (
    DAYS_BOUNDS,
    PERCENT_BOUNDS,
    WITHIN_DAYS,
    AtRiskLine,
    AtRiskRule,
    PersonAtRisk,
    count_at_risk,
    list_at_risk,
    read_rule,
)
from privet.insight.looking import LookError
from privet.kernel.clock import SystemClock
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.filters import read_narrowing
from privet.web.components.tables import Cell, Column, Kind, Table, address
from privet.web.console.asking import Asked, read_question, respond
from privet.web.console.content_words import short_id
from privet.web.console.looking import looker_at, reason_bounds, say_fault
from privet.web.permission import opens_to, somewhere, viewer_of
from privet.web.words import say_day, say_share

_SHOWN = 20
_MOST = 10


@opens_to(somewhere(Act.SEE_STATISTICS))
@require_safe
def at_risk(request: HttpRequest) -> HttpResponse:
    """The page, or its table; the rule's numbers stand in the address."""
    asked = read_question(request)
    rule = _read_rule(request)
    lines = count_at_risk(asked.question, rule=rule)
    courses = _table(lines, asked.institutions, request).at(request.GET)
    context = _context(asked, rule, request) | {"chart": _chart(courses), "courses": courses}
    return respond(request, "console/at_risk.html", [courses], context)


@opens_to(somewhere(Act.SEE_ONE_LEARNER))
@require_POST
def at_risk_people(request: HttpRequest) -> HttpResponse:
    """The learners of one course by name, once the reason and a look at each are on record."""
    course = request.POST.get("course", "")
    rule = read_rule(days=request.POST.get("away", ""), percent=request.POST.get("points", ""))
    now = SystemClock().now()
    last = read_narrowing(request.POST, today=now.date(), span=None).period.last
    context = {"course": course, "rule": rule, "last": say_day(last), "bounds": reason_bounds()}
    try:
        found = list_at_risk(
            course=course,
            last=last,
            rule=rule,
            why=request.POST.get("why", ""),
            looker=looker_at(request),
            clock=SystemClock(),
        )
    except LookError as fault:
        context |= {"fault": say_fault(fault), "kept": request.POST.items()}
        return render(request, "console/at_risk_people.html", context, status=400)
    lines = [_line(person) for person in found.people]
    context |= {"found": found, "lines": lines}
    return render(request, "console/at_risk_people.html", context)


def _read_rule(request: HttpRequest) -> AtRiskRule:
    return read_rule(days=request.GET.get("away", ""), percent=request.GET.get("points", ""))


def _context(asked: Asked, rule: AtRiskRule, request: HttpRequest) -> dict[str, object]:
    may_list = viewer_of(request).institutions_for(Act.SEE_ONE_LEARNER) != frozenset()
    kept = [(key, value) for key, value in request.GET.items() if key not in ("away", "points")]
    return asked.context() | {
        "rule": rule,
        "days_bounds": DAYS_BOUNDS,
        "percent_bounds": PERCENT_BOUNDS,
        "within_months": WITHIN_DAYS // 30,
        "last": asked.question.period.last,
        "course": asked.question.course,
        "kept": kept,
        "period": asked.question.period,
        "may_list": may_list,
        "bounds": reason_bounds(),
    }


def _table(lines: tuple[AtRiskLine, ...], names: Mapping[str, str], request: HttpRequest) -> Table:
    query = request.GET.urlencode()
    return Table(
        name="at-risk",
        caption=gettext("Learners at risk by course"),
        columns=(
            Column(key="course", title=gettext("Course")),
            Column(key="institution", title=gettext("Institution"), only_in_files=True),
            Column(key="learners", title=gettext("Enrolled"), kind=Kind.COUNT),
            Column(key="failing", title=gettext("Few points"), kind=Kind.COUNT),
            Column(key="away", title=gettext("Away"), kind=Kind.COUNT),
            Column(key="at_risk", title=gettext("At risk"), kind=Kind.COUNT),
            Column(key="share", title=gettext("Share at risk"), kind=Kind.SHARE),
        ),
        rows=tuple(
            (
                Cell(
                    value=line.course,
                    words=short_id(line.course),
                    about=f"{line.course} · {names.get(line.institution, line.institution)}",
                    link=address(query, course=line.course),
                ),
                line.institution,
                line.learners,
                line.failing,
                line.away,
                line.at_risk,
                min(1.0, line.at_risk / line.learners) if line.learners else None,
            )
            for line in lines
        ),
        sorted_by="at_risk",
        shown=_SHOWN,
    )


def _chart(courses: Table) -> Chart:
    return Chart(
        title=gettext("Learners at risk by course"),
        kind=ChartKind.BARS,
        table=courses,
        label="course",
        series=(Series(key="at_risk", name=gettext("At risk")),),
        summary=gettext("Bar chart of learners at risk by course. The table has each value."),
        how=gettext(
            "Enrolled, without a certificate and not gone again; few points in the problems they "
            "tried; and no act in the course for some days: all three, by the rule above, on the "
            "last day of the period. Enrolments are looked for in the last thirteen months. Only "
            "learners who agreed to analytics are counted."
        ),
        most=_MOST,
        width="third",
    )


def _line(found: PersonAtRisk) -> dict[str, object]:
    person = found.person
    return {
        "look": found.look.look_id,
        "name": person.name,
        "ids": ", ".join(person.external_ids) or person.email,
        "last_day": found.last_day,
        "problems": found.problems,
        "share": say_share(found.share),
    }
