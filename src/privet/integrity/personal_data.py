"""Integrity as a keeper of personal data: what the detectors found about a learner's accounts.

A finding about two accounts is about two people, or about one with two. An erasure of either
deletes it whole: what is left of it would say nothing that may be kept.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from privet.audit.service import record_act
from privet.holder import Erased, Held, Kept, Person
from privet.integrity.models import FindingRow


class IntegrityHolder:
    """The room integrity, for the rights of a person."""

    name = "integrity"

    def describe(self) -> Collection[Kept]:
        """What this room keeps, whoever it is about."""
        return (
            Kept(
                what="Findings of copied answers or shared accounts, with their timeline",
                data_category="user.education.submission",
                purpose="to look into them; people decide, no finding has consequences by itself",
                lawful_basis="legitimate_interest",
                retention="P12M after the last evidence",
            ),
        )

    def find(self, person: Person) -> int:
        """How many records it keeps about the person."""
        return _findings([person]).count()

    def export(self, person: Person) -> Iterator[Mapping[str, Any]]:
        """Each finding about the person; the other account is left out."""
        for row in _findings([person]).order_by("pk"):
            yield {
                "kind": row.kind,
                "course": row.course,
                "items": row.n,
                "items_after_the_answer": row.x,
                "p": row.p,
                "q": row.q,
                "confidence": row.confidence,
                "found": row.found,
                "expires": row.expires,
                "submissions": [
                    {"problem": item["problem"], "submitted": item["submitted"]}
                    for item in row.items
                ],
            }

    def rectify(self, person: Person, *, field: str, value: str, by: str) -> bool:
        """Nothing here is corrected by a person: they answer to a case."""
        del person, field, value, by
        return False

    def preview(self, person: Person) -> Mapping[str, int]:
        """What an erasure would remove, by kind."""
        return {"finding": self.find(person)}

    def erase(self, people: Collection[Person], *, by: str) -> Erased | Held:
        """Delete all findings about the people."""
        with transaction.atomic():
            count = _findings(people).count()
            FindingRow.objects.filter(pk__in=_findings(people).values("pk")).delete()
            record_act(act="integrity.erase", by=by, about={"people": len(people)})
        return Erased(records=count)

    def verify(self, people: Collection[Person]) -> bool:
        """Whether nothing about the people is left."""
        return not _findings(people).exists()


def _findings(people: Collection[Person]) -> QuerySet[FindingRow]:
    subjects = [subject for person in people for subject in person.subjects]
    return FindingRow.objects.filter(people__subject__in=subjects).distinct()
