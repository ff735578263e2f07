"""The queue of cases, blind to names, and the findings that an officer may open one from."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from privet.accounts.registry import institution_names
from privet.accounts.rules import Act
from privet.integrity.case_acts import Officer, officer_of
from privet.integrity.case_rules import (
    LEAST_CONFIDENCE,
    LONGEST_WHY,
    SHORTEST_WHY,
    CaseError,
    NoCaseError,
    Outcome,
    SamePersonError,
    State,
    WhyError,
)
from privet.integrity.case_views import Waiting, count_waiting, list_cases
from privet.integrity.cases import Spare, list_spare, open_case
from privet.kernel.clock import SystemClock
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.console.content_words import short_id
from privet.web.detectors import name_of_detector
from privet.web.fresh import NotConfirmedError, asks_password, confirm
from privet.web.integrity_evidence import summarise
from privet.web.integrity_words import OUTCOMES, STATES
from privet.web.once import acts_once
from privet.web.permission import opens_to, somewhere, viewer_of
from privet.web.see_other import SeeOther
from privet.web.words import say_decimal

MAY_HANDLE = somewhere(Act.HANDLE_CASES)
CLOCK = SystemClock()


@opens_to(MAY_HANDLE)
@require_safe
def integrity_cases(request: HttpRequest) -> HttpResponse:
    """What waits, by when it is due; or what is closed."""
    shows_closed = request.GET.get("show") == "closed"
    found = list_cases(officer=officer_at(request), is_open=not shows_closed, clock=CLOCK)
    context = {
        "table": _queue(found, shows_closed=shows_closed).at(request.GET),
        "shows_closed": shows_closed,
        "mine": count_waiting(officer=officer_at(request), clock=CLOCK),
    }
    return render(request, "console/integrity_cases.html", context)


@opens_to(MAY_HANDLE)
@require_http_methods(["GET", "HEAD", "POST"])
@acts_once
def integrity_findings(request: HttpRequest) -> HttpResponse:
    """Findings without an open case; with a reason an officer opens one."""
    officer = officer_at(request)
    context: dict[str, object] = {"bounds": why_bounds(), "least": say_decimal(LEAST_CONFIDENCE, 1)}
    status = 200
    if request.method == "POST":
        chosen = request.POST.get("finding", "")
        try:
            confirm(request)
            number = open_case(
                finding_id=int(chosen) if chosen.isdecimal() and len(chosen) < 19 else 0,
                officer=officer, why=request.POST.get("why", ""), clock=CLOCK,
            )  # fmt: skip
        except (CaseError, NotConfirmedError) as fault:
            context |= {"fault": say_fault(fault), "why": request.POST.get("why", "")}
            context["chosen"], status = chosen, 400
        else:
            return SeeOther(reverse("console:integrity_case", args=[number]))
    context["asks_password"] = asks_password(request)
    context["lines"] = [_spare(one) for one in list_spare(officer=officer)]
    return render(request, "console/integrity_findings.html", context, status=status)


def officer_at(request: HttpRequest) -> Officer:
    """Who handles cases, from a request."""
    viewer = viewer_of(request)
    return officer_of(account_id=viewer.account_id or 0, grants=viewer.grants)


def why_bounds() -> dict[str, int]:
    """The numbers that a form for a reason says."""
    return {"shortest": SHORTEST_WHY, "longest": LONGEST_WHY}


def say_fault(fault: CaseError | NotConfirmedError) -> str:
    """What went wrong and what to do, in the language of the page."""
    if isinstance(fault, NotConfirmedError):
        return f"{fault.what} {fault.remedy}"
    if isinstance(fault, WhyError):
        words = gettext("Give from %(shortest)s to %(longest)s characters, in whole sentences.")
        return words % why_bounds()
    if isinstance(fault, SamePersonError):
        return gettext("You have had your part in this case. It takes another person now.")
    if isinstance(fault, NoCaseError):
        return gettext("There is no such case or finding here. Go back to the list.")
    return gettext("The case has moved on; somebody was quicker. This is how it stands now.")


def say_state(state: State, outcome: Outcome | None) -> str:
    """Where a case stands, or how it ended."""
    if state is State.CLOSED and outcome is not None:
        return str(OUTCOMES[outcome])
    return str(STATES[state])


def _queue(found: list[Waiting], *, shows_closed: bool) -> Table:
    names = institution_names()
    return Table(
        name="cases",
        caption=gettext("Closed cases") if shows_closed else gettext("Open cases"),
        columns=(
            Column(key="case", title=gettext("Case")),
            Column(key="course", title=gettext("Course")),
            Column(key="evidence", title=gettext("What speaks for it")),
            Column(key="state", title=gettext("State")),
            Column(key="confidence", title=gettext("How far it carries"), kind=Kind.COUNT),
            Column(key="opened", title=gettext("Opened"), kind=Kind.DAY),
            Column(key="due", title=gettext("Due"), kind=Kind.DAY),
        ),
        rows=tuple(_line(one, names) for one in found),
    )


def _line(one: Waiting, names: dict[str, str]) -> tuple[object, ...]:
    about = [name_of_detector(one.kind)]
    if one.has_disparity:
        about.append(gettext("detector out of balance"))
    return (
        Cell(
            value=one.id,
            words=gettext("Case %(number)s") % {"number": one.id},
            about=" · ".join(about),
            link=reverse("console:integrity_case", args=[one.id]),
        ),
        Cell(
            value=one.course,
            words=short_id(one.course) if one.course else gettext("all courses"),
            about=names.get(one.institution, one.institution),
        ),
        _evidence(one),
        Cell(
            value=one.state.value,
            words=say_state(one.state, one.outcome),
            about=gettext("waits for you") if one.is_mine else "",
        ),
        Cell(value=one.confidence, words=say_decimal(one.confidence, 2)),
        one.opened,
        one.due,
    )


def _evidence(one: Waiting) -> Cell:
    if one.evidence is None:
        return Cell(value="", words=gettext("deleted"))
    line, weighs = summarise(one.evidence)
    return Cell(value=line, about=weighs)


def _spare(one: Spare) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": name_of_detector(one.kind),
        "course": short_id(one.course) if one.course else gettext("all courses"),
        "n": one.n,
        "x": one.x,
        "confidence": say_decimal(one.confidence, 2),
        "found": one.found,
        "had_case": one.had_case,
    }
