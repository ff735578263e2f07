"""Keys of programs: shown once, no stronger than their person, and gone when revoked."""

from datetime import timedelta

import pytest

from privet.accounts.access_keys import (
    LASTS,
    MOST,
    SHOWN_AGAIN,
    AccessKeyError,
    access_keys_of,
    make_access_key,
    recognise,
    revoke_access_key,
)
from privet.accounts.models import AccessKey
from privet.accounts.roles import Role
from privet.accounts.rules import Act, can
from privet.accounts.service import create_account, grant_role, revoke_role
from privet.audit.models import Record
from privet.kernel.clock import FixedClock
from tests.accounts.kit import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    return FixedClock(NOW)


@pytest.fixture
def bob():
    account = create_account(email="bob@hedge.example", by="operator")
    grant_role(account_id=account.pk, role=Role.ANALYST, by="operator")
    return account


def make(bob, clock, name="spreadsheet") -> str:
    return make_access_key(account_id=bob.pk, name=name, by=f"account:{bob.pk}", clock=clock)


def test_a_key_speaks_for_its_person_with_their_roles(bob, clock):
    account, grants = recognise(make(bob, clock), clock=clock) or (0, frozenset())
    assert account == bob.pk
    assert can(Act.SEE_STATISTICS, grants)


def test_the_key_itself_is_kept_nowhere(bob, clock):
    key = make(bob, clock)
    row = AccessKey.objects.values().get()
    assert not [
        value for value in row.values() if key in str(value) or key.encode() in repr(value).encode()
    ]
    assert key not in str(list(Record.objects.values()))


def test_a_key_loses_a_right_with_its_person(bob, clock):
    key = make(bob, clock)
    revoke_role(account_id=bob.pk, role=Role.ANALYST, by="operator")
    _, grants = recognise(key, clock=clock) or (0, frozenset())
    assert not can(Act.SEE_STATISTICS, grants)


def test_a_key_of_a_closed_account_opens_nothing(bob, clock):
    key = make(bob, clock)
    bob.is_active = False
    bob.save()
    assert recognise(key, clock=clock) is None


def test_a_key_ends_after_a_year(bob, clock):
    key = make(bob, clock)
    clock.advance(LASTS - timedelta(seconds=1))
    assert recognise(key, clock=clock)
    clock.advance(timedelta(seconds=1))
    assert recognise(key, clock=clock) is None
    assert access_keys_of(account_id=bob.pk, clock=clock) == []


@pytest.mark.parametrize("key", ["", "pvk_", "pvk_guess", "bearer", "pvk_" + "a" * 43])
def test_a_guess_opens_nothing(bob, clock, key):
    make(bob, clock)
    assert recognise(key, clock=clock) is None


def test_the_day_of_the_last_use_is_told_and_no_finer(bob, clock):
    key = make(bob, clock)
    [line] = access_keys_of(account_id=bob.pk, clock=clock)
    assert (line.name, line.used, line.created) == ("spreadsheet", None, NOW)
    for _ in range(2):
        recognise(key, clock=clock)
    [line] = access_keys_of(account_id=bob.pk, clock=clock)
    assert line.used == NOW.date()


def test_a_revoked_key_opens_nothing(bob, clock):
    key = make(bob, clock)
    [line] = access_keys_of(account_id=bob.pk, clock=clock)
    assert revoke_access_key(account_id=bob.pk, number=line.number, by="account:1", clock=clock)
    assert recognise(key, clock=clock) is None
    acts = Record.objects.order_by("seq").values_list("act", flat=True)
    assert list(acts)[-2:] == ["accounts.make_access_key", "accounts.revoke_access_key"]


def test_nobody_revokes_the_key_of_another(bob, clock):
    mallory = create_account(email="mallory@else.example", by="operator")
    key = make(bob, clock)
    [line] = access_keys_of(account_id=bob.pk, clock=clock)
    assert not revoke_access_key(
        account_id=mallory.pk, number=line.number, by="account:2", clock=clock
    )
    assert recognise(key, clock=clock)


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "two\nlines"])
def test_a_key_has_a_name_of_one_line(bob, clock, name):
    with pytest.raises(AccessKeyError, match="name"):
        make(bob, clock, name)
    assert not AccessKey.objects.exists()


def test_an_account_has_so_many_keys_and_no_more(bob, clock):
    for number in range(MOST):
        make(bob, clock, f"key {number}")
    with pytest.raises(AccessKeyError, match="at most"):
        make(bob, clock)
    assert AccessKey.objects.count() == MOST


def make_by_form(bob, clock, form="form") -> str:
    return make_access_key(
        account_id=bob.pk, name="spreadsheet", by=f"account:{bob.pk}", clock=clock, form=form
    )


def test_a_form_that_is_sent_twice_makes_one_key_and_shows_it_twice(bob, clock):
    first, second = make_by_form(bob, clock), make_by_form(bob, clock)
    assert first == second
    assert AccessKey.objects.count() == 1
    assert (recognise(second, clock=clock) or (0,))[0] == bob.pk


def test_two_forms_make_two_keys(bob, clock):
    assert make_by_form(bob, clock, "one") != make_by_form(bob, clock, "other")
    assert AccessKey.objects.count() == 2


def test_a_form_shows_its_key_again_for_some_minutes_only(bob, clock):
    make_by_form(bob, clock)
    later = FixedClock(NOW + SHOWN_AGAIN)
    with pytest.raises(AccessKeyError, match="already"):
        make_by_form(bob, later)
    assert AccessKey.objects.count() == 1


def test_a_form_does_not_bring_back_a_key_that_was_revoked(bob, clock):
    key = make_by_form(bob, clock)
    [line] = access_keys_of(account_id=bob.pk, clock=clock)
    revoke_access_key(account_id=bob.pk, number=line.number, by="bob", clock=clock)
    with pytest.raises(AccessKeyError, match="already"):
        make_by_form(bob, clock)
    assert recognise(key, clock=clock) is None


def test_a_form_that_made_no_key_may_be_sent_again(bob, clock):
    for _ in range(MOST):
        make(bob, clock)
    with pytest.raises(AccessKeyError, match="at most"):
        make_by_form(bob, clock)
    AccessKey.objects.first().delete()
    assert make_by_form(bob, clock)
