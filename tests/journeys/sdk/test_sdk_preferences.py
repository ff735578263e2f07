"""The choices in full: what each is for, what lies in it, what is new, and what is in conflict."""

import json

import pytest
from playwright.sync_api import expect

from tests.journeys.sdk.conftest import Opener
from tests.journeys.sdk.eventually import eventually
from tests.journeys.sdk.site import CHOICES, Site, consent_cookie
from tests.journeys.sdk.test_sdk_banner import choose, violations

SIGNALLED = {"signal": {"honoured": True, "confirmed": False}}
TOLD = """window.told = [];
document.addEventListener('privet:decision', (event) => told.push(event.detail));"""
NEWS = {
    "because": ["vendor", "purpose"],
    "choices": ["performance"],
    "new": [
        {"what": "vendor", "name": "Bramble", "words": "Bramble"},
        {"what": "purpose", "name": "sharing", "words": "Partners"},
    ],
}
POLICY_NEWS = [
    {
        "says": "The Cookie policy has changed on 1 November 2026.",
        "link": "https://privet.example/policies/cookies/changes#version-2",
    }
]


def test_every_choice_is_there_explained_and_none_is_ticked(banner_of: Opener) -> None:
    page = banner_of()
    choose(page)
    for box in page.get_by_role("switch").all()[1:]:
        expect(box).not_to_be_checked()
        expect(box).to_be_enabled()
    expect(page.get_by_role("switch").first).to_be_disabled()
    for name in ("Mail about courses", "Sale or sharing of my data", "Research on learning"):
        expect(page.get_by_role("switch", name=name)).to_be_visible()
    said = page.get_by_role("switch", name="Research").evaluate(
        "(b) => b.getRootNode().getElementById(b.getAttribute('aria-describedby')).textContent"
    )
    assert said.startswith("Lets researchers of our member institutions")


def test_each_cookie_is_told_with_who_sets_it_how_long_and_what_for(banner_of: Opener) -> None:
    page = banner_of()
    choose(page)
    page.get_by_text("2 cookies").click()
    item = page.get_by_role("listitem").filter(has_text="privet_necessary_1")
    expect(item).to_have_text(
        "privet_necessary_1 · What it is for, in a sentence. Privet (this site) · 183 days"
    )
    expect(page.get_by_text("until you close the browser").first).to_be_visible()


def test_the_rule_of_the_place_is_shown_and_explained_with_its_source(banner_of: Opener) -> None:
    page = banner_of()
    choose(page)
    expect(page.get_by_text("Opt-in: nothing is on unless you say yes.")).to_be_visible()
    page.get_by_text("Why this rule holds here · Spain").click()
    expect(page.get_by_text("It is the law there.")).to_be_visible()
    link = page.get_by_role("link", name="Directive 2002/58/EC")
    expect(link).to_have_attribute("href", "https://law.example/58")


def test_the_choices_beyond_cookies_are_saved_each_by_itself(site: Site, banner_of: Opener) -> None:
    page = banner_of()
    choose(page)
    page.get_by_role("switch", name="Research on learning").check()
    page.get_by_role("button", name="Save my choices").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert site.decisions[0]["choices"] == {name: name == "research" for name in CHOICES}
    assert page.evaluate("privet.choices().research") is True


def test_accept_all_leaves_what_is_beyond_cookies_as_it_is(site: Site, banner_of: Opener) -> None:
    page = banner_of()
    choose(page)
    page.get_by_role("button", name="Accept all").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert site.decisions[0]["choices"] == dict.fromkeys(CHOICES[:3], True)


def test_one_press_refuses_the_sale_and_keeps_the_rest(site: Site, open_page: Opener) -> None:
    page = open_page(choices=1 | 16)
    page.get_by_role("button", name="Your privacy").click()
    expect(page.get_by_role("switch", name="Sale or sharing")).to_be_checked()
    page.get_by_role("button", name="Do not sell or share my personal information").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert site.decisions[0]["choices"] == {name: name == "performance" for name in CHOICES}


