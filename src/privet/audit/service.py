"""The verbs of the chain: record an act, sign a checkpoint, erase what was said, verify."""

import json
import os
import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.db import transaction
from django.db.models import Subquery
from django.db.models.functions import Coalesce

from privet.audit.models import Checkpoint, Head, Record
from privet.audit.rules import GENESIS, About, commit, link, statement
from privet.kernel.clock import Clock, SystemClock, from_micros, to_micros
from privet.kernel.crypto import KeyRing

_SALT_BYTES = 16
_THE_HEAD = 1


def record_act(
    *, act: str, by: str, about: About, why: str = "", clock: Clock | None = None
) -> int:
    """Add an act to the chain inside the caller's transaction; returns its number.

    ``by`` says who (``account:7``, ``operator``, ``worker``), ``about`` names what it concerns by
    ids, never by names. Writers queue for the head, so the chain has the order of the commits.
    """
    at = (clock or SystemClock()).now()
    with transaction.atomic():
        head = _lock_head()
        salt = secrets.token_bytes(_SALT_BYTES)
        commitment = commit(salt=salt, by=by, about=about, why=why)
        seq = head.seq + 1
        digest = link(before=bytes(head.digest), seq=seq, at=at, act=act, commitment=commitment)
        Record.objects.create(
            seq=seq, at=at, act=act, by=by, about=dict(about), why=why, salt=salt,
            commitment=commitment, digest=digest,
        )  # fmt: skip
        head.seq, head.digest = seq, digest
        head.save(update_fields=["seq", "digest"])
    return seq


def sign_checkpoint(*, keys: KeyRing, file: Path, clock: Clock | None = None) -> int | None:
    """Sign the chain as it stands, in the database and in ``file``; none if nothing is new.

    The file lies outside the database, so that cutting the end off the chain shows too.
    """
    at = (clock or SystemClock()).now()
    with transaction.atomic():
        head = _lock_head()
        if head.seq == 0 or Checkpoint.objects.filter(seq=head.seq).exists():
            return None
        digest = bytes(head.digest)
        signature = _signer(keys).sign(statement(seq=head.seq, digest=digest, at=at))
        Checkpoint.objects.create(seq=head.seq, digest=digest, at=at, signature=signature)
        # Before the commit: no checkpoint stands in the table without one outside it.
        _write_line(file, Signed(seq=head.seq, digest=digest, at=at, signature=signature))
    return head.seq


def checkpoint_file(home: Path) -> Path:
    """Where an installation keeps its signed checkpoints outside the database."""
    return home / "audit-checkpoints.jsonl"


def erase_said(*, seqs: list[int]) -> int:
    """Forget who, about what and why of some records; the chain stays verifiable."""
    return Record.objects.filter(seq__in=seqs).update(by=None, about=None, why=None, salt=None)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A place where the chain does not hold."""

    seq: int
    what: str


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A checkpoint, as the table and the file have it."""

    seq: int
    digest: bytes
    at: datetime
    signature: bytes


def verify_chain(*, keys: KeyRing, file: Path) -> list[Fault]:
    """All places where records or checkpoints were changed, removed or put in another order.

    What must hold is read before the chain is walked, so what is added meanwhile is no fault.
    """
    head = Head.objects.filter(pk=_THE_HEAD).first() or Head(seq=0, digest=GENESIS)
    in_table = [
        Signed(seq=row.seq, digest=bytes(row.digest), at=row.at, signature=bytes(row.signature))
        for row in Checkpoint.objects.order_by("seq")
    ]
    in_file, faults = _read_file(file)
    wanted = {head.seq, *(one.seq for one in (*in_table, *in_file))}
    digests = {0: GENESIS}
    faults += _walk(wanted, digests)
    faults += _check_end(head, digests)
    public = _signer(keys).public_key()
    for one in in_table:
        if not _is_ours(one, public):
            faults.append(Fault(seq=one.seq, what="the checkpoint's signature is not ours"))
        if digests.get(one.seq) != one.digest:
            faults.append(Fault(seq=one.seq, what="the chain differs from what was signed"))
    for one in in_file:
        if not _is_ours(one, public):
            faults.append(Fault(seq=one.seq, what="the checkpoint file's signature is not ours"))
        if digests.get(one.seq) != one.digest:
            faults.append(Fault(seq=one.seq, what="the chain differs from the checkpoint file"))
    return faults


