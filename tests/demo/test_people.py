"""Accounts, passwords and sessions of the platform."""

import sqlite3

from demo import people
from demo.people import NewLearner
from tests.demo.conftest import NOON, dice

ALICE = NewLearner(
    email="Alice@hedgerow.example",
    name="Alice",
    password="a hedge of many words",
    birth_year=1990,
    country="GB",
)


def add(store: sqlite3.Connection, seed: int = 1) -> people.Learner | None:
    return people.add_learner(store, ALICE, now=NOON, randomness=dice(seed))


def test_an_account_is_found_by_its_address_in_any_case(store: sqlite3.Connection) -> None:
    alice = add(store)
    assert alice is not None
    assert people.find_by_email(store, "alice@HEDGEROW.example ") == alice


def test_an_address_has_one_account(store: sqlite3.Connection) -> None:
    assert add(store, 1) is not None
    assert add(store, 2) is None


def test_the_password_opens_and_another_does_not(store: sqlite3.Connection) -> None:
    alice = add(store)
    assert people.check_password(store, alice, "a hedge of many words")
    assert not people.check_password(store, alice, "a hedge of many word")


def test_nobody_has_no_password(store: sqlite3.Connection) -> None:
    assert not people.check_password(store, None, "nobody has this password")


def test_the_password_itself_is_kept_nowhere(store: sqlite3.Connection) -> None:
    add(store)
    assert "hedge of many" not in "".join(store.iterdump())


def test_a_session_lasts_until_it_ends_or_is_closed(store: sqlite3.Connection) -> None:
    alice = add(store)
    assert alice is not None
    token = people.open_session(store, alice, now=NOON, randomness=dice(5))
    end = NOON + people.SESSION_SECONDS * 1000
    assert people.find_session(store, token, now=end - 1) == alice
    assert people.find_session(store, token, now=end) is None
    people.close_session(store, token)
    assert people.find_session(store, token, now=NOON) is None


def test_a_sessions_token_is_kept_only_as_a_hash(store: sqlite3.Connection) -> None:
    alice = add(store)
    assert alice is not None
    token = people.open_session(store, alice, now=NOON, randomness=dice(5))
    assert token not in "".join(store.iterdump())


def test_a_new_password_ends_all_sessions(store: sqlite3.Connection) -> None:
    alice = add(store)
    assert alice is not None
    token = people.open_session(store, alice, now=NOON, randomness=dice(5))
    people.change_password(store, alice, "another hedge of words", randomness=dice(6))
    assert people.find_session(store, token, now=NOON) is None
    assert people.check_password(store, alice, "another hedge of words")
