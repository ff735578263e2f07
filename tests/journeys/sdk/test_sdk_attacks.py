"""What a page, a second tab or a stranger may do while somebody is being asked."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.sdk.conftest import Opener
from tests.journeys.sdk.eventually import eventually
from tests.journeys.sdk.site import Site, consent_cookie

REPLACE = """() => {
  history.pushState({}, '', '/course/next');
  const body = document.createElement('body');
  body.innerHTML = '<main><h1>The next unit</h1><button>Play</button></main>';
  document.documentElement.replaceChild(body, document.body);
}"""


def test_the_question_stays_when_a_site_replaces_its_whole_page(
    banner_of: Opener, site: Site
) -> None:
    page = banner_of()
    page.evaluate(REPLACE.replace("innerHTML =", "textContent ="))
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Reject all").click()
    expect(page.get_by_role("button", name="Your privacy")).to_be_visible()
    assert len(site.decisions) == 1


def test_the_way_back_stays_too(open_page: Opener) -> None:
    page = open_page(choices=0)
    way_back = page.get_by_role("button", name="Your privacy")
    expect(way_back).to_be_visible()
    page.evaluate(REPLACE.replace("innerHTML =", "textContent ="))
    way_back.click()
    expect(page.get_by_role("switch")).to_have_count(7)


def test_it_is_the_first_stop_of_the_keyboard_and_moves_nothing(banner_of: Opener) -> None:
    page = banner_of()
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.id")
    assert focused == "privet-banner"
    assert page.evaluate("document.querySelector('main').getBoundingClientRect().top") < 100


def _second_tab(page: Page, site: Site) -> Page:
    other = page.context.new_page()
    other.goto(site.address + "/course/b")
    expect(other.get_by_role("dialog")).to_be_visible()
    return other


def test_of_two_tabs_that_decide_the_last_counts_in_both(banner_of: Opener, site: Site) -> None:
    first = banner_of()
    second = _second_tab(first, site)
    first.get_by_role("button", name="Accept all").click()
    expect(first.get_by_role("dialog")).to_be_hidden()
    second.get_by_role("button", name="Reject all").click()
    expect(second.get_by_role("dialog")).to_be_hidden()
    # The first notices before its next event, or as soon as it is looked at again.
    first.evaluate("privet.track('tour')")
    assert first.evaluate("privet.choices().performance") is False
    assert first.evaluate("localStorage.length + sessionStorage.length") == 0


@pytest.mark.parametrize(
    "choices", [-1, 64, 1e308, 2**53, 0.5, "63", None, [63], {"performance": True}, True]
)
def test_a_forged_cookie_ends_as_soon_as_the_server_has_looked(
    open_page: Opener, site: Site, choices: object
) -> None:
    site.is_sound = False
    page = open_page()
    value = consent_cookie(choices)  # type: ignore[arg-type]
    page.evaluate("(value) => (document.cookie = `privet_consent=${value}; path=/`)", value)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.reload()
    expect(page.get_by_role("dialog")).to_be_visible()
    eventually(page, lambda: page.evaluate("privet.choices().decided") is False)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert errors == []


@pytest.mark.parametrize("value", ["null.x", "bnVsbA.x", "W10.x", "e30", "x" * 3900, "%00.%00", ""])
def test_a_cookie_of_anybodys_making_is_no_decision(
    open_page: Opener, site: Site, value: str
) -> None:
    page = open_page()
    page.evaluate("(value) => (document.cookie = `privet_consent=${value}; path=/`)", value)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    site.is_sound = False
    page.reload()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate("privet.choices().decided") is False
    assert errors == []


def test_words_that_a_page_smuggles_in_are_not_shown(open_page: Opener, site: Site) -> None:
    site.body = '<a id="privetNotice" href="//evil.example">x</a><form name="privetNotice"></form>'
    page = open_page()
    expect(page.get_by_role("button", name="Reject all")).to_be_visible()
    assert site.asked("/api/v1/consent?") == 1
