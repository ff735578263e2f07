"""Reads what sets a cookie: a line of ``Set-Cookie``, or what a script assigns.

The rules are those of RFC 6265bis, 5.6; pure functions.
"""

from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from privet.consent.technologies import MOST_COOKIE_DAYS, SESSION

_DAY_SECONDS = 86_400
_LONGEST_SECONDS = 10**11


@dataclass(frozen=True, kw_only=True)
class SetCookie:
    """One cookie as it was declared; its value is not kept."""

    name: str
    domain: str
    """Empty where only the host that set it gets it back."""
    path: str
    lifetime: str
    """ISO 8601, or ``session``; ``P0D`` deletes."""
    is_http_only: bool
    is_partitioned: bool

    @property
    def is_deletion(self) -> bool:
        """Whether it takes a cookie away."""
        return self.lifetime == "P0D"


def read_set_cookie(line: str, *, now: float) -> SetCookie | None:
    """Read one line; none if no browser would take it for a cookie. ``now``: seconds since 1970."""
    pair, *rest = line.split(";")
    name, sign, value = pair.partition("=")
    if not sign:
        name, value = "", pair
    if not name.strip() and not value.strip():
        return None
    attributes = {}
    for part in rest:
        key, _, text = part.partition("=")
        attributes[key.strip().lower()] = text.strip()
    return SetCookie(
        name=name.strip(),
        domain=attributes.get("domain", "").lstrip(".").lower(),
        path=attributes.get("path", ""),
        lifetime=_lifetime(attributes, now),
        is_http_only="httponly" in attributes,
        is_partitioned="partitioned" in attributes,
    )


def period_of(seconds: float) -> str:
    """A lifetime in the largest whole unit: ``P183D``, ``PT90M``, ``PT20S``; ``P0D`` if over."""
    whole = min(round(seconds), _LONGEST_SECONDS)
    if whole <= 0:
        return "P0D"
    for size, form in ((_DAY_SECONDS, "P{}D"), (3600, "PT{}H"), (60, "PT{}M")):
        if whole % size == 0:
            return form.format(whole // size)
    return f"PT{whole}S"


def effective_period(seconds: float) -> str:
    """What is left of a lifetime after the 400 days of Chromium, to the day where it has one.

    A jar says only when a cookie ends; seconds passed since it was set, so days are rounded up.
    """
    capped = min(seconds, MOST_COOKIE_DAYS * _DAY_SECONDS)
    return period_of(
        round(capped / _DAY_SECONDS) * _DAY_SECONDS if capped > _DAY_SECONDS else capped
    )


def _lifetime(attributes: dict[str, str], now: float) -> str:
    age = attributes.get("max-age", "")
    if age.lstrip("-").isdigit():
        return period_of(int(age))
    if "expires" in attributes:
        try:
            moment = parsedate_to_datetime(attributes["expires"].replace("-", " "))
        except (TypeError, ValueError):
            return SESSION
        seconds = moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() - now
        return effective_days(seconds)
    return SESSION


def effective_days(seconds: float) -> str:
    """A lifetime that was told by its end: rounded to days where it has them, never capped."""
    whole_days = seconds > _DAY_SECONDS
    return period_of(round(seconds / _DAY_SECONDS) * _DAY_SECONDS if whole_days else seconds)
