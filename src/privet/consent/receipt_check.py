"""Whether a receipt is what we gave out: checked offline, with nothing but the published key.

Pure functions, without database or settings, so that anybody can read how it is done.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from privet.kernel.errors import PrivetError

_FORMAT = "privet-receipt-1"
_LONGEST = 200_000
_KEY_BYTES = 32


class UnreadableReceiptError(PrivetError):
    """The file is no receipt at all."""


class UnreadableKeyError(PrivetError):
    """What was given to check against is no key."""


def canonical(receipt: dict[str, Any]) -> bytes:
    """The bytes that are signed: JSON with sorted names and no blanks, without ``signature``."""
    said = {name: value for name, value in receipt.items() if name != "signature"}
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def checkpoint_statement(sequence: int, digest: str, time: str) -> bytes:
    """The bytes that a signature over a place in the chain covers."""
    return f"privet-consent-checkpoint-1\n{sequence}\n{digest}\n{time}\n".encode()


def read_receipt(text: str) -> dict[str, Any]:
    """The receipt in a file's text; raises `UnreadableReceiptError`."""
    try:
        receipt = json.loads(text[:_LONGEST], object_pairs_hook=_each_name_once)
    except (ValueError, RecursionError):
        receipt = None
    if not isinstance(receipt, dict) or receipt.get("format") != _FORMAT:
        raise UnreadableReceiptError(
            "The file is no receipt of a decision.",
            remedy="Give the JSON file as it was downloaded from the privacy centre.",
        )
    return receipt


def _each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two parts of one name programs would read the last, and people the first."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands there twice")
    return found


def read_key(text: str) -> str:
    """The published key, given as it is or with the JSON around it; raises `UnreadableKeyError`."""
    try:
        said = json.loads(text[:_LONGEST])
    except (ValueError, RecursionError):
        said = None
    key = str(said.get("ed25519", "")) if isinstance(said, dict) else text.strip()
    if not _is_key(key):
        raise UnreadableKeyError(
            "What was given as the key is no key of receipts.",
            remedy="Give what stands after “ed25519” at /.well-known/privet-receipts.json.",
        )
    return key.rstrip("=")


def find_receipt_faults(receipt: dict[str, Any], *, key: str) -> list[str]:
    """All that is wrong with a receipt, in sentences; ``key`` is the published one, base64url."""
    try:
        return list(_look(receipt, key))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, RecursionError):
        return ["A part of the receipt is missing, or is not of its kind."]


def _look(receipt: dict[str, Any], key: str) -> Iterator[str]:
    if receipt["key"]["ed25519"] != key:
        yield "The receipt names another key than the published one: it was not given out here."
    public = Ed25519PublicKey.from_public_bytes(_decode(key))
    if not _is_signed(public, receipt["signature"], canonical(receipt)):
        yield "The signature is not ours: the receipt was changed, or never given out here."
    yield from _look_at_chain(receipt["chain"], receipt["record"], public)
    yield from _look_at_words(receipt)


def _look_at_chain(
    chain: dict[str, Any], record: dict[str, Any], public: Ed25519PublicKey
) -> Iterator[str]:
    said = json.dumps(record, sort_keys=True, separators=(",", ":")).encode()
    if sha256(said).hexdigest() != chain["links"][0]["content"]:
        yield "What the record says is not what stands in the ledger."
    before = bytes.fromhex(chain["before"])
    for link in chain["links"]:
        after = sha256(before + bytes.fromhex(link["content"])).digest()
        if after.hex() != link["digest"]:
            yield f"Record {link['sequence']} does not follow the one before it in the ledger."
        before = after
    last, checkpoint = chain["links"][-1], chain["checkpoint"]
    if (last["sequence"], last["digest"]) != (checkpoint["sequence"], checkpoint["digest"]):
        yield "The signed place in the ledger is not where the receipt ends."
    place = checkpoint_statement(checkpoint["sequence"], checkpoint["digest"], checkpoint["time"])
    if not _is_signed(public, checkpoint["signature"], place):
        yield "The signature over the place in the ledger is not ours."


def _look_at_words(receipt: dict[str, Any]) -> Iterator[str]:
    """Whether the readable part says what the chained part says."""
    record, header, event = receipt["record"], receipt["header"], receipt["event"]
    shown = receipt["processing"]["privacy_notice"]["sha256"]
    told = (
        header["record_id"],
        header["pii_principal_id"],
        datetime.fromisoformat(event["event_time"]),
        shown,
    )
    kept = (
        record["record_id"],
        record["commitment"],
        datetime.fromisoformat(record["time"]),
        record["notice_digest"],
    )
    if told != kept:
        yield "The readable part differs from the record."
    for bit, purpose in enumerate(receipt["processing"]["purposes"]):
        for name in ("asked", "granted", "in_force"):
            if purpose[name] != bool(record[name] >> bit & 1):
                yield f"The receipt says of {purpose['purpose']} other than the record."
    served = receipt["notice_served"]
    if served is not None and served["notice_digest"] != record["notice_digest"]:
        yield "The notice that was served is not the one that was decided on."


def _is_signed(public: Ed25519PublicKey, signature: str, message: bytes) -> bool:
    try:
        public.verify(_decode(signature), message)
    except InvalidSignature:
        return False
    return True


def _is_key(text: str) -> bool:
    try:
        return len(_decode(text)) == _KEY_BYTES
    except ValueError:
        return False


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
