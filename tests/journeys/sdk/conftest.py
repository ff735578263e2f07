"""A browser, and a site of its own for every test."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.journeys.sdk.site import SDK, Site, consent_cookie, serve

Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def sdk_browser() -> Iterator[Browser]:
    """Debian's Chromium if it is there, else the one that Playwright brought.

    It ends with its module: while it runs, its thread counts as one with an event loop, where no
    second one may start and Django's database is closed to other tests.
    """
    assert SDK.is_file(), "Build the SDK first: make install"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        yield browser
        browser.close()


@pytest.fixture
def site() -> Iterator[Site]:
    """A site that speaks the wire protocol."""
    with serve() as running:
        yield running


@pytest.fixture
def open_page(sdk_browser: Browser, site: Site) -> Iterator[Opener]:
    """Open a page of the site in a fresh profile; `choices` are decided beforehand."""
    contexts: list[BrowserContext] = []

    def open_one(
        path: str = "/course/a",
        *,
        choices: int | None = None,
        of: str = "visitor",
        gpc: bool = False,
        **options: Any,
    ) -> Page:
        context = sdk_browser.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(10_000)
        if gpc:
            context.add_init_script(
                "Object.defineProperty(Navigator.prototype,'globalPrivacyControl',{get:()=>true})"
            )
        if choices is not None:
            cookie = {"name": "privet_consent", "value": consent_cookie(choices, of)}
            context.add_cookies([{**cookie, "url": site.address}])
        page = context.new_page()
        page.goto(site.address + path, wait_until="load")
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def banner_of(open_page: Opener) -> Callable[..., Page]:
    """Open a page on which the banner stands, visibly."""

    def open_with_banner(*given: Any, **options: Any) -> Page:
        page = open_page(*given, **options)
        expect(page.get_by_role("dialog")).to_be_visible()
        return page

    return open_with_banner
