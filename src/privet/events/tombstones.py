"""Keyed hashes by which an erased learner is known again without being kept."""

import hmac
from hashlib import sha256

from privet.kernel.crypto import KeyRing

_BYTES = 16


def mark_of_subject(keys: KeyRing, subject: int) -> bytes:
    """The mark of an erased pseudonym."""
    return _mark(keys, b"s" + subject.to_bytes(8, "big", signed=True))


def mark_of_person(keys: KeyRing, person_key: bytes) -> bytes:
    """The mark of an erased person key, as doors write it to the log."""
    return _mark(keys, b"p" + person_key)


def _mark(keys: KeyRing, message: bytes) -> bytes:
    return hmac.digest(keys.signing_key("tombstone"), message, sha256)[:_BYTES]