def _lock_head() -> Head:
    Head.objects.get_or_create(pk=_THE_HEAD, defaults={"seq": 0, "digest": GENESIS})
    return Head.objects.select_for_update().get(pk=_THE_HEAD)


def _walk(wanted: Collection[int], digests: dict[int, bytes]) -> Iterator[Fault]:
    """Follow the chain from its beginning; notes the digests of the records that are wanted."""
    before, expected = GENESIS, 1
    for record in Record.objects.order_by("seq").iterator():
        if record.seq != expected:
            yield Fault(seq=expected, what="records are missing")
        digest = link(
            before=before, seq=record.seq, at=record.at, act=record.act,
            commitment=bytes(record.commitment),
        )  # fmt: skip
        if digest != bytes(record.digest):
            yield Fault(seq=record.seq, what="the record does not follow from those before it")
        if not _said_holds(record):
            yield Fault(seq=record.seq, what="what the record says was changed")
        before, expected = bytes(record.digest), record.seq + 1
        if record.seq in wanted:
            digests[record.seq] = before


def _said_holds(record: Record) -> bool:
    """Whether a record says what it said, or, its salt erased, nothing."""
    if record.salt is None:
        return record.by is None and record.about is None and record.why is None
    said = commit(
        salt=bytes(record.salt), by=record.by or "", about=record.about or {},
        why=record.why or "",
    )  # fmt: skip
    return said == bytes(record.commitment)


def _check_end(head: Head, digests: dict[int, bytes]) -> Iterator[Fault]:
    if digests.get(head.seq) != bytes(head.digest):
        yield Fault(seq=head.seq, what="the chain does not end where its head says")
    # One statement: whoever adds a record moves the head in the same transaction.
    end = Coalesce(Subquery(Head.objects.filter(pk=_THE_HEAD).values("seq")[:1]), 0)
    behind = Record.objects.filter(seq__gt=end).order_by("seq").first()
    if behind is not None:
        yield Fault(seq=behind.seq, what="the record stands behind the end of the chain")


def _is_ours(one: Signed, public: Ed25519PublicKey) -> bool:
    try:
        public.verify(one.signature, statement(seq=one.seq, digest=one.digest, at=one.at))
    except InvalidSignature:
        return False
    return True


def _write_line(file: Path, one: Signed) -> None:
    line = {
        "seq": one.seq, "digest": one.digest.hex(), "at": to_micros(one.at),
        "signature": one.signature.hex(),
    }  # fmt: skip
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as out:
        out.write(json.dumps(line) + "\n")
        out.flush()
        os.fsync(out.fileno())


def _read_file(file: Path) -> tuple[list[Signed], list[Fault]]:
    """The checkpoints of the file, and its lines that are none."""
    lines = file.read_text(errors="replace").splitlines() if file.exists() else []
    found, faults = [], []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(_read_line(line))
        except (ValueError, KeyError, TypeError, OverflowError):
            faults.append(Fault(seq=0, what=f"line {number} of the checkpoint file is unreadable"))
    return found, faults


def _read_line(line: str) -> Signed:
    said = json.loads(line)
    return Signed(
        seq=int(said["seq"]), digest=bytes.fromhex(said["digest"]), at=from_micros(said["at"]),
        signature=bytes.fromhex(said["signature"]),
    )  # fmt: skip


def _signer(keys: KeyRing) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keys.signing_key("audit"))
