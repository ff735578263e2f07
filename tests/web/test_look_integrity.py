"""A case in a real browser, as the officer and as the learner see it, and without scripts."""

from collections.abc import Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from privet.accounts.models import Account
from privet.integrity.case_rules import Verdict
from privet.integrity.cases import open_cases
from privet.integrity.deciding import review_case
from privet.integrity.models import Case
from privet.kernel.clock import SystemClock
from tests.browser import database_beside_browser, launched
from tests.integrity.cast import (
    ALICE,
    MALLORY,
    TERMS,
    WHY,
    a_finding,
    an_item,
    keep,
    make_institutions,
    make_learner,
    make_officer,
    nobody_certified,
)
from tests.web.conftest import BACKEND
from tests.web.test_look import _context, _faults

CLOCK = SystemClock()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with database_beside_browser(), launched() as browser:
        yield browser


def _session(account: Account) -> str:
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client.cookies["privet_session"].value


@pytest.fixture
def told(transactional_db: None, empty_home: object) -> tuple[int, str, str]:
    """A case that the learner knows of; the sessions of the officer and of the learner."""
    make_institutions()
    make_learner("mallory", MALLORY)
    alice, _ = make_learner("alice", ALICE)
    bob = make_officer("bob")
    seconds = (20, 35, 12, 3, 64, 25, -3600, 18, 900, 22, 41, 16, 7000, 33)
    items = tuple(an_item(place, dt=dt) for place, dt in enumerate(seconds))
    keep(a_finding(items=items, n=14, x=13))
    open_cases(clock=CLOCK, terms=TERMS, certified=nobody_certified)
    number = Case.objects.get().pk
    review_case(
        case_id=number, officer=bob, verdict=Verdict.HOLDS, why=WHY, clock=CLOCK, terms=TERMS
    )
    return number, _session(Account.objects.get(pk=bob.account_id)), _session(alice)


def test_a_case_has_no_fault_in_any_width_or_colour(
    browser: Browser, live_server: LiveServer, told: tuple[int, str, str]
) -> None:
    number, officer, learner = told
    faults = {}
    for path, session in (("/console/integrity", officer),
                          (f"/console/integrity/{number}", officer),
                          (f"/privacy/integrity/{number}", learner)):  # fmt: skip
        with _context(browser, live_server, session) as context:
            found = _faults(context.new_page(), live_server.url + path)
            faults[path] = {kind: what for kind, what in found if what}
    assert faults == {path: {} for path in faults}


def test_a_learner_replies_without_scripts_and_reads_it_again(
    browser: Browser, live_server: LiveServer, told: tuple[int, str, str]
) -> None:
    number, _, learner = told
    with browser.new_context(java_script_enabled=False) as context:
        cookie = {"name": "privet_session", "value": learner, "url": live_server.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(f"{live_server.url}/privacy/integrity")
        page.get_by_role("link", name="H101").click()
        page.get_by_label("How did it come about?").fill("My sister and I sit at one table.")
        page.get_by_role("button", name="Send my reply").click()
        page.get_by_role("heading", name="Two people decide now").wait_for()
        assert page.get_by_text("My sister and I sit at one table.").is_visible()
        assert page.url == f"{live_server.url}/privacy/integrity/{number}"


def test_on_a_tablet_the_words_of_a_case_have_the_room_and_not_the_title_of_a_number(
    browser: Browser, live_server: LiveServer, told: tuple[int, str, str]
) -> None:
    _, officer, _ = told
    with _context(browser, live_server, officer) as context:
        page = context.new_page()
        page.set_viewport_size({"width": 768, "height": 900})
        page.goto(f"{live_server.url}/console/integrity")
        boxes = [cell.bounding_box() for cell in page.locator("thead th").all()]
        widths = [box["width"] for box in boxes if box]
        titles = page.locator("thead th").all_inner_texts()
        number, words = titles.index("How far it carries"), titles.index("What speaks for it")
        assert 2 * widths[number] < widths[words], widths
