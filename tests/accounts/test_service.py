"""Accounts, roles, and whom a platform vouches for."""

from dataclasses import replace

import pytest
from django.test import override_settings

from privet.accounts.facts import Identity
from privet.accounts.models import Account, ExternalId, RoleGrant, UsedToken
from privet.accounts.registry import RegistryError, create_institution, create_site
from privet.accounts.roles import Role
from privet.accounts.rules import Grant
from privet.accounts.service import (
    AccountError,
    account_id_of,
    create_account,
    enter_with,
    find_account,
    find_or_make_account_for,
    grant_role,
    grants_of,
    key_of,
    keys_of,
    revoke_role,
    sites_of,
    subjects_for,
    subjects_of,
    use_token_once,
)
from privet.accounts.tokens import BadTokenError
from privet.audit.models import Record
from privet.events.record import Actor
from privet.kernel.clock import FixedClock
from privet.web import settings as web_settings
from tests.accounts.kit import NOW, SECONDS, ring

pytestmark = pytest.mark.django_db
ALICE = Identity(
    site="hedgerow", external_id="alice", issued=SECONDS, expires=SECONDS + 600, token_id="one"
)


@pytest.fixture
def keys(tmp_path):
    create_site(slug="hedgerow", name="Hedgerow", origins=[], by="operator")
    return ring(tmp_path)


def acts():
    return list(Record.objects.order_by("seq").values_list("act", flat=True))


def test_an_account_signs_in_by_its_address_in_any_case():
    made = create_account(email="Bob@Hedge.example", password="correct horse battery", by="op")
    assert Account.objects.get_by_natural_key("BOB@hedge.example") == made
    assert made.check_password("correct horse battery")
    assert acts() == ["accounts.create_account"]


def test_an_installation_hashes_a_password_at_full_strength():
    with override_settings(PASSWORD_HASHERS=web_settings.PASSWORD_HASHERS):
        made = create_account(email="bob@hedge.example", password="correct horse battery", by="op")
    kind, variant, _, costs, *_ = made.password.split("$")
    memory, rounds, _ = (int(cost[2:]) for cost in costs.split(","))
    assert (kind, variant) == ("argon2", "argon2id")
    assert (memory >= 19 * 1024, rounds >= 2) == (True, True)  # KiB and passes: OWASP's least.


@pytest.mark.parametrize("email", ["", "bob", "bob@", "bob@hedge.example\n"])
def test_an_account_needs_an_address_that_is_one(email):
    with pytest.raises(AccountError, match="not an e-mail address"):
        create_account(email=email, by="operator")
    assert acts() == []


def test_an_account_without_password_cannot_sign_in_by_one():
    assert not create_account(email="bob@hedge.example", by="operator").has_usable_password()


def test_an_address_is_taken_once_whatever_its_case():
    create_account(email="bob@hedge.example", by="operator")
    with pytest.raises(AccountError):
        create_account(email="BOB@hedge.example", by="mallory")


def test_an_account_is_found_by_its_address_or_the_reason_is_said():
    bob = create_account(email="bob@hedge.example", by="operator")
    assert find_account(email="Bob@hedge.example") == bob
    with pytest.raises(AccountError, match="No account"):
        find_account(email="mallory@hedge.example")


def test_a_role_given_twice_is_given_once():
    bob = create_account(email="bob@hedge.example", by="operator")
    for _ in range(2):
        grant_role(account_id=bob.pk, role=Role.ANALYST, by="operator")
    assert RoleGrant.objects.count() == 1
    assert grants_of(bob) == {Grant(Role.LEARNER), Grant(Role.ANALYST)}
    assert acts() == ["accounts.create_account", "accounts.grant_role"]


def test_a_role_at_an_institution_is_given_and_taken_apart_from_the_role_everywhere():
    create_institution(slug="orchard-college", name="Orchard College", by="operator")
    carol = create_account(email="carol@orchard.example", by="operator")
    where = {"institution": "orchard-college"}
    for _ in range(2):
        grant_role(account_id=carol.pk, role=Role.ANALYST, by="operator", **where)
    grant_role(account_id=carol.pk, role=Role.ANALYST, by="operator")
    assert Grant(Role.ANALYST, "orchard-college") in grants_of(carol)
    assert revoke_role(account_id=carol.pk, role=Role.ANALYST, by="operator")
    assert grants_of(carol) == {Grant(Role.LEARNER), Grant(Role.ANALYST, "orchard-college")}
    assert not revoke_role(account_id=carol.pk, role=Role.ANALYST, by="operator")
    assert revoke_role(account_id=carol.pk, role=Role.ANALYST, by="operator", **where)


