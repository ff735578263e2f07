"""The ledger: records of decisions in one chain, added while the ledger's head is held.

Whoever adds holds the head's row until the transaction ends, so sequences follow the order of
commits on PostgreSQL as on SQLite: a poller that has seen n has seen all below n.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from heapq import merge
from threading import Lock
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Manager, Subquery

from privet.consent.models import Decision, Head, NoticeText, OccasionText, Served, Standing
from privet.consent.places import Regime
from privet.consent.rules import AgeGroup, Answers

GENESIS = bytes(32)
SALT_BYTES = 16
_THE_HEAD = 1
_LONGEST_TURN_SECONDS = 5.0
_turn = Lock()


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
    SIGNAL = "signal"
    """Global Privacy Control came from a browser of the person, and holds for all of them."""
    AGE = "age"
    """A person has reached another age group, or their platform said another birth year."""
    PLACE = "place"
    """Their place is another, or the law there is."""


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


class Place(StrEnum):
    """On what occasion a notice was served."""

    BANNER = "banner"
    SIGN_UP = "sign_up"
    ENROLMENT = "enrolment"
    CENTRE = "centre"
    APP = "app"


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
    course: str = ""
    registry: str = ""
    notice_served: UUID | None = None
    confirmed: bool = False
    request_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Serving:
    """What a record of a served notice says, before it has a place in the chain."""

    record_id: UUID
    served: datetime
    site: str
    person_key: bytes | None
    account_id: int | None
    notice: NoticeShown
    place: Place
    layer: Layer
    institution: str = ""
    course: str = ""
    registry: str = ""


def hold_head() -> Head:
    """The end of the ledger, held until the caller's transaction ends."""
    held = Head.objects.select_for_update().filter(pk=_THE_HEAD).first()
    if held is not None:
        return held
    Head.objects.bulk_create([Head(pk=_THE_HEAD, digest=GENESIS)], ignore_conflicts=True)
    return Head.objects.select_for_update().get(pk=_THE_HEAD)


@contextmanager
def in_turn() -> Iterator[None]:
    """Let the threads of this process add to the ledger one after another, in their order.

    SQLite lets a writer who comes second sleep and try again, ever longer and in no order: with
    four of them some waited for 1.7 s. A lock of our own hands over at once. It is only a queue:
    after the longest wait, or inside a transaction of the caller's, the database decides.
    """
    if connection.in_atomic_block:
        yield
        return
    is_first = _turn.acquire(timeout=_LONGEST_TURN_SECONDS)
    try:
        yield
    finally:
        if is_first:
            _turn.release()


def append(head: Head, entry: Entry, *, at: datetime, record_id: UUID, salt: bytes) -> Decision:
    """Add a record at the end of the chain; the caller holds the head."""
    head.sequence += 1
    record = Decision(
        sequence=head.sequence,
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
        notice_served=entry.notice_served,
        course=entry.course,
        registry=entry.registry,
        gpc=entry.gpc,
        confirmed=entry.confirmed,
        regime=entry.regime,
        age=entry.age,
        control=entry.control,
        layer=entry.layer,
        by=entry.by,
        before=bytes(head.digest),
    )
    _put_last(head, record)
    return record


def append_serving(head: Head, serving: Serving, *, at: datetime, salt: bytes) -> Served:
    """Add the record of a served notice at the end of the chain; the caller holds the head."""
    head.sequence += 1
    record = Served(
        sequence=head.sequence,
        record_id=serving.record_id,
        time=at,
        served=serving.served,
        site=serving.site,
        institution=serving.institution,
        course=serving.course,
        place=serving.place,
        layer=serving.layer,
        notice_version=serving.notice.version,
        notice_digest=serving.notice.digest,
        language=serving.notice.language,
        registry=serving.registry,
        person_key=serving.person_key,
        account_id=serving.account_id,
        salt=salt,
        commitment=commit_to(serving.person_key, serving.account_id, salt),
        before=bytes(head.digest),
    )
    _put_last(head, record)
    return record


def _put_last(head: Head, record: Decision | Served) -> None:
    head.digest = record.digest = digest_of(record)
    record.save(force_insert=True)
    head.save(update_fields=["sequence", "digest"])


def commit_to(person_key: bytes | None, account_id: int | None, salt: bytes) -> bytes:
    """A salted hash of who decided: checkable while salt and person are kept, then blind."""
    who = json.dumps([person_key.hex() if person_key else None, account_id])
    return sha256(salt + who.encode()).digest()


