"""Cookies and similar technologies: what an entry of the registry says, and how it is matched.

Pure: nothing here reads a file, a clock or a database.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache

from privet.catalogue.uses import Choice
from privet.kernel.errors import PrivetError

MOST_COOKIE_DAYS = 400
"""Chromium clamps a cookie's lifetime to this (RFC 6265bis, 5.5)."""
SESSION = "session"
UNLIMITED = "unlimited"
"""A lifetime that ends only when somebody clears it: storage has no other of its own."""
LANGUAGES = ("en", "es")
_DAY_SECONDS = 86_400
_UNITS = {
    "years": 365 * _DAY_SECONDS,
    "months": 30.436875 * _DAY_SECONDS,
    "weeks": 7 * _DAY_SECONDS,
    "days": _DAY_SECONDS,
    "hours": 3600,
    "minutes": 60,
    "seconds": 1,
}
_PERIOD = re.compile(
    r"P(?=.)(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,4})M)?(?:(?P<weeks>\d{1,4})W)?"
    r"(?:(?P<days>\d{1,5})D)?(?:T(?=.)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,6})M)?"
    r"(?:(?P<seconds>\d{1,9})S)?)?"
)
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?")
_DATA = re.compile(r"(user|system)(\.[a-z_]+)*")
_FEWEST_LETTERS = 3
_LONGEST_NAME = 200
_LONGEST_TEXT = 500


class TechnologyError(PrivetError):
    """An entry of the registry does not say what it must."""


class TechnologyKind(StrEnum):
    """By which means something is kept in a browser, or asked of it."""

    COOKIE = "cookie"
    LOCAL_STORAGE = "local_storage"
    SESSION_STORAGE = "session_storage"
    INDEXED_DB = "indexed_db"
    CACHE = "cache"
    PIXEL = "pixel"
    SCRIPT = "script"
    IFRAME = "iframe"
    BEACON = "beacon"


class Party(StrEnum):
    """Whose it is, seen from the page."""

    FIRST = "first"
    THIRD = "third"


class Category(StrEnum):
    """The four categories that learners know."""

    NECESSARY = "necessary"
    PERFORMANCE = "performance"
    FUNCTIONALITY = "functionality"
    TARGETING = "targeting"

    @property
    def choice(self) -> Choice | None:
        """What must be chosen first; none for the strictly necessary."""
        return None if self is Category.NECESSARY else Choice[self.name]


_STRICTNESS = {
    Category.NECESSARY: 0,
    Category.PERFORMANCE: 1,
    Category.FUNCTIONALITY: 1,
    Category.TARGETING: 2,
}


@dataclass(frozen=True, kw_only=True)
class Technology:
    """One cookie, storage item or request, or (with ``*`` in its name) a family of them."""

    name: str
    """A cookie's name, a storage key, a database's name; for pixel, script, iframe and beacon the
    path without its query. ``*`` stands for any letters."""
    kind: TechnologyKind
    setter: str
    """Who or what sets it, in words."""
    party: Party
    lifetime: str
    """Declared: an ISO 8601 period, ``session``, or (storage) ``unlimited``."""
    category: Category
    purpose: Mapping[str, str]
    """What it is for, by language."""
    vendor: str
    data: tuple[str, ...] = ()
    """Data categories in fideslang's words."""
    host: str = ""
    """The host it belongs to, its subdomains included; empty: the site's own."""
    institution: str = ""
    """The slug of the member whose it is; empty: the platform's."""
    courses: tuple[str, ...] = field(default=())
    """Where a member uses it; empty: in all its courses."""

    @property
    def is_pattern(self) -> bool:
        """Whether the name stands for a family of names."""
        return "*" in self.name

    @property
    def is_session(self) -> bool:
        """Whether it ends with the session of the browser."""
        return self.lifetime == SESSION

    @property
    def effective_lifetime(self) -> str:
        """What a browser makes of the declared lifetime: of a cookie 400 days at most."""
        return effective_lifetime(self.kind, self.lifetime)

    def says(self, language: str) -> str:
        """What it is for, in a language; in English if there is no other."""
        return self.purpose.get(language) or self.purpose["en"]

    @cached_property
    def _form(self) -> re.Pattern[str]:
        return re.compile(".*".join(re.escape(part) for part in self.name.split("*")), re.DOTALL)

    def fits_name(self, name: str) -> bool:
        """Whether that name is this one, or one of this family. Capitals count."""
        return self._form.fullmatch(name) is not None

    def fits_host(self, host: str, own_hosts: Collection[str] | None) -> bool:
        """Whether something of that host can be this; see `find_match`."""
        if self.host:
            return is_within(host, self.host)
        return own_hosts is None or not host or any(is_within(host, own) for own in own_hosts)


def find_match(
    name: str,
    kind: TechnologyKind | str,
    host: str = "",
    *,
    among: Iterable[Technology],
    own_hosts: Collection[str] | None = None,
) -> Technology | None:
    """The entry that covers something found in a browser; the most exact one if there are several.

    ``own_hosts`` are the site's: an entry without a host covers only what is found there. None
    means that ``host`` is known to be the site's own, or that it does not matter.
    """
    found = [
        one
        for one in among
        if one.kind == kind and one.fits_name(name) and one.fits_host(host, own_hosts)
    ]
    return max(found, key=_exactness, default=None)


def by_exactness(entries: Iterable[Technology]) -> list[Technology]:
    """Entries in the order in which they count, see `find_match`: the most exact one first."""
    return sorted(entries, key=_exactness, reverse=True)


