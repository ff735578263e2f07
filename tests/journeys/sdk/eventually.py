"""Waiting for what a browser sends on its own time."""

from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Page

from tests.browser import PATIENCE_MS
from tests.journeys.sdk.site import Site

T = TypeVar("T")
_STEP_MS = 50
_STEPS = PATIENCE_MS // _STEP_MS


def eventually(page: Page, read: Callable[[], T]) -> T:
    """What `read` gives as soon as it gives something; fails when patience ends."""
    for _ in range(_STEPS):
        found = read()
        if found:
            return found
        page.wait_for_timeout(_STEP_MS)
    raise AssertionError("It never came.")


def leave(page: Page) -> None:
    """Go to an empty page, so that everything that waits is handed over."""
    page.goto("about:blank")
    page.wait_for_timeout(200)


def arrived(page: Page, site: Site, *, pages: int) -> None:
    """Wait until so many pages have told all that they had to tell.

    What waited may come in two parts, of which the later may be the first to arrive: a page's
    first event is its view, and its last that it was left.
    """
    eventually(page, lambda: len(site.named("page_view")) >= pages)
    eventually(page, lambda: len(site.named("page_leave")) >= pages)
