"""The learner's side of integrity: the cases about them, the same evidence, reply and appeal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from privet.accounts.registry import institution_names
from privet.integrity.case_acts import CaseLearner, learner_of
from privet.integrity.case_rules import (
    HOLDS,
    LONGEST_REPLY,
    ActKind,
    CaseError,
    NoCaseError,
    Outcome,
    State,
    Verdict,
    WhyError,
)
from privet.integrity.case_views import CaseFacts, PastAct, find_own_case, list_own_cases
from privet.integrity.deciding import appeal_case, reply_to_case
from privet.kernel.clock import SystemClock
from privet.web.centre.frame import tabs_for
from privet.web.console.content_words import short_id
from privet.web.integrity_evidence import show_evidence
from privet.web.integrity_words import ACTS, OUTCOMES, OWN_ACTS, VERDICTS
from privet.web.once import acts_once
from privet.web.permission import SIGNED_IN, opens_to, viewer_of
from privet.web.see_other import SeeOther
from privet.web.words import Words

_CLOCK = SystemClock()
_STANDS: dict[State, Words] = {
    State.TOLD: gettext_lazy("You can reply"),
    State.DECIDING: gettext_lazy("Two people decide"),
    State.UPHELD: gettext_lazy("You can appeal"),
    State.APPEALED: gettext_lazy("Your appeal is being answered"),
}
_SAYING: dict[str, Callable[..., None]] = {
    ActKind.REPLIED: reply_to_case,
    ActKind.APPEALED: appeal_case,
}
_TOLD_IN_HISTORY = frozenset(ActKind) - {ActKind.JOINED, ActKind.MARKED}


@dataclass(frozen=True, kw_only=True)
class CaseLine:
    """A case of the list."""

    link: str
    course: str
    institution: str
    stands: str
    until: datetime | None
    opened: datetime


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    """An act, as the learner reads it: what and why, never by whom."""

    time: datetime
    what: Words
    verdict: str
    why: str


@opens_to(SIGNED_IN)
@require_safe
def integrity(request: HttpRequest) -> HttpResponse:
    """The cases about the learner who looks."""
    names = institution_names()
    found = list_own_cases(learner=_learner(request), clock=_CLOCK)
    context = {"tabs": tabs_for(request), "cases": [_case_line(one, names) for one in found]}
    return render(request, "centre/integrity.html", context)


@opens_to(SIGNED_IN)
@require_safe
def own_case(request: HttpRequest, number: int) -> HttpResponse:
    """One of them."""
    return _show(request, number)


@opens_to(SIGNED_IN)
@require_POST
@acts_once
def say_to_case(request: HttpRequest, number: int) -> HttpResponse:
    """Reply, or appeal."""
    step, text = request.POST.get("step", ""), request.POST.get("text", "")
    if step not in _SAYING:
        raise Http404
    try:
        _SAYING[step](case_id=number, learner=_learner(request), text=text, clock=_CLOCK)
    except CaseError as fault:
        return _show(request, number, fault=fault, text=text)
    return SeeOther(reverse("centre:own_case", args=[number]))


def _show(
    request: HttpRequest, number: int, *, fault: CaseError | None = None, text: str = ""
) -> HttpResponse:
    case = find_own_case(case_id=number, learner=_learner(request), clock=_CLOCK)
    if case is None or isinstance(fault, NoCaseError):
        raise Http404
    names = institution_names()
    context = {
        "tabs": tabs_for(request),
        "case": case,
        "course": short_id(case.course) if case.course else gettext("all your courses"),
        "institution": names.get(case.institution, case.institution),
        "stands": _stands(case),
        "shown": show_evidence(case.evidence, _sayer(case)) if case.evidence else None,
        "history": [_line(act) for act in case.history if act.kind in _TOLD_IN_HISTORY],
        "steps": {kind.value for kind in case.steps},
        "holds": case.outcome in HOLDS,
        "longest": LONGEST_REPLY,
        "fault": _say_fault(fault),
        "text": text,
    }
    status = 400 if isinstance(fault, WhyError) else 409 if fault else 200
    return render(request, "centre/integrity_case.html", context, status=status)


def _learner(request: HttpRequest) -> CaseLearner:
    return learner_of(viewer_of(request).account_id or 0)


def _case_line(case: CaseFacts, names: dict[str, str]) -> CaseLine:
    until = {State.TOLD: case.reply_until, State.UPHELD: case.appeal_until}
    return CaseLine(
        link=reverse("centre:own_case", args=[case.id]),
        course=short_id(case.course) if case.course else gettext("all your courses"),
        institution=names.get(case.institution, case.institution),
        stands=_stands(case),
        until=until.get(case.state),
        opened=case.opened,
    )


def _stands(case: CaseFacts) -> str:
    if case.state is State.CLOSED and case.outcome is not None:
        return gettext("Closed: %(outcome)s") % {"outcome": OUTCOMES[case.outcome]}
    return str(_STANDS.get(case.state, ACTS[ActKind.CLOSED]))


def _sayer(case: CaseFacts) -> Callable[[str], str]:
    """The learner's own account is theirs; the others keep their letters."""
    own = case.evidence.main if case.evidence else ""

    def say(letter: str) -> str:
        if letter == own:
            return gettext("your account")
        return gettext("account %(letter)s") % {"letter": letter}

    return say


def _line(act: PastAct) -> HistoryLine:
    return HistoryLine(time=act.time, what=OWN_ACTS[act.kind], verdict=_verdict(act), why=act.why)


def _verdict(act: PastAct) -> str:
    if act.kind is ActKind.REVIEWED:
        return ""
    if act.verdict in set(Verdict):
        return str(VERDICTS[Verdict(act.verdict)])
    return str(OUTCOMES[Outcome(act.verdict)]) if act.verdict in set(Outcome) else ""


def _say_fault(fault: CaseError | None) -> str:
    if fault is None:
        return ""
    if isinstance(fault, WhyError):
        words = gettext("Write something, at most %(longest)s characters. Nothing was sent yet.")
        return words % {"longest": LONGEST_REPLY}
    return gettext("This was sent before, or the time for it is over. This is how it stands now.")
