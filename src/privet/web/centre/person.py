"""Whose page of the centre this is: a learner with a key, or the visitor of this browser."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest

from privet.accounts.facts import SiteFacts
from privet.accounts.service import keys_of, sites_of
from privet.consent.browser import (
    Browser,
    SetCookies,
    decide_as_learner,
    decide_as_visitor,
    read_browser,
)
from privet.consent.rules import UNDECIDED, Standing
from privet.consent.service import Asked, Outcome, Who, record_signal, state_of
from privet.consent.state import State
from privet.web.api.client import country_of
from privet.web.api.surroundings import SITES, count_faults, installation
from privet.web.api.views import has_gpc
from privet.web.permission import Viewer, viewer_of


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

    def state(self) -> State | None:
        """What is recorded of a learner; none of a visitor, and of whom nothing is recorded."""
        return state_of(self.who.key, clock=installation().clock) if self.who.key else None

    def standing(self) -> Standing | None:
        """What was decided and is in force; none if nothing was decided."""
        found = self.standing_now()
        return found if found.decided else None

    def standing_now(self) -> Standing:
        """What is in force, decided or not: objections hold without a decision."""
        if self.who.key is not None:
            state = self.state()
            return state.standing() if state else UNDECIDED
        cookie = self.browser.consent
        # A learner's, left behind on signing out of a shared browser, decides for nobody.
        return cookie.standing() if cookie and not cookie.of_learner else UNDECIDED

    def keys(self) -> frozenset[bytes]:
        """By what their records are found: an account's keys, or the number of a browser."""
        if self.who.account_id is not None:
            return keys_of(self.who.account_id)
        visitor = self.browser.visitor
        return frozenset({visitor.person_key(installation().ring.link_key())} if visitor else ())

    def decide(self, asked: Asked) -> tuple[Outcome, SetCookies]:
        """Record what was answered: a learner's for all their browsers, a visitor's for this."""
        site, who, browser, here = self.site, self.who, self.browser, installation()
        if self.is_learner:
            return decide_as_learner(
                browser=browser, site=site, who=who, asked=asked, by=self.by, here=here
            )
        return decide_as_visitor(browser=browser, site=site, who=who, asked=asked, here=here)


def find_site(request: HttpRequest) -> SiteFacts | None:
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


def find_person(request: HttpRequest, site: SiteFacts) -> Person:
    """Who looks, as somebody who decides on this site."""
    browser = read_browser(request.headers.get("Cookie", ""), site=site.slug, here=installation())
    count_faults(browser.faults)
    viewer = viewer_of(request)
    person = Person(site=site, who=_who(request, site, viewer), browser=browser, by=viewer.by)
    if has_gpc(request):
        _note_signal(person)
    return person


def _note_signal(person: Person) -> None:
    """The signal of this browser holds for the account that looks, decided or not, from now on."""
    if not person.is_learner:
        return
    state = person.state()
    if state is None or not state.gpc:
        record_signal(who=person.who, by=person.by, clock=installation().clock)


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
