"""One record of the ledger for the privacy officer: by its number, or by a receipt of it.

It tells what was recorded, what had been served, and whether the record stands in the chain as it
was written. It never tells whose it is, and never gives a list; each look is audited.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from privet.audit.service import record_act
from privet.catalogue.uses import Choice, Use
from privet.consent.ledger import GENESIS, digest_of, said_by
from privet.consent.models import Decision, Head, NoticeText, OccasionText, Served
from privet.consent.notices import digest_of as words_digest
from privet.consent.receipt_check import find_receipt_faults, read_receipt
from privet.consent.receipt_keys import public_key
from privet.consent.served import find_served
from privet.kernel.clock import Clock
from privet.kernel.crypto import KeyRing
from privet.kernel.errors import PrivetError


class NoNumberError(PrivetError):
    """What was asked for is no number of a record."""


@dataclass(frozen=True, kw_only=True)
class ServedShown:
    """A notice as it was put before somebody."""

    record_id: UUID
    sequence: int
    served: datetime
    site: str
    institution: str
    course: str
    place: str
    layer: str
    version: int
    digest: str
    language: str
    registry: str
    title: str
    """The first words of the notice; empty if its text is not kept."""


@dataclass(frozen=True, kw_only=True)
class DecisionShown:
    """A decision as it was recorded."""

    record_id: UUID
    sequence: int
    time: datetime
    kind: str
    site: str
    institution: str
    course: str
    asked: Choice
    granted: Choice
    in_force: Choice
    before: Choice | None
    objected: Use
    restricted: bool
    gpc: bool
    confirmed: bool
    regime: str
    age: str
    control: str
    layer: str
    version: int | None
    digest: str
    language: str
    registry: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the ledger has under a number."""

    decision: DecisionShown | None
    """None if the number is that of a notice served."""
    served: ServedShown | None
    """The notice that was answered, or the one that was asked for."""
    is_linked: bool
    """Whether the record still leads to somebody; not after an erasure, nor for most visitors."""
    faults: tuple[str, ...]
    """Where the chain around the record is not as it was written; empty if it is whole."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """What came of a look."""

    record_id: UUID
    found: Found | None
    receipt_faults: tuple[str, ...] | None
    """What is wrong with the receipt that was given; none if none was given."""


def look_up(*, by: str, ring: KeyRing, clock: Clock, number: str = "", receipt: str = "") -> Look:
    """Look for a record by its number, or by the text of a receipt, and record that somebody did.

    Raises `NoNumberError`, or `UnreadableReceiptError` for a text that is no receipt.
    """
    given = read_receipt(receipt) if receipt else None
    record_id = _read_number(_number_in(given) if given is not None else number)
    record = _find(record_id)
    faults = None
    if given is not None:
        faults = tuple(find_receipt_faults(given, key=public_key(ring)["ed25519"]))
        faults += tuple(_compare(given, record))
    with transaction.atomic():
        about: dict[str, str | int] = {"record": str(record_id), "found": int(record is not None)}
        record_act(act="consent.look_up", by=by, about=about, clock=clock)
    found = _show(record) if record is not None else None
    return Look(record_id=record_id, found=found, receipt_faults=faults)


def _number_in(receipt: dict[str, object]) -> str:
    header = receipt.get("header")
    return str(header.get("record_id", "")) if isinstance(header, dict) else ""


def _read_number(number: str) -> UUID:
    try:
        return UUID(number.strip()[:50])
    except ValueError as error:
        raise NoNumberError(
            "This is no number of a record.",
            remedy="Copy the number from the receipt (header, record_id), or choose its file.",
        ) from error


def _find(record_id: UUID) -> Decision | Served | None:
    decision = Decision.objects.filter(record_id=record_id).first()
    return decision or Served.objects.filter(record_id=record_id).first()


def _compare(receipt: dict[str, object], record: Decision | Served | None) -> Iterator[str]:
    """Whether the receipt says what the ledger says today."""
    if record is None:
        yield "The ledger has no record of that number."
    elif receipt.get("record") != said_by(record):
        yield "The ledger says something else than the receipt."


def _show(record: Decision | Served) -> Found:
    served = find_served(record) if isinstance(record, Decision) else record
    return Found(
        decision=_show_decision(record) if isinstance(record, Decision) else None,
        served=_show_served(served) if served else None,
        is_linked=record.person_key is not None or record.account_id is not None,
        faults=tuple(_chain_faults(record)),
    )


def _chain_faults(record: Decision | Served) -> Iterator[str]:
    """As `ledger.find_faults`, for one record and its neighbours."""
    # Read before the neighbours: what is added meanwhile is then no fault.
    head = Head.objects.first()
    if digest_of(record) != bytes(record.digest):
        yield "The record was changed after it was written."
    earlier = _at(record.sequence - 1)
    if bytes(record.before) != (bytes(earlier.digest) if earlier else GENESIS):
        yield "The record does not follow the one before it."
    later = _at(record.sequence + 1)
    if later is not None and bytes(later.before) != bytes(record.digest):
        yield "The record after it does not follow it."
    if later is None and (head is None or bytes(head.digest) != bytes(record.digest)):
        yield "The records after it are missing."
    if record.notice_digest and not _words_hold(record.notice_digest):
        yield "The words of its notice are not those that it names."


def _words_hold(digest: str) -> bool:
    """Whether a notice's words are kept, and have the hash by which they are named."""
    kept = _text_of(digest)
    return kept is not None and words_digest(kept.words) == digest


def _at(sequence: int) -> Decision | Served | None:
    decision = Decision.objects.filter(sequence=sequence).first()
    return decision or Served.objects.filter(sequence=sequence).first()


def _show_decision(record: Decision) -> DecisionShown:
    before = record.in_force_before
    return DecisionShown(
        record_id=record.record_id,
        sequence=record.sequence,
        time=record.time,
        kind=record.kind,
        site=record.site,
        institution=record.institution,
        course=record.course,
        asked=Choice(record.asked),
        granted=Choice(record.granted),
        in_force=Choice(record.in_force),
        before=Choice(before) if before is not None else None,
        objected=Use(record.objected),
        restricted=record.restricted,
        gpc=record.gpc,
        confirmed=record.confirmed,
        regime=record.regime,
        age=record.age,
        control=record.control,
        layer=record.layer,
        version=record.notice_version,
        digest=record.notice_digest,
        language=record.language,
        registry=record.registry,
    )


def _show_served(record: Served) -> ServedShown:
    return ServedShown(
        record_id=record.record_id,
        sequence=record.sequence,
        served=record.served,
        site=record.site,
        institution=record.institution,
        course=record.course,
        place=record.place,
        layer=record.layer,
        version=record.notice_version,
        digest=record.notice_digest,
        language=record.language,
        registry=record.registry,
        title=_title_of(record.notice_digest),
    )


def _text_of(digest: str) -> NoticeText | OccasionText | None:
    text = NoticeText.objects.filter(digest=digest).first()
    return text or OccasionText.objects.filter(digest=digest).first()


def _title_of(digest: str) -> str:
    kept = _text_of(digest)
    return str(json.loads(kept.words).get("title", "")) if kept else ""
