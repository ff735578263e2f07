"""Who proposed and reviewed entries: all that this part keeps about people."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from privet.consent.members.models import InstitutionEntry
from privet.holder import Person

FORGOTTEN = "erased"


def entries_by(people: Collection[Person]) -> QuerySet[InstitutionEntry]:
    """The entries that these people proposed or reviewed."""
    names = _names(people)
    return InstitutionEntry.objects.filter(Q(proposed_by__in=names) | Q(reviewed_by__in=names))


def export_entries(person: Person) -> Iterator[Mapping[str, Any]]:
    """What a person proposed and reviewed, oldest first."""
    names = _names([person])
    for row in entries_by([person]).order_by("proposed").iterator():
        yield {
            "kind": "registry entry",
            "entry": row.pk,
            "institution": row.institution,
            "name": row.name,
            "proposed": row.proposed if row.proposed_by in names else None,
            "reviewed": row.reviewed if row.reviewed_by in names else None,
        }


def forget_staff(people: Collection[Person]) -> int:
    """Forget who it was; the entries stay, since learners were told of them."""
    names, found = _names(people), entries_by(people).count()
    InstitutionEntry.objects.filter(proposed_by__in=names).update(proposed_by=FORGOTTEN)
    InstitutionEntry.objects.filter(reviewed_by__in=names).update(reviewed_by=FORGOTTEN)
    return found


def _names(people: Collection[Person]) -> list[str]:
    return [f"account:{one.account_id}" for one in people if one.account_id is not None]
