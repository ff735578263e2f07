"""Policies in a real browser: versions, differences and the officer's page; and on paper."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from privet.accounts.roles import Role
from privet.consent.policies.document import PolicyKind
from privet.kernel.config import Config
from tests.population import make_staff
from tests.web.conftest import BACKEND
from tests.web.test_look import _context, _faults, browser
from tests.web.test_policies import MORE, change_registry, publish

__all__ = ["browser"]
PAGES = (
    "/policies/cookies",
    "/policies/cookies/1",
    "/policies/cookies/changes",
    "/policies/privacy",
    "/console/policies",
)


@pytest.fixture
def session(transactional_db: None, empty_home: Config) -> str:
    """An officer's session; two versions are published, and the truth has moved on since."""
    publish()
    change_registry(empty_home)
    publish()
    (empty_home.home / "registry.toml").write_text(MORE.replace("P90D", "P2Y"))
    publish(PolicyKind.PRIVACY)
    client = Client()
    olga = make_staff("olga@example.org", Role.PRIVACY_OFFICER)
    client.force_login(olga, backend=BACKEND)
    return client.cookies["privet_session"].value


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, session: str) -> Iterator[Page]:
    with _context(browser, live_server, session) as context:
        yield context.new_page()


def test_no_policy_has_a_fault_in_any_width_or_colour(page: Page, live_server: LiveServer) -> None:
    faults = {}
    for path in PAGES:
        found = {kind: what for kind, what in _faults(page, live_server.url + path) if what}
        if found:
            faults[path] = found
    assert faults == {}


def test_on_paper_stands_the_policy_alone_and_nothing_is_folded(
    page: Page, live_server: LiveServer
) -> None:
    page.goto(f"{live_server.url}/policies/privacy")
    line = page.get_by_role("rowheader", name="You opened a page", exact=True, include_hidden=True)
    expect(page.get_by_role("navigation", name="Contents")).to_be_visible()
    expect(line.first).not_to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Contents")).not_to_be_visible()
    expect(page.locator(".site-foot")).not_to_be_visible()
    expect(line.first).to_be_visible()


def test_the_contents_lead_to_each_part(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/policies/cookies")
    for link in page.get_by_role("navigation", name="Contents").get_by_role("link").all():
        target = link.get_attribute("href") or ""
        expect(page.locator(f"section{target}")).to_have_count(1)


def test_a_change_that_was_seen_is_announced_no_more(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/policies/privacy")
    page.get_by_role("button", name="I have seen it: Cookie policy").click()
    expect(page.locator(".policy-news")).to_have_count(0)
    assert page.url == f"{live_server.url}/policies/privacy"
