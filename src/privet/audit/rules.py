"""How the chain is computed: pure functions over bytes.

A record's commitment is SHA-256 over a random salt and what was said, so that erasing both leaves
nothing to guess from. Its digest is SHA-256 over the digest before it, its number, time, act and
commitment, so that a change, a removal or another order shows from that record on.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from privet.kernel.clock import to_micros

GENESIS = bytes(32)
"""What stands before the first record."""

About = Mapping[str, str | int]


def commit(*, salt: bytes, by: str, about: About, why: str) -> bytes:
    """The commitment (32 bytes) to who did it, about what and why."""
    said = json.dumps({"by": by, "about": dict(about), "why": why}, sort_keys=True)
    return sha256(salt + said.encode()).digest()


def link(*, before: bytes, seq: int, at: datetime, act: str, commitment: bytes) -> bytes:
    """The digest (32 bytes) of a record that follows the digest ``before``."""
    place = f"{seq}\0{to_micros(at)}\0{act}\0".encode()
    return sha256(before + place + commitment).digest()


def statement(*, seq: int, digest: bytes, at: datetime) -> bytes:
    """The bytes that a checkpoint signs."""
    return f"privet-audit-checkpoint-1\n{seq}\n{digest.hex()}\n{to_micros(at)}\n".encode()
