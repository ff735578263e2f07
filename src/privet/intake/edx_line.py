"""Finds and reads the JSON object in one line of a log, whatever stands around it."""

import json
from typing import Any

import msgspec

from privet.intake.edx_reasons import Skip, Unread

MAX_LINE_BYTES = 1024 * 1024
"""Longer lines are rejected unread; the platform itself cuts events at 50,000 characters."""

_BOM = b"\xef\xbb\xbf"
_MAX_PREFIX = 2000
_AROUND = b" \t\r\n\v\f\0"
"""A crash leaves NUL bytes at the end of a file on some file systems."""


class Module(msgspec.Struct, gc=False):
    """The part of a course that an event is about."""

    usage_key: str | None = None


class Context(msgspec.Struct, gc=False):
    """What the platform knew of the request."""

    user_id: int | str | None = None
    course_id: str | None = None
    org_id: str | None = None
    path: str | None = None
    session: str | None = None
    received_at: str | None = None
    module: Module | None = None


class Line(msgspec.Struct, gc=False):
    """The parts of a line that are looked at."""

    event_type: str | None = None
    event_source: str | None = None
    name: str | None = None
    time: str | None = None
    username: str | None = None
    session: str | None = None
    ip: str | None = None
    agent: str | None = None
    host: str | None = None
    referer: str | None = None
    page: str | None = None
    context: Context | None = None
    event: msgspec.Raw = msgspec.Raw(b"null")


_decoder = msgspec.json.Decoder(Line)
_decode = _decoder.decode
_TEXTS = tuple(f for f in Line.__struct_fields__ if f not in ("context", "event"))
_CONTEXT_TEXTS = tuple(f for f in Context.__struct_fields__ if f not in ("user_id", "module"))

Read = tuple[bytes, Line]
"""The JSON text of a line, and what it says."""
_NOT_PLAIN = (msgspec.DecodeError, RecursionError, UnicodeDecodeError)


def read_lines(block: bytes, count: int) -> list[Line] | None:
    """What all lines of a block say, in one go; none if any of its ``count`` lines is no event.

    Each value takes a line at least. So there are as many values as lines only if each line has
    one of its own.
    """
    try:
        lines = _decoder.decode_lines(block)
    except _NOT_PLAIN:
        return None
    return lines if len(lines) == count else None


def read_line(line: bytes) -> Read | Skip | Unread:
    """Read a line without its line end: an event, or why it is none."""
    if len(line) > MAX_LINE_BYTES:
        return Unread.TOO_LONG
    if line[:1] == b"{" and line[-1:] == b"}":
        try:
            return line, _decode(line)
        except _NOT_PLAIN:
            pass  # It is looked at again below, with more patience.
    text = line.strip(_AROUND).removeprefix(_BOM).strip(_AROUND)
    if not text:
        return Skip.BLANK
    if text[:1] == b"#":
        return Skip.COMMENT
    return _read_patiently(text)


def _read_patiently(text: bytes) -> Read | Unread:
    """Read the whole text, and if that fails, what stands behind a logger's prefix."""
    result = _read_json(text)
    if not isinstance(result, Unread) or result in (Unread.NOT_AN_OBJECT, Unread.TOO_DEEP):
        return result
    start = text.find(b"{")
    return _read_json(text[start:]) if 0 < start < _MAX_PREFIX else result


def _read_json(text: bytes) -> Read | Unread:
    try:
        return text, _decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _read_loosely(text)
    except RecursionError:
        return Unread.TOO_DEEP


def _read_loosely(text: bytes) -> Read | Unread:
    """Read what is JSON but has parts of unexpected types, or bytes that are not UTF-8."""
    try:
        value = json.loads(text.decode(errors="replace"), parse_int=_short_integer)
    except RecursionError:
        return Unread.TOO_DEEP
    except ValueError:
        return Unread.CUT if _seems_cut(text) else Unread.NOT_JSON
    if not isinstance(value, dict):
        return Unread.NOT_AN_OBJECT
    return text, _coerced(value)


def _seems_cut(text: bytes) -> bool:
    return text[:1] == b"{" and text[-1:] != b"}"


def _coerced(value: dict[str, Any]) -> Line:
    """A line from an object in which any part may be of any type."""
    line = Line()
    for name in _TEXTS:
        setattr(line, name, _as_text(value.get(name)))
    context = value.get("context")
    if isinstance(context, dict):
        line.context = _coerced_context(context)
    try:
        line.event = msgspec.Raw(json.dumps(value.get("event")).encode(errors="replace"))
    except (RecursionError, ValueError):
        line.event = msgspec.Raw(b'"{"')  # Counted as a payload that cannot be read.
    return line


def _coerced_context(value: dict[str, Any]) -> Context:
    context = Context()
    for name in _CONTEXT_TEXTS:
        setattr(context, name, _as_text(value.get(name)))
    user_id = value.get("user_id")
    is_number = isinstance(user_id, int) and not isinstance(user_id, bool)
    context.user_id = user_id if is_number else _as_text(user_id)
    module = value.get("module")
    if isinstance(module, dict):
        context.module = Module(usage_key=_as_text(module.get("usage_key")))
    return context


def _short_integer(digits: str) -> int | None:
    """Python refuses to read thousands of digits, and nobody's id has them."""
    return int(digits) if len(digits) < 1000 else None


def _as_text(value: Any) -> str | None:
    """A text or a number as text without lone surrogates; anything else is nothing."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).encode(errors="replace").decode()
