"""Preferences and drafts: with functionality only; what is typed, for the session."""

from playwright.sync_api import Page, expect

from tests.journeys.guard.conftest import Opener, answer_banner, until, withdraw
from tests.journeys.guard.site import GuardSite

FUNCTIONALITY = 2
FORM = (
    '<form action="/course/sent" data-privet-draft="post"><label>Title <input name="title">'
    '</label><label>Text <textarea name="text"></textarea></label><label>Password'
    ' <input type="password" name="secret"></label><label>Code <input name="code"'
    ' autocomplete="one-time-code"></label><label><input type="checkbox" name="tick" value="a">'
    "Tick</label><button>Send</button></form>"
)
READY = "!!window.privet?.prefs && window.privet.decision !== null"


def _write(page: Page) -> None:
    page.get_by_label("Title").fill("Buds in winter")
    page.get_by_label("Text").fill("How do I tell ash from oak?")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_label("Code").fill("246810")
    page.get_by_label("Tick").check()


def test_preferences_are_kept_with_functionality_and_go_with_it(open_page: Opener) -> None:
    page = open_page(choices=FUNCTIONALITY)
    until(page, READY)
    assert page.evaluate("privet.prefs.set('layout', 'wide')") is True
    page.reload()
    until(page, READY)
    assert page.evaluate("privet.prefs.get('layout')") == "wide"
    withdraw(page)
    until(page, "window.privet.decision.choices === 0")
    assert page.evaluate("privet.prefs.get('layout')") is None
    assert page.evaluate("Object.keys(localStorage).join()") == ""


def test_without_functionality_nothing_is_kept(open_page: Opener) -> None:
    page = open_page(choices=5)
    until(page, READY)
    assert page.evaluate("privet.prefs.set('layout', 'wide')") is False
    assert page.evaluate("Object.keys(localStorage).join()") == ""


def test_a_script_of_the_page_finds_them_as_soon_as_it_finds_privet(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = (
        '<script nonce="n0nce">addEventListener("DOMContentLoaded", () => {'
        " window.found = typeof privet.prefs.get })</script>"
    )
    page = open_page()
    until(page, "!!window.found")
    assert page.evaluate("window.found") == "function"


def test_what_was_typed_survives_a_refresh_without_any_consent(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = FORM
    page = open_page(choices=0)
    _write(page)
    page.reload()
    expect(page.get_by_label("Title")).to_have_value("Buds in winter")
    expect(page.get_by_label("Text")).to_have_value("How do I tell ash from oak?")
    expect(page.get_by_label("Tick")).to_be_checked()
    expect(page.get_by_label("Password")).to_have_value("")
    expect(page.get_by_label("Code")).to_have_value("")
    kept = page.evaluate("JSON.stringify([sessionStorage, localStorage])")
    assert "horse" not in kept
    assert "246810" not in kept
    assert page.evaluate("localStorage.length") == 0


def test_what_was_sent_is_not_found_again(site: GuardSite, open_page: Opener) -> None:
    site.body = FORM
    page = open_page(choices=FUNCTIONALITY)
    until(page, READY)
    _write(page)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/course/sent**")
    page.goto(site.address + "/course/a")
    until(page, READY)
    expect(page.get_by_label("Text")).to_have_value("")
    assert "Buds" not in page.evaluate("JSON.stringify([sessionStorage, localStorage])")


def test_what_the_page_filled_in_itself_stays(site: GuardSite, open_page: Opener) -> None:
    site.body = FORM
    page = open_page(choices=0)
    _write(page)
    site.body = FORM.replace("</textarea>", "From the server</textarea>")
    page.reload()
    until(page, READY)
    expect(page.get_by_label("Text")).to_have_value("From the server")


def test_a_draft_waits_for_the_next_visit_with_functionality(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = FORM
    page = open_page(choices=FUNCTIONALITY)
    until(page, READY)
    _write(page)
    page.close()
    later = page.context.new_page()
    later.goto(site.address + "/course/a")
    expect(later.get_by_label("Text")).to_have_value("How do I tell ash from oak?")


def test_a_draft_is_cleared_on_withdrawal_and_the_tab_keeps_what_was_typed(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = FORM
    page = open_page(choices=FUNCTIONALITY)
    until(page, READY)
    _write(page)
    assert page.evaluate("Object.keys(localStorage).join()") == "privet_drafts"
    withdraw(page)
    until(page, "window.privet.decision.choices === 0")
    assert page.evaluate("localStorage.length") == 0
    expect(page.get_by_label("Text")).to_have_value("How do I tell ash from oak?")


def test_consent_given_while_writing_keeps_what_is_there(
    site: GuardSite, open_page: Opener
) -> None:
    site.body = FORM
    page = open_page()
    expect(page.get_by_role("dialog")).to_be_visible()
    _write(page)
    answer_banner(page, "Accept all")
    until(page, "'privet_drafts' in localStorage")


def test_on_a_shared_device_nobody_finds_anothers_words(site: GuardSite, open_page: Opener) -> None:
    site.body, site.person = FORM, "alice"
    page = open_page(choices=FUNCTIONALITY)
    until(page, READY)
    _write(page)
    site.person = "carol"
    page.goto(site.address + "/course/a")
    until(page, READY)
    expect(page.get_by_label("Text")).to_have_value("")
    site.person = "alice"
    page.goto(site.address + "/course/a")
    expect(page.get_by_label("Text")).to_have_value("How do I tell ash from oak?")
