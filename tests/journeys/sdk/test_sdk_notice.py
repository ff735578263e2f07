"""The notice that comes beside the script: shown without a request, and used for one question."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.sdk.conftest import Opener
from tests.journeys.sdk.eventually import eventually
from tests.journeys.sdk.site import Site

ASKED = "/api/v1/consent?"


@pytest.fixture
def site(site: Site) -> Site:
    site.brings_notice = True
    return site


def test_the_banner_stands_before_anything_is_asked(banner_of: Opener, site: Site) -> None:
    page = banner_of()
    expect(page.get_by_role("button", name="Reject all")).to_be_visible()
    assert site.asked("/api/v1/notice.js") == 1
    assert site.asked(ASKED) == 0
    assert page.evaluate("window.privet.choices().decided") is False


def test_it_stands_before_the_page_says_that_it_is_read(open_page: Opener) -> None:
    look = "window.first = !!document.querySelector('#privet-banner')"
    page = open_page(script=f"document.addEventListener('DOMContentLoaded', () => {{ {look} }})")
    assert page.evaluate("window.first") is True


def test_it_stands_before_any_cookie_is_read(open_page: Opener) -> None:
    page = open_page(
        script="""
          const { get } = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
          Object.defineProperty(document, 'cookie', { get() {
            window.first ??= !!document.querySelector('#privet-banner');
            return get.call(document);
          } });
        """
    )
    eventually(page, lambda: page.evaluate("window.first !== undefined"))
    assert page.evaluate("window.first") is True


def test_the_page_is_told_after_it_stands(open_page: Opener) -> None:
    look = "window.first = !!document.querySelector('#privet-banner')"
    page = open_page(script=f"document.addEventListener('privet:decision', () => {{ {look} }})")
    eventually(page, lambda: page.evaluate("window.first !== undefined"))
    assert page.evaluate("window.first") is True
    assert page.evaluate("window.privet.decision.choices") is None


def test_an_answer_that_is_quicker_than_the_rest_of_the_script_stands(
    open_page: Opener, site: Site
) -> None:
    """It presses in the same moment in which the banner is put into the page."""
    page = open_page(
        script="""
          new MutationObserver((_, watcher) => {
            const banner = document.querySelector('#privet-banner');
            if (!banner) return;
            watcher.disconnect();
            banner.shadowRoot.querySelector('.buttons button:nth-child(2)').click();
          }).observe(document, { childList: true, subtree: true });
        """
    )
    eventually(page, lambda: len(site.decisions) == 1)
    eventually(page, lambda: page.evaluate("window.privet.decision?.choices === 7"))
    eventually(page, lambda: bool(site.named("page_view")))
    assert page.evaluate("window.privet.decision.choices") == 7
    assert page.get_by_role("dialog").count() == 0


def test_a_cookie_that_the_server_does_not_take_opens_nothing(
    open_page: Opener, site: Site
) -> None:
    site.brings_always = True
    page = open_page(choices=7)
    expect(page.get_by_role("dialog")).to_be_visible()
    eventually(page, lambda: page.evaluate("window.privet.decision !== null"))
    assert page.evaluate("window.privet.decision.choices") is None
    assert site.asked("/api/v1/consent/standing") == 0


@pytest.mark.parametrize(
    "attributes", ['data-lang="es"', 'data-course="course-v1:a+b+c"', 'data-institution="hedge"']
)
def test_the_answer_to_another_question_is_not_taken(
    banner_of: Opener, site: Site, attributes: str
) -> None:
    site.attributes = attributes
    banner_of()
    assert site.asked(ASKED) == 1


def test_an_empty_or_missing_script_is_made_up_for(banner_of: Opener, site: Site) -> None:
    site.brings_nothing = True
    banner_of()
    assert site.asked(ASKED) == 1


def test_a_learner_is_asked_about_by_name(open_page: Opener, site: Site) -> None:
    site.token = "e30.eyJzdWIiOiJhbGljZSIsImV4cCI6OTk5OTk5OTk5OX0.c2ln"
    site.attributes = 'data-token-url="/privet-token"'
    page = open_page()
    eventually(page, lambda: site.asked(ASKED) == 1)
    assert site.names == [site.token]


def test_for_nobody_it_is_used_after_the_platform_has_said_so(
    banner_of: Opener, site: Site
) -> None:
    site.attributes = 'data-token-url="/privet-token"'
    banner_of()
    assert site.asked("/privet-token") == 1
    assert site.asked(ASKED) == 0


def _decide(page: Page) -> None:
    page.get_by_role("button", name="Accept all").click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_after_a_decision_the_server_is_asked_anew(banner_of: Opener, site: Site) -> None:
    page = banner_of()
    _decide(page)
    page.evaluate("privet.open()")
    expect(page.get_by_role("switch", name="Performance")).to_be_checked()
    assert site.asked(ASKED) == 1


def test_who_signs_out_later_is_not_answered_from_before(banner_of: Opener, site: Site) -> None:
    page = banner_of()
    _decide(page)
    page.evaluate("privet.identify()")
    eventually(page, lambda: site.asked(ASKED) == 1)
    assert page.evaluate("privet.choices().performance") is True


def test_who_has_decided_is_brought_nothing(open_page: Opener, site: Site) -> None:
    page = open_page(choices=1)
    expect(page.get_by_role("button", name="Your privacy")).to_be_visible()
    assert page.evaluate("window.privetNotice") is None
