"""Step 1, parse: bytes become a batch of typed events, or the whole request is refused."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from privet.collector.keys import KEY, load_strictly
from privet.collector.limits import LIMITS, Limits
from privet.collector.reasons import Reason, RefusedError

_MILLIS = Meta(ge=0, le=253_402_300_799_000)


_Time = Annotated[int, _MILLIS]
_Name = Annotated[str, Meta(min_length=1, max_length=LIMITS.name_chars)]
_Site = Annotated[str, Meta(min_length=1, max_length=100)]
_OptionalTime = Annotated[int, _MILLIS] | UnsetType
_Session = Annotated[str, Meta(max_length=LIMITS.session_chars)] | UnsetType
_Page = Annotated[str, Meta(max_length=LIMITS.page_chars)] | UnsetType
_Object = Annotated[str, Meta(max_length=LIMITS.object_chars)] | UnsetType
_Course = Annotated[str, Meta(max_length=LIMITS.course_chars)] | UnsetType
_Institution = Annotated[str, Meta(max_length=LIMITS.institution_chars)] | UnsetType
_Referrer = Annotated[str, Meta(max_length=LIMITS.referrer_chars)] | UnsetType
_Campaign = Annotated[str, Meta(max_length=LIMITS.campaign_chars)] | UnsetType
_User = Annotated[str, Meta(min_length=1, max_length=LIMITS.user_chars)] | UnsetType
_Ip = Annotated[str, Meta(max_length=45)] | UnsetType
_Agent = Annotated[str, Meta(max_length=4 * LIMITS.agent_chars)] | UnsetType
_Token = Annotated[str, Meta(max_length=4096)] | UnsetType


class RawEvent(msgspec.Struct, gc=False):
    """An event as it was sent; ``data`` is looked into only when the gate has let it through."""

    id: UUID
    name: _Name
    time: _Time
    session: _Session = UNSET
    page: _Page = UNSET
    object: _Object = UNSET
    course: _Course = UNSET
    institution: _Institution = UNSET
    referrer: _Referrer = UNSET
    campaign: _Campaign = UNSET
    user: _User = UNSET
    ip: _Ip = UNSET
    agent: _Agent = UNSET
    data: msgspec.Raw | UnsetType = UNSET


class Envelope(msgspec.Struct, gc=False):
    """One request's batch."""

    site: _Site
    events: list[RawEvent]
    token: _Token = UNSET
    sent: _OptionalTime = UNSET


class Parsed(msgspec.Struct, gc=False):
    """A batch, and how many keys of its events nobody knows."""

    envelope: Envelope
    unlisted: int = 0


_decoder = msgspec.json.Decoder(Envelope)
_encoder = msgspec.json.Encoder()
_EVENT_KEYS = frozenset(RawEvent.__struct_fields__)


def parse_batch(body: bytes, limits: Limits = LIMITS) -> Parsed:
    """Read a body; raises `RefusedError` if anything about its form is wrong."""
    if not body.isascii():
        _check_utf8(body)
    if b"\\u0000" in body or b"\0" in body:
        _check_nul(body)
    envelope = _decode(body)
    if not envelope.events:
        raise RefusedError(Reason.BATCH_EMPTY)
    if len(envelope.events) > limits.batch_events:
        raise RefusedError(Reason.BATCH_TOO_LARGE)
    if _encoder.encode(envelope).count(KEY) == body.count(KEY):
        return Parsed(envelope)
    return Parsed(envelope, _count_unlisted(body))


def _decode(body: bytes) -> Envelope:
    try:
        return _decoder.decode(body)
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
