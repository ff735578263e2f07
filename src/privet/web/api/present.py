"""Facts of consent in the words of the API."""

from datetime import UTC, datetime, timedelta

from privet.accounts.facts import SiteFacts
from privet.catalogue.uses import Choice
from privet.consent.browser import Browser
from privet.consent.cookies import CONSENT_DAYS
from privet.consent.notices import NECESSARY, Words, choice_name
from privet.consent.own_cookies import listed_in
from privet.consent.places import regime_of
from privet.consent.registry import Category, Technology
from privet.consent.rules import GPC_CHOICES, AgeGroup
from privet.consent.service import Asked, Outcome
from privet.consent.state import State
from privet.web.api.schemas import (
    CHOICES,
    CategoryOut,
    ChoiceOut,
    CookieOut,
    DecisionOut,
    NoticeOut,
    StateOut,
)

CATEGORIES = (NECESSARY, "performance", "functionality", "targeting")
"""The four categories of cookies that learners know."""
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


def decision(outcome: Outcome, asked: Asked) -> DecisionOut:
    """What is in force after a decision, and what was refused of it and why."""
    in_force = Choice(outcome.standing.choices)
    by_rule = asked.answers.granted & ~in_force & ~outcome.refused_by_gpc
    return DecisionOut(
        record=outcome.record_id,
        decided=True,
        choices=named(in_force),
        refused_by_gpc=_names(outcome.refused_by_gpc),
        refused_by_rule=_names(by_rule),
        gpc=outcome.state.gpc,
        regime=outcome.state.regime,
        age=outcome.state.age,
        expires=_expires(outcome.state.decided),
    )


def state_of_browser(site: SiteFacts, browser: Browser, words: Words, *, gpc: bool) -> StateOut:
    """What a visitor's cookie says; a learner's, left behind on signing out, decides for nobody."""
    cookie = None if browser.consent and browser.consent.of_learner else browser.consent
    in_force = cookie.choices if cookie else Choice(0)
    return _state(
        site,
        words,
        decided=cookie is not None,
        learner=False,
        in_force=in_force,
        gpc=gpc,
        regime=cookie.regime if cookie else regime_of("", default=site.regime),
        age=AgeGroup.UNKNOWN,
        expires=_expires(cookie.decided if cookie else None),
    )


def state_of_learner(site: SiteFacts, state: State, words: Words, *, gpc: bool) -> StateOut:
    """What is recorded of a learner."""
    return _state(
        site,
        words,
        decided=state.answers is not None,
        learner=True,
        in_force=Choice(state.standing().choices),
        gpc=gpc,
        regime=state.regime,
        age=state.age,
        expires=_expires(state.decided),
    )


def named(choices: Choice) -> dict[str, bool]:
    """Every choice by name, with whether it is among these."""
    return {name: choice in choices for name, choice in CHOICES.items()}


def categories(words: Words) -> list[CategoryOut]:
    """The four categories, explained, each with Privet's own cookies in it."""
    return [_category(name, words) for name in CATEGORIES]


def _state(
    site: SiteFacts,
    words: Words,
    *,
    decided: bool,
    learner: bool,
    in_force: Choice,
    gpc: bool,
    regime: str,
    age: str,
    expires: str | None,
) -> StateOut:
    return StateOut(
        site=site.slug,
        decided=decided,
        learner=learner,
        choices=named(in_force & ~GPC_CHOICES if gpc else in_force),
        gpc=gpc,
        regime=regime,
        age=age,
        expires=expires,
        notice=NoticeOut(
            version=words.shown.version,
            hash=words.shown.digest,
            language=words.shown.language,
            direction="rtl" if words.shown.language[:2] in _RIGHT_TO_LEFT else "ltr",
            texts=words.texts,
        ),
        categories=categories(words),
        asked=[
            ChoiceOut(name=name, label=said["name"], says=said["says"])
            for name, said in words.text["choices"].items()
            if name != NECESSARY
        ],
    )


def _category(name: str, words: Words) -> CategoryOut:
    cookies = listed_in(Category(name))
    said = words.text["choices"][name]
    return CategoryOut(
        name=name,
        label=said["name"],
        says=said["says"],
        summary=_summary(len(cookies), words),
        cookies=[_cookie(cookie, words.shown.language) for cookie in cookies],
    )


def _summary(number: int, words: Words) -> str:
    form = {0: "cookies_none", 1: "cookies_one"}.get(number, "cookies_many")
    return words.texts[form].replace("{n}", str(number))


def _cookie(technology: Technology, language: str) -> CookieOut:
    """``lifetime`` is what the browser makes of it: ISO 8601, ``session`` or ``unlimited``."""
    return CookieOut(
        name=technology.name,
        says=technology.says(language),
        lifetime=technology.effective_lifetime,
        vendor=technology.vendor,
        kind=technology.kind,
        party=technology.party,
    )


def _names(choices: Choice) -> list[str]:
    return [choice_name(choice) for choice in choices]


def _expires(decided: datetime | None) -> str | None:
    if decided is None:
        return None
    return (decided.astimezone(UTC).date() + timedelta(days=CONSENT_DAYS)).isoformat()
