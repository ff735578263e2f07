"""Accounts as a keeper of personal data: who signs in, by which ids platforms know them."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

from privet.accounts.facts import BIRTH_YEARS
from privet.accounts.models import AccessKey, Account, ExternalId, PersonKey, RoleGrant, Subject
from privet.accounts.service import AccountError
from privet.accounts.subjects import forget_subjects
from privet.audit.service import record_act
from privet.holder import Erased, Held, Kept, Person

Row = TypeVar("Row", bound=Model)
_COLUMNS = ("email", "name", "birth_year", "country", "locale")


class AccountsHolder:
    """The room accounts, for the rights of a person."""

    name = "accounts"

    def describe(self) -> Collection[Kept]:
        """What this room keeps, whoever it is about."""
        return (
            _kept("E-mail address, name and language", "user.contact", "to let a person sign in"),
            _kept("Birth year and country", "user.demographic", "to apply the rules for minors"),
            _kept("Ids by which platforms know the person", "user.unique_id", "to link records"),
            _kept("Keys of programs", "user.authorization", "to let a program ask for statistics"),
            _kept("Roles", "user.authorization", "to decide what the person may do"),
            _kept(
                "Keyed hashes and random pseudonyms",
                "user.unique_id.pseudonymous",
                "to find a person's events without naming them in the lake",
            ),
        )

    def find(self, person: Person) -> int:
        """How many records it keeps about the person."""
        return sum(self.preview(person).values())

    def export(self, person: Person) -> Iterator[Mapping[str, Any]]:
        """Each record about the person; keys and pseudonyms as hexadecimal and numbers."""
        for account in _accounts(person):
            said = {column: getattr(account, column) for column in _COLUMNS}
            yield {"kind": "account", **said, "created": account.created}
        for external in _external_ids(person).select_related("site"):
            yield {"kind": "id", "site": external.site.slug, "id": external.external_id}
        for grant in _grants(person).select_related("institution"):
            where = grant.institution.slug if grant.institution else "everywhere"
            yield {"kind": "role", "role": grant.role, "where": where, "granted": grant.granted}
        for key in _access_keys(person):
            yield {"kind": "access key", "name": key.name, "created": key.created, "used": key.used}
        for subject in _subjects(person):
            yield {"kind": "pseudonym", "subject": subject.pk, "created": subject.created}

    def rectify(self, person: Person, *, field: str, value: str, by: str) -> bool:
        """Correct name, birth year, country or language; false if it is another field.

        Raises `AccountError` for a birth year that is none.
        """
        accounts = _accounts(person)
        if field not in ("name", "birth_year", "country", "locale") or not accounts.exists():
            return False
        with transaction.atomic():
            accounts.update(**{field: _birth_year(value) if field == "birth_year" else value})
            about: dict[str, str | int] = {"account": person.account_id or 0, "field": field}
            record_act(act="accounts.rectify", by=by, about=about)
        return True

    def preview(self, person: Person) -> Mapping[str, int]:
        """What an erasure would remove, by kind."""
        counts = {
            "account": _accounts(person).count(),
            "id": _external_ids(person).count(),
            "role": _grants(person).count(),
            "access key": _access_keys(person).count(),
            "key": PersonKey.objects.filter(subject__in=_subjects(person)).count(),
            "pseudonym": _subjects(person).count(),
        }
        return {kind: count for kind, count in counts.items() if count}

    def erase(self, people: Collection[Person], *, by: str) -> Erased | Held:
        """Delete accounts, ids, roles, keys and pseudonyms; all in one transaction."""
        with transaction.atomic():
            records = sum(self.find(person) for person in people)
            forget_subjects({subject for person in people for subject in person.subjects})
            accounts = [p.account_id for p in people if p.account_id is not None]
            Account.objects.filter(pk__in=accounts).delete()
            record_act(act="accounts.erase", by=by, about={"people": len(people)})
        return Erased(records=records)

    def verify(self, people: Collection[Person]) -> bool:
        """Whether nothing about the people is left."""
        keys = {key for person in people for key in person.person_keys}
        return not PersonKey.objects.filter(key__in=list(keys)).exists() and all(
            self.find(person) == 0 for person in people
        )


def _kept(what: str, category: str, purpose: str) -> Kept:
    return Kept(
        what=what,
        data_category=category,
        purpose=purpose,
        lawful_basis="contract",
        retention="until the account is erased",
    )


def _birth_year(value: str) -> int:
    if not re.fullmatch("[0-9]{4}", value) or int(value) not in BIRTH_YEARS:
        raise AccountError(
            "The birth year is not a year.",
            remedy=f"Give four digits, from {BIRTH_YEARS[0]} to {BIRTH_YEARS[-1]}.",
        )
    return int(value)


def _accounts(person: Person) -> QuerySet[Account]:
    rows = Account.objects.all()
    return rows.filter(pk=person.account_id) if person.account_id else rows.none()


def _external_ids(person: Person) -> QuerySet[ExternalId]:
    return _of_account(ExternalId.objects.all(), person)


def _grants(person: Person) -> QuerySet[RoleGrant]:
    return _of_account(RoleGrant.objects.all(), person)


def _access_keys(person: Person) -> QuerySet[AccessKey]:
    return _of_account(AccessKey.objects.all(), person)


def _of_account(rows: QuerySet[Row], person: Person) -> QuerySet[Row]:
    return rows.filter(account_id=person.account_id) if person.account_id else rows.none()


def _subjects(person: Person) -> QuerySet[Subject]:
    return Subject.objects.filter(pk__in=list(person.subjects))
