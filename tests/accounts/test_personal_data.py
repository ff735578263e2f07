"""Accounts as a holder: found, exported, corrected, forgotten."""

import pytest

from privet.accounts.facts import Identity
from privet.accounts.models import Account, PersonKey, Subject
from privet.accounts.personal_data import AccountsHolder
from privet.accounts.registry import create_institution, create_site
from privet.accounts.roles import Role
from privet.accounts.service import (
    AccountError,
    find_or_make_account_for,
    grant_role,
    keys_of,
    subjects_for,
    subjects_of,
)
from privet.audit.models import Record
from privet.events.record import Actor
from privet.holder import Erased, Person
from tests.accounts.kit import SECONDS, ring

pytestmark = pytest.mark.django_db
HOLDER = AccountsHolder()
NOBODY = Person(account_id=None, subjects=frozenset(), person_keys=frozenset())


@pytest.fixture
def alice(tmp_path):
    create_site(slug="hedgerow", name="Hedgerow", origins=[], by="operator")
    create_institution(slug="hedge-university", name="Hedge University", by="operator")
    account = None
    for name in ("bob", "alice"):
        identity = Identity(
            site="hedgerow", external_id=name, issued=SECONDS, expires=SECONDS + 1, country="ES"
        )
        account = find_or_make_account_for(
            identity=identity, keys=ring(tmp_path), by="site:hedgerow"
        )
    assert account is not None
    grant_role(account_id=account.pk, role=Role.MEMBER, institution="hedge-university", by="op")
    grant_role(account_id=account.pk, role=Role.ANALYST, by="op")
    return Person(
        account_id=account.pk, subjects=subjects_of(account.pk), person_keys=keys_of(account.pk)
    )


def test_it_says_what_it_keeps_and_why():
    assert all(kept.purpose and kept.retention for kept in HOLDER.describe())


def test_it_finds_everything_of_one_person_and_nothing_of_nobody(alice):
    assert HOLDER.preview(alice) == {"account": 1, "id": 1, "role": 2, "key": 1, "pseudonym": 1}
    assert HOLDER.find(alice) == 6
    assert HOLDER.find(NOBODY) == 0


def test_it_exports_account_ids_roles_and_pseudonyms(alice):
    said = list(HOLDER.export(alice))
    assert [one["kind"] for one in said] == ["account", "id", "role", "role", "pseudonym"]
    assert said[1]["id"] == "alice"
    assert {one["where"] for one in said[2:4]} == {"everywhere", "hedge-university"}
    assert "bob" not in str(said)


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [("name", "Alice", "Alice"), ("birth_year", "2001", 2001), ("country", "DE", "DE")],
)
def test_it_corrects_what_it_may(alice, field, value, stored):
    assert HOLDER.rectify(alice, field=field, value=value, by="account:1")
    assert getattr(Account.objects.get(pk=alice.account_id), field) == stored
    assert Record.objects.filter(act="accounts.rectify").exists()


@pytest.mark.parametrize("value", ["", "soon", "1899", "2201", "-1", "9" * 30, "20 01", "\u00b2"])
def test_a_birth_year_that_is_no_year_is_refused_and_changes_nothing(alice, value):
    with pytest.raises(AccountError, match="not a year"):
        HOLDER.rectify(alice, field="birth_year", value=value, by="account:1")
    assert Account.objects.get(pk=alice.account_id).birth_year is None
    assert not Record.objects.filter(act="accounts.rectify").exists()


def test_it_corrects_nothing_else_and_nobody_else(alice):
    assert not HOLDER.rectify(alice, field="password", value="x", by="mallory")
    assert not HOLDER.rectify(NOBODY, field="name", value="x", by="mallory")


def test_it_forgets_a_person_and_no_other(alice):
    assert not HOLDER.verify([alice])
    assert HOLDER.erase([alice], by="worker") == Erased(records=6)
    assert HOLDER.verify([alice])
    assert Account.objects.count() == Subject.objects.count() == PersonKey.objects.count() == 1


def test_it_forgets_somebody_without_an_account():
    [subject] = subjects_for([Actor(b"k" * 16)])
    somebody = Person(
        account_id=None, subjects=frozenset({subject}), person_keys=frozenset({b"k" * 16})
    )
    assert HOLDER.erase([somebody], by="worker") == Erased(records=2)
    assert HOLDER.verify([somebody])


def test_no_row_of_a_person_prints_more_than_its_number(alice):
    from privet.accounts import models

    bob = models.Account.objects.first()
    bob.name, bob.email = "Bob", "bob@hedge.example"
    rows = [bob, *(m.objects.first() for m in (
        models.ExternalId, models.RoleGrant, models.Subject, models.PersonKey, models.Counter,
        models.Site, models.Institution,
    ))]  # fmt: skip
    printed = " ".join(str(row) for row in [*rows, models.ApiKey(), models.UsedToken()])
    assert "bob" not in printed.lower()
    assert "alice" not in printed
    assert str(models.Subject.objects.first().pk) not in printed
