"""The course site holds others' things back, keeps preferences and drafts as far as it may."""

from playwright.sync_api import Locator, expect

from tests.journeys.demo.conftest import Open
from tests.journeys.demo.pages import UNIT, Somebody
from tests.journeys.demo.running import eventually

COURSE = "/courses/hedgerows"
FORUM = "/courses/statistics/forum"
KEPT = "Object.keys(localStorage).filter((name) => /^privet_(prefs|drafts)/.test(name)).length"


def _stand_in(one: Somebody) -> Locator:
    return one.page.get_by_role("group", name="From Fieldnotes")


def test_what_others_show_waits_until_it_is_asked_for(somebody: Open) -> None:
    mallory = somebody()
    mallory.go(COURSE)
    mallory.answer_banner("Reject all")
    expect(_stand_in(mallory)).to_be_visible()
    mallory.page.get_by_role("button", name="Show it once").click()
    frame = mallory.page.frame_locator("iframe[title='A hedge through the year']")
    expect(frame.get_by_role("heading")).to_be_visible()
    mallory.go(COURSE)
    expect(_stand_in(mallory)).to_be_visible()


def test_a_cookie_that_scripts_cannot_read_goes_with_the_withdrawal(somebody: Open) -> None:
    alice = somebody()
    alice.sign_up()
    alice.answer_banner("Accept all")
    alice.go(COURSE)
    eventually(lambda: "fieldnotes_seen" in alice.cookies())
    alice.reopen_choices()
    alice.answer_banner("Reject all")
    expect(_stand_in(alice)).to_be_visible()
    assert "fieldnotes_seen" not in alice.cookies()


def test_a_draft_survives_a_refresh_and_not_its_publishing(somebody: Open) -> None:
    alice = somebody()
    alice.sign_up()
    alice.answer_banner("Reject all")
    alice.enrol()
    alice.go(FORUM)
    alice.page.get_by_label("Title").fill("Ash or oak")
    alice.page.get_by_label("Text").fill("How do I tell them in winter?")
    alice.go(FORUM)
    expect(alice.page.get_by_label("Text")).to_have_value("How do I tell them in winter?")
    assert alice.page.evaluate(KEPT) == 0
    alice.page.get_by_role("button", name="Publish").click()
    expect(alice.page.get_by_role("heading", level=1)).to_have_text("Ash or oak")
    alice.go(FORUM)
    expect(alice.page.get_by_label("Text")).to_have_value("")


def test_how_one_reads_is_kept_with_functionality_only(somebody: Open) -> None:
    alice = somebody()
    alice.sign_up()
    alice.answer_banner("Accept all")
    alice.enrol()
    alice.go(UNIT)
    alice.page.get_by_label("Large").check()
    expect(alice.page.get_by_text("Kept for your next visit.")).to_be_visible()
    alice.go(UNIT)
    expect(alice.page.get_by_label("Large")).to_be_checked()
    alice.reopen_choices()
    alice.answer_banner("Reject all")
    expect(alice.page.get_by_label("Large")).not_to_be_checked()
    assert alice.page.evaluate(KEPT) == 0
    alice.page.get_by_label("Warm paper").check()
    expect(alice.page.get_by_text("For this page only")).to_be_visible()
    assert alice.complaints == []
