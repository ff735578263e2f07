"""Finds a person by what staff know them by; nobody can be found by browsing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from privet.accounts.models import Account, ExternalId, PersonKey, Site, Subject
from privet.kernel.crypto import KeyRing, person_key


@dataclass(frozen=True, kw_only=True)
class Found:
    """A person, as far as the tables know them."""

    account_id: int | None
    """None for somebody whom only a log knows."""
    subjects: frozenset[int]
    name: str = ""
    email: str = ""
    external_ids: tuple[str, ...] = ()
    """The ids by which platforms know them."""


def find_person(*, wanted: str, keys: KeyRing) -> Found | None:
    """The person of an e-mail address, or of a platform's id; none if it is not exactly one.

    An id that two platforms use for two people finds neither of them.
    """
    text = wanted.strip()
    if not text:
        return None
    if "@" in text:
        account = Account.objects.filter(email=text.lower()).values_list("pk", flat=True).first()
        if account is not None:
            return _of_account(account)
    accounts = {row.account_id for row in ExternalId.objects.filter(external_id=text)}
    logged = _known_to_logs(text, keys)
    accounts |= {account for account in logged.values() if account is not None}
    nameless = [person for person, account in logged.items() if account is None]
    if len(accounts) + len(nameless) != 1:
        return None
    if accounts:
        return _of_account(accounts.pop())
    theirs = Subject.objects.filter(person=nameless[0]).values_list("pk", flat=True)
    return Found(account_id=None, subjects=frozenset(theirs), external_ids=(text,))


def name_people(subjects: Collection[int]) -> dict[int, Found]:
    """The people of some pseudonyms who have an account, by pseudonym."""
    rows = Subject.objects.filter(pk__in=list(subjects), account__isnull=False)
    accounts = dict(rows.values_list("pk", "account_id"))
    people = {found.account_id: found for found in _of_accounts(set(accounts.values()))}
    return {subject: people[account] for subject, account in accounts.items()}


def person_behind(subject: int) -> Found:
    """Who a pseudonym stands for, with all pseudonyms of theirs; themselves alone if unknown."""
    row = Subject.objects.filter(pk=subject).first()
    if row is None:
        return Found(account_id=None, subjects=frozenset({subject}))
    if row.account_id is not None:
        return _of_account(row.account_id)
    theirs = Subject.objects.filter(person=row.person).values_list("pk", flat=True)
    return Found(account_id=None, subjects=frozenset(theirs))


def name_of_account(account_id: int) -> str:
    """The name of an account; empty if it has none or is gone."""
    return Account.objects.filter(pk=account_id).values_list("name", flat=True).first() or ""


def _known_to_logs(external_id: str, keys: KeyRing) -> dict[int, int | None]:
    """Whom any site's log names by an id: the number of the person, and their account if any."""
    made = [person_key(keys.link_key(), site.slug, external_id) for site in Site.objects.all()]
    people = PersonKey.objects.filter(key__in=made).values_list("subject__person", flat=True)
    theirs = Subject.objects.filter(person__in=set(people)).values_list("person", "account_id")
    found: dict[int, int | None] = {}
    for person, account in theirs:
        found[person] = found.get(person) or account
    return found


def _of_account(account_id: int) -> Found:
    return _of_accounts([account_id])[0]


def _of_accounts(account_ids: Iterable[int]) -> list[Found]:
    wanted = list(account_ids)
    subjects: dict[int, set[int]] = {}
    for pk, account in Subject.objects.filter(account_id__in=wanted).values_list(
        "pk", "account_id"
    ):
        subjects.setdefault(account, set()).add(pk)
    ids: dict[int, list[str]] = {}
    for external in ExternalId.objects.filter(account_id__in=wanted).order_by("pk"):
        ids.setdefault(external.account_id, []).append(external.external_id)
    return [
        Found(
            account_id=account.pk,
            subjects=frozenset(subjects.get(account.pk, ())),
            name=account.name,
            email=account.email or "",
            external_ids=tuple(ids.get(account.pk, ())),
        )
        for account in Account.objects.filter(pk__in=wanted)
    ]
