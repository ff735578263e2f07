"""What is kept of the addresses of pages: a path without query, scrubbed of obvious secrets.

The rule: the query and the fragment go, but for ``utm_campaign``; of a referrer only the host
stays. In a path, and in a link's target, these are each replaced by ``*``: an e-mail address; a
JSON Web Token; the segment after a word that announces a secret (``reset``, ``activate``,
``verify`` …) if it is longer than seven characters and holds a digit; and a segment of 40 or more
letters, digits, ``-`` and ``_`` that holds both digits and letters. Ids of courses and blocks stay.
"""

import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from privet.collector.remember import remembered

SCRUBBED = "*"
_ENCODED = "%(?!25|40)[0-9a-f]{2}"
_EMAIL = re.compile(
    rf"(?:[\w.!#$&'*+=?^`{{|}}~-]|{_ENCODED}){{1,64}}+(?:@|%(?:25)*40)"
    rf"(?:[\w-]|{_ENCODED}){{1,63}}+(?:\.(?:[\w-]|{_ENCODED}){{2,63}}+)+",
    re.I,
)
"""Of any alphabet (RFC 6531), also as an address bar encodes its letters."""
_JWT = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*")
_ANNOUNCED = re.compile(
    r"((?:reset|confirm|activat|verif|unsubscrib|invit|magic|token|secret|password|login)[\w-]*/)"
    r"(?=[^/]*\d)[^/]{8,}",
    re.I,
)
_LONG = re.compile(r"(?<![^/])(?=[^/]*\d)(?=[^/]*[a-z])[\w-]{40,}(?![^/])", re.I)


class Page(NamedTuple):
    """What is kept of a page's address."""

    path: str
    campaign: str = ""


@remembered
def read_page(address: str) -> Page:
    """A page's path and its campaign; the address may be whole or begin with a slash."""
    try:
        parts = urlsplit(address)
        campaign = parse_qs(parts.query, max_num_fields=50).get("utm_campaign", [""])[0]
    except ValueError:
        return Page("")
    return Page(scrub_path(parts.path), scrub_text(campaign[:200]))


@remembered
def referrer_host(address: str) -> str:
    """The host of a referrer, without user, port and path; empty if there is none."""
    try:
        return (urlsplit(address).hostname or "")[:253]
    except ValueError:
        return ""


@remembered
def scrub_link(address: str) -> str:
    """A link's target without query, fragment, user and secrets; of a mail link the scheme."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return ""
    if parts.scheme and parts.scheme not in {"http", "https"}:
        return f"{parts.scheme}:"
    path = scrub_path(parts.path)
    if not host:
        return path
    place = f"{host}:{port}" if port else host
    scheme = f"{parts.scheme}:" if parts.scheme else ""
    return f"{scheme}//{place}{path}"


def scrub_path(path: str) -> str:
    """A path without e-mail addresses, tokens and what looks like them."""
    path = scrub_text(path)
    for pattern in (_JWT, _LONG):
        path = pattern.sub(SCRUBBED, path)
    return _ANNOUNCED.sub(rf"\1{SCRUBBED}", path)


def scrub_text(text: str) -> str:
    """A text without e-mail addresses."""
    return _EMAIL.sub(SCRUBBED, text) if "@" in text or "40" in text else text
