"""The script of anonymous totals in a real browser: what it tells, and when it tells nothing."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route

from privet.collector.limits import LIMITS
from privet.collector.parse import parse_batch
from privet.web.api import totals_script
from tests.browser import PATIENCE_MS, database_beside_browser, launched
from tests.journeys.sdk.eventually import eventually

SITE = "https://learn.hedge.example"
SCRIPT = Path(totals_script.__file__).parent / "totals.js"
PAGE = """<!doctype html><script>{before}</script>
<script src="/api/v1/totals.js" data-site="hedgerow"></script>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with database_beside_browser(), launched() as browser:
        yield browser


def open_page(browser: Browser, before: str) -> tuple[Page, list[dict[str, Any]]]:
    """A page of the site where so much is decided, and what it tells the collector."""
    told: list[dict[str, Any]] = []

    def answer(route: Route, request: Request) -> None:
        path = request.url.removeprefix(SITE)
        if path == "/t/events":
            told.append(json.loads(request.post_data or "null"))
            route.fulfill(status=200)
        elif path == "/api/v1/totals.js":
            route.fulfill(content_type="text/javascript", body=SCRIPT.read_text())
        else:
            route.fulfill(content_type="text/html", body=PAGE.replace("{before}", before))

    page = browser.new_context().new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.clock.install()
    page.route("**/*", answer)
    page.goto(f"{SITE}/courses/x?mail=alice@example.org#secret")
    return page, told


def chosen(**choices: bool) -> str:
    return f"window.privet = {{choices: () => ({json.dumps(choices)})}}"


def wait(page: Page) -> None:
    page.clock.fast_forward(6000)
    page.wait_for_timeout(300)


def heard(page: Page, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is told after a while, once something is; it is on its way when the while is over."""
    wait(page)
    eventually(page, lambda: told)
    wait(page)
    return told


def test_who_allowed_nothing_tells_one_view_without_anything_about_them(browser: Browser) -> None:
    page, told = open_page(browser, chosen(decided=True, performance=False))
    (batch,) = heard(page, told)
    assert batch["site"] == "hedgerow"
    (view,) = batch["events"]
    assert (view["name"], view["page"]) == ("page_view", "/courses/x")
    assert set(view) == {"id", "name", "time", "page"}


def test_the_collector_can_read_it(browser: Browser) -> None:
    page, told = open_page(browser, chosen(decided=False))
    parsed = parse_batch(json.dumps(heard(page, told)[0]).encode(), LIMITS)
    assert parsed.envelope.events[0].name == "page_view"


@pytest.mark.parametrize("choice", ["performance", "functionality", "targeting", "research"])
def test_who_allowed_something_tells_nothing_here(browser: Browser, choice: str) -> None:
    page, told = open_page(browser, chosen(**{choice: True}))
    wait(page)
    assert told == []


def test_a_page_that_does_not_know_what_was_decided_tells_nothing(browser: Browser) -> None:
    page, told = open_page(browser, "")
    wait(page)
    assert told == []


def test_a_yes_in_the_first_seconds_counts(browser: Browser) -> None:
    page, told = open_page(
        browser, "let yes = false; window.privet = {choices: () => ({performance: yes})}"
    )
    page.evaluate("yes = true")
    wait(page)
    assert told == []


def test_nothing_is_kept_on_the_device(browser: Browser) -> None:
    page, _ = open_page(browser, chosen(decided=True))
    wait(page)
    kept = page.evaluate("localStorage.length + sessionStorage.length + document.cookie.length")
    assert kept == 0
