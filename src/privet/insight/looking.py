"""Looks of staff at one learner: each is on record before anything is shown; the learner sees it.

A look is opened with a typed reason and lasts some minutes; only who opened it can use it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Q

from privet.accounts.finding import Found
from privet.accounts.rules import MAY, Act, Grant, check, institutions_for
from privet.audit.service import record_act
from privet.events.query import Scope
from privet.insight.models import Look
from privet.kernel.clock import Clock
from privet.kernel.errors import PrivetError

LOOK_MINUTES = 15
"""How long a look lasts; then the reason is asked for again."""
SHORTEST_REASON = 10
LONGEST_REASON = 500
"""Characters of a typed reason."""


class LookKind(StrEnum):
    """What was shown."""

    ONE = "one"
    LIST = "list"


class LookError(PrivetError):
    """A look cannot be opened or used as it was asked."""


class ReasonError(LookError):
    """The typed reason says too little or too much."""


class LookOverError(LookError):
    """The look has lasted its minutes, or it is somebody else's."""


class NobodyFoundError(LookError):
    """Nobody whom the looker may see is known by what they typed."""


@dataclass(frozen=True, kw_only=True)
class Looker:
    """Who looks, and how far they may."""

    account_id: int
    role: str
    institutions: frozenset[str] | None
    """Slugs; none for everywhere."""

    @property
    def by(self) -> str:
        """How records name them."""
        return f"account:{self.account_id}"

    @property
    def scope(self) -> Scope:
        """What they may be shown of a learner."""
        return Scope(institutions=self.institutions)


@dataclass(frozen=True, kw_only=True)
class OpenLook:
    """A look that may be used: at whom, by whom, until when."""

    look_id: int
    account_id: int | None
    subject: int
    why: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class PastLook:
    """A look as the learner sees it; ``viewer`` is for installations that name staff."""

    time: datetime
    role: str
    institutions: tuple[str, ...]
    kind: LookKind
    why: str
    viewer: int | None


def looker_of(*, account_id: int, grants: Collection[Grant]) -> Looker:
    """Who looks, from the grants they hold; raises `NotAllowedError` if they may nowhere."""
    institutions = institutions_for(Act.SEE_ONE_LEARNER, grants)
    where = "" if institutions is None else min(institutions, default="")
    check(Act.SEE_ONE_LEARNER, grants, institution=where)
    role = min(grant.role for grant in grants if grant.role in MAY[Act.SEE_ONE_LEARNER])
    return Looker(account_id=account_id, role=role, institutions=institutions)


def open_look(*, person: Found, why: str, looker: Looker, clock: Clock) -> OpenLook:
    """Record a look at one learner; whatever is shown of them comes after it."""
    reason = read_reason(why)
    with transaction.atomic():
        (look,) = _record([person], LookKind.ONE, reason, looker, clock)
    return _opened(look)


def open_list(
    *, people: Sequence[Found], course: str, why: str, looker: Looker, clock: Clock
) -> list[OpenLook]:
    """Record that learners were shown on a list, one look for each; in their order."""
    reason = read_reason(why)
    with transaction.atomic():
        looks = _record(people, LookKind.LIST, reason, looker, clock, course=course)
    return [_opened(look) for look in looks]


def find_look(*, look_id: int, kind: LookKind, looker: Looker, clock: Clock) -> OpenLook:
    """A look that is still open to who opened it; raises `LookOverError` otherwise."""
    since = clock.now() - timedelta(minutes=LOOK_MINUTES)
    mine = Look.objects.filter(pk=look_id, kind=kind, viewer=looker.account_id)
    look = mine.filter(time__gt=since).first()
    if look is None:
        raise LookOverError(
            "This look is over, or it is somebody else's.",
            remedy="Search for the learner again and say why.",
        )
    return _opened(look)


def note_vain_search(*, looker: Looker, clock: Clock) -> None:
    """Record that somebody searched and found nobody, so that trying ids leaves a trace."""
    with transaction.atomic():
        record_act(act="insight.search_in_vain", by=looker.by, about={}, clock=clock)


def list_looks(*, account_id: int, subjects: Collection[int], limit: int = 100) -> list[PastLook]:
    """Who looked at a learner, the newest first; for that learner."""
    theirs = Look.objects.filter(Q(account_id=account_id) | Q(subject__in=list(subjects)))
    return [
        PastLook(
            time=look.time,
            role=look.role,
            institutions=tuple(look.institutions.split()),
            kind=LookKind(look.kind),
            why=look.why,
            viewer=look.viewer,
        )
        for look in theirs.order_by("-time", "-pk")[:limit]
    ]


def read_reason(text: str) -> str:
    """A typed reason with plain spaces; raises `ReasonError` if it says too little or too much."""
    reason = " ".join(text.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise ReasonError(
            f"A reason has from {SHORTEST_REASON} to {LONGEST_REASON} characters.",
            remedy="Say in a sentence why you need to look; the learner will read it.",
        )
    return reason


def _record(
    people: Sequence[Found],
    kind: LookKind,
    why: str,
    looker: Looker,
    clock: Clock,
    **about: str,
) -> list[Look]:
    now = clock.now()
    act = record_act(
        act="insight.look_at_learner" if kind is LookKind.ONE else "insight.list_learners",
        by=looker.by,
        about={"looks": len(people), **_named(people), **about},
        why=why,
        clock=clock,
    )
    return Look.objects.bulk_create(
        Look(
            account_id=person.account_id,
            subject=min(person.subjects, default=0),
            viewer=looker.account_id,
            role=looker.role,
            institutions=" ".join(sorted(looker.institutions or ())),
            kind=kind,
            why=why,
            time=now,
            act=act,
        )
        for person in people
    )


def _named(people: Sequence[Found]) -> dict[str, str | int]:
    """One learner by the account's number; a list only by how many: the looks say who."""
    if len(people) != 1 or people[0].account_id is None:
        return {}
    return {"account": people[0].account_id}


def _opened(look: Look) -> OpenLook:
    return OpenLook(
        look_id=look.pk,
        account_id=look.account_id,
        subject=look.subject,
        why=look.why,
        until=look.time + timedelta(minutes=LOOK_MINUTES),
    )
