"""Consent as a keeper of personal data: standings, and the ledger's records of who decided."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from privet.audit.service import record_act
from privet.catalogue.uses import Choice
from privet.consent.ledger import hold_head
from privet.consent.members.staff import entries_by, export_entries, forget_staff
from privet.consent.models import Decision, Served, Standing
from privet.consent.notices import choice_name
from privet.consent.policies.people import export_policies, forget_policies, seen_by, versions_by
from privet.holder import Erased, Held, Kept, Person


class ConsentHolder:
    """The room consent, for the rights of a person."""

    name = "consent"

    def describe(self) -> Collection[Kept]:
        """What this room keeps, whoever it is about."""
        return (
            Kept(
                what="What the person allows now",
                data_category="user.privacy_preferences",
                purpose="to obey it",
                lawful_basis="legal_obligation",
                retention="until the person is erased",
            ),
            Kept(
                what="Every decision, with time, notice and what was used to decide",
                data_category="user.privacy_preferences",
                purpose="to prove what was decided (GDPR Art. 7(1))",
                lawful_basis="legal_obligation",
                retention="linked to the person until they are erased, then linked to no one",
            ),
            Kept(
                what="Which changed policies the person has seen",
                data_category="user.behavior",
                purpose="to announce a changed policy once",
                lawful_basis="legitimate_interest",
                retention="until the account is erased",
            ),
            Kept(
                what="For privacy officers: which versions of policies they published",
                data_category="user.unique_id",
                purpose="to answer for what a policy says",
                lawful_basis="legitimate_interest",
                retention="until the account is erased",
            ),
            Kept(
                what="For staff: which entries of the cookie registry they proposed or reviewed",
                data_category="user.unique_id",
                purpose="to answer for what stands in the registry of cookies",
                lawful_basis="legitimate_interest",
                retention="until the account is erased",
            ),
        )

    def find(self, person: Person) -> int:
        """How many records it keeps about the person."""
        return sum(self.preview(person).values())

    def export(self, person: Person) -> Iterator[Mapping[str, Any]]:
        """Each notice and each decision about the person, each oldest first."""
        for served in _servings([person]).order_by("sequence").iterator():
            yield {
                "kind": "notice_served",
                "record": str(served.record_id),
                "time": served.served,
                "site": served.site,
                "institution": served.institution,
                "course": served.course,
                "place": served.place,
                "layer": served.layer,
                "notice": served.notice_version,
                "notice_hash": served.notice_digest,
                "language": served.language,
            }
        for record in _decisions([person]).order_by("sequence").iterator():
            yield {
                "kind": record.kind,
                "record": str(record.record_id),
                "time": record.time,
                "site": record.site,
                "asked": _names(record.asked),
                "yes": _names(record.granted),
                "in_force": _names(record.in_force),
                "notice": record.notice_version,
                "notice_hash": record.notice_digest,
                "language": record.language,
                "notice_served": str(record.notice_served) if record.notice_served else None,
                "institution": record.institution,
                "course": record.course,
                "gpc": record.gpc,
                "confirmed_against_gpc": record.confirmed,
                "regime": record.regime,
                "age": record.age,
                "control": record.control,
                "layer": record.layer,
            }
        yield from export_entries(person)
        yield from export_policies(person)

    def rectify(self, person: Person, *, field: str, value: str, by: str) -> bool:
        """Nothing here is corrected: a decision is changed by deciding again."""
        del person, field, value, by
        return False

    def preview(self, person: Person) -> Mapping[str, int]:
        """What an erasure would remove, by kind."""
        return {
            "standing": _standings([person]).count(),
            "decision": _decisions([person]).count(),
            "notice_served": _servings([person]).count(),
            "registry_entry": entries_by([person]).count(),
            "policy_published": versions_by([person]).count(),
            "policy_seen": seen_by([person]).count(),
        }

    def erase(self, people: Collection[Person], *, by: str) -> Erased | Held:
        """Delete standings, and unlink the ledger's records; the chain of records stays whole."""
        with transaction.atomic():
            head = hold_head()
            # Not through the model: a record is append-only, and only who decided is forgotten.
            unlinked = _decisions(people).update(
                person_key=None, account_id=None, salt=None, request_id=None, by="erased"
            )
            unlinked += _servings(people).update(person_key=None, account_id=None, salt=None)
            unlinked += forget_staff(people) + forget_policies(people)
            deleted, _ = _standings(people).delete()
            head.generation += 1
            head.save(update_fields=["generation"])
            record_act(act="consent.erase", by=by, about={"people": len(people)})
        return Erased(records=unlinked + deleted)

    def verify(self, people: Collection[Person]) -> bool:
        """Whether nothing about the people is left."""
        kept = (
            _standings(people), _decisions(people), _servings(people), entries_by(people),
            versions_by(people), seen_by(people),
        )  # fmt: skip
        return not any(rows.exists() for rows in kept)


def _standings(people: Collection[Person]) -> QuerySet[Standing]:
    return Standing.objects.filter(person_key__in=_keys(people))


def _decisions(people: Collection[Person]) -> QuerySet[Decision]:
    return Decision.objects.filter(_theirs(people))


def _servings(people: Collection[Person]) -> QuerySet[Served]:
    return Served.objects.filter(_theirs(people))


def _theirs(people: Collection[Person]) -> Q:
    accounts = [person.account_id for person in people if person.account_id is not None]
    return Q(person_key__in=_keys(people)) | Q(account_id__in=accounts)


def _keys(people: Collection[Person]) -> list[bytes]:
    return sorted({key for person in people for key in person.person_keys})


def _names(choices: int) -> list[str]:
    return [choice_name(choice) for choice in Choice(choices)]
