"""A decision made in a browser: which cookies came, what is decided, which cookies go back.

The API and the page without JavaScript share it. A visitor who does not allow the category under
which the number is registered gets none: their record is linked to no one.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from privet.accounts.facts import SiteFacts
from privet.catalogue.uses import Choice
from privet.consent.cookies import (
    CONSENT_COOKIE,
    VISITOR_COOKIE,
    ConsentCookie,
    CookieFault,
    CookieKeys,
    VisitorCookie,
    cookie_value,
    day_of,
    new_visitor,
    numbering_choice,
    read_consent,
    read_visitor,
    sign_consent,
    sign_visitor,
)
from privet.consent.rules import GPC_CHOICES
from privet.consent.service import (
    Asked,
    Outcome,
    Who,
    join_visitor,
    preview,
    record_decision,
    record_signal,
)
from privet.consent.state import State
from privet.kernel.clock import Clock
from privet.kernel.crypto import KeyRing

_NO_NOTICE = 0


@dataclass(frozen=True, kw_only=True)
class Browser:
    """What a browser brought."""

    consent: ConsentCookie | None = None
    visitor: VisitorCookie | None = None
    faults: tuple[CookieFault, ...] = ()
    """Cookies that count as none, for the counters."""


@dataclass(frozen=True, kw_only=True)
class SetCookies:
    """What the answer sets: values, or none to leave a cookie as it is."""

    consent: str | None = None
    visitor: str | None = None
    ends_visitor: bool = False
    """Whether the visitor's number is deleted."""


@dataclass(frozen=True, kw_only=True)
class Installation:
    """The keys and the clock of one installation, made once a process."""

    ring: KeyRing
    clock: Clock

    @property
    def cookie_keys(self) -> CookieKeys:
        """The keys of the cookies."""
        return CookieKeys.of(self.ring)


def read_browser(header: str, *, site: str, here: Installation) -> Browser:
    """The sound cookies in a ``Cookie`` header; the others are counted and ignored."""
    faults: list[CookieFault] = []
    now, keys = here.clock.now(), here.cookie_keys

    def sound(name: str, read: Callable[[str], object]) -> object | None:
        value = cookie_value(header, name)
        found = read(value) if isinstance(value, str) and not _is_fault(value) else value
        if isinstance(found, CookieFault):
            faults.append(found)
            return None
        return found

    consent = sound(CONSENT_COOKIE, lambda v: read_consent(v, site=site, keys=keys, now=now))
    visitor = sound(VISITOR_COOKIE, lambda v: read_visitor(v, site=site, keys=keys, now=now))
    return Browser(
        consent=consent if isinstance(consent, ConsentCookie) else None,
        visitor=visitor if isinstance(visitor, VisitorCookie) else None,
        faults=tuple(faults),
    )


def decide_as_learner(
    *, browser: Browser, site: SiteFacts, who: Who, asked: Asked, by: str, here: Installation
) -> tuple[Outcome, SetCookies]:
    """Record the decision of somebody whom the platform or the session vouches for."""
    outcome = record_decision(who=who, asked=asked, by=by, clock=here.clock)
    return outcome, _cookies_for(outcome, site, browser.visitor, here, of_learner=True)


def decide_as_visitor(
    *, browser: Browser, site: SiteFacts, who: Who, asked: Asked, here: Installation
) -> tuple[Outcome, SetCookies]:
    """Record a visitor's decision; ``who`` says the place, the number is found or made here."""
    visitor = browser.visitor
    allowed = preview(who=who, asked=asked, clock=here.clock)
    if visitor is None and allowed.choices & numbering_choice():
        visitor = new_visitor(site.slug, now=here.clock.now())
    if visitor is None and _is_repeated(browser, allowed.choices, asked, here):
        state = State(answers=asked.answers, decided=here.clock.now())
        return Outcome(standing=allowed, state=state, record_id=None), SetCookies()
    key = visitor.person_key(here.ring.link_key()) if visitor else None
    outcome = record_decision(
        who=replace(who, key=key), asked=asked, by="visitor", clock=here.clock
    )
    return outcome, _cookies_for(outcome, site, visitor, here, of_learner=False)


def join_browser(
    *, browser: Browser, site: SiteFacts, who: Who, by: str, here: Installation
) -> tuple[Outcome | None, SetCookies]:
    """Somebody signed in: a decision that they made as a visitor is joined to their own.

    None if the browser brought none; a learner's own cookie is not joined again.
    """
    if browser.consent is None or browser.consent.of_learner:
        return None, SetCookies()
    key = browser.visitor.person_key(here.ring.link_key()) if browser.visitor else None
    outcome = join_visitor(
        who=who, visitor_key=key, cookie=browser.consent, by=by, clock=here.clock
    )
    return outcome, _cookies_for(outcome, site, browser.visitor, here, of_learner=True)


def signal_of_visitor(
    *, browser: Browser, who: Who, here: Installation
) -> tuple[Browser, SetCookies]:
    """Global Privacy Control came from a visitor who has decided: their number remembers it too.

    Returns the browser as it is then. What was confirmed against the signal stays.
    """
    cookie = browser.consent
    if cookie is None or cookie.of_learner or cookie.confirmed:
        return browser, SetCookies()
    if cookie.gpc and not cookie.choices & GPC_CHOICES:
        return browser, SetCookies()
    if browser.visitor is not None:
        key = browser.visitor.person_key(here.ring.link_key())
        record_signal(who=replace(who, key=key), by="visitor", clock=here.clock)
    narrowed = replace(cookie, choices=cookie.choices & ~GPC_CHOICES, gpc=True)
    ends = not narrowed.choices & numbering_choice()
    cookies = SetCookies(consent=sign_consent(narrowed, keys=here.cookie_keys), ends_visitor=ends)
    return replace(browser, consent=narrowed), cookies


def cookies_of_state(
    state: State, *, browser: Browser, site: SiteFacts, here: Installation
) -> SetCookies:
    """The cookies by which a browser learns what a learner decided elsewhere."""
    outcome = Outcome(standing=state.standing(), state=state, record_id=None)
    return _cookies_for(outcome, site, browser.visitor, here, of_learner=True)


def _cookies_for(
    outcome: Outcome,
    site: SiteFacts,
    visitor: VisitorCookie | None,
    here: Installation,
    *,
    of_learner: bool,
) -> SetCookies:
    state = outcome.state
    cookie = ConsentCookie(
        site=site.slug,
        choices=Choice(outcome.standing.choices),
        notice=state.notice_version or _NO_NOTICE,
        day=day_of(state.decided or here.clock.now()),
        gpc=state.gpc,
        regime=state.regime,
        confirmed=state.confirmed,
        of_learner=of_learner,
    )
    may_have = bool(outcome.standing.choices & numbering_choice())
    keeps = visitor is not None and may_have
    return SetCookies(
        consent=sign_consent(cookie, keys=here.cookie_keys),
        visitor=sign_visitor(visitor, keys=here.cookie_keys) if visitor and keeps else None,
        ends_visitor=not may_have,
    )


def _is_repeated(browser: Browser, choices: int, asked: Asked, here: Installation) -> bool:
    """Whether a browser without a number repeats what its cookie of today says already."""
    cookie = browser.consent
    return (
        cookie is not None
        and not cookie.of_learner
        and cookie.day == day_of(here.clock.now())
        and (int(cookie.choices), cookie.notice, cookie.gpc)
        == (choices, asked.shown.version, asked.gpc)
    )


def _is_fault(value: object) -> bool:
    return isinstance(value, CookieFault)
