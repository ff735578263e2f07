"""Overview: the picture of what is kept and why, and switching its ways, by plain forms."""

import re

import pytest
from django.test import Client

from privet.accounts.service import keys_of
from privet.audit.models import Record
from privet.catalogue.uses import Choice, Use
from privet.consent.ledger import Control, Layer
from privet.consent.models import Decision
from privet.consent.notices import current_words
from privet.consent.rules import Answers, Standing
from privet.consent.service import Asked, Who, record_decision, state_of
from privet.consent.state import State
from privet.kernel.clock import SystemClock
from privet.web.centre import aims
from tests.population import SITE, Learner, make_alice
from tests.web.conftest import SignIn


@pytest.fixture
def account(filled: list[Learner]) -> int:
    return make_alice(filled[0]).pk


@pytest.fixture
def alice(account: int, sign_in: SignIn) -> Client:
    from privet.accounts.models import Account

    return sign_in(Account.objects.get(pk=account))


def standing_of(account: int) -> Standing:
    state = state_of(min(keys_of(account)), clock=SystemClock())
    return (state or State()).standing()


def switch(client: Client, aim: str, to: str, **headers: str) -> str:
    response = client.post("/privacy/", {"aim": aim, "to": to, "site": SITE}, headers=headers)
    assert response.status_code == 303
    page: str = client.get(response["Location"], headers=headers).content.decode()
    return page


def is_shown_on(page: str, name: str) -> bool:
    found = re.search(rf'aria-checked="(true|false)" aria-label="{name}"', page)
    assert found is not None
    return found[1] == "true"


def test_the_picture_says_what_is_kept_about_this_learner(alice: Client):
    page = alice.get("/privacy/").content.decode()
    assert "What we keep about you, and why" in page
    assert re.search(r"Answers and grades.*?<span class=\"about\">\d+ events", page, re.S)
    assert re.search(r"Name and address.*?<span class=\"about\">\d+ records", page, re.S)


def test_each_aim_has_its_basis_and_its_end_in_words(alice: Client):
    page = alice.get("/privacy/").content.decode()
    assert page.count("<dt>Basis</dt>") == page.count("<dt>Kept for</dt>") == 10
    assert "to give you what you signed up for" in page


def test_no_end_is_promised_for_what_nothing_is_kept_for_yet(alice: Client):
    research = switch(alice, "research", "on").partition('id="aim-research"')[2]
    ends = re.search(r"<dt>Kept for</dt>\s*<dd>([^<]*)</dd>", research)
    assert ends is not None
    assert ends[1] == "5 years each"


def test_a_first_switch_is_a_decision_about_everything(alice: Client, account: int):
    page = switch(alice, "research", "on")
    assert is_shown_on(page, "Research")
    record = Decision.objects.get()
    assert (record.asked, record.granted, record.layer) == (63, int(Choice.RESEARCH), "centre")
    assert "Research: on from now on." in page


def test_a_later_switch_leaves_the_other_answers_alone(alice: Client, account: int):
    switch(alice, "performance", "on")
    page = switch(alice, "research", "on")
    assert is_shown_on(page, "Improving courses")
    switch(alice, "performance", "off")
    assert Choice(standing_of(account).choices) == Choice.RESEARCH


def test_what_is_switched_off_is_hidden_and_said_so(alice: Client):
    switch(alice, "performance", "on")
    page = switch(alice, "performance", "off")
    assert not is_shown_on(page, "Improving courses")
    assert "hidden now and removed within a day" in page
    assert "hidden, gone within a day" in page


def test_an_objection_stops_security_and_can_be_taken_back(alice: Client, account: int):
    page = switch(alice, "security", "off")
    assert "off, you objected" in page
    assert Use.SECURITY not in Use(standing_of(account).uses)
    switch(alice, "security", "on")
    assert Use.SECURITY in Use(standing_of(account).uses)


def test_suggestions_end_alone_and_the_choice_stays(alice: Client, account: int):
    switch(alice, "functionality", "on")
    page = switch(alice, "suggestions", "off")
    assert "No courses are suggested to you." in page
    standing = standing_of(account)
    assert Choice.FUNCTIONALITY in Choice(standing.choices)
    assert Use.PERSONALISATION not in Use(standing.uses)


