"""Members' entries that are in force, as the registry reads them."""

from collections.abc import Sequence

from privet.consent.members.models import InstitutionEntry
from privet.consent.members.rules import EntryState, raise_category
from privet.consent.technologies import Category, Party, Technology, TechnologyKind


def entries_in_force(
    *, institution: str, course: str, platform: Sequence[Technology]
) -> Sequence[Technology]:
    """The accepted entries of a member (of one course, or of all), none weaker than the site's."""
    rows = InstitutionEntry.objects.filter(
        institution=institution, state=EntryState.ACCEPTED
    ).order_by("kind", "name", "host")
    return [
        raise_category(read_technology(row), platform)
        for row in rows
        if not course or not row.courses or course in row.courses
    ]


def all_entries_in_force(platform: Sequence[Technology]) -> Sequence[Technology]:
    """The accepted entries of all members, none weaker than the site's."""
    rows = InstitutionEntry.objects.filter(state=EntryState.ACCEPTED).order_by("id")
    return [raise_category(read_technology(row), platform) for row in rows]


def read_technology(row: InstitutionEntry) -> Technology:
    """The technology that a row is about."""
    return Technology(
        name=row.name,
        kind=TechnologyKind(row.kind),
        setter=row.setter,
        party=Party(row.party),
        lifetime=row.lifetime,
        category=Category(row.category),
        purpose=row.purpose,
        vendor=row.vendor,
        data=tuple(row.data),
        host=row.host,
        institution=row.institution,
        courses=tuple(row.courses),
    )
