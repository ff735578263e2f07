"""Facts of consent in the words of the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override

from privet.accounts.facts import SiteFacts
from privet.catalogue.uses import Choice
from privet.consent.browser import Browser, Installation
from privet.consent.cookies import CONSENT_DAYS, CookieFault
from privet.consent.explained import RegimeExplained, explain_regime
from privet.consent.history import has_decided
from privet.consent.languages import direction_of
from privet.consent.ledger import Layer, Place
from privet.consent.material import Reason
from privet.consent.notices import NECESSARY, Words, choice_name, find_growth, languages_of
from privet.consent.places import Regime, regime_of
from privet.consent.policies.news import News, list_in_force
from privet.consent.registry import Category, Party, Technology, registry_for
from privet.consent.rules import BY_CHOICE, GPC_CHOICES, AgeGroup, Cell
from privet.consent.served import sign_shown
from privet.consent.service import Asked, Outcome, confirmable
from privet.consent.signals import consent_mode, gpp_string
from privet.consent.state import State
from privet.kernel.config import read_config
from privet.web.api.schemas import (
    CHOICES,
    AsksAgainOut,
    CategoryOut,
    ChoiceOut,
    CookieOut,
    DecisionOut,
    NoticeOut,
    PolicyNewsOut,
    PolicyOut,
    RegimeOut,
    SignalOut,
    SourceOut,
    StateOut,
    VendorSignalsOut,
)
from privet.web.policies.names import NAMES
from privet.web.words import say_day

CATEGORIES = (NECESSARY, "performance", "functionality", "targeting")
"""The four categories of cookies that learners know."""


@dataclass(frozen=True, kw_only=True)
class Around:
    """What an answer needs to know beside the decision."""

    site: SiteFacts
    words: Words
    gpc: bool
    country: str
    here: Installation
    region: str = ""
    """The part of the country, as far as the address tells it."""
    institution: str = ""
    """The member whose page it is; its own cookies are listed too."""
    course: str = ""
    vendor_signals: bool = False
    """Whether the decision is wanted in the words of others too."""


def decision(outcome: Outcome, asked: Asked) -> DecisionOut:
    """What is in force after a decision, and what was refused of it and why."""
    in_force = Choice(outcome.standing.choices)
    by_rule = asked.answers.granted & ~in_force & ~outcome.refused_by_gpc
    return DecisionOut(
        record=outcome.record_id,
        decided=True,
        choices=named(in_force),
        refused_by_gpc=_names(outcome.refused_by_gpc),
        conflict=_names(confirmable(outcome)),
        confirmed=outcome.state.confirmed,
        notice_served=asked.served.record_id if asked.served and outcome.record_id else None,
        refused_by_rule=_names(by_rule),
        gpc=outcome.state.gpc,
        regime=outcome.state.regime,
        age=outcome.state.age,
        expires=_expires(outcome.state.decided),
    )


def holds(browser: Browser, words: Words, *, gpc: bool) -> bool:
    """Whether a visitor's cookie says all that there is to say: sound, not overtaken by anything
    new, and nothing in it that the browser's signal refuses."""
    cookie = browser.consent
    if cookie is None or cookie.of_learner:
        return False
    is_against = gpc and not cookie.confirmed and bool(cookie.choices & GPC_CHOICES)
    return not is_against and not find_growth(cookie.notice, now=words.shown.version).reasons


def state_of_browser(around: Around, browser: Browser) -> StateOut:
    """What a visitor's cookie says; a learner's, left behind on signing out, decides for nobody."""
    cookie = None if browser.consent and browser.consent.of_learner else browser.consent
    is_stale = CookieFault.STALE in browser.faults
    return _state(
        around,
        decided=cookie is not None,
        learner=False,
        in_force=cookie.choices if cookie else Choice(0),
        confirmed=cookie.confirmed if cookie else False,
        holds_for=["browser", *(["profile"] if browser.visitor else [])],
        again=_again(cookie.notice if cookie else None, around, has_expired=is_stale),
        regime=cookie.regime if cookie else regime_of(around.country, default=around.site.regime),
        age=AgeGroup.UNKNOWN,
        expires=_expires(cookie.decided if cookie else None),
        is_signalled=cookie.gpc if cookie else False,
        # A cookie knows only the day: what was published on that day may have been read.
        read_until=cookie.decided + timedelta(days=1) if cookie else None,
    )


