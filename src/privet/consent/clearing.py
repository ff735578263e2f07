"""What is cleared from a browser when its category is refused, by the script and by the server."""

from collections.abc import Collection, Iterator, Sequence
from ipaddress import ip_address

from privet.catalogue.uses import Choice
from privet.consent.registry import (
    Party,
    Technology,
    TechnologyKind,
    entries_for,
    read_platform_registry,
)
from privet.consent.technologies import by_exactness, find_match

_KINDS = frozenset(
    {
        TechnologyKind.COOKIE,
        TechnologyKind.LOCAL_STORAGE,
        TechnologyKind.SESSION_STORAGE,
        TechnologyKind.INDEXED_DB,
        TechnologyKind.CACHE,
    }
)
MOST_COOKIES = 20
"""So many end with one answer: its head has to stay short. The others end with the next."""


def kept_in_course(*, institution: str, course: str) -> Sequence[Technology]:
    """What may be kept in the browser in a course: the platform's own, and the member's entries.

    The most exact names come first.
    """
    own = [
        one
        for one in entries_for(institution=institution, course=course)
        if one.party is Party.FIRST and one.kind in _KINDS
    ]
    return by_exactness(own)


def clearable() -> Sequence[Technology]:
    """What the site itself keeps in a browser, of the platform and all members, necessary too.

    The most exact names come first: the first that fits something is the one that counts.
    """
    # Here and not above: who asks only for the names below needs no database.
    from privet.consent.members.in_force import all_entries_in_force  # noqa: PLC0415

    platform = read_platform_registry().technologies
    entries = (*platform, *all_entries_in_force(platform))
    own = [one for one in entries if one.party is Party.FIRST and one.kind in _KINDS]
    return by_exactness(own)


def refused_cookies(names: Collection[str], choices: Choice) -> list[str]:
    """Those of a request's cookies that are registered in a category that is not allowed."""
    if not names:
        return []
    entries = clearable()
    found = [name for name in sorted(names) if _is_refused(name, entries, choices)]
    return found[:MOST_COOKIES]


def domains_of(host: str) -> Iterator[str | None]:
    """Where a cookie that reached this host may belong: to it alone, or to a domain above it.

    Browsers refuse those that are public suffixes; a bare top domain is not tried.
    """
    yield None
    bare = host.rsplit(":", 1)[0].strip("[]")
    if not _is_address(bare):
        parts = bare.split(".")
        yield from (".".join(parts[start:]) for start in range(len(parts) - 1))


def _is_refused(name: str, entries: Sequence[Technology], choices: Choice) -> bool:
    entry = find_match(name, TechnologyKind.COOKIE, among=entries)
    needed = entry.category.choice if entry else None
    return needed is not None and needed not in choices


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
