"""Reads the single values of a tracking log: times, courses, sessions, ids of lines."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b, sha256

from privet.kernel.clock import to_micros

_SAFE = r"[\w.~:\- ]{1,120}"
_NEW = re.compile(
    rf"(?:course|ccx|library)-v1:({_SAFE})\+{_SAFE}(?:\+{_SAFE})?(?:\+ccx@\d{{1,9}})?"
)
_OLD = re.compile(rf"({_SAFE})/{_SAFE}/{_SAFE}")
_IN_PATH = re.compile(
    r"/courses?/((?:course|ccx|library)-v1(?::|%3A)[^/?#]{1,300}|[^/?#]{1,100}/[^/?#]{1,100}/[^/?#]{1,100})"
)
_NOT_SLUG = re.compile(r"[^\w]+")
_USUAL_LENGTH = len("2026-11-21T20:58:00.000000+00:00")
_A_MINUTE = "60000000"
"""In microseconds; of equally many digits, the text that is less is the number that is less."""
_HASHED_BITS = 0x0FFF_3FFF_FFFF_FFFF_FFFF
_VERSION_BITS = 0x7000_8000_0000_0000_0000
"""A UUID's version 7 and variant, in its last ten bytes."""


def read_time(text: str) -> int | None:
    """Microseconds since 1970 of an ISO 8601 time; older logs lack the zone and mean UTC."""
    if len(text) == _USUAL_LENGTH and text[26:] == "+00:00" and text[16::3][:2] == ":.":
        minute, digits = _micros_of_minute(text[:16]), text[17:19] + text[20:26]
        if minute is not None and digits.isdecimal() and digits.isascii() and digits < _A_MINUTE:
            return minute + int(digits)
    return _read_any_time(text.strip())


@lru_cache(16_384)
def _micros_of_minute(text: str) -> int | None:
    """A log says the same minute again and again."""
    return _read_any_time(text)


def _read_any_time(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
        return to_micros(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def read_course(text: str) -> tuple[str, str] | None:
    """A course's id and its institution's short name; none if it is no course id.

    Known forms: ``org/course/run``, ``course-v1:``, ``ccx-v1:`` and ``library-v1:``.
    """
    found = _NEW.fullmatch(text) or _OLD.fullmatch(text)
    return (text, institution_slug(found[1])) if found else None


def course_in_path(path: str) -> str:
    """The course id in the path of a page, or nothing."""
    found = _IN_PATH.search(path)
    return found[1].replace("%3A", ":").replace("%2B", "+") if found else ""


def institution_slug(org: str) -> str:
    """An organisation's name as Privet's short name of an institution: ``MITx`` is ``mitx``."""
    return _NOT_SLUG.sub("-", org.lower()).strip("-")[:100]


def session_number(key: bytes, session: str) -> int:
    """A keyed number of 63 bits that stands for a session, never 0 for one that is there."""
    digest = blake2b(session.encode(errors="replace"), key=key, digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 1) or 1


def line_id(key: bytes, at_micros: int, text: bytes) -> bytes:
    """The UUIDv7 of a line's event: its time, and a keyed hash of its JSON text.

    The same text gives the same id wherever it stands, so an event is kept once however often
    its line comes: twice in a file, in a file given twice, in files that overlap. The key stands
    before the text, which is safe since the hash is cut and so cannot be continued.
    """
    hashed = int.from_bytes(sha256(key + text).digest()[:10], "big") & _HASHED_BITS
    millis = at_micros // 1000 & 0xFFFF_FFFF_FFFF
    return (millis << 80 | _VERSION_BITS | hashed).to_bytes(16, "big")


def line_hash(key: bytes, line: bytes) -> bytes:
    """A keyed hash by which an operator can find a rejected line, and nobody can guess it."""
    return blake2b(line, key=key, digest_size=16).digest()