def test_what_the_law_does_not_leave_to_this_age_is_not_offered(
    site: Site, banner_of: Opener
) -> None:
    site.closed = frozenset({"targeting", "sale_sharing"})
    page = banner_of()
    choose(page)
    expect(page.get_by_role("switch", name="Targeting")).to_be_disabled()
    expect(page.get_by_text("it is for adults only")).to_have_count(2)


# --- A policy that changed ---


def test_whoever_is_asked_again_reads_which_policy_changed_and_where_the_difference_is(
    site: Site, open_page: Opener
) -> None:
    site.said = {"decided": False, "asks_again": NEWS, "policy_news": POLICY_NEWS}
    page = open_page()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    link = dialog.get_by_role("link", name="The Cookie policy has changed on 1 November 2026.")
    expect(link).to_have_attribute("href", POLICY_NEWS[0]["link"])


def test_a_policy_that_changed_asks_nobody_and_stands_in_the_choices(
    site: Site, open_page: Opener
) -> None:
    site.said = {"policy_news": POLICY_NEWS}
    page = open_page(choices=1)
    page.get_by_role("button", name="Your privacy").click()
    expect(page.get_by_role("link", name="The Cookie policy has changed")).to_be_visible()
    expect(page.get_by_text("we ask again")).to_have_count(0)


# --- The browser's signal ---


def test_the_signal_is_shown_as_honoured(site: Site, banner_of: Opener) -> None:
    site.said = SIGNALLED
    page = banner_of(gpc=True)
    choose(page)
    expect(page.get_by_text("We obey it: targeting, sale and sharing stay off.")).to_be_visible()
    expect(page.get_by_text("Off, by Global Privacy Control.")).to_have_count(2)


def test_a_yes_against_the_signal_counts_once_the_conflict_was_shown_and_confirmed(
    site: Site, banner_of: Opener
) -> None:
    site.said, site.conflict = SIGNALLED, ["targeting"]
    page = banner_of(gpc=True)
    choose(page)
    page.get_by_role("switch", name="Targeting").check()
    page.get_by_role("switch", name="Performance").check()
    page.get_by_role("button", name="Save my choices").click()
    notice = page.get_by_role("dialog", name="Your browser asks for the opposite")
    expect(notice).to_be_focused()
    expect(notice).to_contain_text("You said yes to: Targeting.")
    assert violations(page) == []
    assert page.evaluate("[privet.choices().performance, privet.choices().targeting]") == [
        True,
        False,
    ]
    notice.get_by_role("button", name="Allow it all the same").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    first, second = site.decisions
    assert (first["choices"]["targeting"], first["confirmed"]) == (True, False)
    assert (second["choices"], second["confirmed"]) == ({"targeting": True}, True)
    assert page.evaluate("privet.choices().targeting") is True
    later = page.context.new_page()
    later.goto(site.address + "/course/later")
    expect(later.get_by_role("button", name="Your privacy")).to_be_visible()
    assert later.evaluate("privet.choices().targeting") is True


def test_a_conflict_that_is_not_confirmed_leaves_the_signal_in_force(
    site: Site, banner_of: Opener
) -> None:
    site.said, site.conflict = SIGNALLED, ["targeting", "sale_sharing"]
    page = banner_of(gpc=True)
    choose(page)
    page.get_by_role("switch", name="Targeting").check()
    page.get_by_role("switch", name="Sale or sharing").check()
    page.get_by_role("button", name="Save my choices").click()
    expect(page.get_by_text("Targeting, Sale or sharing of my data")).to_be_visible()
    page.get_by_role("button", name="Keep it off").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert len(site.decisions) == 1
    assert page.evaluate("privet.choices().targeting") is False


# --- Asked again ---


def test_who_is_asked_again_sees_the_difference_and_keeps_the_rest(
    site: Site, open_page: Opener
) -> None:
    site.is_sound = False
    site.said = {"asks_again": NEWS, "choices": {"functionality": True}}
    page = open_page(choices=3)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Something is new since you decided")
    expect(dialog).to_contain_text("New provider: Bramble")
    expect(dialog).to_contain_text("New purpose: Partners")
    assert violations(page) == []
    chosen = page.evaluate("privet.choices()")
    assert (chosen["performance"], chosen["functionality"]) == (False, True)
    choose(page)
    expect(page.get_by_text("New provider: Bramble")).to_be_visible()
    expect(page.get_by_role("switch", name="Performance")).not_to_be_checked()
    expect(page.get_by_role("switch", name="Functionality")).to_be_checked()


