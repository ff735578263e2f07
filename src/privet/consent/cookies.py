"""The two cookies: the decision that a page can read, and the visitor's number it cannot.

A cookie is ``base64url(JSON) "." base64url(HMAC-SHA-256 cut to 16 bytes)``. Pure functions:
collector and web share them. Whatever is wrong with a cookie, it counts as no consent.
"""

import hmac
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from privet.catalogue.uses import ESSENTIAL, NO_CHOICES, Choice
from privet.consent.places import Regime
from privet.consent.registry import TechnologyKind, match
from privet.consent.rules import ALL_CHOICES, Standing, uses_of_choices
from privet.kernel.config import read_config
from privet.kernel.crypto import KeyRing, person_key

CONSENT_COOKIE = "privet_consent"
VISITOR_COOKIE = "privet_visitor"
CONSENT_DAYS = read_config().consent_days
"""Six months (CNIL), refusals too, unless the operator set another period."""
VISITOR_DAYS = 395
"""Thirteen months, never extended."""
_DAY_SECONDS = 86_400
_SIGNATURE_BYTES = 16
_LONGEST = 1024
_ID_BYTES = 16


class CookieFault(StrEnum):
    """Why a cookie counts as no consent; each is counted."""

    MALFORMED = "cookie_malformed"
    FORGED = "cookie_forged"
    FOREIGN_SITE = "cookie_foreign_site"
    STALE = "cookie_stale"
    FUTURE = "cookie_future"
    DUPLICATE = "cookie_duplicate"


@dataclass(frozen=True, kw_only=True)
class CookieKeys:
    """The keys under which cookies are signed, one a cookie."""

    consent: bytes
    visitor: bytes

    @classmethod
    def of(cls, ring: KeyRing) -> "CookieKeys":
        """The keys of an installation."""
        return cls(
            consent=ring.signing_key("consent-cookie"), visitor=ring.signing_key("visitor-cookie")
        )


@dataclass(frozen=True, kw_only=True)
class ConsentCookie:
    """A decision as the browser carries it; nothing in it tells one refuser from another."""

    site: str
    choices: Choice
    """The choices in force."""
    notice: int
    """The version of the notice that was shown."""
    day: int
    """Days since 1970 UTC, on which it was made."""
    gpc: bool
    regime: Regime
    confirmed: bool = False
    """A yes against Global Privacy Control was confirmed."""
    of_learner: bool = False
    """Made by somebody signed in. Only a visitor's decision is joined to an account's."""

    @property
    def decided(self) -> datetime:
        """The beginning of that day."""
        return datetime.fromtimestamp(self.day * _DAY_SECONDS, UTC)

    def standing(self) -> Standing:
        """What the visitor who carries it allows."""
        return Standing(
            uses=int(uses_of_choices(self.choices) | ESSENTIAL),
            choices=int(self.choices),
            decided=True,
            gpc=self.gpc,
            expires_day=self.day + CONSENT_DAYS,
            confirmed=self.confirmed,
        )


@dataclass(frozen=True, kw_only=True)
class VisitorCookie:
    """A random number that tells visits of one consenting browser from those of another."""

    site: str
    visitor_id: str
    day: int
    """Days since 1970 UTC, on which it was first given."""

    def person_key(self, link_key: bytes) -> bytes:
        """How the log names this visitor."""
        return visitor_key(link_key, self.site, self.visitor_id)


def numbering_choice() -> Choice:
    """The choice with which alone a browser gets a visitor's number, and keeps it.

    It is that of the category under which the registry lists the number: what banner and policy
    say of it is what is done. A number that is listed nowhere is given to nobody.
    """
    entry = match(VISITOR_COOKIE, TechnologyKind.COOKIE)
    return (entry.category.choice if entry else None) or NO_CHOICES


def visitor_key(link_key: bytes, site: str, visitor_id: str) -> bytes:
    """The person key of a visitor, apart from those of the site's learners."""
    return person_key(link_key, f"{site}/visitor", visitor_id)


def day_of(moment: datetime) -> int:
    """Days since 1970-01-01 UTC."""
    return int(moment.astimezone(UTC).timestamp()) // _DAY_SECONDS


