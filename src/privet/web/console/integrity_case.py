"""One case: its evidence, its history, and what the officer who looks may do with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from privet.accounts.finding import Found, name_of_account
from privet.accounts.registry import institution_names
from privet.integrity.case_acts import LEARNER, WORKER
from privet.integrity.case_rules import (
    NAMES_MINUTES,
    ActKind,
    CaseError,
    NoCaseError,
    Outcome,
    Verdict,
    WhyError,
)
from privet.integrity.case_views import CaseFacts, PastAct, find_case, names_open_to
from privet.integrity.deciding import (
    answer_appeal,
    decide_case,
    hand_over,
    open_names,
    review_case,
)
from privet.integrity.findings import DetectorKind
from privet.web.console.content_words import short_id
from privet.web.console.integrity_cases import (
    CLOCK,
    MAY_HANDLE,
    officer_at,
    say_fault,
    say_state,
    why_bounds,
)
from privet.web.detectors import name_of_detector
from privet.web.fresh import NotConfirmedError, asks_password, confirm
from privet.web.integrity_evidence import show_evidence
from privet.web.integrity_text import write_statement
from privet.web.integrity_words import ACTS, OUTCOMES, VERDICTS
from privet.web.once import acts_once
from privet.web.permission import opens_to
from privet.web.see_other import SeeOther
from privet.web.words import Words

_JUDGING: dict[str, Callable[..., None]] = {
    ActKind.REVIEWED: review_case,
    ActKind.DECIDED: decide_case,
    ActKind.APPEAL_DECIDED: answer_appeal,
}


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    """An act in words."""

    time: datetime
    what: Words
    who: str
    verdict: str
    why: str


@opens_to(MAY_HANDLE)
@require_safe
def integrity_case(request: HttpRequest, number: int) -> HttpResponse:
    """The page."""
    return _show(request, number)


@opens_to(MAY_HANDLE)
@require_POST
@acts_once
def act_on_case(request: HttpRequest, number: int) -> HttpResponse:
    """Do one step of a case."""
    step, why = request.POST.get("step", ""), request.POST.get("why", "")
    officer = officer_at(request)
    try:
        confirm(request)
        if step in _JUDGING:
            _JUDGING[step](
                case_id=number, officer=officer, verdict=_verdict(request), why=why, clock=CLOCK
            )
        elif step == ActKind.NAMES_OPENED:
            open_names(case_id=number, officer=officer, why=why, clock=CLOCK)
        elif step == ActKind.HANDED_OVER:
            person = hand_over(case_id=number, officer=officer, why=why, clock=CLOCK)
            return _statement(number, request, person)
        else:
            raise Http404
    except (CaseError, NotConfirmedError) as fault:
        return _show(request, number, fault=fault, why=why, step=step)
    return SeeOther(reverse("console:integrity_case", args=[number]))


def _verdict(request: HttpRequest) -> Verdict:
    said = request.POST.get("verdict", "")
    if said not in set(Verdict):
        raise Http404
    return Verdict(said)


def _show(
    request: HttpRequest,
    number: int,
    *,
    fault: CaseError | NotConfirmedError | None = None,
    why: str = "",
    step: str = "",
) -> HttpResponse:
    officer = officer_at(request)
    case = find_case(case_id=number, officer=officer, clock=CLOCK)
    if case is None or isinstance(fault, NoCaseError):
        raise Http404
    people = names_open_to(case_id=number, officer=officer, clock=CLOCK)
    context = _context(case, people) | {
        "fault": say_fault(fault) if fault else "",
        "asks_password": asks_password(request),
        "why": why,
        "step": step,
        "is_why": isinstance(fault, WhyError),
    }
    is_mended_here = isinstance(fault, WhyError | NotConfirmedError)
    status = 400 if is_mended_here else 409 if fault else 200
    return render(request, "console/integrity_case.html", context, status=status)


def _context(case: CaseFacts, people: dict[str, Found]) -> dict[str, object]:
    names = institution_names()
    return {
        "case": case,
        "kind": name_of_detector(case.kind),
        "course": short_id(case.course) if case.course else gettext("all courses"),
        "institution": names.get(case.institution, case.institution),
        "state": say_state(case.state, case.outcome),
        "shown": show_evidence(case.evidence, _say_account) if case.evidence else None,
        "history": [_line(act) for act in case.history],
        "people": [_person(letter, found) for letter, found in people.items()],
        "minutes": NAMES_MINUTES,
        "bounds": why_bounds(),
        "steps": {kind.value for kind in case.steps},
        "learner_waits": case.told is not None and not case.is_mailed and case.closed is None,
    }


def _say_account(letter: str) -> str:
    return gettext("account %(letter)s") % {"letter": letter}


def _person(letter: str, found: Found) -> dict[str, str]:
    known = [found.email, *found.external_ids]
    return {
        "account": _say_account(letter),
        "name": found.name or gettext("no name known"),
        "known": ", ".join(one for one in known if one),
    }


def _line(act: PastAct) -> HistoryLine:
    return HistoryLine(
        time=act.time, what=ACTS[act.kind], who=_who(act), verdict=_say_verdict(act), why=act.why
    )


def _who(act: PastAct) -> str:
    if act.by == WORKER:
        return gettext("by the nightly run")
    if act.by == LEARNER:
        return gettext("the learner")
    name = name_of_account(act.person) if act.person is not None else ""
    return name or gettext("an integrity officer")


def _say_verdict(act: PastAct) -> str:
    if act.verdict in set(Verdict):
        if act.kind is ActKind.REVIEWED:
            goes_on = act.verdict == Verdict.HOLDS
            return gettext("go on") if goes_on else gettext("not pursued")
        return str(VERDICTS[Verdict(act.verdict)])
    if act.verdict in set(Outcome):
        return str(OUTCOMES[Outcome(act.verdict)])
    return name_of_detector(act.verdict) if act.verdict in set(DetectorKind) else ""


def _statement(number: int, request: HttpRequest, person: Found) -> HttpResponse:
    """The outcome as a text for the institution: words, and nothing that acts by itself."""
    case = find_case(case_id=number, officer=officer_at(request), clock=CLOCK)
    if case is None:
        raise Http404
    response = HttpResponse(write_statement(case, person), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="case-{number}.txt"'
    return response