def stricter(one: Category, other: Category) -> Category:
    """The category that asks more of a person; of two that ask different things, targeting."""
    if one == other:
        return one
    if _STRICTNESS[one] == _STRICTNESS[other]:
        return Category.TARGETING
    return max(one, other, key=_STRICTNESS.__getitem__)


def is_weaker(category: Category, than: Category) -> bool:
    """Whether somebody who refused ``than`` could still meet what is in ``category``.

    Performance and functionality are different questions, so neither stands in for the other.
    """
    return stricter(category, than) != category


def overlaps(one: Technology, other: Technology) -> bool:
    """Whether something in a browser could be both: same kind, a common name, a common host."""
    return (
        one.kind == other.kind
        and names_meet(one.name, other.name)
        and (
            not (one.host and other.host)
            or is_within(one.host, other.host)
            or is_within(other.host, one.host)
        )
    )


def is_within(host: str, of: str) -> bool:
    """Whether a host is another or one of its subdomains; ports and a leading dot do not count."""
    inner, outer = _bare(host), _bare(of)
    return inner == outer or inner.endswith(f".{outer}")


def lifetime_seconds(lifetime: str) -> int | None:
    """A lifetime in seconds (a year of 365 days), none for ``session`` and ``unlimited``.

    Raises `TechnologyError` for anything that is not a period of ISO 8601.
    """
    if lifetime in (SESSION, UNLIMITED):
        return None
    found = _PERIOD.fullmatch(lifetime)
    if found is None:
        raise TechnologyError(
            "A lifetime is neither “session”, “unlimited” nor a period like P183D.",
            remedy="Write it as ISO 8601 does: P, then a number and Y, M, W or D.",
        )
    return int(sum(int(number or 0) * _UNITS[unit] for unit, number in found.groupdict().items()))


def effective_lifetime(kind: TechnologyKind | str, lifetime: str) -> str:
    """What a browser makes of a declared lifetime (ISO 8601, ``session`` or ``unlimited``)."""
    seconds = lifetime_seconds(lifetime)
    is_too_long = lifetime == UNLIMITED or (seconds or 0) > MOST_COOKIE_DAYS * _DAY_SECONDS
    return f"P{MOST_COOKIE_DAYS}D" if kind == TechnologyKind.COOKIE and is_too_long else lifetime


def check_technology(one: Technology) -> None:
    """Raise `TechnologyError`, naming the first thing that an entry must say and does not."""
    texts = (one.name, one.setter, one.vendor, *(one.purpose.get(lang, "") for lang in LANGUAGES))
    if not all(text.strip() for text in texts):
        raise TechnologyError(
            "An entry lacks its name, who sets it, its vendor or what it is for.",
            remedy=f"Fill them in; say what it is for in each of {', '.join(LANGUAGES)}.",
        )
    if len(one.name) > _LONGEST_NAME or max(map(len, texts)) > _LONGEST_TEXT:
        raise TechnologyError(
            "A name is longer than 200 characters, or a text longer than 500.",
            remedy="Say it shorter.",
        )
    if len(one.name.replace("*", "")) < _FEWEST_LETTERS and one.is_pattern:
        raise TechnologyError(
            "A pattern with fewer than 3 letters of its own would cover too much.",
            remedy="Write more of the name before the star.",
        )
    _check_place(one)
    if lifetime_seconds(one.lifetime) == 0 or not _can_last(one):
        raise TechnologyError(
            "A lifetime cannot be that of such a thing: only storage is unlimited, and none is 0.",
            remedy="Write session, or a period as it is set, like P183D.",
        )


def _can_last(one: Technology) -> bool:
    """A cookie and what is kept for a session always end; other storage stays until cleared."""
    return one.lifetime != UNLIMITED or one.kind not in (
        TechnologyKind.COOKIE, TechnologyKind.SESSION_STORAGE,
    )  # fmt: skip


def _check_place(one: Technology) -> None:
    if one.host and not _HOST.fullmatch(one.host):
        raise TechnologyError(
            "A host is a bare name like tracker.example.",
            remedy="Leave out https:// and everything after the name.",
        )
    if one.party is Party.THIRD and not one.host:
        raise TechnologyError(
            "A third party's entry does not say at which host.", remedy="Add the host."
        )
    if not all(_DATA.fullmatch(data) for data in one.data):
        raise TechnologyError(
            "A data category is not one of fideslang's.",
            remedy="They are written like user.device.cookie_id, one after the other.",
        )


def _exactness(one: Technology) -> tuple[bool, bool, int, int, int]:
    """A name before a pattern, a named host before the site, the longer before the shorter; of
    equals the one that asks more of a person."""
    letters = len(one.name.replace("*", ""))
    return (
        not one.is_pattern, bool(one.host), letters, len(one.host), _STRICTNESS[one.category]
    )  # fmt: skip


def _bare(host: str) -> str:
    return host.lower().lstrip(".").rsplit(":", 1)[0]


@lru_cache(maxsize=4096)
def names_meet(one: str, other: str) -> bool:
    """Whether two patterns have a name in common; ``*`` stands for any letters.

    From the last letter of ``one`` back: by place, whether the rest of ``other`` meets its rest.
    """
    size = len(other)
    meets = [not other[place:].strip("*") for place in range(size + 1)]
    for letter in reversed(one):
        before, meets = meets, [False] * size + [letter == "*" and meets[size]]
        for place in reversed(range(size)):
            if letter == "*" or other[place] == "*":
                meets[place] = before[place] or meets[place + 1]
            else:
                meets[place] = letter == other[place] and before[place + 1]
    return meets[0]
