"""From keys to pseudonyms: one person, one number, whoever comes first."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from privet.accounts.models import Account, PersonKey, Subject
from privet.accounts.service import subjects_of
from privet.accounts.subjects import (
    SubjectMap,
    forget_subjects,
    keys_linked_since,
    keys_of,
    link_account,
    link_actors,
    read_links,
    same_person,
    subjects_for,
)
from privet.audit.models import Record
from privet.events.record import Actor

pytestmark = pytest.mark.django_db


def key(n: int) -> bytes:
    return n.to_bytes(16, "big")


ALICE, ALICE_BY_NUMBER, ALICE_BY_MAIL, BOB = (key(n) for n in range(1, 5))


def persons(*keys):
    return {link.person for link in read_links(list(keys)).values()}


def test_the_same_key_has_the_same_pseudonym_and_another_key_another():
    first = subjects_for([Actor(ALICE), Actor(BOB), Actor(ALICE)])
    assert first[0] == first[2] != first[1]
    assert SubjectMap().subjects_for([Actor(BOB), Actor(ALICE)]) == [first[1], first[0]]


def test_nobody_costs_nothing():
    assert subjects_for([]) == []
    assert read_links([]) == {}
    assert same_person([]) == []


def test_a_pseudonym_tells_nothing_and_fits_the_lake():
    [subject] = subjects_for([Actor(ALICE)])
    assert 0 < subject < 2**63
    assert subject.to_bytes(8, "big") not in ALICE


def test_known_keys_cost_one_query(django_assert_num_queries, django_capture_on_commit_callbacks):
    subjects = SubjectMap()
    actors = [Actor(key(n), (key(n + 1_000),)) for n in range(200)]
    subjects.subjects_for(actors)  # The first link of all makes the counters.
    with django_capture_on_commit_callbacks(execute=True):
        subjects.subjects_for(actors)
    with django_assert_num_queries(1):
        subjects.subjects_for(actors)


def test_new_keys_are_made_set_based(django_assert_max_num_queries):
    actors = [Actor(key(n), (key(n + 10_000),)) for n in range(400)]
    with django_assert_max_num_queries(20):
        link_actors(actors)
    assert PersonKey.objects.count() == 800
    assert Subject.objects.count() == 400


def test_aliases_share_the_pseudonym_of_their_person():
    [subject] = subjects_for([Actor(ALICE, (ALICE_BY_NUMBER, ALICE_BY_MAIL))])
    assert subjects_for([Actor(ALICE_BY_MAIL), Actor(ALICE_BY_NUMBER)]) == [subject, subject]
    assert Subject.objects.count() == 1


def test_a_known_alias_brings_its_pseudonym_to_a_new_key():
    [subject] = subjects_for([Actor(ALICE_BY_NUMBER)])
    assert subjects_for([Actor(ALICE, (ALICE_BY_NUMBER,))]) == [subject]


def test_two_pseudonyms_that_turn_out_to_be_one_person_stay_and_are_joined():
    one, other = subjects_for([Actor(ALICE), Actor(ALICE_BY_NUMBER)])
    assert subjects_for([Actor(ALICE, (ALICE_BY_NUMBER,))]) == [one]
    assert subjects_for([Actor(ALICE_BY_NUMBER)]) == [other]
    assert persons(ALICE, ALICE_BY_NUMBER) == {min(one, other)}
    assert {link.subject for link in same_person([ALICE])} == {one, other}


def test_joins_reach_over_several_steps_in_one_batch():
    keys = [key(n) for n in range(4)]
    subjects_for([Actor(k) for k in keys])
    SubjectMap().subjects_for([Actor(keys[n], (keys[n + 1],)) for n in range(3)])
    assert len(persons(*keys)) == 1


def test_a_chain_of_new_keys_in_one_batch_is_one_person():
    keys = [key(n) for n in range(4)]
    SubjectMap().subjects_for([Actor(keys[n], (keys[n + 1],)) for n in (0, 2, 1)])
    assert len(persons(*keys)) == 1


def test_joined_pseudonyms_share_an_account():
    subjects_for([Actor(ALICE), Actor(ALICE_BY_NUMBER)])
    account = Account.objects.create_user()
    link_account(account_id=account.pk, key=ALICE)
    subjects_for([Actor(ALICE, (ALICE_BY_NUMBER,))])
    assert keys_of(account.pk) == {ALICE, ALICE_BY_NUMBER}
    assert len(subjects_of(account.pk)) == 2


def test_an_account_takes_all_joined_pseudonyms():
    subjects_for([Actor(ALICE), Actor(ALICE_BY_NUMBER)])
    subjects_for([Actor(ALICE, (ALICE_BY_NUMBER,))])
    account = Account.objects.create_user()
    link_account(account_id=account.pk, key=ALICE_BY_NUMBER)
    assert keys_of(account.pk) == {ALICE, ALICE_BY_NUMBER}


def test_two_accounts_are_never_made_one_by_an_alias():
    alice, bob = Account.objects.create_user(), Account.objects.create_user()
    link_account(account_id=alice.pk, key=ALICE)
    link_account(account_id=bob.pk, key=BOB)
    subjects_for([Actor(ALICE, (BOB,))])
    assert keys_of(alice.pk) == {ALICE}
    assert keys_of(bob.pk) == {BOB}
    assert Record.objects.filter(act="accounts.keep_apart").count() == 1


def test_an_accounts_keys_are_one_person_even_without_aliases():
    account = Account.objects.create_user()
    for one in (ALICE, ALICE_BY_NUMBER):
        link_account(account_id=account.pk, key=one)
    assert {link.key for link in same_person([ALICE])} == {ALICE, ALICE_BY_NUMBER}


def test_what_was_rolled_back_is_not_remembered():
    from django.db import transaction

    subjects = SubjectMap()
    with transaction.atomic():
        subjects.subjects_for([Actor(ALICE)])
        transaction.set_rollback(True)
    [subject] = subjects.subjects_for([Actor(ALICE)])
    assert Subject.objects.filter(pk=subject).exists()


def test_who_comes_back_after_erasure_is_somebody_new(django_capture_on_commit_callbacks):
    subjects = SubjectMap()
    with django_capture_on_commit_callbacks(execute=True):
        [before] = subjects.subjects_for([Actor(ALICE)])
    assert forget_subjects([before]) == 1
    [after] = subjects.subjects_for([Actor(ALICE)])
    assert after != before


def test_the_map_forgets_before_it_grows_too_large(django_capture_on_commit_callbacks):
    subjects = SubjectMap(most_remembered=10)
    actors = [Actor(key(n)) for n in range(30)]
    with django_capture_on_commit_callbacks(execute=True):
        found = [subjects.subjects_for([actor])[0] for actor in actors]
    assert len(subjects) <= 10
    assert subjects.subjects_for(actors) == found


def test_what_was_linked_is_told_once_in_order():
    mark, keys = keys_linked_since(0)
    assert keys == []
    subjects_for([Actor(ALICE), Actor(ALICE_BY_NUMBER)])
    mark, keys = keys_linked_since(mark)
    assert set(keys) == {ALICE, ALICE_BY_NUMBER}
    assert keys_linked_since(mark) == (mark, [])
    subjects_for([Actor(ALICE, (ALICE_BY_NUMBER,))])
    assert set(keys_linked_since(mark)[1]) == {ALICE, ALICE_BY_NUMBER}


small_keys = st.integers(0, 7).map(key)
groups = st.lists(
    st.builds(Actor, small_keys, st.lists(small_keys, max_size=2).map(tuple)), max_size=8
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(groups, max_size=4))
def test_keys_are_one_person_exactly_if_aliases_connect_them(batches):
    from django.db import transaction

    with transaction.atomic():
        for batch in batches:
            SubjectMap().subjects_for(batch)
        actors = [actor for batch in batches for actor in batch]
        expected = connected(actors)
        found = read_links([k for group in expected for k in group])
        assert {frozenset(k for k in found if found[k].person == p)
                for p in {link.person for link in found.values()}} == expected  # fmt: skip
        transaction.set_rollback(True)


def connected(actors):
    """The groups of keys by union, written the slow and plain way."""
    found: list[set[bytes]] = []
    for actor in actors:
        group = {actor.person_key, *actor.alias_keys}
        for other in [one for one in found if one & group]:
            found.remove(other)
            group |= other
        found.append(group)
    return {frozenset(group) for group in found}