def state_of_learner(around: Around, state: State, *, key: bytes | None) -> StateOut:
    """What is recorded of a learner; ``key`` is by what the ledger knows them."""
    has_expired = state.answers is None and key is not None and has_decided([key])
    return _state(
        around,
        decided=state.answers is not None,
        learner=True,
        in_force=Choice(state.standing().choices),
        confirmed=state.confirmed,
        holds_for=["browser", "profile", "account"],
        again=_again(state.notice_version, around, has_expired=has_expired),
        regime=state.regime,
        age=state.age,
        expires=_expires(state.decided),
        is_signalled=state.gpc,
        read_until=state.decided,
    )


def _again(version: int | None, around: Around, *, has_expired: bool) -> AsksAgainOut | None:
    """Why and about what to ask again; none if there is nothing new."""
    if has_expired:
        return AsksAgainOut(because=[Reason.EXPIRY.value], choices=list(CHOICES), new=[])
    found = find_growth(version, now=around.words.shown.version)
    if not found.reasons:
        return None
    return AsksAgainOut(
        because=[reason.value for reason in found.reasons],
        choices=_names(found.choices),
        new=[
            {"what": reason.value, "name": name, "words": _in_words(reason, name, around.words)}
            for reason, name in found.new
        ],
    )


def _in_words(reason: Reason, name: str, words: Words) -> str:
    """A new thing as people call it; vendors and controllers have but their names."""
    if reason is Reason.PURPOSE:
        return str(words.text.get("uses", {}).get(name, name))
    if reason is Reason.CATEGORY:
        return str(words.text["choices"][name]["name"])
    return name


def named(choices: Choice) -> dict[str, bool]:
    """Every choice by name, with whether it is among these."""
    return {name: choice in choices for name, choice in CHOICES.items()}


def categories(around: Around) -> list[CategoryOut]:
    """The four categories, explained, each with what the registry of the place has in it."""
    registry = registry_for(institution=around.institution, course=around.course)
    return [_category(name, around.words, registry.of(Category(name))) for name in CATEGORIES]


def _state(
    around: Around,
    *,
    decided: bool,
    learner: bool,
    in_force: Choice,
    confirmed: bool,
    holds_for: list[str],
    again: AsksAgainOut | None,
    regime: Regime,
    age: AgeGroup,
    expires: str | None,
    read_until: datetime | None,
    is_signalled: bool = False,
) -> StateOut:
    words, gpc, explained = around.words, around.gpc, _explained(around)
    allowed = in_force & ~GPC_CHOICES if gpc and not confirmed else in_force
    for name in again.choices if again else ():
        allowed &= ~CHOICES[name]
    return StateOut(
        site=around.site.slug,
        decided=decided and again is None,
        learner=learner,
        choices=named(allowed),
        gpc=gpc,
        signal=SignalOut(
            sent=gpc,
            honoured=(gpc or is_signalled) and not confirmed,
            holds_for=holds_for if gpc or is_signalled else [],
            confirmed=confirmed,
        ),
        regime=regime,
        regime_explained=explained,
        asks_again=again,
        age=age,
        expires=expires,
        notice=_notice(around, age),
        categories=categories(around),
        asked=[
            ChoiceOut(
                name=name, label=said["name"], says=said["says"], open=_is_open(name, regime, age)
            )
            for name, said in words.text["choices"].items()
            if name != NECESSARY
        ],
        policies=_policies(around),
        policy_news=_policy_news(around, read_until, has_expired=_has_expired(again)),
        vendor_signals=_vendor_signals(allowed, around, confirmed, explained.regime)
        if around.vendor_signals
        else None,
    )


def _vendor_signals(
    allowed: Choice, around: Around, confirmed: bool, regime: str
) -> VendorSignalsOut:
    applies = regime == Regime.OPT_OUT
    return VendorSignalsOut(
        consent_mode=consent_mode(allowed, gpc=around.gpc, confirmed=confirmed),
        gpp=gpp_string(allowed, gpc=around.gpc, confirmed=confirmed, applies=applies),
    )


def _is_open(name: str, regime: Regime, age: AgeGroup) -> bool:
    return BY_CHOICE[CHOICES[name]].cells[regime, age] is not Cell.NEVER


def _policies(around: Around) -> list[PolicyOut]:
    found = list_in_force(days=read_config().policy_news_days, clock=around.here.clock)
    return [
        PolicyOut(
            kind=news.kind.value,
            version=news.version,
            changed=is_news,
            link=_changes_of(news),
        )
        for news, is_news in found
    ]