def test_advertising_that_was_confirmed_against_the_signal_is_shown_on(account: int):
    who = Who(site=SITE, key=min(keys_of(account)), birth_year=1990, country="ES")
    shown = current_words("en", clock=SystemClock()).shown
    yes = Answers(asked=Choice.TARGETING, granted=Choice.TARGETING)
    asked = Asked(
        answers=yes, shown=shown, control=Control.CHOOSE, layer=Layer.CENTRE, gpc=True,
        confirmed=True,
    )  # fmt: skip
    outcome = record_decision(who=who, asked=asked, by="learner", clock=SystemClock())
    person = aims.Person(standing=outcome.standing, state=outcome.state, gpc=True, kept={})
    now = {one.aim.choice: one for one in aims.aims_now(person)}
    assert now[Choice.TARGETING].is_on
    assert now[Choice.TARGETING].switch is aims.Switch.CHOICE
    assert now[Choice.SALE_SHARING].switch is aims.Switch.SIGNAL


def test_comfort_switched_on_brings_suggestions_back(alice: Client, account: int):
    switch(alice, "functionality", "on")
    switch(alice, "suggestions", "off")
    page = switch(alice, "functionality", "on")
    assert is_shown_on(page, "Your comfort")
    assert Use.PERSONALISATION in Use(standing_of(account).uses)


@pytest.mark.parametrize("aim", ["instruction", "duty", "targeting", "nonsense"])
def test_what_is_not_theirs_to_switch_stays_as_it_is(alice: Client, aim: str):
    page = switch(alice, aim, "off" if aim != "targeting" else "on")
    assert "Nothing was changed." in page
    assert not Decision.objects.exists()


def test_each_switch_is_an_act_in_the_audit_chain(alice: Client, account: int):
    switch(alice, "research", "on")
    assert Record.objects.filter(act="consent.decision", by=f"account:{account}").exists()


def test_the_browsers_signal_is_said_and_obeyed(alice: Client):
    page = switch(alice, "sale_sharing", "on", **{"Sec-GPC": "1"})
    assert "off, your browser asks for it" in page
    assert "Nothing was changed." in page


def test_a_kind_can_be_looked_at_alone_and_the_switch_comes_back_to_it(alice: Client):
    page = alice.get("/privacy/?kind=coursework").content.decode()
    assert "Show everything" in page
    data = {"aim": "research", "to": "on", "site": SITE}
    response = alice.post("/privacy/?kind=coursework&use=research", data)
    assert response["Location"] == "/privacy/?kind=coursework&use=research&saved=research"
    assert alice.get("/privacy/?kind=nonsense").status_code == 200


def test_staff_whom_no_platform_knows_decide_for_their_browser(bob: Client):
    page = switch(bob, "performance", "on")
    assert is_shown_on(page, "Improving courses")
    page = switch(bob, "research", "on")
    assert is_shown_on(page, "Improving courses")
    assert "Nothing was changed." in switch(bob, "security", "off")
    assert "Nothing was changed." in switch(bob, "suggestions", "off")


def test_without_a_platform_there_is_nothing_to_decide(empty_home: object, sign_in: SignIn):
    from privet.accounts.roles import Role
    from tests.population import make_staff

    client = sign_in(make_staff("olga@example.org", Role.OPERATOR))
    assert "No platform is connected yet" in client.get("/privacy/").content.decode()
    assert client.post("/privacy/", {"aim": "research", "to": "on"}).status_code == 200


def test_the_picture_needs_no_script_and_names_itself(alice: Client):
    page = alice.get("/privacy/").content.decode()
    assert 'role="img" aria-labelledby="left-title left-desc"' in page
    assert "<script" not in page


def test_what_was_switched_off_and_on_again_does_not_come_back(alice: Client):
    switch(alice, "functionality", "on")
    switch(alice, "functionality", "off")
    page = switch(alice, "functionality", "on")
    assert is_shown_on(page, "Your comfort")
    article = page[page.index('id="aim-functionality"') : page.index('id="aim-research"')]
    assert "nothing is kept for it yet" in article


def test_who_is_known_to_be_young_reads_that_it_is_their_age(alice: Client, account: int):
    from privet.accounts.models import Account

    assert "Only people who are known to be adults are asked." in switch(alice, "performance", "on")
    Account.objects.filter(pk=account).update(birth_year=SystemClock().now().year - 16)
    page = switch(alice, "performance", "on")
    assert "Not offered at your age, as your platform knows it." in page
    assert "known to be adults" not in page
