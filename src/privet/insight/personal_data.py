"""Insight as a keeper of personal data: views that staff saved, and looks of staff at learners.

A look is about two people. The learner's erasure deletes it; that of who looked takes only them
out, since the learner keeps the right to know that somebody looked, in which role and why.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from privet.audit.service import erase_said, record_act
from privet.holder import Erased, Held, Kept, Person
from privet.insight.looking import LookKind
from privet.insight.models import Look, SavedView


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
            Kept(
                what="Looks of staff at one learner: when, who, in which role, and why",
                data_category="user.behavior",
                purpose="to show learners who looked at their data, and why",
                lawful_basis="legal_obligation",
                retention="until the learner is erased; who looked, until they are",
            ),
        )

    def find(self, person: Person) -> int:
        """How many records it keeps about the person."""
        return sum(self.preview(person).values())

    def export(self, person: Person) -> Iterator[Mapping[str, Any]]:
        """Each record about the person; of a look, the other person is left out."""
        for view in _views([person]).order_by("pk"):
            yield {
                "kind": "saved view",
                "name": view.name,
                "page": view.page,
                "query": view.query,
                "weekly": view.is_weekly,
                "created": view.created,
            }
        for kind, looks in (
            ("look at you", _looks_at([person])),
            ("look by you", _looks_by([person])),
        ):
            for look in looks.order_by("pk"):
                yield {
                    "kind": kind,
                    "time": look.time,
                    "role": look.role,
                    "institutions": look.institutions.split(),
                    "why": look.why,
                }

    def rectify(self, person: Person, *, field: str, value: str, by: str) -> bool:
        """Nothing here is corrected for a person: they change their views themselves."""
        del person, field, value, by
        return False

    def preview(self, person: Person) -> Mapping[str, int]:
        """What an erasure would remove, by kind."""
        return {
            "saved view": _views([person]).count(),
            "look at you": _looks_at([person]).count(),
            "look by you": _looks_by([person]).count(),
        }

    def erase(self, people: Collection[Person], *, by: str) -> Erased | Held:
        """Delete the views of people and looks at them, and take them out of looks by them."""
        with transaction.atomic():
            views, _ = _views(people).delete()
            at_them = _looks_at(people)
            # The reason may tell of the learner; that somebody looked stays in the chain.
            erase_said(seqs=list(at_them.filter(kind=LookKind.ONE).values_list("act", flat=True)))
            looks, _ = at_them.delete()
            theirs = _looks_by(people).update(viewer=None)
            record_act(act="insight.erase", by=by, about={"people": len(people)})
        return Erased(records=views + looks + theirs)

    def verify(self, people: Collection[Person]) -> bool:
        """Whether nothing about the people is left."""
        return not any(rows(people).exists() for rows in (_views, _looks_at, _looks_by))


def _views(people: Collection[Person]) -> QuerySet[SavedView]:
    return SavedView.objects.filter(account_id__in=_accounts(people))


def _looks_at(people: Collection[Person]) -> QuerySet[Look]:
    subjects = [subject for person in people for subject in person.subjects]
    return Look.objects.filter(Q(account_id__in=_accounts(people)) | Q(subject__in=subjects))


def _looks_by(people: Collection[Person]) -> QuerySet[Look]:
    return Look.objects.filter(viewer__in=_accounts(people))


def _accounts(people: Collection[Person]) -> list[int]:
    return [person.account_id for person in people if person.account_id is not None]
