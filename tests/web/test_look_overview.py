"""The picture in a real browser: switched without scripts, by keyboard, and on a phone."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser import PATIENCE_MS, database_beside_browser, launched
from tests.population import Learner, make_alice
from tests.web.conftest import BACKEND


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with database_beside_browser(), launched() as browser:
        yield browser


@pytest.fixture
def session(transactional_db: None, filled: list[Learner]) -> str:
    client = Client()
    client.force_login(make_alice(filled[0]), backend=BACKEND)
    return client.cookies["privet_session"].value


def open_page(
    browser: Browser, live_server: LiveServer, session: str, *, width: int = 1280
) -> Page:
    """Alice's overview, in a browser without scripts."""
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 900}
    )
    cookie = {"name": "privet_session", "value": session, "url": live_server.url}
    context.add_cookies([cookie])  # type: ignore[list-item]
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{live_server.url}/privacy/")
    return page


def test_a_way_is_switched_in_the_picture_and_the_bands_change_at_once(
    browser: Browser, live_server: LiveServer, session: str
) -> None:
    page = open_page(browser, live_server, session)
    picture = page.locator(".flow")
    comfort = picture.get_by_role("switch", name="Your comfort")
    expect(comfort).to_be_checked()
    assert page.locator(".band.is-functionality:not(.is-off)").count() > 0
    comfort.click()
    expect(picture.get_by_role("switch", name="Your comfort")).not_to_be_checked()
    expect(page.locator(".band.is-functionality.is-off")).not_to_have_count(0)
    expect(page.locator(".band.is-functionality:not(.is-off)")).to_have_count(0)
    expect(page.get_by_role("status")).to_contain_text("Your comfort: off.")
    picture.get_by_role("switch", name="Your comfort").click()
    expect(picture.get_by_role("switch", name="Your comfort")).to_be_checked()


def test_the_keyboard_reaches_a_switch_and_turns_it(
    browser: Browser, live_server: LiveServer, session: str
) -> None:
    page = open_page(browser, live_server, session)
    page.locator(".flow").get_by_role("switch", name="Research").focus()
    page.keyboard.press("Space")
    expect(page.locator(".flow").get_by_role("switch", name="Research")).to_be_checked()


def test_what_stands_on_a_legitimate_interest_leads_to_the_objection(
    browser: Browser, live_server: LiveServer, session: str
) -> None:
    page = open_page(browser, live_server, session)
    page.locator(".flow a[href='#aim-security']").click()
    article = page.locator("#aim-security")
    article.get_by_text("Object to this use").click()
    expect(article.get_by_text("It stops at once")).to_be_visible()
    article.get_by_role("button", name="Object now").click()
    expect(page.locator("#aim-security")).to_contain_text("off, you objected")


def test_a_kind_is_looked_at_alone_and_everything_comes_back(
    browser: Browser, live_server: LiveServer, session: str
) -> None:
    page = open_page(browser, live_server, session)
    everything = page.locator(".band").count()
    page.locator(".flow-kinds").get_by_role("link", name="Discussions").click()
    whole = page.get_by_role("link", name="Show everything")
    expect(whole).to_be_visible()
    page.wait_for_load_state()
    assert 0 < page.locator(".band").count() < everything
    whole.click()
    expect(page.locator(".band")).to_have_count(everything)


def test_on_a_phone_the_list_stands_for_the_picture_with_the_same_switches(
    browser: Browser, live_server: LiveServer, session: str
) -> None:
    page = open_page(browser, live_server, session, width=360)
    expect(page.locator(".flow")).to_be_hidden()
    article = page.locator("#aim-research")
    article.get_by_role("switch", name="Research").click()
    expect(page.locator("#aim-research").get_by_role("switch")).to_be_checked()


@pytest.mark.parametrize("width", [320, 360, 768])
def test_on_a_narrow_screen_every_tab_is_in_sight(
    width: int, browser: Browser, live_server: LiveServer, session: str
) -> None:
    page = open_page(browser, live_server, session, width=width)
    tabs = page.locator(".tabs a")
    assert tabs.count() == 5
    ends = [box["x"] + box["width"] for tab in tabs.all() if (box := tab.bounding_box())]
    assert len(ends) == 5
    assert max(ends) <= width


def test_its_title_stands_as_high_as_that_of_every_other_tab(
    browser: Browser, live_server: LiveServer, session: str
) -> None:
    page = open_page(browser, live_server, session)
    heights = []
    for path in ("/privacy/", "/privacy/data", "/privacy/looks"):
        page.goto(live_server.url + path)
        box = page.locator("h1").bounding_box()
        assert box is not None
        heights.append(box["y"])
    assert len(set(heights)) == 1, heights
