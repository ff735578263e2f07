"""Choices: what a person allows, changed by a plain form; for learners and for visitors."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_http_methods

from privet.accounts.registry import institution_names
from privet.catalogue.uses import NO_CHOICES, Choice
from privet.consent.cookies import CONSENT_DAYS
from privet.consent.languages import direction_of
from privet.consent.ledger import Control, Layer, NoticeShown, Place
from privet.consent.members.unregistered import list_unregistered
from privet.consent.notices import NoticeError, Words, current_words, find_shown, languages_of
from privet.consent.places import Regime, regime_of
from privet.consent.registry import Category, registry_for
from privet.consent.rules import (
    ALL_CHOICES,
    BY_CHOICE,
    GPC_CHOICES,
    AgeGroup,
    Answers,
    Cell,
    Standing,
)
from privet.consent.served import Shown, read_shown, sign_shown
from privet.consent.service import Asked, confirmable, current_state
from privet.consent.state import State
from privet.web.api import present
from privet.web.api.jar import put_cookies
from privet.web.api.surroundings import SITES, installation
from privet.web.api.views import has_gpc
from privet.web.centre.frame import tabs_for
from privet.web.centre.history import history_of, names_of
from privet.web.centre.person import Person, find_person, find_site
from privet.web.centre.receipts import link_of, proof_of
from privet.web.permission import ANYBODY, opens_to
from privet.web.see_other import SeeOther
from privet.web.technologies import KINDS, say_lifetimes
from privet.web.uses import CATEGORIES, CATEGORY_OF

_CATEGORIES = Choice.PERFORMANCE | Choice.FUNCTIONALITY | Choice.TARGETING
_BUTTONS = {
    # As the banner's: mail, sale and research are each asked by itself.
    Control.ACCEPT_ALL: Answers(asked=_CATEGORIES, granted=_CATEGORIES),
    Control.REJECT_ALL: Answers(asked=ALL_CHOICES, granted=NO_CHOICES),
}
_ACCOUNT, _BROWSER = "account", "browser"
"""For what the choices on a page hold; a form comes back with it."""
_MOST_BLOCKED = 50
_NAME = re.compile(r"[\w.*:$-]{1,60}", re.ASCII)


class _Fault(StrEnum):
    """Why nothing was changed."""

    FORM = "form"
    SIGNED_OUT = "signed_out"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What is kept in the browser under a category."""

    summary: str
    technologies: tuple[tuple[str, str, str, str], ...]
    """Of each its name, what it is for, whose it is, and how long it stays."""


@dataclass(frozen=True, kw_only=True)
class Carried:
    """A visitor's decision as their browser carries it."""

    day: date
    allowed: tuple[tuple[str, str], ...]
    """Category and name of each choice."""
    notice_version: int | None
    gpc: bool


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
    is_beyond: bool
    """Beyond cookies: “Accept all” leaves it as it is."""
    is_closed: bool
    """Not offered to a person of this age: a yes would not count."""
    kept: Kept | None = None


@opens_to(ANYBODY)
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """Show the choices, or record them."""
    site = find_site(request)
    if site is None:
        return render(request, "centre/no_site.html", {"tabs": tabs_for(request)})
    person = find_person(request, site)
    if request.method == "POST":
        if request.POST.get("holds") == _ACCOUNT and not person.is_learner:
            return _show(request, person, fault=_Fault.SIGNED_OUT)
        return _decide(request, person)
    return _show(request, person)


def _show(request: HttpRequest, person: Person, *, fault: _Fault | None = None) -> HttpResponse:
    words = _words(request)
    standing = person.standing()
    state = current_state(who=person.who, clock=installation().clock)
    # What another browser of theirs sent holds here too.
    gpc = has_gpc(request) or state.gpc
    context = {
        "tabs": tabs_for(request),
        "person": person,
        "holds": _ACCOUNT if person.is_learner else _BROWSER,
        "notice": words.text,
        "body": words.text["body"].replace("{privacy}", words.text["privacy_link"]),
        "shown": words.shown,
        "direction": direction_of(words.shown.language),
        "served": _serve(person, words.shown),
        "necessary": _kept(Category.NECESSARY, words),
        "lines": _lines(words, standing, _closed(state), gpc=gpc),
        "closed": words.texts_for(state.age)["closed"],
        "is_decided": standing is not None,
        "gpc": gpc and not (standing and standing.confirmed),
        "may_silence_count": _regime(person) is Regime.OPT_OUT and state.age is AgeGroup.ADULT,
        "saved": request.GET.get("saved", ""),
        **_conflict(request, words),
        "fault": fault,
        "history": history_of(person, words.text),
        "decided": _decided(person, words),
        "receipt": link_of(request.GET.get("record", ""), request.GET.get("proof", "")),
        "kept_days": CONSENT_DAYS,
        "many_sites": len(SITES.all()) > 1,
        "blocked": _blocked(),
    }
    return render(request, "centre/choices.html", context, status=400 if fault else 200)


