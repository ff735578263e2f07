"""A browser, and a site of its own for every test."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests.browser import PATIENCE_MS, launched
from tests.journeys.guard.site import GUARD, GuardSite, serve
from tests.journeys.sdk.eventually import eventually

Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def guard_browser() -> Iterator[Browser]:
    """It ends with its module: while it runs, Django's database is closed to other tests."""
    assert GUARD.is_file(), "Build the SDK first: make install"
    with launched() as browser:
        yield browser


@pytest.fixture
def site() -> Iterator[GuardSite]:
    """A site whose pages hold things back."""
    with serve() as running:
        yield running


def consent(choices: int, *, regime: str = "opt_in", of: str = "visitor") -> str:
    """A decision as the server writes it; only the signature is not one."""
    said = {"site": "hedgerow", "choices": choices, "notice": 1, "time": 0, "gpc": 0}
    text = json.dumps(said | {"of": of, "regime": regime})
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=") + ".signature"


@pytest.fixture
def open_page(guard_browser: Browser, site: GuardSite) -> Iterator[Opener]:
    """Open a page of the site in a fresh profile; `choices` are decided beforehand."""
    contexts: list[BrowserContext] = []

    def open_one(
        path: str = "/course/a",
        *,
        choices: int | None = None,
        regime: str = "opt_in",
        of: str = "visitor",
        gpc: bool = False,
        wait: Literal["load", "domcontentloaded"] = "load",
        prepare: Callable[[Page], object] | None = None,
        **options: Any,
    ) -> Page:
        context = guard_browser.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if gpc:
            context.add_init_script(
                "Object.defineProperty(Navigator.prototype,'globalPrivacyControl',{get:()=>true})"
            )
        if choices is not None:
            value = consent(choices, regime=regime, of=of)
            context.add_cookies([{"name": "privet_consent", "value": value, "url": site.address}])
        page = context.new_page()
        if prepare:
            prepare(page)
        page.goto(site.address + path, wait_until=wait)
        return page

    yield open_one
    for context in contexts:
        context.close()


def answer_banner(page: Page, button: str) -> None:
    """Press a button of the banner, and see that it was taken."""
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name=button).click()
    expect(dialog).to_have_count(0)


def withdraw(page: Page) -> None:
    """Open the choices and refuse everything; ends when that is stored."""
    page.evaluate("privet.open()")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Reject all").click()
    expect(dialog).to_have_count(0)


def until(page: Page, expression: str) -> None:
    """Wait until a script's expression is true on the page, whatever page that is by then."""

    def is_true() -> bool:
        try:
            return bool(page.evaluate(expression))
        except Error:
            return False  # The page was just about to be loaded anew.

    eventually(page, is_true)


def heard(page: Page) -> list[str]:
    """What the console says from now on."""
    lines: list[str] = []
    page.on("console", lambda message: lines.append(message.text))
    page.on("pageerror", lambda error: lines.append(f"error: {error}"))
    return lines