def said_by(record: Decision | Served) -> dict[str, Any]:
    """All that is chained of a record, with ``who`` as commitment; values of JSON.

    ``by`` can name a person too ("account:7"), and ``request_id`` is theirs; both are left out,
    so that they can be erased.
    """
    fields = _DECIDED if isinstance(record, Decision) else _SERVED
    said = {name: _plain(getattr(record, name)) for name in fields}
    return {"of": type(record).__name__.lower(), **said}


def content_of(said: dict[str, Any]) -> bytes:
    """SHA-256 over what a record says: a neighbour in the chain can be shown by it alone."""
    return sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).digest()


def link(before: bytes, content: bytes) -> bytes:
    """SHA-256 over the digest of the record before and the content of this one."""
    return sha256(before + content).digest()


def digest_of(record: Decision | Served) -> bytes:
    """The digest of a record, by which the next one follows it."""
    return link(bytes(record.before), content_of(said_by(record)))


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case bytes() | memoryview():
            return bytes(value).hex()
        case UUID():
            return str(value)
        case _:
            return value


_BOTH = (
    "sequence record_id time site institution course notice_version notice_digest language "
    "registry layer commitment"
)
_DECIDED = (
    f"{_BOTH} kind asked granted in_force in_force_before objected restricted notice_served gpc "
    "confirmed regime age control"
).split()
_SERVED = f"{_BOTH} served place".split()


def walk(*, up_to: int | None = None) -> Iterator[Decision | Served]:
    """The records of the chain in its order, all of them or to a number."""
    decisions, servings = Decision.objects.all(), Served.objects.all()
    if up_to is not None:
        decisions, servings = (
            decisions.filter(sequence__lte=up_to), servings.filter(sequence__lte=up_to)
        )  # fmt: skip
    return merge(
        decisions.order_by("sequence").iterator(),
        servings.order_by("sequence").iterator(),
        key=lambda record: record.sequence,
    )


def count_records() -> int:
    """How many records the chain holds."""
    return Decision.objects.count() + Served.objects.count()


def find_faults() -> Iterator[str]:
    """Where the ledger is not as it was written, in sentences; nothing if it is whole.

    What is added meanwhile stands behind the end that was read first, and is not walked.
    """
    end = Head.objects.filter(pk=_THE_HEAD).first()
    before = GENESIS
    for record in walk(up_to=end.sequence if end else None):
        if bytes(record.before) != before:
            yield f"Record {record.sequence} does not follow the one before it."
        if digest_of(record) != bytes(record.digest):
            yield f"Record {record.sequence} was changed."
        if not _who_holds(record):
            yield f"The person of record {record.sequence} was changed."
        before = bytes(record.digest)
    if end is not None and bytes(end.digest) != before:
        yield "Records are missing at the end."
    if end is None and (before != GENESIS or Standing.objects.exists()):
        yield "The end of the ledger is not written down."
    if end is not None and _stand_behind_end(Decision.objects, Served.objects):
        yield "Records stand behind the end."
    elif end is not None and _stand_behind_end(Standing.objects):
        yield "Choices are in force whose records are missing at the end."
    yield from _find_faults_of_words()


def _find_faults_of_words() -> Iterator[str]:
    """Where the words of a notice are not those of the hash that its records hold."""
    told = {""}
    # Read before the words: what is published meanwhile is then no fault.
    for records in (Decision.objects, Served.objects):
        told.update(records.order_by().values_list("notice_digest", flat=True).distinct())
    kept = {""}
    for texts in (NoticeText.objects, OccasionText.objects):
        for digest, words in texts.values_list("digest", "words").iterator():
            kept.add(digest)
            if sha256(words.encode()).hexdigest() != digest:
                yield f"The words of the notice {digest[:12]} were changed."
    for digest in sorted(told - kept):
        yield f"The words of the notice {digest[:12]} are missing."


def _stand_behind_end(*tables: Manager[Decision] | Manager[Served] | Manager[Standing]) -> bool:
    """Asked in one statement for each table: whoever adds moves the end in the same transaction."""
    end = Subquery(Head.objects.filter(pk=_THE_HEAD).values("sequence")[:1])
    return any(records.filter(sequence__gt=end).exists() for records in tables)


def _who_holds(record: Decision | Served) -> bool:
    """Whether a record leads to whom it led, or, its salt erased, to nobody."""
    if record.salt is None:
        return record.person_key is None and record.account_id is None
    key = bytes(record.person_key) if record.person_key is not None else None
    return commit_to(key, record.account_id, bytes(record.salt)) == bytes(record.commitment)
