"""Step 1, parse: bytes become a batch of typed events, or the whole request is refused.

A batch in which every event and field is listed and of the right type, as nearly all are, is read
in one call into types made from the catalogue. Any other is read again, its data set aside raw,
so that what is wrong with each field can be said and counted.
"""

import struct
from collections.abc import Callable, Sequence
from functools import cache
from typing import Annotated, Any, Protocol, Union
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, Raw, UnsetType

from privet.catalogue.registry import EVENTS
from privet.collector.fields import DETAILS
from privet.collector.keys import KEY, load_strictly
from privet.collector.limits import LIMITS, Limits
from privet.collector.reasons import Reason, RefusedError

_Time = Annotated[int, Meta(ge=0, le=253_402_300_799_000)]
_Name = Annotated[str, Meta(min_length=1, max_length=LIMITS.name_chars)]
_Site = Annotated[str, Meta(min_length=1, max_length=100)]
_Session = Annotated[str, Meta(max_length=LIMITS.session_chars)]
_Page = Annotated[str, Meta(max_length=LIMITS.page_chars)]
_Object = Annotated[str, Meta(max_length=LIMITS.object_chars)]
_Course = Annotated[str, Meta(max_length=LIMITS.course_chars)]
_Institution = Annotated[str, Meta(max_length=LIMITS.institution_chars)]
_Referrer = Annotated[str, Meta(max_length=LIMITS.referrer_chars)]
_Campaign = Annotated[str, Meta(max_length=LIMITS.campaign_chars)]
_User = Annotated[str, Meta(min_length=1, max_length=LIMITS.user_chars)]
_Ip = Annotated[str, Meta(max_length=45)]
_IdText = Annotated[str, Meta(min_length=36, max_length=36)]
_Agent = Annotated[str, Meta(max_length=4 * LIMITS.agent_chars)]
_Token = Annotated[str, Meta(max_length=4096)] | UnsetType


class _Common(msgspec.Struct, gc=False, kw_only=True, omit_defaults=True):
    """What events of all names have; a text that is not there is empty."""

    time: _Time
    session: _Session = ""
    page: _Page = ""
    object: _Object = ""
    course: _Course = ""
    institution: _Institution = ""
    referrer: _Referrer = ""
    campaign: _Campaign = ""
    user: _User = ""
    ip: _Ip = ""
    agent: _Agent = ""


class RawEvent(_Common, gc=False, kw_only=True):
    """An event whose data is looked into only when the gate has let it through."""

    id: UUID
    name: _Name
    data: Raw | UnsetType = UNSET


class SentEvent(Protocol):
    """An event as it was sent: a `RawEvent`, or one of the type that its name has."""

    name: str
    time: int
    session: str
    page: str
    object: str
    course: str
    institution: str
    referrer: str
    campaign: str
    user: str
    ip: str
    agent: str
    data: Any
    """Raw JSON, a struct of `privet.collector.fields.DETAILS`, or ``UNSET``."""


class Envelope(msgspec.Struct, gc=False):
    """One request's batch."""

    site: _Site
    events: list[RawEvent]
    token: _Token = UNSET
    sent: _Time | UnsetType = UNSET


class Batch(Protocol):
    """A batch as it was sent."""

    site: str
    events: list[Any]
    token: str | UnsetType
    sent: int | UnsetType


class Parsed(msgspec.Struct, gc=False):
    """A batch, its events' ids, and how many keys of its events nobody knows."""

    envelope: Batch
    ids: Sequence[bytes]
    """The 16 bytes of each event's UUIDv7, in the order of the events."""
    unlisted: int = 0
    may_hold_mail: bool = True
    """Whether a text in it can hold an ``@``, plain or encoded: looked for once, since few have."""


def _typed_event(name: str) -> Any:
    return msgspec.defstruct(
        "Typed",
        [("id", _IdText), ("data", DETAILS[name] | UnsetType, UNSET)],
        bases=(_Common,),
        namespace={"name": name},
        tag_field="name",
        tag=name,
        forbid_unknown_fields=True,
        kw_only=True,
        gc=False,
    )


_Typed: Any = Union[tuple(map(_typed_event, EVENTS))]  # noqa: UP007 - made from a list
_TypedEnvelope = msgspec.defstruct(
    "TypedEnvelope",
    [
        ("site", _Site),
        ("events", list[_Typed]),
        ("token", _Token, UNSET),
        ("sent", _Time | UnsetType, UNSET),
    ],
    forbid_unknown_fields=True,
    gc=False,
)
_typed: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_TypedEnvelope)
_loose = msgspec.json.Decoder(Envelope)
_encode_into = msgspec.json.Encoder().encode_into
_again = bytearray()
"""What was read last, written back: one room for all, since batches are read one at a time."""
_BACKSLASH, _AT, _PERCENT = b"\\@%"
_ID_CHARS = 36
_SEVENTH = bytes(range(0x70, 0x80))
_VARIANT = bytes(range(0x80, 0xC0))
_EVENT_KEYS = frozenset(RawEvent.__struct_fields__)


