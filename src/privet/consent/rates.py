"""What was decided, counted for the privacy officer: by category, regime, language and notice.

These are true numbers with the key that noise hangs on. They are for the room that protects small
counts, and for nothing that shows them as they are.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet

from privet.catalogue.uses import Choice
from privet.consent.ledger import Kind
from privet.consent.models import Decision, NoticeText

_KEY_BYTES = 4
_CHUNK = 10_000
_ALL = ""


class By(StrEnum):
    """By what decisions are told apart."""

    ALL = "all"
    TIME = "time"
    REGIME = "regime"
    LANGUAGE = "language"
    VERSION = "version"
    CONTROL = "control"
    SIGNAL = "signal"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which decisions are counted; what is empty narrows nothing."""

    start: datetime
    end: datetime
    """The first moment that is not counted any more."""
    regime: str = ""
    language: str = ""
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A number of people, and the sum of their keys."""

    people: int
    key: int


@dataclass(frozen=True, kw_only=True)
class Tally:
    """Who decided in a cell, and how many of them allow each choice by their last decision."""

    deciders: Counted
    allowed: Mapping[Choice, Counted]


Cells = Mapping[tuple[By, object], Tally]
"""By what and its value: a first day, a regime, a language, a version, a control, a signal."""

_People = dict[int, tuple[int, int]]
"""Who (a number that tells people apart) → their key and the choices in force."""


def count_decisions(wanted: Wanted, *, point_of: Callable[[date], date]) -> Cells:
    """Everything in one pass; ``point_of`` tells the point of time that a day belongs to.

    A person counts once in each cell, by their last decision in it. A visitor who allowed nothing
    that observes has no number, so each of their decisions counts as somebody.
    """
    cells: defaultdict[tuple[By, object], _People] = defaultdict(dict)
    for row in _read(wanted):
        time, person, digest, in_force, *told_apart = row
        own = bytes(person) if person is not None else bytes(digest)
        who = int.from_bytes(own, "big")
        said = (int.from_bytes(own[:_KEY_BYTES], "big"), in_force)
        for cell in _cells_of(point_of(time.astimezone(UTC).date()), told_apart):
            cells[cell][who] = said
    return {cell: _tally(people) for cell, people in cells.items()}


def first_decision_day() -> date | None:
    """The day (UTC) of the first decision; none if nothing was decided yet."""
    first = _decisions().order_by("sequence").values_list("time", flat=True).first()
    return first.astimezone(UTC).date() if first else None


def published_texts() -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The versions of the notice and the languages in which there ever was one."""
    pairs = list(NoticeText.objects.values_list("notice_id", "language"))
    versions, languages = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    return tuple(sorted(versions)), tuple(sorted(languages))


def _decisions() -> QuerySet[Decision]:
    return Decision.objects.filter(kind=Kind.DECISION)


def _read(wanted: Wanted) -> Iterator[tuple[Any, ...]]:
    found = _decisions().filter(time__gte=wanted.start, time__lt=wanted.end)
    if wanted.regime:
        found = found.filter(regime=wanted.regime)
    if wanted.language:
        found = found.filter(language=wanted.language)
    if wanted.version is not None:
        found = found.filter(notice_version=wanted.version)
    return found.order_by("sequence").values_list(
        "time", "person_key", "digest", "in_force",
        "regime", "language", "notice_version", "control", "gpc",
    ).iterator(_CHUNK)  # fmt: skip


def _cells_of(point: date, told_apart: list[object]) -> Iterator[tuple[By, object]]:
    yield By.ALL, _ALL
    yield By.TIME, point
    dimensions = (By.REGIME, By.LANGUAGE, By.VERSION, By.CONTROL, By.SIGNAL)
    yield from zip(dimensions, told_apart, strict=True)


def _tally(people: _People) -> Tally:
    return Tally(
        deciders=_count(people.values(), 0),
        allowed={choice: _count(people.values(), int(choice)) for choice in Choice},
    )


def _count(people: Iterable[tuple[int, int]], needed: int) -> Counted:
    keys = [key for key, in_force in people if in_force & needed == needed]
    return Counted(people=len(keys), key=sum(keys))
