"""Reads the ``event`` of a line, in all its encodings, and keeps of it the fields that are listed.

Values are handled as JSON text and decoded only where they may need scrubbing: nearly all of an
import's time would go into building objects that are written out again unchanged.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping

import msgspec

from privet.catalogue.spec import Event, Field, Kind
from privet.intake.edx_reasons import Lost
from privet.intake.edx_scrub import mask, scrub_text

Payload = Mapping[str, msgspec.Raw]
"""A payload's parts by name, each as JSON text."""
Checked = bytes | Lost
"""A field's value as JSON text that may be stored, or why it may not."""
Counts = defaultdict[str, int]
"""How many fields are not kept, by reason."""
Pseudonym = Callable[[str], str]
"""Maps another person's id to a pseudonym."""

_objects = msgspec.json.Decoder(dict[str, msgspec.Raw])
_texts = msgspec.json.Decoder(str)
_lists = msgspec.json.Decoder(list[msgspec.Raw])
_encode = msgspec.json.Encoder().encode
_NUMBER = re.compile(rb"-?(?:0|[1-9]\d{0,17})(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?")
_INTEGER = re.compile(rb"-?(?:0|[1-9]\d{0,17})")
_SMALL = re.compile(r"\d{1,6}")
_WORD = re.compile(r"[a-z_]{1,20}")
_INPUT = re.compile(r"^\[?\"?input_(.{1,300}?)_\d{1,4}_\d{1,4}(?:%5B%5D|\[\]|_dynamath)?=")
_BODIES = {"body": "length", "student_answer": "length", "feedback_text": "length"}
_ALIASES = {
    "current_time": "currentTime",
    "search_term": "search_string",
    "rationale": "rationale_length",
    "highlighted_content": "highlighted_length",
    "text": "length",
    "saved_response": "length",
}
_UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError)
_CACHE_LIMIT = 50_000
_HARMLESS_BYTES = bytes(range(0x20, 0x7F)).translate(None, b"@%\\")
_HARMLESS_IN_TEXTS = _HARMLESS_BYTES.translate(None, b"/")
"""A text with a slash may be an address or a path, which is scrubbed by its place."""
EMPTY: Payload = {}
_HARMLESS = ("position", "page", "sort_key")
_SENT = b'{"method":"POST"}'
_ASKED = b'{"method":"GET"}'


def read_payload(raw: bytes) -> tuple[Payload, bool]:
    """The named parts of an ``event``, and whether it could be read (none is also readable)."""
    try:
        if raw[:1] == b'"':
            return _read_inner(_texts.decode(raw))
        if raw[:1] == b"{":
            return _objects.decode(raw), True
    except _UNREADABLE:
        return EMPTY, False
    return _from_list(raw) if raw[:1] == b"[" else (EMPTY, True)


class Form(msgspec.Struct, gc=False):
    """What an implicit event was sent with, unread."""

    sent: dict[str, msgspec.Raw] = msgspec.field(name="POST", default_factory=dict)
    asked: dict[str, msgspec.Raw] = msgspec.field(name="GET", default_factory=dict)


_forms = msgspec.json.Decoder(Form)


def keep_of_form(raw: bytes, lost: Counts) -> bytes:
    """What is kept of an implicit event: whether something was sent, and three harmless values."""
    try:
        form = _forms.decode(_texts.decode(raw) if raw[:1] == b'"' else raw)
    except _UNREADABLE:
        lost[Lost.UNREADABLE] += 1
        return _ASKED
    kept: dict[str, str | int] = {}
    for part in (form.sent, form.asked):
        for name in _HARMLESS:
            if name in part:
                _keep_harmless(name, number_or_text(part[name]), kept)
    if unlisted := len(form.sent) + len(form.asked) - len(kept):
        lost[Lost.UNLISTED] += unlisted
    plain = _SENT if form.sent else _ASKED
    return plain[:-1] + b"," + _encode(kept)[1:] if kept else plain


def _keep_harmless(name: str, text: str, kept: dict[str, str | int]) -> None:
    if name == "sort_key" and _WORD.fullmatch(text):
        kept[name] = text
    elif name != "sort_key" and _SMALL.fullmatch(text):
        kept[name] = int(text)


class Detail:
    """Keeps the listed fields of one kind of event."""

    def __init__(self, event: Event, pseudonym: Pseudonym) -> None:
        self._checks = {f.name: _check_of(f, pseudonym) for f in event.fields}
        self._prefixes = {f.name: _encode(f.name) + b":" for f in event.fields}
        self._others = {
            name: listed
            for name, listed in (_ALIASES | _BODIES).items()
            if listed in self._checks and name not in self._checks
        }
        """By its name in a payload, the name under which the catalogue has a field."""

    def keep(self, payload: Payload, lost: Counts) -> dict[str, bytes]:
        """The listed fields with their JSON texts; what is not kept is counted in ``lost``."""
        kept: dict[str, bytes] = {}
        checks = self._checks
        unlisted = 0
        for name, raw in payload.items():
            check, listed = checks.get(name), name
            if check is not None:
                value = bytes(raw)
            elif other := self._others.get(name):
                listed, check = other, checks[other]
                # Of a text that people wrote, its length.
                value = _length_of(bytes(raw)) if other.endswith("length") else bytes(raw)
            else:
                unlisted += 1
                continue
            if value != b"null":
                checked = check(value)
                if isinstance(checked, bytes):
                    kept[listed] = checked
                else:
                    lost[checked] += 1
        if unlisted:
            lost[Lost.UNLISTED] += unlisted
        return kept

    def encode(self, kept: Mapping[str, bytes]) -> bytes:
        """The kept fields as one JSON object; empty for none."""
        if not kept:
            return b""
        return b"{" + b",".join([self._prefixes[n] + v for n, v in kept.items()]) + b"}"


