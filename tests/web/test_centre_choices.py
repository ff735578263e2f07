"""Choices: for learners and visitors, by a plain form, obeyed at once."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client

from privet.accounts.registry import create_site
from privet.accounts.service import keys_of
from privet.catalogue.uses import Choice, Use
from privet.consent.members.unregistered import Reporter, Seen, report_unregistered
from privet.consent.models import Decision
from privet.consent.service import state_of
from privet.consent.technologies import TechnologyKind
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
    hidden = re.findall(r'type="hidden" name="(site|holds|notice_\w+)" value="([^"]*)"', page)
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


def test_what_a_learner_left_behind_in_the_browser_is_not_shown_as_the_next_ones(
    alice: Client,
) -> None:
    _decide(alice, control="accept_all")
    assert "performance" in _in_force(alice)
    left = alice.cookies["privet_consent"].value
    alice.logout()
    alice.cookies["privet_consent"] = left
    assert _in_force(alice) == set()
    assert "You have not decided yet" in alice.get(PAGE).content.decode()


def test_accepting_and_rejecting_weigh_the_same(visitor: Client) -> None:
    page = visitor.get(PAGE).content.decode()
    buttons = re.findall(r'<button class="(button[^"]*)" name="control"', page)
    assert buttons == ["button", "button", "button"]


def test_accept_all_answers_for_the_cookies_and_leaves_the_rest_as_it_is(alice: Client) -> None:
    _decide(alice, control="choose", research="on")
    _decide(alice, control="accept_all")
    assert {"performance", "functionality", "research"} <= _in_force(alice)
    assert not {"marketing_mail", "sale_sharing"} & _in_force(alice)
    last = Decision.objects.order_by("sequence").last()
    assert last is not None
    assert Choice(last.asked) == Choice.PERFORMANCE | Choice.FUNCTIONALITY | Choice.TARGETING


def test_reject_all_refuses_what_is_beyond_cookies_too(visitor: Client) -> None:
    _decide(visitor, control="choose", marketing_mail="on", research="on")
    _decide(visitor, control="reject_all")
    assert _in_force(visitor) == set()


def test_what_courses_were_kept_from_is_shown(visitor: Client) -> None:
    assert "not registered" not in visitor.get(PAGE).content.decode()
    seen = [
        Seen(name="sneaky", kind=TechnologyKind.COOKIE),
        Seen(name="Call 555 <b>now</b>", kind=TechnologyKind.COOKIE),
    ]
    where = {"institution": "hedge", "course": "course-v1:Hedge+HR101+2026"}
    report_unregistered(seen=seen, reporter=Reporter.PAGE, clock=SystemClock(), **where)
    scanned = [Seen(name="found_by_scan", kind=TechnologyKind.COOKIE)]
    report_unregistered(seen=scanned, reporter=Reporter.SCAN, clock=SystemClock(), **where)
    page = visitor.get(PAGE).content.decode()
    assert "Blocked in courses: not registered" in page
    assert re.findall(r'<p class="small"><code>(.*?)</code></p>', page) == ["sneaky"]


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


def test_who_was_signed_out_meanwhile_is_not_told_that_it_was_saved(alice: Client) -> None:
    form = _form(alice, control="reject_all")
    alice.logout()
    answer = alice.post(PAGE, form)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "Nothing was changed." in page
    assert "You are no longer signed in" in page
    assert not Decision.objects.exists()


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


def test_the_signal_holds_for_an_account_that_has_not_decided(
    alice: Client, filled: list[Learner]
) -> None:
    alice.get(PAGE, headers=GPC)
    _decide(alice, control="choose", targeting="on", sale_sharing="on")
    assert _in_force(alice) & {"targeting", "sale_sharing"} == set()
    assert Decision.objects.filter(kind="signal", gpc=True).exists()


def test_the_signal_of_one_browser_is_shown_in_another(alice: Client) -> None:
    _decide(alice, control="choose", performance="on")
    said = "another one of yours did. We obey it"
    assert said not in alice.get(PAGE).content.decode()
    alice.get(PAGE, headers=GPC)
    assert said in alice.get(PAGE).content.decode()


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


@pytest.mark.parametrize(
    ("category", "names"),
    [
        ("performance", {"privet_visitor", "privet_visit", "privet_queue"}),
        ("functionality", {"privet_chance", "privet_prefs*", "privet_drafts*"}),
        ("targeting", set()),
    ],
)
def test_each_category_lists_what_it_keeps(visitor: Client, category: str, names: set[str]) -> None:
    page = visitor.get(PAGE, headers={"accept-language": "es"}).content.decode()
    row = page.partition(f'id="about-{category}"')[2].partition('<div class="choice">')[0]
    assert set(re.findall(r"<code>(.*?)</code>", row)) == names
    assert ("Un número aleatorio que distingue" in row) == (category == "performance")


def test_what_is_kept_without_asking_is_listed_too(visitor: Client) -> None:
    page = visitor.get(PAGE).content.decode()
    assert "<code>privet_consent</code>" in page.partition('id="about-performance"')[0]


def test_what_is_for_adults_alone_cannot_be_ticked_at_an_unknown_age(
    visitor: Client, alice: Client
) -> None:
    closed = re.compile(r'name="(\w+)" aria-describedby="about-\w+" disabled')
    page = visitor.get(PAGE).content.decode()
    assert closed.findall(page) == ["targeting", "sale_sharing"]
    assert page.count("it is for adults only") == 2
    get_user_model().objects.update(birth_year=1990)
    assert closed.findall(alice.get(PAGE).content.decode()) == []


def test_who_is_known_to_be_too_young_is_not_told_that_no_age_is_known(alice: Client) -> None:
    get_user_model().objects.update(birth_year=SystemClock().now().year - 10)
    page = alice.get(PAGE).content.decode()
    assert page.count("Not offered at your age") == 6
    assert "we do not know that you are one" not in page


def test_only_who_is_known_to_be_an_adult_reads_that_silence_may_count(alice: Client) -> None:
    words = "silence after being asked may count as yes"
    get_user_model().objects.update(birth_year=1990, country="US")
    assert words in alice.get(PAGE).content.decode()
    for year in (None, SystemClock().now().year - 16):
        get_user_model().objects.update(birth_year=year)
        page = alice.get(PAGE).content.decode()
        assert words not in page
        assert "Nothing is on unless you say yes." in page
