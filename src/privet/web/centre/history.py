"""The decisions somebody made, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, gettext_lazy

from privet.catalogue.uses import Choice
from privet.consent.history import Decided, read_history
from privet.consent.ledger import Control, Kind
from privet.web.centre.person import Person
from privet.web.uses import CATEGORY_OF
from privet.web.words import Words

_KINDS: dict[Kind, Words] = {
    Kind.DECISION: gettext_lazy("You decided"),
    Kind.JOIN: gettext_lazy("You signed in; the stricter of two decisions stayed in force"),
    Kind.FOLLOW: gettext_lazy("Your decision was carried to another of your names"),
    Kind.OBJECTION: gettext_lazy("You objected"),
    Kind.OBJECTION_ENDED: gettext_lazy("Your objection ended"),
    Kind.RESTRICTION: gettext_lazy("You had the use of your data restricted"),
    Kind.RESTRICTION_ENDED: gettext_lazy("The restriction ended"),
    Kind.EXPIRY: gettext_lazy("Your decision expired; nothing observed is kept until you decide"),
    Kind.SIGNAL: gettext_lazy("Your browser asked by Global Privacy Control"),
    Kind.AGE: gettext_lazy("What applies to your age changed"),
    Kind.PLACE: gettext_lazy("What applies where you are changed"),
}
_CONTROLS: dict[Control, Words] = {
    Control.ACCEPT_ALL: gettext_lazy("You accepted all"),
    Control.REJECT_ALL: gettext_lazy("You rejected all"),
    Control.CHOOSE: gettext_lazy("You chose"),
    Control.GPC: gettext_lazy("Your browser asked by Global Privacy Control"),
}


@dataclass(frozen=True, kw_only=True)
class Past:
    """One decision for the page."""

    record_id: UUID
    time: datetime
    what: str
    allowed: tuple[tuple[str, str], ...]
    """Category and name of each choice in force from then on."""
    notice_version: int | None
    gpc: bool


def history_of(person: Person, words: Mapping[str, Any]) -> tuple[Past, ...]:
    """Their decisions, newest first; ``words`` are those of the notice in force."""
    found = read_history(account_id=person.who.account_id, keys=person.keys())
    return tuple(_past(decided, words) for decided in found)


def names_of(choices: Choice, words: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Category and name of each choice."""
    said = words["choices"]
    return tuple(
        (CATEGORY_OF[choice], said[(choice.name or "").lower()]["name"])
        for choice in Choice
        if choice in choices
    )


def _past(decided: Decided, words: Mapping[str, Any]) -> Past:
    what = _CONTROLS.get(decided.control) or _KINDS.get(decided.kind) or gettext("Changed")
    return Past(
        record_id=decided.record_id,
        time=decided.time,
        what=str(what),
        allowed=names_of(decided.in_force, words),
        notice_version=decided.notice_version,
        gpc=decided.gpc,
    )
