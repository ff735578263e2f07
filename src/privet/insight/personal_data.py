"""Insight as a keeper of personal data: the views that members of staff saved."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from privet.audit.service import record_act
from privet.holder import Erased, Held, Kept, Person
from privet.insight.models import SavedView


class InsightHolder:
    """The room insight, for the rights of a person."""

    name = "insight"

    def describe(self) -> Collection[Kept]:
        """What this room keeps, whoever it is about."""
        return (
            Kept(
                what="Pages of the console that a member of staff saved, with their filters",
                data_category="user.preferences",
                purpose="to open them again, and to send them by mail where asked for",
                lawful_basis="contract",
                retention="until they are deleted, or the account is erased",
            ),
        )

    def find(self, person: Person) -> int:
        """How many records it keeps about the person."""
        return _views([person]).count()

    def export(self, person: Person) -> Iterator[Mapping[str, Any]]:
        """Each record about the person."""
        for view in _views([person]).order_by("pk"):
            yield {
                "kind": "saved view",
                "name": view.name,
                "page": view.page,
                "query": view.query,
                "weekly": view.is_weekly,
                "created": view.created,
            }

    def rectify(self, person: Person, *, field: str, value: str, by: str) -> bool:
        """Nothing here is corrected for a person: they change their views themselves."""
        del person, field, value, by
        return False

    def preview(self, person: Person) -> Mapping[str, int]:
        """What an erasure would remove, by kind."""
        return {"saved view": self.find(person)}

    def erase(self, people: Collection[Person], *, by: str) -> Erased | Held:
        """Delete the views of people."""
        with transaction.atomic():
            deleted, _ = _views(people).delete()
            record_act(act="insight.erase", by=by, about={"people": len(people)})
        return Erased(records=deleted)

    def verify(self, people: Collection[Person]) -> bool:
        """Whether nothing about the people is left."""
        return not _views(people).exists()


def _views(people: Collection[Person]) -> QuerySet[SavedView]:
    accounts = [person.account_id for person in people if person.account_id is not None]
    return SavedView.objects.filter(account_id__in=accounts)
