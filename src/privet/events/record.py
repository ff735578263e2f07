"""What stands in the durable log: batches of gated events, written by doors, read by the loader.

A batch names its actors and circumstances once and its entries point at them, since nearly all
events of a batch share both. Encoded as MessagePack arrays; ``VERSION`` leads each batch.
"""

import msgspec

VERSION = 1
NOBODY = -1
"""The index of an actor or a circumstance that an entry does not have."""
ID_BYTES = 16
"""Of a UUID."""


class Actor(msgspec.Struct, array_like=True, frozen=True):
    """Who acted, as keyed hashes; the loader maps them to a subject."""

    person_key: bytes
    """16 bytes, see `privet.kernel.crypto.person_key`."""
    alias_keys: tuple[bytes, ...] = ()
    """Further keys that the same source vouches to be the same person."""


class Circumstance(msgspec.Struct, array_like=True, frozen=True):
    """From where and with what: what enrichment found out, and the sealed rest."""

    address_token: int | None = None
    network_token: int | None = None
    key_id: int | None = None
    country: str | None = None
    region: str | None = None
    network_kind: str | None = None
    network_evidence: str | None = None
    asn: int | None = None
    organisation: str | None = None
    browser: str | None = None
    os: str | None = None
    device: str | None = None
    sealed: bytes | None = None


class Entry(msgspec.Struct, array_like=True, gc=False):
    """One event, already gated: ``uses`` is never 0."""

    event_id: bytes
    """The 16 bytes of a UUIDv7."""
    time: int
    """Microseconds since 1970 UTC."""
    name: str
    uses: int
    actor: int = NOBODY
    """Index into the batch's actors."""
    circumstance: int = NOBODY
    """Index into the batch's circumstances."""
    session: int = 0
    institution: str = ""
    course: str = ""
    object: str = ""
    page_path: str = ""
    referrer_host: str = ""
    campaign: str = ""
    detail: bytes = b""
    """A JSON object of listed fields only, UTF-8; empty for none."""


class Batch(msgspec.Struct, array_like=True):
    """All that one request or one block of an import brought."""

    version: int
    source: str
    """The authenticated source: ``web:SITE``, ``api:SITE``, ``edx:SITE``."""
    namespace: bytes
    """Inside it event ids are unique; 8 bytes, see docs/reference/event-log.md."""
    site: str
    received: int
    """Microseconds since 1970 UTC."""
    actors: list[Actor]
    circumstances: list[Circumstance]
    entries: list[Entry]


PlainEntry = tuple[bytes, int, str, int, int, int, int, str, str, str, str, str, str, bytes]
"""The fields of an `Entry` in their order: the same bytes in the log, and made in a fifth of the
time, of which a collector has little: it makes some ten thousand a second."""
PlainBatch = tuple[int, str, bytes, str, int, list[Actor], list[Circumstance], list[PlainEntry]]
"""The fields of a `Batch` in their order."""

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Batch)


def encode_batch(batch: Batch | PlainBatch) -> bytes:
    """The batch as one MessagePack value."""
    return _encoder.encode(batch)


def decode_batch(data: bytes) -> Batch:
    """Read what `encode_batch` wrote; raises `msgspec.DecodeError` on anything else."""
    return _decoder.decode(data)
