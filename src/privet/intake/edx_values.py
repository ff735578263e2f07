"""Reads the single values of a tracking log: times, courses, sessions, ids of lines."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import blake2b, sha256

import numpy as np

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
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ID_BYTES, _TIME_BYTES, _VERSION_AT, _VARIANT_AT = 16, 6, 6, 8
"""Of a UUIDv7: how long it is, how much of that is its time, and where its fixed bits stand."""


def read_times(texts: Sequence[str]) -> list[int | None]:
    """As `read_time`, of many at once, the usual ones without a call for each."""
    try:
        deltas = [moment - _EPOCH for moment in map(datetime.fromisoformat, texts)]
    except (ValueError, OverflowError, TypeError):  # The last if one lacks its zone.
        return [read_time(text) for text in texts]
    return [(d.days * 86_400 + d.seconds) * 1_000_000 + d.microseconds for d in deltas]


def read_time(text: str) -> int | None:
    """Microseconds since 1970 of an ISO 8601 time; older logs lack the zone and mean UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
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


def line_hasher(key: bytes) -> Callable[[bytes], bytes]:
    """Gives the digest of a line's JSON text: a keyed hash, 32 bytes.

    The key stands before the text, which is safe since `line_ids` cuts the hash, so that it cannot
    be continued. It is hashed once for all lines, and no text is copied to stand behind it.
    """
    keyed = sha256(key)

    def digest(text: bytes) -> bytes:
        line = keyed.copy()
        line.update(text)
        return line.digest()

    return digest


def line_ids(at_micros: Sequence[int], digests: Sequence[bytes]) -> bytes:
    """The UUIDv7 of each line's event, one behind the other: its time and the digest of its text.

    The same text gives the same id wherever it stands, so an event is kept once however often
    its line comes: twice in a file, in a file given twice, in files that overlap.
    """
    ids = np.empty((len(digests), _ID_BYTES), np.uint8)
    millis = (np.array(at_micros, np.int64) // 1000).astype(">u8")
    ids[:, :_TIME_BYTES] = millis.view(np.uint8).reshape(-1, 8)[:, 2:]
    hashed = np.frombuffer(b"".join(digests), np.uint8).reshape(len(digests), -1)
    ids[:, _TIME_BYTES:] = hashed[:, : _ID_BYTES - _TIME_BYTES]
    ids[:, _VERSION_AT] = ids[:, _VERSION_AT] & 0x0F | 0x70
    ids[:, _VARIANT_AT] = ids[:, _VARIANT_AT] & 0x3F | 0x80
    return ids.tobytes()


def line_hash(key: bytes, line: bytes) -> bytes:
    """A keyed hash by which an operator can find a rejected line, and nobody can guess it."""
    return blake2b(line, key=key, digest_size=16).digest()
