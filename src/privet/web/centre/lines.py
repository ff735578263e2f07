"""The picture in words: a line for each kind of data, each aim and each recipient."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from privet.catalogue.recipients import Recipient
from privet.catalogue.uses import TERMS, Basis
from privet.web.centre.aims import Now, Switch, name_of_aim
from privet.web.centre.amounts import NAMES, Amounts, RecordKind
from privet.web.centre.person import Person
from privet.web.centre.switching import can_switch
from privet.web.components.tables import address
from privet.web.uses import BASES, CATEGORIES
from privet.web.words import Words, say_day, say_months, say_number

RECIPIENTS: dict[Recipient, tuple[Words, Words]] = {
    Recipient.COURSE_TEAMS: (_("Course teams"), _("answers and grades; the rest in groups only")),
    Recipient.UNIVERSITY: (_("Your university"), _("grades and certificates")),
    Recipient.PLATFORM: (_("The platform"), _("who keeps it safe, and its mail")),
    Recipient.RESEARCHERS: (_("Researchers"), _("with names taken out")),
    Recipient.PARTNERS: (_("Partners"), _("for their own ends")),
    Recipient.NOBODY: (_("Nobody"), _("it goes no further")),
}
_RECORDS = frozenset(RecordKind)


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What the picture is narrowed to, and the address's query."""

    kind: str
    aim: str
    query: str


@dataclass(frozen=True, kw_only=True)
class KindLine:
    """A kind of data."""

    key: str
    name: str
    amount: str
    link: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class AimLine:
    """An aim, with all that is to be said of it."""

    now: Now
    key: str
    name: str
    category_name: str
    link: str
    is_chosen: bool
    sources: tuple[str, ...]
    recipients: tuple[str, ...]
    basis: str
    ends: str
    can_switch: bool
    why_not: str
    """Why it cannot be switched; empty if it can."""


@dataclass(frozen=True, kw_only=True)
class EndLine:
    """Who receives something."""

    key: str
    name: str
    about: str


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What a switch has just done; no name if it did nothing."""

    name: str
    is_on: bool


def kind_lines(amounts: Amounts, aims: Sequence[Now], chosen: Chosen) -> list[KindLine]:
    """The kinds to show, each with how much of it is kept."""
    on = {now.aim.key for now in aims if now.is_on}
    used = {kind for (kind, aim), number in amounts.by_way.items() if number and aim in on}
    return [
        KindLine(
            key=kind,
            name=str(NAMES[kind]),
            amount=_amount(kind, amounts.by_kind[kind], is_used=kind in used),
            link=address(chosen.query, kind="" if kind == chosen.kind else kind),
            is_chosen=kind == chosen.kind,
        )
        for kind in amounts.kinds
    ]


def aim_lines(
    amounts: Amounts,
    aims: Sequence[Now],
    chosen: Chosen,
    *,
    person: Person | None,
    today: date,
) -> list[AimLine]:
    """Each aim in words."""
    return [
        AimLine(
            now=now,
            key=now.aim.key,
            name=name_of_aim(now.aim),
            category_name=str(CATEGORIES[now.aim.category]),
            link=address(chosen.query, use="" if now.aim.key == chosen.aim else now.aim.key),
            is_chosen=now.aim.key == chosen.aim,
            sources=_sources(amounts, now),
            recipients=tuple(str(RECIPIENTS[one][0]) for one in now.recipients),
            basis=_basis(now),
            ends=_ends(now, today, is_kept=bool(_sources(amounts, now))),
            can_switch=person is not None and can_switch(now, person),
            why_not=_why_not(now),
        )
        for now in aims
    ]


def end_lines(aims: Sequence[Now]) -> list[EndLine]:
    """Those who receive something of any aim, on or off; nobody stands last."""
    found = {one for now in aims for one in (*now.aim.recipients, *now.recipients)}
    return [
        EndLine(key=one.value, name=str(name), about=str(about))
        for one, (name, about) in RECIPIENTS.items()
        if one in found
    ]


def saved_line(said: str, aims: Sequence[Now]) -> Saved | None:
    """What to say after a switch; none if there was none."""
    if not said:
        return None
    key = "functionality" if said == "suggestions" else said
    found = next((now for now in aims if now.aim.key == key), None)
    return (
        Saved(name=name_of_aim(found.aim), is_on=found.is_on)
        if found
        else Saved(name="", is_on=False)
    )


def _amount(kind: str, number: int, *, is_used: bool) -> str:
    if not number:
        return gettext("nothing kept")
    values = {"number": say_number(number)}
    if kind in _RECORDS:
        return ngettext("%(number)s record", "%(number)s records", number) % values
    if not is_used:
        return gettext("%(number)s hidden, gone within a day") % values
    return ngettext("%(number)s event", "%(number)s events", number) % values


def _sources(amounts: Amounts, now: Now) -> tuple[str, ...]:
    """The kinds that serve the aim: with their number if on, else those that could."""
    found = []
    for kind in amounts.kinds:
        number = amounts.by_way[kind, now.aim.key]
        if number and now.is_on:
            found.append(f"{NAMES[kind]} ({say_number(number)})")
        elif not now.is_on and (kind, now.aim.key) in amounts.possible:
            found.append(str(NAMES[kind]))
    return tuple(found)


def _basis(now: Now) -> str:
    if now.aim.use is None:
        return str(BASES[Basis.LEGAL_OBLIGATION])
    if now.is_unasked:
        return gettext("on the word of your platform, until you decide")
    basis = TERMS[now.aim.use].basis
    if basis is Basis.CONSENT and not now.is_on:
        return gettext("only if you agree")
    return str(BASES[basis])


def _ends(now: Now, today: date, *, is_kept: bool) -> str:
    """How long a record serves the aim, and by when all that is kept today has ended."""
    if now.aim.use is None:
        return gettext("as long as your account; then the proof names nobody")
    if not now.is_on:
        return gettext("nothing is kept for it")
    terms = TERMS[now.aim.use]
    if not is_kept:
        return gettext("%(period)s each") % {"period": say_months(terms.retention_months)}
    return gettext("%(period)s each; what is here today ends by %(day)s") % {
        "period": say_months(terms.retention_months),
        "day": say_day(terms.ends(today)),
    }


def _why_not(now: Now) -> str:
    match now.switch:
        case Switch.CONTRACT:
            return gettext("Without it there would be no courses, grades or certificates for you.")
        case Switch.LAW:
            return gettext("The law wants proof of your decisions (GDPR Art. 7(1)).")
        case Switch.SIGNAL:
            return gettext("Global Privacy Control asks us not to. We obey.")
        case Switch.AGE if now.is_age_known:
            return gettext("Not offered at your age, as your platform knows it.")
        case Switch.AGE:
            return gettext("Only people who are known to be adults are asked.")
        case Switch.OBJECTION | Switch.CHOICE:
            return ""
        case _:
            assert_never(now.switch)