def _has_expired(again: AsksAgainOut | None) -> bool:
    return again is not None and Reason.EXPIRY in again.because


def _policy_news(
    around: Around, read_until: datetime | None, *, has_expired: bool
) -> list[PolicyNewsOut]:
    """The policies that changed since the decision; if that is over, those that changed lately."""
    lines = []
    days = read_config().policy_news_days
    for news, is_lately in list_in_force(days=days, clock=around.here.clock):
        is_later = read_until is not None and news.version > 1 and news.published > read_until
        if not (is_later or (has_expired and is_lately)):
            continue
        with override(around.words.shown.language):
            says = gettext("The %(name)s changed on %(day)s.") % {
                "name": NAMES[news.kind],
                "day": say_day(news.published.date()),
            }
        lines.append(PolicyNewsOut(says=says, link=_changes_of(news)))
    return lines


def _changes_of(news: News) -> str:
    page = reverse(f"policies:{news.kind}_changes")
    return f"{read_config().public_url}{page}#version-{news.version}"


def _notice(around: Around, age: AgeGroup) -> NoticeOut:
    shown = around.words.shown
    registry = registry_for(institution=around.institution, course=around.course)
    return NoticeOut(
        version=shown.version,
        hash=shown.digest,
        language=shown.language,
        languages=languages_of(shown.version),
        direction=direction_of(shown.language),
        served=sign_shown(
            site=around.site.slug,
            notice=shown,
            place=Place.BANNER,
            layer=Layer.BANNER,
            registry=f"{registry.version} {registry.digest[:12]}",
            ring=around.here.ring,
            clock=around.here.clock,
        ),
        texts=around.words.texts_for(age),
    )


def _explained(around: Around) -> RegimeOut:
    today = around.here.clock.now().date()
    with override(around.words.shown.language):
        said = explain_regime(
            around.country, region=around.region, default=around.site.regime, on=today
        )
    source = said.source
    # Pages are in few languages; a language of the banner alone brings these words itself.
    is_known = around.words.shown.language in dict(settings.LANGUAGES)
    return RegimeOut(
        regime=said.regime,
        country=said.country,
        region=said.state.place if said.state else "",
        signal_binds=said.state.binds_signal(today) if said.state else False,
        age_of_consent=said.age,
        words=list(said.words) if is_known else _words_of_rule(said, around),
        source=SourceOut(
            law=source.law,
            link=source.link,
            since=source.since.isoformat(),
            checked=source.checked.isoformat(),
        )
        if source
        else None,
    )


def _words_of_rule(said: RegimeExplained, around: Around) -> list[str]:
    texts = around.words.texts
    place = "law" if said.source else "unlisted" if said.country else "unknown"
    return [
        texts[f"rule_{said.regime}"],
        texts[f"rule_{place}"],
        texts["rule_age"].replace("{age}", str(said.age)),
        texts["rule_signal"],
    ]


def _category(name: str, words: Words, cookies: Sequence[Technology]) -> CategoryOut:
    said = words.text["choices"][name]
    return CategoryOut(
        name=name,
        label=said["name"],
        says=said["says"],
        summary=summarise(cookies, words),
        cookies=[_cookie(cookie, words.shown.language) for cookie in cookies],
    )


def summarise(cookies: Sequence[Technology], words: Words) -> str:
    """How many there are; that all are the platform's own is said only where it is so."""
    if any(one.institution or one.party is Party.THIRD for one in cookies):
        form = words.texts.get("cookies_others", "{n}")
    else:
        form = words.texts[{0: "cookies_none", 1: "cookies_one"}.get(len(cookies), "cookies_many")]
    return form.replace("{n}", str(len(cookies)))


def _cookie(technology: Technology, language: str) -> CookieOut:
    """``lifetime`` is what the browser makes of it: ISO 8601, ``session`` or ``unlimited``."""
    return CookieOut(
        name=technology.name,
        says=technology.says(language),
        lifetime=technology.effective_lifetime,
        vendor=technology.vendor,
        kind=technology.kind,
        party=technology.party,
        setter=technology.setter,
        host=technology.host,
        is_pattern=technology.is_pattern,
    )


def _names(choices: Choice) -> list[str]:
    return [choice_name(choice) for choice in choices]


def _expires(decided: datetime | None) -> str | None:
    if decided is None:
        return None
    return (decided.astimezone(UTC).date() + timedelta(days=CONSENT_DAYS)).isoformat()