def _blocked() -> list[tuple[str, str, list[str]]]:
    """What pages of courses kept out since nobody registered it: by institution, kind and name.

    Anybody can report a name, so only what looks like one is repeated to learners.
    """
    institutions = institution_names()
    found: dict[tuple[str, str], list[str]] = {}
    for one in list_unregistered():
        if one.by_pages and not one.host and _NAME.fullmatch(one.name):
            where = institutions.get(one.institution, one.institution), str(KINDS[one.kind])
            found.setdefault(where, []).append(one.name)
    shown = sorted(found.items())[:_MOST_BLOCKED]
    return [(*where, sorted(set(names))[:_MOST_BLOCKED]) for where, names in shown]


def _decided(person: Person, words: Words) -> Carried | None:
    """What a visitor's browser carries of its decision: to the day, and of no record."""
    cookie = person.browser.consent
    if person.is_learner or cookie is None or cookie.of_learner:
        return None
    return Carried(
        day=cookie.decided.date(),
        allowed=names_of(cookie.choices, words.text),
        notice_version=cookie.notice or None,
        gpc=cookie.gpc,
    )


def _decide(request: HttpRequest, person: Person) -> HttpResponse:
    try:
        asked = _read_form(request)
    except (NoticeError, ValueError):
        return _show(request, person, fault=_Fault.FORM)
    outcome, cookies = person.decide(asked)
    against = "+".join(_key(choice) for choice in confirmable(outcome))
    saved = f"conflict&against={against}" if against else "yes"
    if outcome.refused_by_gpc and not against:
        saved = "gpc"
    if outcome.record_id and not person.is_learner:
        saved += f"&record={outcome.record_id}&proof={proof_of(outcome.record_id)}"
    response = SeeOther(f"{request.path}?site={person.site.slug}&saved={saved}")
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
    ticked = Choice(sum(choice for choice in Choice if _key(choice) in form))
    # Who confirms answers to that alone; the rest stays as it was saved just before.
    chosen = Answers(asked=ticked if is_confirmed else ALL_CHOICES, granted=ticked)
    return Asked(
        answers=_BUTTONS.get(control, chosen),
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


def _words(request: HttpRequest) -> Words:
    """The notice in the first language that the browser asks for and that there is a file of.

    Who chose one of the languages of the pages has that; the pages around it are in fewer.
    """
    clock = installation().clock
    words = current_words(get_language() or "en", clock=clock)
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return words
    there_are = languages_of(words.shown.version)
    asked = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    for code, _weight in asked:
        if code in there_are or code.partition("-")[0] in there_are:
            return current_words(code, clock=clock)
    return words


def _closed(state: State) -> Choice:
    """What the table of uses opens to nobody of this age, in this place."""
    cells = {choice: row.cells[state.regime, state.age] for choice, row in BY_CHOICE.items()}
    return Choice(sum(choice for choice, cell in cells.items() if cell is Cell.NEVER))


def _kept(category: Category, words: Words) -> Kept:
    found = registry_for().of(category)
    return Kept(
        summary=present.summarise(found, words),
        technologies=tuple(
            (one.name, one.says(words.shown.language), one.vendor, say_lifetimes(one))
            for one in found
        ),
    )


def _lines(words: Words, standing: Standing | None, closed: Choice, *, gpc: bool) -> list[Line]:
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
            is_beyond=choice not in _CATEGORIES,
            is_closed=choice in closed,
            kept=_kept(Category(_key(choice)), words) if choice in _CATEGORIES else None,
        )
        for choice in Choice
    ]


def _key(choice: Choice) -> str:
    return (choice.name or "").lower()


def _regime(person: Person) -> Regime:
    return regime_of(person.who.country, default=person.site.regime)
