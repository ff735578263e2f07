"""The endpoints of consent: what is decided here, and a decision."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request
from ninja import Query, Router, Status

from privet.accounts.facts import Identity, SiteFacts
from privet.accounts.service import account_id_of, key_of
from privet.accounts.tokens import BadTokenError
from privet.catalogue.uses import NO_CHOICES, Choice
from privet.consent.browser import (
    Browser,
    SetCookies,
    cookies_of_state,
    decide_as_learner,
    decide_as_visitor,
    join_browser,
    read_browser,
    signal_of_visitor,
)
from privet.consent.notices import current_words, find_shown
from privet.consent.rules import ALL_CHOICES, Answers
from privet.consent.served import Shown, read_shown
from privet.consent.service import Asked, Outcome, Who, record_signal, settle_state
from privet.consent.signals import read_signal
from privet.consent.state import State
from privet.kernel.config import read_config
from privet.web.api import present
from privet.web.api.client import check_rate, country_of, region_of
from privet.web.api.errors import RefusedError
from privet.web.api.jar import put_cookies
from privet.web.api.origins import check_origin
from privet.web.api.schemas import (
    CHOICES,
    AskIn,
    DecisionIn,
    DecisionOut,
    ErrorOut,
    StandingOut,
    StateIn,
    StateOut,
)
from privet.web.api.surroundings import SITES, VERIFIER, count_faults, installation

router = Router(tags=["consent"])
_REFUSALS = {400: ErrorOut, 401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 429: ErrorOut}
_BEARER = "Bearer "


@router.get(
    "",
    response={200: StateOut, **_REFUSALS},
    summary="What is decided in this browser, or by this learner",
)
def get_consent(request: HttpRequest, response: HttpResponse, where: Query[StateIn]) -> StateOut:
    """The decision in force, and the exact notice to show if there is none.

    With ``Authorization: Bearer TOKEN`` (an identity token) it is about that learner. A decision
    that was made in this browser before signing in is then joined to the learner's own: of the
    two the most restrictive is in force.
    """
    check_rate(request)
    found = SITES.find(where.site)
    check_origin(request, found)
    browser = browser_of(request, found)
    around = around_page(request, where, found)
    token = _bearer(request)
    if not token:
        return _answer_visitor(request, response, browser, around)
    who = learner_of(request, found, _verify(token, found))
    state, cookies = _state_of(who, found, browser, gpc=around.gpc)
    put_cookies(response, cookies, site=found, secure=request.is_secure(), request=request)
    own = replace(around, country=who.country, region=region_of(request, who.country))
    return present.state_of_learner(own, state, key=who.key)


@router.get(
    "/standing",
    response={200: StandingOut, **_REFUSALS},
    summary="Whether the decision in this browser's cookie holds as it is",
)
def get_standing(request: HttpRequest, where: Query[AskIn]) -> StandingOut:
    """For a page that read the cookie itself: it cannot tell a forged or a stale one.

    Small and quick, since every page of everybody who decided asks it. Nothing is recorded.
    """
    check_rate(request)
    site = SITES.find(where.site)
    check_origin(request, site)
    language = where.lang or get_language_from_request(request)
    words = current_words(language, clock=installation().clock)
    return StandingOut(
        holds=present.holds(browser_of(request, site), words, gpc=has_gpc(request)),
        label=words.texts["privacy_link"],
    )


def around_page(request: HttpRequest, where: StateIn, site: SiteFacts) -> present.Around:
    """What the page and the connection tell of whoever asks."""
    language = where.lang or get_language_from_request(request)
    country = country_of(request)
    return present.Around(
        site=site,
        words=current_words(language, clock=installation().clock),
        gpc=has_gpc(request),
        country=country,
        region=region_of(request, country),
        here=installation(),
        institution=where.institution,
        course=where.course,
        vendor_signals=where.vendor_signals,
    )


def _answer_visitor(
    request: HttpRequest, response: HttpResponse, browser: Browser, around: present.Around
) -> StateOut:
    site = around.site
    who = Who(site=site.slug, country=around.country, default_regime=site.regime)
    if around.gpc:
        browser, cookies = signal_of_visitor(browser=browser, who=who, here=around.here)
        put_cookies(response, cookies, site=site, secure=request.is_secure(), request=request)
    return present.state_of_browser(around, browser)


@router.post(
    "/decisions",
    response={
        200: DecisionOut,
        201: DecisionOut,
        409: ErrorOut,
        413: ErrorOut,
        415: ErrorOut,
        **_REFUSALS,
    },
    summary="Record a decision",
)
def post_decision(
    request: HttpRequest, response: HttpResponse, decision: DecisionIn
) -> Status[DecisionOut]:
    """Record a decision of a visitor, or of the learner for whom ``token`` vouches.

    201 if it was recorded, 200 if it said nothing new. With ``Sec-GPC: 1`` targeting, sale and
    sharing are refused whatever is asked, and the answer says so.
    """
    check_rate(request)
    site = SITES.find(decision.site)
    check_origin(request, site)
    browser = browser_of(request, site)
    asked = _asked(decision, gpc=has_gpc(request))
    outcome, cookies = _decide(request, site, browser, decision.token, asked)
    put_cookies(response, cookies, site=site, secure=request.is_secure(), request=request)
    answer = present.decision(outcome, asked)
    return Status(201 if outcome.record_id else 200, answer)


def has_gpc(request: HttpRequest) -> bool:
    """Whether the browser asks not to be sold or shared: by Sec-GPC, or by DNT if it is obeyed."""
    return read_signal(
        gpc=request.headers.get("Sec-GPC", ""),
        dnt=request.headers.get("DNT", ""),
        obeys_dnt=read_config().obeys_dnt,
    )


def learner_of(request: HttpRequest, site: SiteFacts, identity: Identity) -> Who:
    """Whose consent it is about when a platform vouches for somebody."""
    return Who(
        site=site.slug,
        key=key_of(identity, installation().ring),
        account_id=account_id_of(identity),
        birth_year=identity.birth_year,
        country=identity.country or country_of(request),
        default_regime=site.regime,
    )


def _decide(
    request: HttpRequest, site: SiteFacts, browser: Browser, token: str | None, asked: Asked
) -> tuple[Outcome, SetCookies]:
    here = installation()
    if token:
        who = learner_of(request, site, _verify(token, site))
        return decide_as_learner(
            browser=browser, site=site, who=who, asked=asked, by=_by(who), here=here
        )
    who = Who(site=site.slug, country=country_of(request), default_regime=site.regime)
    return decide_as_visitor(browser=browser, site=site, who=who, asked=asked, here=here)


def _state_of(
    who: Who, site: SiteFacts, browser: Browser, *, gpc: bool
) -> tuple[State, SetCookies]:
    """A learner's state, after joining what the browser brought, and the cookies that say so.

    The signal of this browser holds for the account, so it is recorded when it is first seen.
    """
    here = installation()
    outcome, cookies = join_browser(browser=browser, site=site, who=who, by=_by(who), here=here)
    state = outcome.state if outcome else settle_state(who=who, by=_by(who), clock=here.clock)
    is_new = gpc and not state.gpc
    if is_new:
        state = record_signal(who=who, by=_by(who), clock=here.clock).state
    if state.answers is not None and (is_new or outcome is None):
        cookies = cookies_of_state(state, browser=browser, site=site, here=here)
    return state, cookies


def _asked(decision: DecisionIn, *, gpc: bool) -> Asked:
    asked = granted = NO_CHOICES
    for name, is_yes in decision.choices.items():
        asked |= CHOICES[name]
        granted |= CHOICES[name] if is_yes else NO_CHOICES
    if decision.control == "reject_all":
        asked, granted = ALL_CHOICES, NO_CHOICES
    if not asked:
        raise RefusedError(
            400,
            "no_choices",
            "The decision answers nothing.",
            remedy="Name at least one choice, with true or false.",
        )
    return Asked(
        answers=Answers(asked=Choice(asked), granted=Choice(granted)),
        shown=find_shown(version=decision.notice.version, digest=decision.notice.hash),
        control=decision.used_control(),
        layer=decision.used_layer(),
        gpc=gpc,
        request_id=decision.id,
        institution=decision.institution,
        course=decision.course,
        confirmed=decision.confirmed,
        served=_served(decision),
    )


def _served(decision: DecisionIn) -> Shown | None:
    """The notice that was served before; what cannot be believed is counted and left out."""
    here, said = installation(), decision.notice
    if not said.served:
        return None
    shown = read_shown(said.served, site=decision.site, ring=here.ring, clock=here.clock)
    if shown is None or (shown.notice.version, shown.notice.digest) != (said.version, said.hash):
        count_faults(["notice_served_unknown"])
        return None
    return shown


def browser_of(request: HttpRequest, site: SiteFacts) -> Browser:
    """The cookies that count; the others are counted."""
    browser = read_browser(request.headers.get("Cookie", ""), site=site.slug, here=installation())
    count_faults(browser.faults)
    return browser


def _bearer(request: HttpRequest) -> str:
    said = request.headers.get("Authorization", "")
    return said.removeprefix(_BEARER).strip() if said.startswith(_BEARER) else ""


def _verify(token: str, site: SiteFacts) -> Identity:
    try:
        return VERIFIER.verify(token, site=site, now=installation().clock.now())
    except BadTokenError as error:
        raise RefusedError(401, "bad_token", error.what, remedy=error.remedy) from error


def _by(who: Who) -> str:
    return f"account:{who.account_id}" if who.account_id else "learner"
