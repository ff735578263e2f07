"""The choices without scripts in a language that is written from right to left: one file brings it.

The words of the file stand as their language is written; the page around them is in its own.
"""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from django.test import Client
from django.utils.translation import override
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from privet.accounts.registry import create_site
from privet.consent.languages import OPERATORS_FOLDER, direction_of
from privet.kernel.config import Config
from tests.browser import database_beside_browser, launched
from tests.web.test_look import PATIENCE_MS

PAGE = "/privacy/choices"
BASE = Path(__file__).parents[2] / "src/privet/web/static/look/base.css"
HEBREW = {
    "title": "הנתונים שלך, ההחלטה שלך",
    "body": "אנחנו רוצים לרשום כיצד משתמשים באתר. אפשר לקרוא עוד תחת {privacy}.",
    "privacy_link": "הפרטיות שלך",
    "accept_all": "לאשר הכול",
    "reject_all": "לדחות הכול",
    "save": "לשמור את הבחירות שלי",
    "always_on": "תמיד פועל.",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with database_beside_browser(), launched() as browser:
        yield browser


def _bring_hebrew(home: Config) -> None:
    create_site(slug="hedgerow", name="Hedgerow", origins=["https://h.example"], by="test")
    words = json.loads((files("privet.consent") / "notices" / "en.json").read_text())
    folder = home.home / OPERATORS_FOLDER
    folder.mkdir()
    (folder / "he.json").write_text(json.dumps(words | HEBREW), encoding="utf-8")


@pytest.fixture
def hebrew(empty_home: Config) -> None:
    _bring_hebrew(empty_home)


def _read(accepts: str, client: Client | None = None) -> str:
    answer = (client or Client()).get(PAGE, headers={"accept-language": accepts})
    return answer.content.decode()


def test_the_words_are_those_of_the_browsers_language_and_say_how_they_are_written(
    hebrew: None,
) -> None:
    page = _read("he-IL,he;q=0.9,en;q=0.5")
    assert HEBREW["title"] in page
    assert '<section class="card choices" lang="he" dir="rtl">' in page
    assert '<html lang="en" dir="ltr"' in page
    assert '<h2 lang="en">Your choices' in page


@pytest.mark.parametrize("accepts", ["en,he;q=0.5", "fr", "", "es"])
def test_who_asks_for_another_language_has_that(hebrew: None, accepts: str) -> None:
    page = _read(accepts)
    assert HEBREW["title"] not in page
    assert 'dir="rtl"' not in page


def test_who_chose_a_language_of_the_pages_has_that(hebrew: None) -> None:
    client = Client()
    client.post("/privacy/language", {"language": "es", "next": PAGE})
    page = _read("he", client)
    assert "Tus datos" in page
    assert 'dir="rtl"' not in page


def test_the_decision_is_recorded_with_the_words_that_were_read(hebrew: None) -> None:
    from privet.consent.notices import current_words
    from privet.kernel.clock import SystemClock

    shown = current_words("he", clock=SystemClock()).shown
    page = _read("he")
    assert f'name="notice_digest" value="{shown.digest}"' in page


@pytest.mark.django_db
def test_a_page_in_a_language_from_right_to_left_says_so() -> None:
    from django.template.loader import render_to_string

    with override("he"):
        assert '<html lang="he" dir="rtl"' in render_to_string("frames/page.html")


@pytest.mark.parametrize(("code", "says"), [("he-IL", "rtl"), ("ar", "rtl"), ("es-AR", "ltr")])
def test_a_language_is_written_as_its_people_write_it(code: str, says: str) -> None:
    assert direction_of(code) == says


def _shows(page: Page, selector: str) -> tuple[float, float]:
    """Where an element begins and ends, in CSS pixels from the left."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["x"], box["x"] + box["width"]


def test_without_scripts_the_choices_are_mirrored(
    transactional_db: None, empty_home: Config, browser: Browser, live_server: LiveServer
) -> None:
    _bring_hebrew(empty_home)
    name, switch = ".choice .name label", ".choice .switch"
    found = {}
    for locale in ("en-GB", "he-IL"):
        with browser.new_context(locale=locale, java_script_enabled=False) as context:
            context.set_default_timeout(PATIENCE_MS)
            page = context.new_page()
            page.set_viewport_size({"width": 1024, "height": 800})
            page.goto(live_server.url + PAGE)
            found[locale] = _shows(page, name)[0] < _shows(page, switch)[0]
            page.set_viewport_size({"width": 360, "height": 800})
            wide = page.locator(".choices").first.bounding_box()
            assert wide is not None
            assert wide["x"] >= 0
            assert wide["x"] + wide["width"] <= 360
    assert found == {"en-GB": True, "he-IL": False}


SIGNS = """(selector) => {
  const text = document.querySelector(selector).firstChild;
  const at = (place) => {
    const range = document.createRange();
    range.setStart(text, place);
    range.setEnd(text, place + 1);
    return range.getBoundingClientRect().left;
  };
  return at(0) < at(text.length - 1);
}"""
LEFT_TO_RIGHT = (
    '<table><tr><th scope="row">/courses/hedgerows/</th><td class="amount">17\u202f%</td>'
    "<td><code>hedge_bench_*</code></td><td>\u05de\u05e2\u05d8</td></tr></table>"
    '<p class="value">17\u202f%</p>'
)


@pytest.mark.parametrize(
    ("selector", "reads_from_the_left"),
    [("th", True), (".amount", True), ("code", True), (".value", True), ("td:last-child", False)],
)
def test_addresses_and_numbers_keep_their_order_on_a_mirrored_page(
    selector: str, reads_from_the_left: bool, browser: Browser
) -> None:
    page = browser.new_page()
    page.set_content(f'<html dir="rtl"><body>{LEFT_TO_RIGHT}</body></html>')
    page.add_style_tag(content=BASE.read_text())
    assert page.evaluate(SIGNS, selector) is reads_from_the_left
    page.close()
