"""The browser of every test: Debian's Chromium if it is there, else the one Playwright brought."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, expect, sync_playwright

PATIENCE_MS = 60_000
"""A busy machine is slow, not wrong: so long is waited for what shall come."""


@contextmanager
def launched(*arguments: str) -> Iterator[Browser]:
    """A browser that has just begun, and ends with the block.

    While it runs, its thread counts as one with an event loop: no second browser may start there.
    """
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=list(arguments), timeout=4 * PATIENCE_MS
        )
        yield browser
        browser.close()


@contextmanager
def database_beside_browser() -> Iterator[None]:
    """Let Django's database be used in a thread that a browser made look like a coroutine's."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
