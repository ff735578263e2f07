"""Choices: for learners and visitors, by a plain form, obeyed at once."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client

from privet.accounts.registry import create_site
from privet.accounts.service import keys_of
from privet.catalogue.uses import Choice, Use
from privet.consent.models import Decision
from privet.consent.service import state_of
from privet.events.query import Scope, query
from privet.kernel.clock import SystemClock
from privet.kernel.config import Config
from privet.web.api.surroundings import SITES
from tests.population import SITE, Learner, make_alice
from tests.web.conftest import SignIn

PAGE = "/privacy/choices"
GPC = {"Sec-GPC": "1"}


@pytest.fixture(autouse=True)
def _sites_anew() -> Iterator[None]:
    """Let no test see the sites of another, whose registry had the same number."""
    SITES._number = -1
    yield
    SITES._number = -1


def _form(client: Client, **fields: str) -> dict[str, str]:
    page = client.get(PAGE).content.decode()
    hidden = re.findall(r'type="hidden" name="(site|notice_\w+)" value="([^"]*)"', page)
    return dict(hidden) | fields


def _decide(client: Client, headers: dict[str, str] | None = None, **fields: str) -> HttpResponse:
    return client.post(PAGE, _form(client, **fields), headers=headers or {})  # type: ignore[return-value]


def _in_force(client: Client, headers: dict[str, str] | None = None) -> set[str]:
    page = client.get(PAGE, headers=headers or {}).content.decode()
    return set(re.findall(r'name="(\w+)" aria-describedby="about-\w+" checked', page))


@pytest.fixture
def visitor(filled: list[Learner]) -> Client:
    return Client()


def test_nothing_is_ticked_before_a_decision(visitor: Client) -> None:
    assert _in_force(visitor) == set()
    assert "You have not decided yet" in visitor.get(PAGE).content.decode()


def test_accepting_and_rejecting_weigh_the_same(visitor: Client) -> None:
    page = visitor.get(PAGE).content.decode()
    buttons = re.findall(r'<button class="(button[^"]*)" name="control"', page)
    assert buttons == ["button", "button", "button"]


def test_a_visitor_chooses_without_javascript(visitor: Client) -> None:
    response = _decide(visitor, control="choose", performance="on")
    assert response.status_code == 303
    assert _in_force(visitor) == {"performance"}
    assert "privet_visitor" in visitor.cookies


def test_a_refuser_gets_no_number(visitor: Client) -> None:
    response = _decide(visitor, control="reject_all")
    assert "privet_consent" in response.cookies
    assert not response.cookies["privet_visitor"].value
    assert _in_force(visitor) == set()
    assert Decision.objects.get().person_key is None


def test_it_says_that_it_was_saved(visitor: Client) -> None:
    response = _decide(visitor, control="reject_all")
    assert "Saved." in visitor.get(response["Location"]).content.decode()


def test_a_learners_choice_holds_for_the_account(alice: Client, filled: list[Learner]) -> None:
    _decide(alice, control="choose", performance="on", research="on")
    account = Decision.objects.get().account_id
    assert account is not None
    state = state_of(min(keys_of(account)), clock=SystemClock())
    assert state is not None
    assert Choice(state.standing().choices) == Choice.PERFORMANCE | Choice.RESEARCH


def test_a_withdrawal_hides_the_past_at_once(alice: Client, filled: list[Learner]) -> None:
    def learners() -> int:
        asked = {"start": date.min, "end": date.max, "institution": "", "course": "", "event": ""}
        found = query("activity_totals", use=Use.ANALYTICS, scope=Scope(), by="test", **asked)
        return int(dict(zip(found.columns, found.rows[0], strict=True))["learners"])

    before = learners()
    _decide(alice, control="reject_all")
    assert learners() == before - 1


def test_gpc_is_obeyed_and_shown(alice: Client) -> None:
    response = _decide(alice, GPC, control="accept_all")
    assert "saved=gpc" in response["Location"]
    assert _in_force(alice, GPC) & {"targeting", "sale_sharing"} == set()
    page = alice.get(PAGE, headers=GPC).content.decode()
    assert page.count("We obey.") == 2


def test_decisions_are_listed_for_who_made_them(alice: Client) -> None:
    _decide(alice, control="accept_all")
    _decide(alice, control="reject_all")
    page = alice.get(PAGE).content.decode()
    assert page.index("You rejected all") < page.index("You accepted all")


def test_a_visitor_has_no_list_of_decisions(visitor: Client) -> None:
    _decide(visitor, control="reject_all")
    assert "What you decided so far" not in visitor.get(PAGE).content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"control": "everything"},
        {"control": ""},
        {"control": "choose", "notice_version": "999"},
        {"control": "choose", "notice_version": "x"},
        {"control": "choose", "notice_digest": "0" * 64},
    ],
)
def test_a_form_that_is_not_ours_changes_nothing(wrong: dict[str, str], visitor: Client) -> None:
    response = visitor.post(PAGE, _form(visitor) | wrong)
    assert response.status_code == 400
    assert "Nothing was changed." in response.content.decode()
    assert not Decision.objects.exists()


def test_a_site_that_does_not_exist_is_not_found(visitor: Client) -> None:
    assert visitor.get(f"{PAGE}?site=nothing").status_code == 404


def test_without_a_platform_the_page_says_so(empty_home: Config) -> None:
    assert "No platform is connected yet" in Client().get(PAGE).content.decode()


def test_with_two_platforms_the_page_says_which(visitor: Client) -> None:
    create_site(slug="other", name="Other Courses", origins=[], by="test")
    page = visitor.get(f"{PAGE}?site=other").content.decode()
    assert "Other Courses" in page


def test_a_learner_begins_with_the_site_that_vouched(
    filled: list[Learner], sign_in: SignIn
) -> None:
    create_site(slug="aardvark", name="Aardvark", origins=[], by="test")
    page = sign_in(make_alice(filled[0])).get(PAGE).content.decode()
    assert f'name="site" value="{SITE}"' in page


def test_staff_without_a_platform_decide_for_their_browser(bob: Client) -> None:
    assert "This holds for this browser." in bob.get(PAGE).content.decode()


def test_a_forged_cookie_is_no_decision(visitor: Client) -> None:
    visitor.cookies["privet_consent"] = "e30.AAAA"
    assert "You have not decided yet" in visitor.get(PAGE).content.decode()
