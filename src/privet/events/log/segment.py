"""The form of a segment file, and how what is whole in a damaged one is found.

A segment is eight bytes of ``MAGIC`` and frames after each other. A frame is four bytes of
``MARK``, the payload's length and a CRC-32 of length and payload (both 32 bits, little end
first), and the payload. The mark begins with a byte that is in no UTF-8 text, so that no text
inside a payload can pass for a frame when a reader looks for the next whole one.
"""

import struct
import zlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

MAGIC = b"PRIVLOG1"
MARK = b"\xffPVF"
MAX_PAYLOAD_BYTES = 16 * 1024 * 1024
_HEAD = struct.Struct("<4sII")
_LENGTH = struct.Struct("<I")


class DamageReason(StrEnum):
    """What is wrong with a part of a segment."""

    NOT_A_SEGMENT = "not_a_segment"
    """The file does not begin as a segment does."""
    BAD_CHECKSUM = "bad_checksum"
    """A frame whose bytes are not those that were written."""
    NOT_A_FRAME = "not_a_frame"
    """Bytes where a frame should begin."""
    TORN_TAIL = "torn_tail"
    """The last frame is not all there: its writer died before it was acknowledged."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One payload and where its frame begins."""

    offset: int
    payload: bytes


@dataclass(frozen=True, kw_only=True)
class Damage:
    """A part of a segment that cannot be read."""

    offset: int
    size_bytes: int
    reason: DamageReason


@dataclass(frozen=True, kw_only=True)
class SegmentContent:
    """All whole frames of a segment, in the order in which they were written, and the rest."""

    frames: list[Frame]
    damage: list[Damage]


def frame(payload: bytes) -> bytes:
    """The bytes of one frame."""
    return frame_head(payload) + payload


def frame_head(payload: bytes) -> bytes:
    """The bytes that stand before a payload."""
    size = len(payload)
    return _HEAD.pack(MARK, size, zlib.crc32(payload, zlib.crc32(_LENGTH.pack(size))))


def read_segment(path: Path) -> SegmentContent:
    """Read a segment; what is damaged is reported, never raised. `OSError` if it cannot be read."""
    return parse_segment(path.read_bytes())


def parse_segment(data: bytes) -> SegmentContent:
    """Find all whole frames in the bytes of a segment."""
    if not data:
        return SegmentContent(frames=[], damage=[])
    content = SegmentContent(frames=[], damage=[])
    offset = len(MAGIC) if data.startswith(MAGIC) else _skip_damage(data, 0, content.damage)
    while offset < len(data):
        payload = _payload_at(data, offset)
        if payload is None:
            offset = _skip_damage(data, offset, content.damage)
        else:
            content.frames.append(Frame(offset=offset, payload=payload))
            offset += _HEAD.size + len(payload)
    return content


def _payload_at(data: bytes, offset: int) -> bytes | None:
    """The payload of the frame at ``offset``, or none if no whole frame is there."""
    start = offset + _HEAD.size
    if start > len(data):
        return None
    mark, size, checksum = _HEAD.unpack_from(data, offset)
    if mark != MARK or size > MAX_PAYLOAD_BYTES or start + size > len(data):
        return None
    payload = data[start : start + size]
    matches = zlib.crc32(payload, zlib.crc32(_LENGTH.pack(size))) == checksum
    return payload if matches else None


def _skip_damage(data: bytes, offset: int, damage: list[Damage]) -> int:
    """Note what lies before the next whole frame, and return where that frame begins."""
    end = data.find(MARK, offset + 1)
    while end != -1 and _payload_at(data, end) is None:
        end = data.find(MARK, end + 1)
    end = len(data) if end == -1 else end
    reason = _reason_of(data, offset, end)
    damage.append(Damage(offset=offset, size_bytes=end - offset, reason=reason))
    return end


def _reason_of(data: bytes, offset: int, end: int) -> DamageReason:
    if offset == 0:
        is_start = end == len(data) and (MAGIC.startswith(data) or not data.strip(b"\0"))
        return DamageReason.TORN_TAIL if is_start else DamageReason.NOT_A_SEGMENT
    if end == len(data) and _is_torn(data, offset):
        return DamageReason.TORN_TAIL
    begins = data.startswith(MARK, offset)
    return DamageReason.BAD_CHECKSUM if begins else DamageReason.NOT_A_FRAME


def _is_torn(data: bytes, offset: int) -> bool:
    """Whether the rest is the beginning of one frame, or zeros that a file system left."""
    rest = data[offset:]
    if len(rest) < _HEAD.size:
        return MARK.startswith(rest[:4]) or not rest.strip(b"\0")
    mark, size, _ = _HEAD.unpack_from(rest)
    if mark == MARK:
        is_short = size <= MAX_PAYLOAD_BYTES and len(rest) < _HEAD.size + size
        return is_short or not rest[_HEAD.size :].strip(b"\0")
    return not rest.strip(b"\0")
