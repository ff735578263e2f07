"""The ledger: records of decisions in one chain, added while the ledger's head is held.

Whoever adds holds the head's row until the transaction ends, so sequences follow the order of
commits on PostgreSQL as on SQLite: a poller that has seen n has seen all below n.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID

from privet.consent.models import Decision, Head
from privet.consent.places import Regime
from privet.consent.rules import AgeGroup, Answers

GENESIS = bytes(32)
SALT_BYTES = 16
_THE_HEAD = 1


class Kind(StrEnum):
    """What a record of the ledger says."""

    DECISION = "decision"
    JOIN = "join"
    """A visitor signed in, and the most restrictive of two decisions is in force."""
    FOLLOW = "follow"
    """Another key turned out to be the same person's; the decision holds for it too."""
    OBJECTION = "objection"
    OBJECTION_ENDED = "objection_ended"
    RESTRICTION = "restriction"
    RESTRICTION_ENDED = "restriction_ended"
    EXPIRY = "expiry"
    AGE = "age"
    """A person has reached another age group, or their platform said another birth year."""


class Control(StrEnum):
    """What the person used to decide."""

    ACCEPT_ALL = "accept_all"
    REJECT_ALL = "reject_all"
    CHOOSE = "choose"
    GPC = "gpc"
    NONE = "none"


class Layer(StrEnum):
    """Where it was shown."""

    BANNER = "banner"
    PREFERENCES = "preferences"
    CENTRE = "centre"
    APP = "app"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class NoticeShown:
    """The exact words that the person had before them."""

    version: int
    digest: str
    """SHA-256 (hex) of the text."""
    language: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a record says, before it has a place in the chain."""

    kind: Kind
    site: str
    person_key: bytes | None
    account_id: int | None
    answers: Answers
    """What was said, as it was said."""
    in_force: int
    in_force_before: int | None
    regime: Regime
    age: AgeGroup
    gpc: bool
    by: str
    objected: int = 0
    restricted: bool = False
    control: Control = Control.NONE
    layer: Layer = Layer.NONE
    notice: NoticeShown | None = None
    institution: str = ""
    request_id: UUID | None = None


def hold_head() -> Head:
    """The end of the ledger, held until the caller's transaction ends."""
    Head.objects.bulk_create([Head(pk=_THE_HEAD, digest=GENESIS)], ignore_conflicts=True)
    return Head.objects.select_for_update().get(pk=_THE_HEAD)


def next_sequence(head: Head) -> int:
    """The next number; the caller holds the head."""
    head.sequence += 1
    head.save(update_fields=["sequence"])
    return head.sequence


def append(head: Head, entry: Entry, *, at: datetime, record_id: UUID, salt: bytes) -> Decision:
    """Add a record at the end of the chain; the caller holds the head."""
    record = Decision(
        sequence=next_sequence(head),
        record_id=record_id,
        request_id=entry.request_id,
        time=at,
        kind=entry.kind,
        site=entry.site,
        institution=entry.institution,
        person_key=entry.person_key,
        account_id=entry.account_id,
        salt=salt,
        commitment=commit_to(entry.person_key, entry.account_id, salt),
        asked=int(entry.answers.asked),
        granted=int(entry.answers.granted),
        in_force=entry.in_force,
        in_force_before=entry.in_force_before,
        objected=entry.objected,
        restricted=entry.restricted,
        notice_version=entry.notice.version if entry.notice else None,
        notice_digest=entry.notice.digest if entry.notice else "",
        language=entry.notice.language if entry.notice else "",
        gpc=entry.gpc,
        regime=entry.regime,
        age=entry.age,
        control=entry.control,
        layer=entry.layer,
        by=entry.by,
        before=bytes(head.digest),
    )
    head.digest = record.digest = digest_of(record)
    record.save(force_insert=True)
    head.save(update_fields=["digest"])
    return record


def commit_to(person_key: bytes | None, account_id: int | None, salt: bytes) -> bytes:
    """A salted hash of who decided: checkable while salt and person are kept, then blind."""
    who = json.dumps([person_key.hex() if person_key else None, account_id])
    return sha256(salt + who.encode()).digest()


def digest_of(record: Decision) -> bytes:
    """SHA-256 over the record before and all that this one says, with ``who`` as commitment.

    ``by`` can name a person too ("account:7"), and ``request_id`` is theirs; both are left out,
    so that they can be erased.
    """
    said = [
        record.sequence,
        str(record.record_id),
        record.time.isoformat(),
        record.kind,
        record.site,
        record.institution,
        bytes(record.commitment).hex(),
        record.asked,
        record.granted,
        record.in_force,
        record.in_force_before,
        record.objected,
        record.restricted,
        record.notice_version,
        record.notice_digest,
        record.language,
        record.gpc,
        record.regime,
        record.age,
        record.control,
        record.layer,
    ]
    return sha256(bytes(record.before) + json.dumps(said).encode()).digest()


def find_faults() -> Iterator[str]:
    """Where the ledger is not as it was written, in sentences; nothing if it is whole."""
    before = GENESIS
    for record in Decision.objects.order_by("sequence").iterator():
        if bytes(record.before) != before:
            yield f"Record {record.sequence} does not follow the one before it."
        if digest_of(record) != bytes(record.digest):
            yield f"Record {record.sequence} was changed."
        if record.salt is not None and not _who_holds(record):
            yield f"The person of record {record.sequence} was changed."
        before = bytes(record.digest)
    head = Head.objects.filter(pk=_THE_HEAD).first()
    if head is not None and bytes(head.digest) != before:
        yield "Records are missing at the end."


def _who_holds(record: Decision) -> bool:
    key = bytes(record.person_key) if record.person_key is not None else None
    salt = bytes(record.salt or b"")
    return commit_to(key, record.account_id, salt) == bytes(record.commitment)
