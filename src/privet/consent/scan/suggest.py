"""Suggestions for what is not registered, from data that the operator puts beside the registry.

The Open Cookie Database and third-party-web know names and domains by hearsay (the former calls
Django's session cookie marketing), so a suggestion is only ever shown, never acted on: a person
reads it, checks it and writes the entry. Without the files there are no suggestions.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from privet.consent.scan.parties import registrable
from privet.consent.scan.shapes import Found, Kind
from privet.kernel.errors import PrivetError

DIRECTORY = "suggestions"
"""In the directory ``PRIVET_HOME``."""
COOKIES_FILE = "open-cookie-database.json"
VENDORS_FILE = "third-party-web.json"


class SuggestionsError(PrivetError):
    """A file of suggestions cannot be read."""


@dataclass(frozen=True, kw_only=True)
class Suggestions:
    """What two open collections say of names and of hosts."""

    cookies: Mapping[str, str] = field(default_factory=dict)
    patterns: tuple[tuple[str, str], ...] = ()
    """Beginnings of names, the longest first."""
    vendors: Mapping[str, str] = field(default_factory=dict)
    """Registrable domain to vendor."""

    def of(self, found: Found) -> str:
        """What might be said of a finding; empty if nothing is known."""
        vendor = self.vendors.get(registrable(found.domain), "")
        if found.kind is not Kind.COOKIE:
            return vendor
        said = self.cookies.get(found.name) or next(
            (words for start, words in self.patterns if found.name.startswith(start)), ""
        )
        return "; ".join(filter(None, (said, vendor)))[:300]


def read_suggestions(directory: Path) -> Suggestions:
    """Read what is there; raises `SuggestionsError` for a file of another form."""
    cookies: dict[str, str] = {}
    patterns: dict[str, str] = {}
    for one in _entries(_read(directory / COOKIES_FILE)):
        name = str(one.get("cookie", ""))
        words = f"{one.get('platform', '')}: {one.get('category', '')}".strip(": ")
        (patterns if str(one.get("wildcardMatch", "0")) == "1" else cookies)[name] = words
    vendors = {
        registrable(str(domain).lstrip("*.")): str(one.get("name", ""))
        for one in _entries(_read(directory / VENDORS_FILE))
        for domain in one.get("domains", ())
    }
    longest = sorted(patterns.items(), key=lambda pair: -len(pair[0]))
    return Suggestions(cookies=cookies, patterns=tuple(longest), vendors=vendors)


def _read(path: Path) -> Any:
    if not path.exists():
        return []
    try:
        return json.loads(path.read_text())
    except ValueError as error:
        raise SuggestionsError(
            f"{path.name} is not JSON.", remedy="Fetch it again, or take it away."
        ) from error


def _entries(found: Any) -> list[Mapping[str, Any]]:
    """A flat list, or one list a platform, as the Open Cookie Database has it."""
    if isinstance(found, list):
        return [one for one in found if isinstance(one, dict)]
    return [
        {"platform": platform} | one
        for platform, some in found.items()
        for one in (some if isinstance(some, list) else ())
    ]
