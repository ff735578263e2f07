"""What was found in a member's courses and is registered nowhere: counted, and shown to it.

Reports carry names only. A name may itself hold somebody's number or address (storage keys do),
so whatever could be one is replaced by a star before anything is written.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import F

from privet.consent.members.models import Unregistered
from privet.consent.registry import entries_for
from privet.consent.technologies import Technology, TechnologyKind, find_match, is_within
from privet.kernel.clock import Clock

MOST_A_COURSE = 200
"""How many names of one course are kept; further ones are counted in the answer only."""
MOST_A_MEMBER = 2_000
"""How many of all its courses together: a page may name any course."""
KEPT = timedelta(days=90)
"""How long a name is shown after it was last seen."""
_LONGEST_NAME = 200
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+")
_NUMBER = re.compile(
    r"[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|(?=[A-Za-z]*\d[A-Za-z]*\d)[A-Za-z\d]{8,}|\d{4,}"
)
"""A UUID, a long run of letters with two digits in it, or four digits in a row."""


class Reporter(StrEnum):
    """Who found it."""

    PAGE = "page"
    SCAN = "scan"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Something that a page or a scan came upon."""

    name: str
    kind: TechnologyKind
    host: str = ""
    """Where it belongs; empty for the page's own site."""
    setter: str = field(default="", compare=False)
    """The host of the script that wanted it, if that is known."""
    page: str = field(default="", compare=False)
    """The path on which that was."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What became of a report."""

    unregistered: int
    registered: int
    left_out: int
    """Not kept, since the course or the member has so many names already."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A name that is registered nowhere, and how often it was met."""

    institution: str
    course: str
    kind: TechnologyKind
    name: str
    host: str
    first_seen: datetime
    last_seen: datetime
    by_pages: int
    by_scans: int
    setter: str
    page: str


def report_unregistered(
    *,
    institution: str,
    course: str,
    seen: Sequence[Seen],
    reporter: Reporter,
    clock: Clock,
    own_hosts: Collection[str] = (),
) -> Counted:
    """Count what no entry covers, in that course of that member. Twice the same counts once.

    ``own_hosts`` are the site's; what lies there is the page's own, as is what names no host.
    """
    entries = entries_for(institution=institution, course=course)
    unknown = [
        one
        for one in seen
        if find_match(one.name, one.kind, one.host, among=entries, own_hosts=own_hosts) is None
    ]
    missing = {_plain(one, own_hosts) for one in unknown}
    now = clock.now()
    with transaction.atomic():
        Unregistered.objects.filter(last_seen__lt=now - KEPT).delete()
        kept = sum(
            _count(one, institution=institution, course=course, reporter=reporter, now=now)
            for one in missing
        )
    return Counted(
        unregistered=len(missing),
        registered=len(seen) - len(unknown),
        left_out=len(missing) - kept,
    )


def list_unregistered(*, institutions: Collection[str] | None = None) -> Sequence[Found]:
    """What is registered nowhere, of these members (none: of all), the last seen first.

    What has been registered since it was found is no longer among it.
    """
    rows = Unregistered.objects.order_by("-last_seen", "institution", "course", "name")
    if institutions is not None:
        rows = rows.filter(institution__in=institutions)
    entries: dict[tuple[str, str], Sequence[Technology]] = {}
    found = []
    for row in rows:
        place = row.institution, row.course
        if place not in entries:
            entries[place] = entries_for(institution=row.institution, course=row.course)
        if not _is_registered(row, entries[place]):
            found.append(_found(row))
    return found


def plain_name(name: str) -> str:
    """A name without what could be somebody's: addresses and long numbers become a star."""
    printable = "".join(letter for letter in name[:1000] if letter.isprintable())
    return _NUMBER.sub("*", _ADDRESS.sub("*", printable))[:_LONGEST_NAME]


def _plain(one: Seen, own_hosts: Collection[str]) -> Seen:
    is_own = any(is_within(one.host, own) for own in own_hosts)
    host = "" if is_own else plain_name(one.host.lower())
    return Seen(
        name=plain_name(one.name),
        kind=one.kind,
        host=host,
        setter=plain_name(one.setter.lower()),
        page=plain_name(one.page.partition("?")[0]),
    )


def _count(one: Seen, *, institution: str, course: str, reporter: Reporter, now: datetime) -> bool:
    """Count one plain name; false if the course or the member has too many of them already."""
    place = Unregistered.objects.filter(institution=institution, course=course)
    count = "by_pages" if reporter is Reporter.PAGE else "by_scans"
    known = place.filter(kind=one.kind, name=one.name, host=one.host)
    where = {"setter": one.setter, "page": one.page}
    said = {name: value for name, value in where.items() if value}
    if known.update(last_seen=now, **{count: F(count) + 1}, **said):
        return True
    all_of_it = Unregistered.objects.filter(institution=institution)
    if place.count() >= MOST_A_COURSE or all_of_it.count() >= MOST_A_MEMBER:
        return False
    row = Unregistered(
        institution=institution, course=course, kind=one.kind, name=one.name, host=one.host,
        first_seen=now, last_seen=now, **{count: 1}, **where,
    )  # fmt: skip
    # Another report may bring the same name at the same moment; one of the two is enough.
    Unregistered.objects.bulk_create([row], ignore_conflicts=True)
    return True


def _is_registered(row: Unregistered, entries: Sequence[Technology]) -> bool:
    """Whether an entry covers whatever stood where the name has a star, or is that very name."""
    return any(
        one.kind == row.kind
        and (one.fits_name(row.name) or plain_name(one.name) == row.name)
        and (is_within(row.host, one.host) if one.host else not row.host)
        for one in entries
    )


def _found(row: Unregistered) -> Found:
    return Found(
        institution=row.institution,
        course=row.course,
        kind=TechnologyKind(row.kind),
        name=row.name,
        host=row.host,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        by_pages=row.by_pages,
        by_scans=row.by_scans,
        setter=row.setter,
        page=row.page,
    )