def test_a_role_needs_an_institution_that_exists():
    bob = create_account(email="bob@hedge.example", by="operator")
    with pytest.raises(RegistryError):
        grant_role(account_id=bob.pk, role=Role.MEMBER, institution="nowhere", by="operator")


def test_a_closed_account_has_no_role_left():
    bob = create_account(email="bob@hedge.example", by="operator")
    grant_role(account_id=bob.pk, role=Role.OPERATOR, by="operator")
    bob.is_active = False
    assert grants_of(bob) == frozenset()


def test_a_learner_gets_one_account_however_often_they_come(keys):
    first = find_or_make_account_for(identity=ALICE, keys=keys, by="site:hedgerow")
    again = find_or_make_account_for(identity=ALICE, keys=keys, by="site:hedgerow")
    assert first == again
    assert account_id_of(ALICE) == first.pk
    assert account_id_of(replace(ALICE, external_id="bob")) is None
    assert keys_of(first.pk) == {key_of(ALICE, keys)}
    assert sites_of(first.pk) == ["hedgerow"]
    assert first.email is None
    assert not first.has_usable_password()


def test_what_a_learner_did_before_the_account_existed_is_theirs(keys):
    [subject] = subjects_for([Actor(key_of(ALICE, keys))])
    alice = find_or_make_account_for(identity=ALICE, keys=keys, by="site:hedgerow")
    assert subjects_of(alice.pk) == {subject}


def test_two_learners_have_two_accounts(keys):
    bob = replace(ALICE, external_id="bob")
    one = find_or_make_account_for(identity=ALICE, keys=keys, by="site:hedgerow")
    assert find_or_make_account_for(identity=bob, keys=keys, by="site:hedgerow") != one


def test_the_account_follows_what_the_platform_says(keys):
    find_or_make_account_for(identity=ALICE, keys=keys, by="site:hedgerow")
    said = replace(
        ALICE, birth_year=2009, country="ES", locale="es", institution="hedge-university"
    )
    for _ in range(2):
        alice = find_or_make_account_for(identity=said, keys=keys, by="site:hedgerow")
    alice.refresh_from_db()
    assert (alice.birth_year, alice.country, alice.locale) == (2009, "ES", "es")
    assert ExternalId.objects.get().institution == "hedge-university"
    silent = find_or_make_account_for(identity=ALICE, keys=keys, by="site:hedgerow")
    assert silent.birth_year == 2009


def test_a_token_signs_in_one_time(keys):
    clock = FixedClock(NOW)
    alice = enter_with(identity=ALICE, keys=keys, clock=clock)
    assert acts()[-1] == "accounts.enter"
    with pytest.raises(BadTokenError, match="used already"):
        enter_with(identity=ALICE, keys=keys, clock=clock)
    assert enter_with(identity=replace(ALICE, token_id="two"), keys=keys, clock=clock) == alice


def test_a_token_without_a_number_cannot_be_used_one_time(keys):
    with pytest.raises(BadTokenError, match="jti"):
        use_token_once(identity=replace(ALICE, token_id=""), clock=FixedClock(NOW))


def test_numbers_of_two_sites_do_not_meet(keys):
    clock = FixedClock(NOW)
    use_token_once(identity=ALICE, clock=clock)
    use_token_once(identity=replace(ALICE, site="orchard"), clock=clock)
    assert UsedToken.objects.count() == 2


def test_used_tokens_are_forgotten_when_they_would_have_expired_anyway(keys):
    clock = FixedClock(NOW)
    use_token_once(identity=ALICE, clock=clock)
    later = replace(ALICE, token_id="two", expires=SECONDS + 86_400)
    clock.advance(NOW - NOW.replace(hour=0))
    use_token_once(identity=later, clock=clock)
    assert UsedToken.objects.count() == 1


def test_a_closed_account_does_not_open(keys):
    alice = enter_with(identity=ALICE, keys=keys, clock=FixedClock(NOW))
    Account.objects.filter(pk=alice.pk).update(is_active=False)
    again = replace(ALICE, token_id="two")
    with pytest.raises(AccountError, match="closed"):
        enter_with(identity=again, keys=keys, clock=FixedClock(NOW))