def _read_inner(text: str) -> tuple[Payload, bool]:
    """A payload that is a text itself: JSON, a query, a word, or JSON that was cut."""
    inner = text.strip()
    if inner[:1] == "{":
        try:
            return _objects.decode(inner), True
        except _UNREADABLE:
            return EMPTY, False
    if inner[:1] == '"':
        try:
            inner = _texts.decode(inner)
        except _UNREADABLE:
            return EMPTY, False
    return _problem_of(inner), True


def _from_list(raw: bytes) -> tuple[Payload, bool]:
    """Of a list, the query that ``problem_graded`` puts first."""
    try:
        parts = _lists.decode(raw)
    except _UNREADABLE:
        return EMPTY, False
    first = bytes(parts[0]) if parts else b""
    return (_problem_of(_texts.decode(first)) if first[:1] == b'"' else EMPTY), True


def _problem_of(query: str) -> Payload:
    """The problem whose inputs a query holds; the answers in it are not looked at."""
    found = _INPUT.match(query)
    return {"problem": msgspec.Raw(_encode(found[1]))} if found else EMPTY


def number_or_text(raw: msgspec.Raw) -> str:
    """The text of a number or a text, which may stand in a list of one; else nothing."""
    try:
        value = msgspec.json.decode(raw)
    except _UNREADABLE:
        return ""
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    is_plain = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value).strip() if is_plain else ""


def as_text(value: bytes) -> str:
    """The text of a kept value; of a number, its digits."""
    return _texts.decode(value) if value[:1] == b'"' else value.decode()


def _length_of(raw: bytes) -> bytes:
    try:
        return b"%d" % len(_texts.decode(raw))
    except _UNREADABLE:
        return b"null"


def _check_of(listed: Field, pseudonym: Pseudonym) -> Callable[[bytes], Checked]:
    if listed.third_person:
        return _third_person_check(pseudonym, "username:" if "username" in listed.name else "")
    match listed.kind:
        case Kind.TEXT:
            return _text_check(listed.max_length)
        case Kind.INTEGER:
            return _pattern_check(_INTEGER)
        case Kind.NUMBER:
            return _pattern_check(_NUMBER)
        case Kind.BOOLEAN:
            return lambda raw: raw if raw in (b"true", b"false") else Lost.TYPE
        case Kind.TEXTS | Kind.JSON:
            return _json_check(listed.max_length)


def _text_check(max_length: int) -> Callable[[bytes], Checked]:
    known: dict[bytes, Checked] = {}

    def check(raw: bytes) -> Checked:
        if (
            raw[:1] == b'"'
            and len(raw) <= max_length
            and not raw.translate(None, _HARMLESS_IN_TEXTS)
            and b"eyJ" not in raw
        ):
            return raw
        found = known.get(raw)
        if found is None:
            if len(known) >= _CACHE_LIMIT:
                known.clear()
            found = known[raw] = _check_text(raw, max_length)
        return found

    return check


def _is_harmless(raw: bytes) -> bool:
    """Whether nothing in a JSON text can be an e-mail address, a token or bad JSON.

    Two passes in C over the text cost a tenth of one with a regular expression.
    """
    return not raw.translate(None, _HARMLESS_BYTES) and b"eyJ" not in raw


def _check_text(raw: bytes, max_length: int) -> Checked:
    if raw[:1] != b'"':
        return b'"' + raw + b'"' if _NUMBER.fullmatch(raw) else Lost.TYPE
    try:
        text = _texts.decode(raw)
    except _UNREADABLE:
        return Lost.TYPE
    return _encode(scrub_text(text)) if len(text) <= max_length else Lost.TOO_LONG


def _pattern_check(pattern: re.Pattern[bytes]) -> Callable[[bytes], Checked]:
    def check(raw: bytes) -> Checked:
        bare = raw[1:-1] if raw[:1] == b'"' else raw
        return bare if pattern.fullmatch(bare) else Lost.TYPE

    return check


def _json_check(max_length: int) -> Callable[[bytes], Checked]:
    def check(raw: bytes) -> Checked:
        if len(raw) > max_length:
            return Lost.TOO_LONG
        if _is_harmless(raw):
            return raw
        try:
            text = _encode(msgspec.json.decode(raw)).decode()
        except _UNREADABLE:
            return Lost.TYPE
        return mask(text).encode()

    return check


def _third_person_check(pseudonym: Pseudonym, prefix: str) -> Callable[[bytes], Checked]:
    def check(raw: bytes) -> Checked:
        text = number_or_text(msgspec.Raw(raw))
        return _encode(pseudonym(prefix + text)) if text else Lost.TYPE

    return check
