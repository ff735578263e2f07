"""Grave acts ask who acts for their password, unless they signed in a moment ago."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from privet.accounts.models import Account
from privet.integrity.case_rules import ActKind, State
from privet.integrity.models import Case, CaseAct, FindingRow
from privet.web.fresh import CONFIRMED, LASTS
from tests.integrity.cast import WHY
from tests.population import PASSWORD
from tests.web.conftest import SignIn
from tests.web.test_integrity_cases import Room

METHODS = "account_authentication_methods"
FIELD = 'name="password"'


@pytest.fixture(autouse=True)
def _no_tries_of_other_tests() -> None:
    cache.clear()


@pytest.fixture
def room(empty_home: object, sign_in: SignIn) -> Room:
    room = Room(sign_in)
    bob = Account.objects.get(pk=room.officers["bob"].account_id)
    bob.set_password(PASSWORD)
    bob.save()
    return room


@pytest.fixture
def bob(room: Room) -> Client:
    """He signed in by the page for it."""
    client = Client()
    said = {"login": "bob@staff.example", "password": PASSWORD}
    assert client.post("/accounts/login/", said).status_code == 302
    return client


def let_time_pass(client: Client) -> None:
    """What the session says of signing in was so long ago that it is not of late any more."""
    session = client.session
    past = LASTS.total_seconds()
    session[METHODS] = [one | {"at": one["at"] - past} for one in session[METHODS]]
    session[CONFIRMED] = session.get(CONFIRMED, past) - past
    session.save()


def review(client: Client, room: Room, **more: str) -> Any:
    said = {"step": "reviewed", "verdict": "holds", "why": WHY, **more}
    return client.post(f"/console/integrity/{room.number}/act", said)


def test_who_signed_in_a_moment_ago_is_not_asked(room: Room, bob: Client) -> None:
    assert FIELD not in bob.get(f"/console/integrity/{room.number}").content.decode()
    assert review(bob, room).status_code == 303


def test_who_signed_in_long_ago_is_asked_and_nothing_is_done_without(
    room: Room, bob: Client
) -> None:
    let_time_pass(bob)
    assert FIELD in bob.get(f"/console/integrity/{room.number}").content.decode()
    for more in ({}, {"password": "not this one at all"}):
        answer = review(bob, room, **more)
        assert answer.status_code == 400
        assert "This is not your password." in answer.content.decode()
        assert WHY in answer.content.decode()
    assert Case.objects.get().state == State.OPENED
    assert not CaseAct.objects.filter(kind=ActKind.REVIEWED).exists()


def test_a_case_is_not_opened_without_either(room: Room, bob: Client) -> None:
    Case.objects.all().delete()
    let_time_pass(bob)
    page = "/console/integrity/findings"
    assert FIELD in bob.get(page).content.decode()
    said = {"finding": FindingRow.objects.get(kind="immediate").pk, "why": WHY}
    answer = bob.post(page, said)
    assert answer.status_code == 400
    assert "This is not your password." in answer.content.decode()
    assert WHY in answer.content.decode()
    assert not Case.objects.exists()
    assert bob.post(page, said | {"password": PASSWORD}).status_code == 303


def test_the_password_lets_it_go_on_and_the_next_act_too(room: Room, bob: Client) -> None:
    let_time_pass(bob)
    assert review(bob, room, password=PASSWORD).status_code == 303
    assert Case.objects.get().state == State.TOLD
    assert FIELD not in bob.get(f"/console/integrity/{room.number}").content.decode()
    let_time_pass(bob)
    assert FIELD in bob.get(f"/console/integrity/{room.number}").content.decode()


def test_passwords_cannot_be_tried_without_end(room: Room, bob: Client, settings: Any) -> None:
    # The usual ten a minute, for a machine on which a minute is soon over.
    settings.ACCOUNT_RATE_LIMITS = {"reauthenticate": "2/d/user"}
    let_time_pass(bob)
    for _ in range(2):
        page = review(bob, room, password="not this one at all").content.decode()
        assert "This is not your password." in page
    page = review(bob, room, password=PASSWORD).content.decode()
    assert "too many wrong passwords" in page
    assert Case.objects.get().state == State.OPENED


def test_who_has_no_password_is_asked_for_none(room: Room) -> None:
    carol = room.browser("carol")
    session = carol.session
    del session[CONFIRMED]
    session.save()
    assert FIELD not in carol.get(f"/console/integrity/{room.number}").content.decode()
    assert review(carol, room).status_code == 303
