"""Choices: what a person allows, changed by a plain form; for learners and for visitors."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from privet.accounts.facts import SiteFacts
from privet.accounts.service import keys_of, sites_of
from privet.catalogue.uses import NO_CHOICES, Choice
from privet.consent.browser import (
    Browser,
    decide_as_learner,
    decide_as_visitor,
    read_browser,
)
from privet.consent.ledger import Control, Layer
from privet.consent.notices import NoticeError, Words, current_words, find_shown
from privet.consent.places import Regime, regime_of
from privet.consent.rules import ALL_CHOICES, GPC_CHOICES, Answers, Standing
from privet.consent.service import Asked, Who, state_of
from privet.web.api.client import country_of
from privet.web.api.jar import put_cookies
from privet.web.api.surroundings import SITES, count_faults, installation
from privet.web.api.views import has_gpc
from privet.web.centre.frame import tabs_for
from privet.web.centre.history import Past, history_of
from privet.web.permission import ANYBODY, Viewer, opens_to, viewer_of
from privet.web.uses import CATEGORIES, CATEGORY_OF

_BUTTONS = {
    Control.ACCEPT_ALL: ALL_CHOICES,
    Control.REJECT_ALL: NO_CHOICES,
}


@dataclass(frozen=True, kw_only=True)
class Person:
    """Whose choices these are: a learner with a key, or the visitor of this browser."""

    site: SiteFacts
    who: Who
    browser: Browser
    by: str

    @property
    def is_learner(self) -> bool:
        """Whether the platform vouched for them."""
        return self.who.key is not None

    def standing(self) -> Standing | None:
        """What is in force; none if nothing was decided."""
        if self.who.key is not None:
            state = state_of(self.who.key, clock=installation().clock)
            found = state.standing() if state else None
            return found if found and found.decided else None
        return self.browser.consent.standing() if self.browser.consent else None


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
    site = _site(request)
    if site is None:
        return render(request, "centre/no_site.html", {"tabs": tabs_for(request)})
    person = _person(request, site)
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
        "lines": _lines(words, standing, gpc=gpc),
        "is_decided": standing is not None,
        "gpc": gpc,
        "is_opt_out": _regime(person) is Regime.OPT_OUT,
        "saved": request.GET.get("saved", ""),
        "fault": fault,
        "history": _history(person, words),
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
    saved = "gpc" if outcome.refused_by_gpc else "yes"
    response = HttpResponseRedirect(f"{request.path}?site={person.site.slug}&saved={saved}")
    response.status_code = 303
    put_cookies(response, cookies, site=person.site, secure=request.is_secure())
    return response


def _read_form(request: HttpRequest) -> Asked:
    """What was answered to which words; raises `NoticeError` or `ValueError`."""
    form = request.POST
    shown = find_shown(
        version=int(form.get("notice_version", "0")[:9]), digest=form.get("notice_digest", "")
    )
    control = Control(form.get("control", ""))
    granted = _BUTTONS.get(control)
    if granted is None:
        granted = Choice(sum(choice for choice in Choice if _key(choice) in form))
    return Asked(
        answers=Answers(asked=ALL_CHOICES, granted=granted),
        shown=shown,
        control=control,
        layer=Layer.CENTRE,
        gpc=has_gpc(request),
    )


def _lines(words: Words, standing: Standing | None, *, gpc: bool) -> list[Line]:
    said = words.text["choices"]
    on = Choice(standing.choices) if standing else NO_CHOICES
    return [
        Line(
            key=_key(choice),
            name=said[_key(choice)]["name"],
            means=said[_key(choice)]["says"],
            category=CATEGORY_OF[choice],
            category_name=str(CATEGORIES[CATEGORY_OF[choice]]),
            is_on=choice in on and not (gpc and choice in GPC_CHOICES),
            is_narrowed=gpc and choice in GPC_CHOICES,
        )
        for choice in Choice
    ]


def _key(choice: Choice) -> str:
    return (choice.name or "").lower()


def _site(request: HttpRequest) -> SiteFacts | None:
    """The site that is asked for, else the learner's own, else the first; none without sites."""
    sites = SITES.all()
    asked = request.GET.get("site") or request.POST.get("site")
    if asked:
        if asked not in sites:
            raise Http404
        return sites[asked]
    account = viewer_of(request).account_id
    own = sites_of(account) if account is not None else []
    return next((sites[slug] for slug in [*own, *sorted(sites)] if slug in sites), None)


def _person(request: HttpRequest, site: SiteFacts) -> Person:
    browser = read_browser(request.headers.get("Cookie", ""), site=site.slug, here=installation())
    count_faults(browser.faults)
    viewer = viewer_of(request)
    return Person(site=site, who=_who(request, site, viewer), browser=browser, by=viewer.by)


def _who(request: HttpRequest, site: SiteFacts, viewer: Viewer) -> Who:
    key = min(keys_of(viewer.account_id), default=None) if viewer.account_id is not None else None
    if key is None:
        # Staff whom no platform knows decide for their browser, as visitors do.
        return Who(site=site.slug, country=country_of(request), default_regime=site.regime)
    return Who(
        site=site.slug,
        key=key,
        account_id=viewer.account_id,
        birth_year=getattr(request.user, "birth_year", None),
        country=getattr(request.user, "country", "") or country_of(request),
        default_regime=site.regime,
    )


def _regime(person: Person) -> Regime:
    return regime_of(person.who.country, default=person.site.regime)