def test_an_expired_decision_is_none_and_said_to_be_expired(site: Site, open_page: Opener) -> None:
    site.is_sound = False
    site.said = {"asks_again": {"because": ["expiry"], "choices": list(CHOICES), "new": []}}
    page = open_page(choices=3)
    expect(page.get_by_role("dialog")).to_contain_text("has expired")
    assert page.evaluate("privet.choices().decided") is False


@pytest.mark.parametrize("value", ["x", "e30.forged", "%00%ff", "a" * 3000])
def test_a_cookie_that_the_server_does_not_take_is_no_decision(
    site: Site, open_page: Opener, value: str
) -> None:
    site.is_sound = False
    page = open_page("/empty")
    page.context.add_cookies([{"name": "privet_consent", "value": value, "url": site.address}])
    page = page.context.new_page()
    page.goto(site.address + "/course/a")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate("privet.choices().decided") is False


def test_a_forged_yes_ends_as_soon_as_the_server_has_seen_it(site: Site, open_page: Opener) -> None:
    site.is_sound = False
    page = open_page(choices=63)
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate("privet.choices().decided") is False
    assert page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})") == "{}"


# --- What the page hears ---


def test_a_page_is_told_of_the_decision_on_load_and_on_each_change(
    site: Site, open_page: Opener
) -> None:
    page = open_page(script=TOLD)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Accept all").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    told = page.evaluate("told")
    assert told == [
        {"choices": None, "gpc": False, "regime": "opt_in"},
        {"choices": 7, "gpc": False, "regime": "opt_in"},
    ]
    assert page.evaluate("privet.decision") == told[-1]


def test_a_page_of_a_member_asks_and_decides_in_its_name(site: Site, open_page: Opener) -> None:
    site.attributes = 'data-institution="hill" data-course="course-v1:Hill+A1+2026"'
    page = open_page()
    page.get_by_role("button", name="Reject all").click()
    eventually(page, lambda: site.decisions)
    [asked] = [line for line in site.requests if "/api/v1/consent?" in line]
    assert "institution=hill" in asked
    assert "course=course-v1%3AHill%2BA1%2B2026" in asked
    said = site.decisions[0]
    assert (said["institution"], said["course"]) == ("hill", "course-v1:Hill+A1+2026")


def test_without_its_file_the_way_leads_to_the_page(site: Site, banner_of: Opener) -> None:
    page = banner_of()
    site.is_answering = False
    page.get_by_role("button", name="Choose").click()
    page.wait_for_url("**/privacy/choices")
    assert site.decisions == []


def test_the_layer_speaks_spanish(site: Site, open_page: Opener) -> None:
    site.language = "es"
    page = open_page(locale="es-ES")
    page.get_by_role("button", name="Elegir").click()
    expect(page.get_by_role("switch", name="Investigación")).to_be_visible()
    assert violations(page) == []
    assert "undefined" not in json.dumps(page.get_by_role("dialog").inner_text())


def test_choices_that_are_open_stay_when_another_tab_decides(site: Site, open_page: Opener) -> None:
    page = open_page(choices=3)
    page.get_by_role("button", name="Your privacy").click()
    performance = page.get_by_role("switch", name="Performance")
    performance.uncheck()
    decided = {"name": "privet_consent", "value": consent_cookie(1, "visitor")}
    page.context.add_cookies([{**decided, "url": site.address}])
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert page.evaluate("privet.choices().functionality") is False
    expect(performance).to_be_visible()
    expect(performance).not_to_be_checked()


def test_choices_that_are_open_go_when_another_person_signs_in(open_page: Opener) -> None:
    page = open_page(choices=3)
    page.get_by_role("button", name="Your privacy").click()
    expect(page.get_by_role("switch", name="Performance")).to_be_visible()
    page.evaluate("privet.identify('')")
    expect(page.get_by_role("switch", name="Performance")).to_have_count(0)
