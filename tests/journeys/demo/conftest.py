"""One demo for all journeys, and browsers that begin as anybody's would."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import PATIENCE_MS, launched
from tests.journeys.demo.pages import Somebody
from tests.journeys.demo.running import Demo, run_demo

Open = Callable[..., Somebody]
_addresses = count(1)
_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
_AGENT += "Chrome/141.0.0.0 Safari/537.36"


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    home: Path = tmp_path_factory.mktemp("demo") / "home"
    with run_demo(home) as running:
        yield running


@pytest.fixture(scope="module")  # While it runs, no other module can start a browser of its own.
def demo_browser() -> Iterator[Browser]:
    # A browser without a window says so, and Privet takes it for a machine. The agent has to
    # be given here: what is sent while a page closes knows nothing of a context's own.
    with launched(f"--user-agent={_AGENT}") as browser:
        yield browser


@pytest.fixture
def somebody(demo: Demo, demo_browser: Browser) -> Iterator[Open]:
    """Opens browsers of different people; each begins without any history."""
    opened: list[BrowserContext] = []

    def open_one(*, gpc: bool = False, **options: Any) -> Somebody:
        # The demo takes the browser's word for its address, as of a proxy; so each person has one
        # of their own, and nobody is kept waiting for what another did.
        headers = {"X-Forwarded-For": f"203.0.113.{next(_addresses)}"}
        options["extra_http_headers"] = headers | ({"Sec-GPC": "1"} if gpc else {})
        context = demo_browser.new_context(**options)
        opened.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if gpc:
            context.add_init_script(
                "Object.defineProperty(Navigator.prototype,'globalPrivacyControl',{get:()=>true})"
            )
        page: Page = context.new_page()
        return Somebody(demo, page)

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def analyst(somebody: Open) -> Somebody:
    """Bob at the console."""
    bob = somebody()
    bob.enter_console("analyst@hedgerow.example")
    return bob
