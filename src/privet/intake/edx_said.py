"""What the payload of a line says: what is kept of it, its object, its course, its learner."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from privet.intake.edx_payload import (
    EMPTY,
    Counts,
    Payload,
    as_text,
    keep_of_form,
    number_or_text,
    read_payload,
)
from privet.intake.edx_reasons import Lost
from privet.intake.edx_shape import Named, Shape, type_detail
from privet.intake.edx_values import read_course

_NOTHING_SENT = frozenset(
    (b"null", b'""', b"{}", b'"{}"', rb'"{\"POST\": {}, \"GET\": {}}"',
     rb'"{\"GET\": {}, \"POST\": {}}"', b'{"POST": {}, "GET": {}}')
)  # fmt: skip
_LONGEST_NOTHING = max(map(len, _NOTHING_SENT))
"""Whether a longer payload is among them need not be asked, which costs a pass over it."""
_ASKED = b'{"method":"GET"}'
_SHORT_BYTES = 300
"""Longer payloads hardly ever come again."""
_CACHED = 32_768


class Said(NamedTuple):
    """What is taken from a payload."""

    detail: bytes | None
    """A JSON object of listed fields only."""
    object: str = ""
    place: tuple[str, str] | None = None
    """Course and institution."""
    learner: str = ""
    """Whom it names, where that is who it is about."""
    lost: tuple[tuple[str, int], ...] = ()
    """What of it is not kept, counted by reason."""


_NOTHING, _ONLY_ASKED = Said(None), Said(_ASKED)


def read_said(shape: Shape, raw: bytes) -> Said:
    """What a payload says in a line of that shape."""
    named = shape.named
    if len(raw) <= _LONGEST_NOTHING and raw in _NOTHING_SENT and not named.is_other:
        return _ONLY_ASKED if named.is_implicit else _NOTHING
    if named.is_other:
        return _read_other(shape, raw)
    return _read_short(named, raw) if len(raw) <= _SHORT_BYTES else _read(named, raw)


def _read(named: Named, raw: bytes) -> Said:
    lost: Counts = defaultdict(int)
    if named.is_implicit:
        return Said(keep_of_form(raw, lost), lost=tuple(lost.items()))
    payload = _read_payload(raw, lost)
    kept = named.detail.keep(payload, lost)
    course = kept.get("course_id")
    return Said(
        detail=named.detail.encode(kept) or None,
        object=_object_in(kept, named.objects),
        place=read_course(course[1:-1].decode(errors="replace")) if course else None,
        learner=_learner_in(payload) if named.names_learner else "",
        lost=tuple(lost.items()),
    )


_read_short = lru_cache(_CACHED)(_read)


def _object_in(kept: Mapping[str, bytes], names: Sequence[str]) -> str:
    """The first of the fields that say what an event is about."""
    for name in names:
        if name in kept:
            return as_text(kept[name])
    return ""


def _read_other(shape: Shape, raw: bytes) -> Said:
    """Of an event without a name here only the platform's name for it is kept."""
    lost: Counts = defaultdict(int)
    payload = _read_payload(raw, lost)
    if payload:
        lost[Lost.UNLISTED] += len(payload)
    return Said(
        detail=type_detail(shape.called),
        learner=_learner_in(payload) if shape.named.names_learner else "",
        lost=tuple(lost.items()),
    )


def _read_payload(raw: bytes, lost: Counts) -> Payload:
    if len(raw) <= _LONGEST_NOTHING and raw in _NOTHING_SENT:
        return EMPTY
    payload, is_readable = read_payload(raw)
    if not is_readable:
        lost[Lost.UNREADABLE] += 1
    return payload


def _learner_in(payload: Payload) -> str:
    found = payload.get("user_id") or payload.get("attempt_user_id")
    return number_or_text(found) if found is not None else ""
