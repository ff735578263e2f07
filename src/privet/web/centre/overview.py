"""Overview: which kinds of data about a learner go where and for what, each way switchable."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now as moment
from django.views.decorators.http import require_http_methods

from privet.accounts.service import keys_of, subjects_of
from privet.catalogue.uses import Use
from privet.consent.rules import UNDECIDED
from privet.events.personal_data import count_in_use
from privet.holder import Person as Kept
from privet.web.api.surroundings import SITES
from privet.web.api.views import has_gpc
from privet.web.centre import aims, lines
from privet.web.centre.amounts import NAMES, Amounts, measure
from privet.web.centre.flows import draw
from privet.web.centre.frame import tabs_for
from privet.web.centre.person import Person, find_person, find_site
from privet.web.centre.switching import set_objection, switch
from privet.web.components.tables import address
from privet.web.permission import SIGNED_IN, opens_to, viewer_of
from privet.web.see_other import SeeOther
from privet.wiring import HOLDERS

_SUGGESTIONS = "suggestions"


@opens_to(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """Show the picture, or switch one of its ways and show it again."""
    site = find_site(request)
    person = find_person(request, site) if site else None
    if request.method == "POST" and person is not None:
        return _switch(request, person)
    return _show(request, person)


def _show(request: HttpRequest, person: Person | None) -> HttpResponse:
    amounts = _amounts(request)
    now = aims.aims_now(_facts(request, person, amounts))
    kind = _known(request.GET.get("kind", ""), NAMES)
    aim = _known(request.GET.get("use", ""), aims.BY_KEY)
    chosen = lines.Chosen(kind=kind, aim=aim, query=_query(request))
    ends = lines.end_lines(now)
    context = {
        "tabs": tabs_for(request),
        "person": person,
        "many_sites": len(SITES.all()) > 1,
        "chosen": chosen,
        "chosen_name": _name_of(kind, aim),
        "everything": address(chosen.query, kind="", use=""),
        "kinds": lines.kind_lines(amounts, now, chosen),
        "aims": lines.aim_lines(amounts, now, chosen, person=person, today=moment().date()),
        "ends": ends,
        "drawing": draw(amounts, now, [end.key for end in ends], kind=kind, aim=aim),
        "total": sum(amounts.by_kind.values()),
        "saved": _saved(request, now),
        "suggestions": _suggestions(now),
        "here": request.get_full_path(),
    }
    return render(request, "centre/overview.html", context)


def _switch(request: HttpRequest, person: Person) -> HttpResponse:
    """Do it, and go back to the same picture."""
    said, on = request.POST.get("aim", ""), request.POST.get("to") == "on"
    query = _query(request)
    response = SeeOther(request.path)
    if said == _SUGGESTIONS and person.is_learner:
        set_objection(person=person, use=Use.PERSONALISATION, objects=not on)
        is_done = True
    else:
        facts = _facts(request, person, _amounts(request))
        found = {now.aim.key: now for now in aims.aims_now(facts)}.get(said)
        is_done = found is not None and switch(request, response, person=person, now=found, on=on)
    response["Location"] = request.path + address(query, saved=said if is_done else "nothing")
    return response


def _facts(request: HttpRequest, person: Person | None, amounts: Amounts) -> aims.Person:
    return aims.Person(
        standing=person.standing_now() if person else UNDECIDED,
        state=person.state() if person else None,
        gpc=has_gpc(request),
        kept=amounts.by_aim,
    )


def _amounts(request: HttpRequest) -> Amounts:
    account = viewer_of(request).account_id or 0
    subjects = subjects_of(account)
    kept = Kept(account_id=account, subjects=subjects, person_keys=keys_of(account))
    return measure(count_in_use(subjects), HOLDERS, kept)


def _query(request: HttpRequest) -> str:
    """The address's own filters, without what a switch has just said."""
    query = request.GET.copy()
    query.pop("saved", None)
    return query.urlencode()


def _known(asked: str, names: object) -> str:
    return asked if asked in names else ""  # type: ignore[operator]


def _name_of(kind: str, aim: str) -> str:
    names = [str(NAMES[kind])] if kind else []
    names += [aims.name_of_aim(aims.BY_KEY[aim])] if aim else []
    return " · ".join(names)


def _saved(request: HttpRequest, now: list[aims.Now]) -> lines.Saved | None:
    return lines.saved_line(request.GET.get("saved", ""), now)


def _suggestions(now: list[aims.Now]) -> aims.Now:
    return next(one for one in now if one.aim.use is Use.PERSONALISATION)
