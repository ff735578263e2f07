"""People are found by what staff know of them, whole and exact, or not at all."""

from pathlib import Path

import pytest

from privet.accounts.finding import (
    find_person,
    name_of_account,
    name_people,
    person_behind,
)
from privet.accounts.models import Account, PersonKey, Site, Subject
from privet.accounts.registry import create_site
from privet.kernel.crypto import KeyRing, person_key

pytestmark = pytest.mark.django_db
ALICE, ALICE_TOO, BOB = 7_001, 7_002, 7_003


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "keys")


@pytest.fixture
def site() -> Site:
    return create_site(slug="hedgerow", name="Hedgerow", origins=["https://x.example"], by="test")


def _alice(site: Site) -> Account:
    account = Account.objects.create_user(email="alice@example.org", name="Alice")
    account.externalid_set.create(site=site, external_id="alice-17")
    for subject in (ALICE, ALICE_TOO):
        Subject.objects.create(pk=subject, person=ALICE, account=account)
    return account


def _logged(site: Site, keys: KeyRing, external_id: str, subject: int, person: int) -> None:
    row = Subject.objects.create(pk=subject, person=person)
    key = person_key(keys.link_key(), site.slug, external_id)
    PersonKey.objects.create(key=key, subject=row, sequence=subject)


@pytest.mark.parametrize("wanted", ["alice@example.org", " ALICE@example.org ", "alice-17"])
def test_a_person_is_found_by_address_or_id(wanted: str, site: Site, keys: KeyRing) -> None:
    account = _alice(site)
    found = find_person(wanted=wanted, keys=keys)
    assert found is not None
    assert (found.account_id, found.name, found.email) == (account.pk, "Alice", "alice@example.org")
    assert found.subjects == {ALICE, ALICE_TOO}
    assert found.external_ids == ("alice-17",)


@pytest.mark.parametrize("wanted", ["", "  ", "alice", "alice-1", "ALICE-17", "a@example.org", "%"])
def test_a_part_of_it_finds_nobody(wanted: str, site: Site, keys: KeyRing) -> None:
    _alice(site)
    assert find_person(wanted=wanted, keys=keys) is None


def test_an_id_may_look_like_an_address(site: Site, keys: KeyRing) -> None:
    account = Account.objects.create_user(name="Carol")
    account.externalid_set.create(site=site, external_id="carol@campus")
    found = find_person(wanted="carol@campus", keys=keys)
    assert found is not None
    assert found.account_id == account.pk
    assert found.email == ""


def test_an_id_of_two_people_at_two_platforms_finds_neither(site: Site, keys: KeyRing) -> None:
    other = create_site(slug="orchard", name="O", origins=["https://o.example"], by="test")
    for place in (site, other):
        account = Account.objects.create_user()
        account.externalid_set.create(site=place, external_id="17")
    assert find_person(wanted="17", keys=keys) is None


def test_an_id_of_an_account_and_of_somebody_in_another_sites_log_finds_neither(
    site: Site, keys: KeyRing
) -> None:
    other = create_site(slug="orchard", name="O", origins=["https://o.example"], by="test")
    account = Account.objects.create_user()
    account.externalid_set.create(site=site, external_id="17")
    _logged(other, keys, "17", BOB, BOB)
    assert find_person(wanted="17", keys=keys) is None


def test_an_id_of_two_people_in_two_logs_finds_neither(site: Site, keys: KeyRing) -> None:
    other = create_site(slug="orchard", name="O", origins=["https://o.example"], by="test")
    _logged(site, keys, "17", BOB, BOB)
    _logged(other, keys, "17", BOB + 1, BOB + 1)
    assert find_person(wanted="17", keys=keys) is None


def test_somebody_whom_only_a_log_knows_is_found_by_the_keyed_hash(
    site: Site, keys: KeyRing
) -> None:
    _logged(site, keys, "bob", BOB, BOB)
    _logged(site, keys, "bob-mobile", BOB + 1, BOB)
    found = find_person(wanted="bob", keys=keys)
    assert found is not None
    assert found.account_id is None
    assert found.subjects == {BOB, BOB + 1}
    assert found.external_ids == ("bob",)


def test_a_hash_that_leads_to_an_account_leads_to_all_of_it(site: Site, keys: KeyRing) -> None:
    account = _alice(site)
    _logged(site, keys, "alice-old", 7_009, ALICE)
    found = find_person(wanted="alice-old", keys=keys)
    assert found is not None
    assert found.account_id == account.pk


def test_pseudonyms_are_named_if_they_have_an_account(site: Site, keys: KeyRing) -> None:
    _alice(site)
    _logged(site, keys, "bob", BOB, BOB)
    named = name_people([ALICE, BOB, 99])
    assert set(named) == {ALICE}
    assert named[ALICE].subjects == {ALICE, ALICE_TOO}


def test_behind_a_pseudonym_are_all_that_are_the_same_person(site: Site, keys: KeyRing) -> None:
    account = _alice(site)
    _logged(site, keys, "bob", BOB, BOB)
    _logged(site, keys, "bob-mobile", BOB + 1, BOB)
    assert person_behind(ALICE_TOO).account_id == account.pk
    assert person_behind(BOB).subjects == {BOB, BOB + 1}
    assert person_behind(99).subjects == {99}


def test_an_account_has_a_name_or_none(site: Site) -> None:
    assert name_of_account(_alice(site).pk) == "Alice"
    assert name_of_account(0) == ""