def parse_batch(body: bytes, limits: Limits = LIMITS) -> Parsed:
    """Read a body; raises `RefusedError` if anything about its form is wrong."""
    if not body.isascii():
        _check_utf8(body)
    # Numbers, since they are looked for several times as fast as texts of one byte.
    has_escapes = _BACKSLASH in body
    if has_escapes or 0 in body:
        _check_nul(body)
    may_hold_mail = has_escapes or _AT in body or _PERCENT in body
    envelope = _parse_typed(body)
    if envelope is not None:
        _check_number(envelope, limits)
        ids = read_ids([event.id for event in envelope.events])
        return Parsed(envelope, ids, may_hold_mail=may_hold_mail)
    envelope = _decode(body)
    _check_number(envelope, limits)
    ids = read_ids([str(event.id) for event in envelope.events])
    return Parsed(envelope, ids, _count_unlisted(body), may_hold_mail)


def read_ids(texts: list[str]) -> Sequence[bytes]:
    """The 16 bytes of each id, of 36 characters; raises `RefusedError` if one is no UUIDv7.

    All are read at once: with hyphens at the same four places in each, what is left of all of them
    is hexadecimal digits, or it is refused.
    """
    text = "".join(texts)
    try:
        raw = bytes.fromhex(text.replace("-", ""))
    except ValueError:
        raise RefusedError(Reason.BAD_EVENT_ID) from None
    is_whole = len(raw) == 16 * len(texts) and (
        text[8::_ID_CHARS]
        == text[13::_ID_CHARS]
        == text[18::_ID_CHARS]
        == text[23::_ID_CHARS]
        == "-" * len(texts)
    )
    # Nothing is left of these bytes if all say version 7 and the variant of RFC 9562.
    if not is_whole or raw[6::16].strip(_SEVENTH) or raw[8::16].strip(_VARIANT):
        raise RefusedError(Reason.BAD_EVENT_ID)
    return _cutter(len(texts))(raw)


@cache
def _cutter(number: int) -> Callable[[bytes], tuple[bytes, ...]]:
    """What cuts the bytes of so many ids apart; a batch has at most a hundred."""
    return struct.Struct("16s" * number).unpack


def _check_number(envelope: Batch, limits: Limits) -> None:
    if not envelope.events:
        raise RefusedError(Reason.BATCH_EMPTY)
    if len(envelope.events) > limits.batch_events:
        raise RefusedError(Reason.BATCH_TOO_LARGE)


def _parse_typed(body: bytes) -> Any:
    """The batch, if all of it is as the catalogue says and no key is doubled."""
    try:
        envelope = _typed.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None
    # What is written back is as long as what came, unless a key was doubled or the text was not
    # compact; then the keys are counted, and only if their numbers differ are they looked at.
    _encode_into(envelope, _again)
    if len(_again) != len(body) and _again.count(KEY) != body.count(KEY):
        load_strictly(body)
    return envelope


def _decode(body: bytes) -> Batch:
    try:
        return _loose.decode(body)
    except msgspec.ValidationError as error:
        message = str(error)
        if message.startswith("Invalid UUID"):
            raise RefusedError(Reason.BAD_EVENT_ID) from None
        raise RefusedError(Reason.WRONG_SHAPE, what=_explain(message)) from None
    except msgspec.DecodeError:
        raise RefusedError(Reason.BAD_JSON) from None
    except RecursionError:
        raise RefusedError(Reason.TOO_DEEP) from None


def _explain(message: str) -> str:
    """Where it is wrong, as a path of our own names and numbers; nothing that was sent."""
    _, _, place = message.rpartition(" - at `$")
    path = place.rstrip("`") or "the batch itself"
    return f"{path.lstrip('.')} is missing a part, too long, or of the wrong type."


def _check_utf8(body: bytes) -> None:
    try:
        body.decode()
    except UnicodeDecodeError:
        raise RefusedError(Reason.BAD_UTF8) from None


def _check_nul(body: bytes) -> None:
    """Refuse a NUL, but not a backslash that stands before the letters u0000."""
    if b"\0" in body or b"\\u0000" in body.replace(b"\\\\", b""):
        raise RefusedError(Reason.NUL)


def _count_unlisted(body: bytes) -> int:
    """Refuse doubled keys anywhere, and count the events' keys that nobody knows."""
    batch = load_strictly(body)
    return sum(len(event.keys() - _EVENT_KEYS) for event in batch["events"])
