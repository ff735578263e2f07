"""A notice was put before somebody: the records of it, and the word by which a decision names one.

The banner is served to everybody who has not decided, so its word is a signed token and the record
is written with the decision that brings it back: nothing is stored of who only looked, and nobody
can fill the ledger by looking. A notice at sign-up or enrolment goes the same way: its word comes
back when the account is made or the learner is enrolled, and is recorded then.
"""

import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import transaction

from privet.consent.ledger import (
    SALT_BYTES,
    Layer,
    NoticeShown,
    Place,
    Serving,
    append_serving,
    hold_head,
    in_turn,
)
from privet.consent.models import Decision, Head, Served
from privet.consent.person import Who
from privet.consent.state import reach_of
from privet.kernel.clock import Clock, to_micros
from privet.kernel.crypto import KeyRing
from privet.kernel.errors import PrivetError
from privet.kernel.ids import new_event_id

LONGEST_OPEN = timedelta(days=7)
"""How long a page may have been open before its decision no longer names what it showed."""
_LONGEST = 2_048
_PURPOSE = "notice-served"


class ServedToAnotherError(PrivetError):
    """The word of a notice was brought for somebody else before."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A notice that was shown to somebody, before anything was recorded of it."""

    record_id: UUID
    at: datetime
    site: str
    notice: NoticeShown
    place: Place
    layer: Layer
    registry: str = ""
    institution: str = ""
    course: str = ""


def note_served(*, who: Who, shown: Shown, clock: Clock) -> bool:
    """Record that somebody had a notice before them when they signed up or enrolled.

    False if it stands in the ledger already: the same word twice adds nothing. Raises
    `ServedToAnotherError` if it stands there for somebody else, for then nothing proves this.
    """
    with in_turn(), transaction.atomic():
        head = hold_head()
        before = head.sequence
        record_shown(head, shown, who=who, clock=clock)
        is_new = head.sequence > before
        if not is_new:
            _check_theirs(shown, who)
    return is_new


def _check_theirs(shown: Shown, who: Who) -> None:
    record = Served.objects.get(record_id=shown.record_id)
    key = bytes(record.person_key) if record.person_key is not None else None
    if key is None or who.key is None or key not in reach_of(who.key).keys:
        raise ServedToAnotherError(
            "That this notice was shown is recorded for somebody else.",
            remedy="Get the notice anew for each learner, and send its own served back.",
        )


def record_shown(head: Head, shown: Shown, *, who: Who, clock: Clock) -> UUID:
    """Write down what a decision says it was shown; the caller holds the head.

    One banner may be answered twice; it was served once.
    """
    if not Served.objects.filter(record_id=shown.record_id).exists():
        serving = Serving(
            record_id=shown.record_id,
            served=shown.at,
            site=shown.site,
            person_key=who.key,
            account_id=who.account_id,
            notice=shown.notice,
            place=shown.place,
            layer=shown.layer,
            registry=shown.registry,
            institution=shown.institution,
            course=shown.course,
        )
        salt = secrets.token_bytes(SALT_BYTES)
        append_serving(head, serving, at=clock.now(), salt=salt)
    return shown.record_id


def find_served(decision: Decision) -> Served | None:
    """The notice to which a decision was the answer; none if none was recorded."""
    if decision.notice_served is None:
        return None
    return Served.objects.filter(record_id=decision.notice_served).first()


def sign_shown(
    *,
    site: str,
    notice: NoticeShown,
    place: Place,
    layer: Layer,
    ring: KeyRing,
    clock: Clock,
    registry: str = "",
    institution: str = "",
    course: str = "",
) -> str:
    """The token that goes out with a notice and comes back with the decision."""
    now = clock.now()
    said = {
        "id": str(new_event_id(to_micros(now) // 1000)),
        "at": to_micros(now),
        "site": site,
        "version": notice.version,
        "hash": notice.digest,
        "language": notice.language,
        "place": place.value,
        "layer": layer.value,
        "registry": registry,
        "institution": institution,
        "course": course,
    }
    body = _encode(json.dumps(said, separators=(",", ":"), sort_keys=True).encode())
    return f"{body}.{_encode(_signature(body, ring))}"


def read_shown(token: str, *, site: str, ring: KeyRing, clock: Clock) -> Shown | None:
    """What a token says was shown; none if it is forged, of another site, or too old."""
    said = _open(token, ring)
    if said is None or said["site"] != site:
        return None
    at = datetime.fromtimestamp(said["at"] / 1e6, UTC)
    if clock.now() - at > LONGEST_OPEN:
        return None
    notice = NoticeShown(version=said["version"], digest=said["hash"], language=said["language"])
    return Shown(
        record_id=UUID(said["id"]),
        at=at,
        site=site,
        notice=notice,
        place=Place(said["place"]),
        layer=Layer(said["layer"]),
        registry=said["registry"],
        # Words that went out before these were added do without.
        institution=said.get("institution", ""),
        course=said.get("course", ""),
    )


def _open(token: str, ring: KeyRing) -> dict[str, Any] | None:
    """What was signed; a sound signature is ours, so what it covers is well formed."""
    body, _, signature = token.partition(".")
    if len(token) > _LONGEST or not token.isascii():
        return None
    if not hmac.compare_digest(_encode(_signature(body, ring)), signature):
        return None
    said: dict[str, Any] = json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return said


def _signature(body: str, ring: KeyRing) -> bytes:
    return hmac.digest(ring.signing_key(_PURPOSE), body.encode(), sha256)[:16]


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
