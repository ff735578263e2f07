"""Experiments in a real browser: which form is shown, what is kept for it, and what is told."""

import base64
import json
import time

from playwright.sync_api import Page, expect

from tests.journeys.sdk.conftest import Opener
from tests.journeys.sdk.eventually import arrived, eventually, leave
from tests.journeys.sdk.site import Site

PERFORMANCE, FUNCTIONALITY, TARGETING = 1, 2, 4
FORMS = {"link": [("button", 0.5), ("sentence", 1.0)]}
ASK = "privet.variant('link')"
KEPT = "localStorage.privet_chance"


def _token(sub: str) -> str:
    parts = ({"alg": "EdDSA"}, {"sub": sub, "exp": int(time.time()) + 600})
    texts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode() for part in parts]
    return ".".join([text.rstrip("=") for text in texts] + ["signature"])


def _seen(page: Page, site: Site, pages: int = 1) -> list[dict[str, str]]:
    leave(page)
    arrived(page, site, pages=pages)
    return [event["data"] for event in site.named("experiment_seen")]


def test_a_form_stays_the_same_over_reloads_and_is_counted(site: Site, open_page: Opener) -> None:
    site.forms = FORMS
    page = open_page(choices=PERFORMANCE | FUNCTIONALITY)
    first = page.evaluate(ASK)
    assert first in {"button", "sentence"}
    for _ in range(3):
        page.reload()
        assert page.evaluate(ASK) == first
    assert _seen(page, site, 4) == [{"experiment": "link", "variant": first}] * 4


def test_on_withdrawal_the_draw_is_forgotten_and_the_usual_form_shown(
    site: Site, open_page: Opener
) -> None:
    site.forms = FORMS
    page = open_page(choices=PERFORMANCE | FUNCTIONALITY)
    assert page.evaluate(ASK)
    assert page.evaluate(KEPT)
    page.get_by_role("button", name="Your privacy").click()
    page.get_by_role("switch", name="Functionality").uncheck()
    page.get_by_role("button", name="Save my choices").click()
    eventually(page, lambda: page.evaluate(KEPT) is None)
    # Here it is withdrawn at once; the next page knows of it once it is stored.
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.reload()
    assert page.evaluate(ASK) == ""
    assert page.evaluate(KEPT) is None


def test_without_functionality_nothing_is_asked_kept_or_counted(
    site: Site, open_page: Opener
) -> None:
    site.forms = FORMS
    page = open_page(choices=PERFORMANCE | TARGETING)
    assert page.evaluate(ASK) == ""
    assert page.evaluate(KEPT) is None
    assert site.asked("/api/v1/experiments.js") == 0
    assert _seen(page, site) == []


def test_without_performance_a_form_is_shown_and_not_counted(site: Site, open_page: Opener) -> None:
    site.forms = FORMS
    page = open_page(choices=FUNCTIONALITY)
    assert page.evaluate(ASK) in {"button", "sentence"}
    leave(page)
    # A visitor without performance has no number, so nothing of theirs is sent.
    assert site.asked("/t/events") == 0


def test_before_a_decision_the_usual_form_is_shown(site: Site, open_page: Opener) -> None:
    site.forms = FORMS
    page = open_page()
    assert page.evaluate(ASK) == ""
    assert page.evaluate("localStorage.length") == 0


def test_a_learner_sees_the_same_form_on_two_devices(site: Site, open_page: Opener) -> None:
    site.forms = {f"x{i}": FORMS["link"] for i in range(8)}
    site.attributes = 'data-token-url="/privet-token"'
    site.token = _token("alice")
    every = "Promise.all([...Array(8).keys()].map((i) => privet.variant('x' + i)))"
    pages = [open_page(choices=PERFORMANCE | FUNCTIONALITY, of="learner") for _ in range(2)]
    first, second = (page.evaluate(every) for page in pages)
    assert first == second
    assert set(first) == {"button", "sentence"}
    assert pages[0].evaluate(KEPT) is None


def test_what_does_not_run_leaves_the_page_as_it_is(site: Site, open_page: Opener) -> None:
    page = open_page(choices=PERFORMANCE | FUNCTIONALITY)
    assert page.evaluate(ASK) == ""
    assert page.evaluate(KEPT) is None
