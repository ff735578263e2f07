"""Receipts in the centre: each learner downloads their own, and a conflict is confirmed there."""

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from privet.accounts.models import Account
from privet.accounts.roles import Role
from privet.consent.models import Decision, Served
from privet.consent.receipt_check import find_receipt_faults
from privet.consent.receipt_keys import public_key
from privet.web.api.surroundings import SITES, installation
from tests.population import Learner, make_staff
from tests.web.conftest import SignIn

PAGE = "/privacy/choices"
GPC = {"Sec-GPC": "1"}


@pytest.fixture
def adult(alice: Client, filled: list[Learner]) -> Client:
    """Alice, whose year of birth the platform knows."""
    Account.objects.update(birth_year=1990)
    return alice


@pytest.fixture(autouse=True)
def _sites_anew() -> Iterator[None]:
    SITES._number = -1
    yield
    SITES._number = -1


def send(client: Client, headers: dict[str, str] | None = None, **fields: str) -> str:
    """Fill in the form and send it; returns the page that follows."""
    page = client.get(PAGE, headers=headers or {}).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    response = client.post(PAGE, hidden | fields, headers=headers or {})
    return client.get(response["Location"], headers=headers or {}).content.decode()


def links(page: str) -> list[str]:
    return re.findall(r'href="(/privacy/receipts/[^"]+)"', page)


def test_each_decision_in_the_list_has_its_receipt(alice: Client, filled: list[Learner]) -> None:
    page = send(alice, control="choose", performance="on")
    [link] = links(page)
    answer = alice.get(link)
    assert "attachment" in answer["Content-Disposition"]
    receipt = json.loads(answer.content)
    assert find_receipt_faults(receipt, key=public_key(installation().ring)["ed25519"]) == []
    assert receipt["notice_served"]["place"] == "centre"


def test_there_is_no_receipt_of_somebody_elses_decision(
    alice: Client, filled: list[Learner], sign_in: SignIn
) -> None:
    [link] = links(send(alice, control="reject_all"))
    bob = sign_in(make_staff("bob@example.org", Role.ANALYST))
    assert bob.get(link).status_code == 404
    assert alice.get(re.sub(r"[0-9a-f]{12}\?", "000000000000?", link)).status_code == 404


def _receipt(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(content)
    assert find_receipt_faults(found, key=public_key(installation().ring)["ed25519"]) == []
    return found


def test_a_visitor_with_a_number_finds_their_decisions_and_receipts(
    filled: list[Learner],
) -> None:
    visitor = Client()
    send(visitor, control="accept_all")
    page = visitor.get(PAGE).content.decode()
    assert "You accepted all" in page
    [link] = links(page)
    assert (
        _receipt(visitor.get(link).content)["processing"]["collection_method"]
        == "accept_all on centre"
    )
    assert "/accounts/login/" in Client().get(link)["Location"]
    other = Client()
    send(other, control="accept_all")
    assert other.get(link).status_code == 404


def test_who_refuses_sees_it_and_gets_the_receipt_once(filled: list[Learner]) -> None:
    visitor = Client()
    [link] = links(send(visitor, control="reject_all"))
    page = visitor.get(PAGE).content.decode()
    assert "What this browser decided" in page
    assert "Only what is necessary" in page
    assert links(page) == []
    purposes = _receipt(Client().get(html.unescape(link)).content)["processing"]["purposes"]
    assert not [one for one in purposes if one["in_force"]]


def test_a_receipt_is_handed_to_nobody_without_its_proof(filled: list[Learner]) -> None:
    visitor = Client()
    [link] = links(send(visitor, control="reject_all"))
    for forged in (link.partition("?")[0], link[:-1], f"{link}x", f"{link[:-8]}\u00e9"):
        assert "/accounts/login/" in visitor.get(html.unescape(forged))["Location"]
    assert links(visitor.get(f"{PAGE}?saved=yes&record=x&proof=y").content.decode()) == []
    record = re.findall(r"receipts/([^?]+)", link)[0]
    page = visitor.get(f"{PAGE}?saved=yes&record={record}&proof=y").content.decode()
    assert links(page) == []


def test_what_a_learner_left_in_a_browser_is_not_shown_as_a_visitors(
    alice: Client, filled: list[Learner]
) -> None:
    send(alice, control="reject_all")
    alice.post("/accounts/logout/")
    assert "What this browser decided" not in alice.get(PAGE).content.decode()


def test_a_form_with_a_forged_word_of_what_was_served_is_saved_without_it(
    alice: Client, filled: list[Learner]
) -> None:
    send(alice, control="reject_all", served="e30.AAAA")
    assert Decision.objects.get().notice_served is None
    assert not Served.objects.exists()


def test_a_yes_against_the_signal_is_asked_about_and_can_be_confirmed(
    adult: Client, filled: list[Learner]
) -> None:
    page = send(adult, GPC, control="choose", targeting="on", performance="on")
    assert "I mean it" in page
    [form] = re.findall(r'<form [^>]*class="note warning".*?</form>', page, re.S)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    response = adult.post(PAGE, hidden | {"control": "choose"}, headers=GPC)
    page = adult.get(response["Location"], headers=GPC).content.decode()
    on = re.findall(r'name="(\w+)" aria-describedby="about-\w+" checked', page)
    assert on == ["performance", "targeting"]
    said = [(row.gpc, row.confirmed) for row in Decision.objects.order_by("sequence")]
    assert said[-2:] == [(True, False), (True, True)]
