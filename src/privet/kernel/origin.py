"""The sealed origin of an event: its raw address and agent, under the key of a day.

Written by doors and importers; opened by incident and integrity work while the day's key exists.
"""

from datetime import date

import msgspec

from privet.kernel.crypto import Sealing, unseal


class SealedOrigin(msgspec.Struct, array_like=True, frozen=True):
    """What is sealed."""

    address: str
    agent: str


def origin_context(day: date) -> bytes:
    """What is authenticated with a sealed origin: its purpose and the UTC day of its key.

    The day is that of the batch's ``received``, so that the column of that name tells the key.
    """
    return b"privet.origin.1 " + day.isoformat().encode()


def seal_origin(key: bytes, day: date, *, address: str, agent: str) -> bytes:
    """Seal an address and an agent under the key of ``day``."""
    return OriginSealing(key, day).seal(address=address, agent=agent)


class OriginSealing:
    """As `seal_origin`, for many origins of one day."""

    def __init__(self, key: bytes, day: date) -> None:
        self._sealing = Sealing(key, origin_context(day))

    def seal(self, *, address: str, agent: str) -> bytes:
        """Seal an address and an agent."""
        return self._sealing.seal(_encoder.encode(SealedOrigin(address, agent)))


def unseal_origin(key: bytes, day: date, sealed: bytes) -> SealedOrigin:
    """Open what `seal_origin` closed; raises `CannotDecryptError`."""
    return _decoder.decode(unseal(key, sealed, origin_context(day)))


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(SealedOrigin)
