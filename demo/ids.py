"""Ids that the platform gives out: event ids that Privet tells apart, and random names."""

from collections.abc import Callable
from uuid import UUID

Randomness = Callable[[int], bytes]
"""Gives so many random bytes, as `secrets.token_bytes` does."""


def make_event_id(milliseconds: int, randomness: Randomness) -> str:
    """A UUIDv7 (RFC 9562, 5.7) of that moment."""
    tail = int.from_bytes(randomness(10), "big")
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76 | (tail >> 68 & 0xFFF) << 64
    value |= 0b10 << 62 | tail & (1 << 62) - 1
    return str(UUID(int=value))


def make_name(randomness: Randomness, size_bytes: int = 8) -> str:
    """A random name in lower-case hexadecimal digits."""
    return randomness(size_bytes).hex()
