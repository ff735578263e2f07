"""A browser, and a site of its own for every test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import PATIENCE_MS, launched
from tests.journeys.sdk.site import SDK, Site, consent_cookie, serve

Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def sdk_browser() -> Iterator[Browser]:
    """It ends with its module: while it runs, Django's database is closed to other tests."""
    assert SDK.is_file(), "Build the SDK first: make install"
    with launched() as browser:
        yield browser


@pytest.fixture
def site() -> Iterator[Site]:
    """A site that speaks the wire protocol."""
    with serve() as running:
        yield running


@pytest.fixture
def open_page(sdk_browser: Browser, site: Site) -> Iterator[Opener]:
    """Open a page of the site in a fresh profile; `choices` are decided beforehand, and
    `script` runs first on every page."""
    contexts: list[BrowserContext] = []

    def open_one(
        path: str = "/course/a",
        *,
        choices: int | None = None,
        of: str = "visitor",
        gpc: bool = False,
        script: str = "",
        **options: Any,
    ) -> Page:
        context = sdk_browser.new_context(**options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if gpc:
            context.add_init_script(
                "Object.defineProperty(Navigator.prototype,'globalPrivacyControl',{get:()=>true})"
            )
        if script:
            context.add_init_script(script)
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
