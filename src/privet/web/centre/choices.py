"""Choices: what a person allows, changed by a plain form; for learners and for visitors."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from privet.catalogue.uses import NO_CHOICES, Choice
from privet.consent.browser import decide_as_learner, decide_as_visitor
from privet.consent.cookies import CONSENT_DAYS
from privet.consent.ledger import Control, Layer, NoticeShown, Place
from privet.consent.notices import NoticeError, Words, current_words, find_shown
from privet.consent.places import Regime, regime_of
from privet.consent.rules import ALL_CHOICES, GPC_CHOICES, Answers, Standing
from privet.consent.served import Shown, read_shown, sign_shown
from privet.consent.service import Asked, confirmable
from privet.web.api.jar import put_cookies
from privet.web.api.surroundings import SITES, installation
from privet.web.api.views import has_gpc
from privet.web.centre.frame import tabs_for
from privet.web.centre.history import Past, history_of
from privet.web.centre.person import Person, find_person, find_site
from privet.web.permission import ANYBODY, opens_to
from privet.web.uses import CATEGORIES, CATEGORY_OF

_BUTTONS = {
    Control.ACCEPT_ALL: ALL_CHOICES,
    Control.REJECT_ALL: NO_CHOICES,
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One choice on the page."""

    key: str
    name: str
    means: str
    category: str
    category_name: str
    is_on: bool
    is_narrowed: bool
    """Refused by Global Privacy Control."""


@opens_to(ANYBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """Show the choices, or record them."""
    site = find_site(request)
    if site is None:
        return render(request, "centre/no_site.html", {"tabs": tabs_for(request)})
    person = find_person(request, site)
    if request.method == "POST":
        return _decide(request, person)
    return _show(request, person)


def _show(request: HttpRequest, person: Person, *, fault: bool = False) -> HttpResponse:
    words = current_words(get_language() or "en", clock=installation().clock)
    standing = person.standing()
    gpc = has_gpc(request)
    context = {
        "tabs": tabs_for(request),
        "person": person,
        "notice": words.text,
        "body": words.text["body"].replace("{privacy}", words.text["privacy_link"]),
        "shown": words.shown,
        "served": _serve(person, words.shown),
        "lines": _lines(words, standing, gpc=gpc),
        "is_decided": standing is not None,
        "gpc": gpc and not (standing and standing.confirmed),
        "is_opt_out": _regime(person) is Regime.OPT_OUT,
        "saved": request.GET.get("saved", ""),
        **_conflict(request, words),
        "fault": fault,
        "history": _history(person, words),
        "kept_days": CONSENT_DAYS,
        "many_sites": len(SITES.all()) > 1,
    }
    return render(request, "centre/choices.html", context, status=400 if fault else 200)


def _history(person: Person, words: Words) -> tuple[Past, ...]:
    account = person.who.account_id
    return history_of(account, words.text) if account is not None else ()


def _decide(request: HttpRequest, person: Person) -> HttpResponse:
    here = installation()
    try:
        asked = _read_form(request)
    except (NoticeError, ValueError):
        return _show(request, person, fault=True)
    if person.is_learner:
        outcome, cookies = decide_as_learner(
            browser=person.browser,
            site=person.site,
            who=person.who,
            asked=asked,
            by=person.by,
            here=here,
        )
    else:
        outcome, cookies = decide_as_visitor(
            browser=person.browser, site=person.site, who=person.who, asked=asked, here=here
        )
    against = "+".join(_key(choice) for choice in confirmable(outcome))
    saved = f"conflict&against={against}" if against else "yes"
    if outcome.refused_by_gpc and not against:
        saved = "gpc"
    response = HttpResponseRedirect(f"{request.path}?site={person.site.slug}&saved={saved}")
    response.status_code = 303
    put_cookies(response, cookies, site=person.site, secure=request.is_secure(), request=request)
    return response


def _read_form(request: HttpRequest) -> Asked:
    """What was answered to which words; raises `NoticeError` or `ValueError`."""
    form = request.POST
    shown = find_shown(
        version=int(form.get("notice_version", "0")[:9]), digest=form.get("notice_digest", "")
    )
    control = Control(form.get("control", ""))
    is_confirmed = form.get("confirmed") == "1" and control is Control.CHOOSE
    granted = _BUTTONS.get(control)
    if granted is None:
        granted = Choice(sum(choice for choice in Choice if _key(choice) in form))
    return Asked(
        # Who confirms answers to that alone; the rest stays as it was saved just before.
        answers=Answers(asked=granted if is_confirmed else ALL_CHOICES, granted=granted),
        confirmed=is_confirmed,
        served=_served(form, shown),
        shown=shown,
        control=control,
        layer=Layer.CENTRE,
        gpc=has_gpc(request),
    )


def _served(form: QueryDict, shown: NoticeShown) -> Shown | None:
    """The notice as this page served it; none if the word of it is not ours, or too old."""
    here = installation()
    token = form.get("served", "")
    site = form.get("site", "")
    found = read_shown(token, site=site, ring=here.ring, clock=here.clock) if token else None
    return found if found and found.notice == shown else None


def _serve(person: Person, shown: NoticeShown) -> str:
    here = installation()
    return sign_shown(
        site=person.site.slug,
        notice=shown,
        place=Place.CENTRE,
        layer=Layer.CENTRE,
        ring=here.ring,
        clock=here.clock,
    )


def _conflict(request: HttpRequest, words: Words) -> dict[str, object]:
    """What was said yes to against the browser's signal, to be confirmed or left."""
    named = request.GET.get("against", "").split()
    said = words.text["choices"]
    lines = [
        {"key": _key(choice), "name": said[_key(choice)]["name"]}
        for choice in GPC_CHOICES
        if _key(choice) in named
    ]
    return {"conflict": lines, "conflict_names": ", ".join(line["name"] for line in lines)}


def _lines(words: Words, standing: Standing | None, *, gpc: bool) -> list[Line]:
    said = words.text["choices"]
    on = Choice(standing.choices) if standing else NO_CHOICES
    is_narrowed = gpc and not (standing and standing.confirmed)
    return [
        Line(
            key=_key(choice),
            name=said[_key(choice)]["name"],
            means=said[_key(choice)]["says"],
            category=CATEGORY_OF[choice],
            category_name=str(CATEGORIES[CATEGORY_OF[choice]]),
            is_on=choice in on and not (is_narrowed and choice in GPC_CHOICES),
            is_narrowed=is_narrowed and choice in GPC_CHOICES,
        )
        for choice in Choice
    ]


def _key(choice: Choice) -> str:
    return (choice.name or "").lower()


def _regime(person: Person) -> Regime:
    return regime_of(person.who.country, default=person.site.regime)
