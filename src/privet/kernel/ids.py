"""Identifiers: event ids that carry their time, and pseudonyms that carry nothing."""

import secrets
from uuid import UUID

_RANDOM_BITS = 74


def new_event_id(at_millis: int) -> UUID:
    """A UUIDv7 (RFC 9562, 5.7) of the moment ``at_millis`` (milliseconds since 1970 UTC)."""
    return event_id_from(at_millis, secrets.randbits(_RANDOM_BITS))


def event_id_from(at_millis: int, bits: int) -> UUID:
    """The UUIDv7 of a moment and 74 given bits: the same input gives the same id."""
    high = (at_millis & 0xFFFF_FFFF_FFFF) << 16 | 0x7000 | (bits >> 62) & 0xFFF
    low = 0x8000_0000_0000_0000 | bits & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=high << 64 | low)


def event_id_millis(event_id: UUID) -> int:
    """The moment that a UUIDv7 carries, in milliseconds since 1970 UTC."""
    return event_id.int >> 80


def new_subject() -> int:
    """A random pseudonym of 63 bits, never 0 (0 stands for "nobody" in the lake)."""
    return secrets.randbelow(2**63 - 1) + 1