def new_visitor(site: str, *, now: datetime) -> VisitorCookie:
    """A visitor's cookie with a new random number."""
    return VisitorCookie(site=site, visitor_id=secrets.token_urlsafe(_ID_BYTES), day=day_of(now))


def sign_consent(cookie: ConsentCookie, *, keys: CookieKeys) -> str:
    """The value of `CONSENT_COOKIE`."""
    payload: dict[str, Any] = {
        "site": cookie.site,
        "choices": int(cookie.choices),
        "notice": cookie.notice,
        "time": cookie.day * _DAY_SECONDS,
        "gpc": int(cookie.gpc),
        "regime": cookie.regime.value,
        "of": "learner" if cookie.of_learner else "visitor",
    }
    if cookie.confirmed:
        payload["confirmed"] = 1
    return _sign(payload, keys.consent)


def sign_visitor(cookie: VisitorCookie, *, keys: CookieKeys) -> str:
    """The value of `VISITOR_COOKIE`."""
    payload = {"site": cookie.site, "id": cookie.visitor_id, "time": cookie.day * _DAY_SECONDS}
    return _sign(payload, keys.visitor)


def read_consent(
    value: str, *, site: str, keys: CookieKeys, now: datetime
) -> ConsentCookie | CookieFault:
    """The decision in a cookie's value, or why it is none."""
    payload = _open(value, keys.consent)
    if isinstance(payload, CookieFault):
        return payload
    try:
        cookie = ConsentCookie(
            site=payload["site"],
            choices=Choice(payload["choices"]) & ALL_CHOICES,
            notice=payload["notice"],
            day=payload["time"] // _DAY_SECONDS,
            gpc=bool(payload["gpc"]),
            regime=Regime(payload["regime"]),
            confirmed=payload.get("confirmed") == 1,
            of_learner=payload["of"] == "learner",
        )
    except (KeyError, TypeError, ValueError):
        return CookieFault.MALFORMED
    return _fault_of(cookie.site, cookie.day, site, now, CONSENT_DAYS) or cookie


def read_visitor(
    value: str, *, site: str, keys: CookieKeys, now: datetime
) -> VisitorCookie | CookieFault:
    """The visitor's number in a cookie's value, or why it is none."""
    payload = _open(value, keys.visitor)
    if isinstance(payload, CookieFault):
        return payload
    try:
        cookie = VisitorCookie(
            site=payload["site"],
            visitor_id=str(payload["id"]),
            day=payload["time"] // _DAY_SECONDS,
        )
    except (KeyError, TypeError):
        return CookieFault.MALFORMED
    return _fault_of(cookie.site, cookie.day, site, now, VISITOR_DAYS) or cookie


def cookie_value(header: str, name: str) -> str | CookieFault | None:
    """The one value of a cookie in a ``Cookie`` header, none if it is absent.

    Two different values come from two domains or paths; neither can be told to be the right one.
    """
    prefix = f"{name}="
    parts = (part.strip() for part in header.split(";"))
    values = {part[len(prefix) :].strip('"') for part in parts if part.startswith(prefix)}
    if len(values) > 1:
        return CookieFault.DUPLICATE
    return values.pop() if values else None


def _fault_of(of: str, day: int, site: str, now: datetime, days: int) -> CookieFault | None:
    today = day_of(now)
    if of != site:
        return CookieFault.FOREIGN_SITE
    if day > today:
        return CookieFault.FUTURE
    return CookieFault.STALE if day + days <= today else None


def _sign(payload: dict[str, Any], key: bytes) -> str:
    body = _encode(json.dumps(payload, separators=(",", ":"), sort_keys=True).encode())
    return f"{body}.{_encode(_signature(body, key))}"


def _open(value: str, key: bytes) -> dict[str, Any] | CookieFault:
    body, dot, signature = value.partition(".")
    if not dot or len(value) > _LONGEST or not value.isascii():
        return CookieFault.MALFORMED
    if not hmac.compare_digest(_encode(_signature(body, key)), signature):
        return CookieFault.FORGED
    try:
        payload = json.loads(_decode(body))
    except ValueError:
        return CookieFault.MALFORMED
    return payload if isinstance(payload, dict) else CookieFault.MALFORMED


def _signature(body: str, key: bytes) -> bytes:
    return hmac.digest(key, body.encode(), sha256)[:_SIGNATURE_BYTES]


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
