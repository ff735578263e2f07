"""The verbs of the chain: record an act, sign a checkpoint, erase what was said, verify."""

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from privet.audit.models import Checkpoint, Head, Record
from privet.audit.rules import GENESIS, About, commit, link, statement
from privet.kernel.clock import Clock, SystemClock
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
        checkpoint = Checkpoint.objects.create(
            seq=head.seq, digest=digest, at=at, signature=signature
        )
    line = {"seq": checkpoint.seq, "digest": digest.hex(), "signature": signature.hex()}
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as out:
        out.write(json.dumps(line) + "\n")
        out.flush()
        os.fsync(out.fileno())
    return checkpoint.seq


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


def verify_chain(*, keys: KeyRing, file: Path) -> list[Fault]:
    """All places where records or checkpoints were changed, removed or put in another order."""
    digests: dict[int, bytes] = {}
    faults = list(_walk(digests))
    faults += _check_head(digests)
    faults += _check_signatures(keys, digests)
    faults += _check_file(file, digests)
    return faults


def _lock_head() -> Head:
    Head.objects.get_or_create(pk=_THE_HEAD, defaults={"seq": 0, "digest": GENESIS})
    return Head.objects.select_for_update().get(pk=_THE_HEAD)


def _walk(digests: dict[int, bytes]) -> Iterator[Fault]:
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
        if record.salt is not None and not _said_holds(record):
            yield Fault(seq=record.seq, what="what the record says was changed")
        before, expected = bytes(record.digest), record.seq + 1
        digests[record.seq] = before


def _said_holds(record: Record) -> bool:
    said = commit(
        salt=bytes(record.salt or b""), by=record.by or "", about=record.about or {},
        why=record.why or "",
    )  # fmt: skip
    return said == bytes(record.commitment)


def _check_head(digests: dict[int, bytes]) -> Iterator[Fault]:
    head = Head.objects.filter(pk=_THE_HEAD).first()
    last = max(digests, default=0)
    if head is not None and (head.seq, bytes(head.digest)) != (last, digests.get(last, GENESIS)):
        yield Fault(seq=head.seq, what="the chain does not end where its head says")


def _check_signatures(keys: KeyRing, digests: dict[int, bytes]) -> Iterator[Fault]:
    public = _signer(keys).public_key()
    for checkpoint in Checkpoint.objects.order_by("seq"):
        digest = bytes(checkpoint.digest)
        signed = statement(seq=checkpoint.seq, digest=digest, at=checkpoint.at)
        try:
            public.verify(bytes(checkpoint.signature), signed)
        except InvalidSignature:
            yield Fault(seq=checkpoint.seq, what="the checkpoint's signature is not ours")
        if digests.get(checkpoint.seq) != digest:
            yield Fault(seq=checkpoint.seq, what="the chain differs from what was signed")


def _check_file(file: Path, digests: dict[int, bytes]) -> Iterator[Fault]:
    lines = file.read_text().splitlines() if file.exists() else []
    for line in lines:
        said = json.loads(line)
        if digests.get(said["seq"]) != bytes.fromhex(said["digest"]):
            yield Fault(seq=said["seq"], what="the chain differs from the checkpoint file")


def _signer(keys: KeyRing) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keys.signing_key("audit"))
