"""How much of each kind of data is kept about one learner, and for what: from what is there."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from privet.catalogue.registry import EVENTS, find_event
from privet.catalogue.uses import Basis, Use
from privet.holder import Holder, Person
from privet.web.centre.aims import BY_KEY, DUTY, Aim, aims_of
from privet.web.centre.kinds import KIND_WORDS, HappeningKind, kind_of
from privet.web.words import Words

Counted = Sequence[tuple[str, Use, int]]
"""An event's name, the uses of some rows, and how many they are."""


class RecordKind(StrEnum):
    """Kinds of data that are no events: what the rooms keep in their own tables."""

    PROFILE = "profile"
    DECISIONS = "decisions"
    RECORDS = "records"


Kind = HappeningKind | RecordKind
_HOLDERS = {"accounts": RecordKind.PROFILE, "consent": RecordKind.DECISIONS}
_EVENTS_HOLDER = "events"

NAMES: dict[str, Words] = {
    HappeningKind.COURSEWORK: KIND_WORDS[HappeningKind.COURSEWORK],
    HappeningKind.COURSES: KIND_WORDS[HappeningKind.COURSES],
    HappeningKind.FORUM: KIND_WORDS[HappeningKind.FORUM],
    RecordKind.PROFILE: _("Name and address"),
    HappeningKind.ACCOUNT: _("Signing in"),
    RecordKind.DECISIONS: _("Your decisions"),
    HappeningKind.PAGES: KIND_WORDS[HappeningKind.PAGES],
    HappeningKind.VIDEOS: KIND_WORDS[HappeningKind.VIDEOS],
    HappeningKind.TECHNIQUE: KIND_WORDS[HappeningKind.TECHNIQUE],
    HappeningKind.OFFERS: KIND_WORDS[HappeningKind.OFFERS],
    HappeningKind.OTHER: KIND_WORDS[HappeningKind.OTHER],
    RecordKind.RECORDS: _("Other records"),
}
"""In the order in which they are shown."""
_ALWAYS_SHOWN = frozenset(NAMES) - {HappeningKind.OTHER, RecordKind.RECORDS}


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """Numbers of records by kind, and by kind and aim; and which ways there can be at all."""

    by_kind: Counter[str]
    by_way: Counter[tuple[str, str]]
    possible: frozenset[tuple[str, str]]
    """Kind and aim, as far as the catalogue and the holders declare them."""

    @property
    def by_aim(self) -> Counter[str]:
        """Numbers of records by aim; a record that serves two counts for both."""
        found: Counter[str] = Counter()
        for (_kind, aim), number in self.by_way.items():
            found[aim] += number
        return found

    @property
    def kinds(self) -> list[str]:
        """The kinds to show, in order."""
        return [kind for kind in NAMES if kind in _ALWAYS_SHOWN or self.by_kind[kind]]


def measure(counted: Counted, holders: Iterable[Holder], person: Person) -> Amounts:
    """What is kept about a person: events by name and uses, and the records of the other rooms."""
    by_kind: Counter[str] = Counter()
    by_way: Counter[tuple[str, str]] = Counter()
    possible = set(_declared())
    for name, uses, number in counted:
        kind = kind_of(name).value
        by_kind[kind] += number
        event = find_event(name)
        for aim in aims_of(event, uses) if event else ():
            by_way[kind, aim.key] += number
            possible.add((kind, aim.key))
    for holder in holders:
        if holder.name == _EVENTS_HOLDER:
            continue
        kind = _HOLDERS.get(holder.name, RecordKind.RECORDS).value
        number = holder.find(person)
        by_kind[kind] += number
        for aim in _aims_of(holder):
            by_way[kind, aim.key] += number
            possible.add((kind, aim.key))
    return Amounts(by_kind=by_kind, by_way=by_way, possible=frozenset(possible))


def _declared() -> Iterable[tuple[str, str]]:
    """Which ways the catalogue allows, whoever it is about."""
    for event in EVENTS.values():
        for aim in aims_of(event, event.uses):
            yield kind_of(event.name).value, aim.key


def _aims_of(holder: Holder) -> set[Aim]:
    """What a room's records are for, by the basis on which it says that it keeps them."""
    bases = {basis.strip() for kept in holder.describe() for basis in kept.lawful_basis.split(",")}
    return {aim for basis, aim in _BY_BASIS.items() if basis in bases}


_BY_BASIS: dict[str, Aim] = {
    Basis.CONTRACT: BY_KEY["instruction"],
    Basis.LEGAL_OBLIGATION: DUTY,
    Basis.LEGITIMATE_INTEREST: BY_KEY["security"],
    Basis.CONSENT: BY_KEY["functionality"],
}
