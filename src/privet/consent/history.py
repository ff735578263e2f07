"""What one person decided so far, read from the ledger for them to see."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from privet.catalogue.uses import Choice, Use
from privet.consent.ledger import Control, Kind
from privet.consent.models import Decision


@dataclass(frozen=True, kw_only=True)
class Decided:
    """One record of the ledger, as it concerns the person."""

    record_id: UUID
    time: datetime
    kind: Kind
    site: str
    in_force: Choice
    """The choices that were in force from then on."""
    objected: Use
    restricted: bool
    notice_version: int | None
    gpc: bool
    control: Control


def read_history(
    *, account_id: int | None, keys: Collection[bytes], limit: int = 100
) -> tuple[Decided, ...]:
    """The person's records, newest first."""
    theirs = is_of(account_id=account_id, keys=keys)
    rows = Decision.objects.filter(theirs).order_by("-sequence")[:limit]
    return tuple(
        Decided(
            record_id=row.record_id,
            time=row.time,
            kind=Kind(row.kind),
            site=row.site,
            in_force=Choice(row.in_force),
            objected=Use(row.objected),
            restricted=row.restricted,
            notice_version=row.notice_version,
            gpc=row.gpc,
            control=Control(row.control),
        )
        for row in rows
    )


def has_decided(keys: Collection[bytes]) -> bool:
    """Whether somebody decided at any time, even if it has expired since."""
    return Decision.objects.filter(person_key__in=list(keys), kind=Kind.DECISION).exists()


def has_said_against_signal(keys: Collection[bytes], granted: Choice) -> bool:
    """Whether somebody's last decision says yes to these although the signal was known."""
    decisions = Decision.objects.filter(person_key__in=list(keys), kind=Kind.DECISION)
    last = decisions.order_by("-sequence").first()
    return last is not None and last.gpc and Choice(last.granted) & granted == granted


def is_of(*, account_id: int | None, keys: Collection[bytes]) -> Q:
    """Which records are one person's."""
    theirs = Q(person_key__in=list(keys))
    return theirs if account_id is None else theirs | Q(account_id=account_id)
