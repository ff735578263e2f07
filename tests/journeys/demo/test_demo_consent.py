"""From the banner to the lake and back: what a decision changes, and for whom."""

from datetime import datetime

import pytest
from playwright.sync_api import expect

from tests.journeys.demo.conftest import Open
from tests.journeys.demo.pages import Somebody
from tests.journeys.demo.running import Demo, eventually, now

pytestmark = pytest.mark.xdist_group("demo")
ESSENTIAL = 1 | 2 | 4


def names_since(demo: Demo, moment: datetime) -> list[str]:
    return sorted(row["name"] for row in demo.rows_since(moment))


def eventually_all(wanted: set[str], demo: Demo, moment: datetime) -> None:
    """Wait for events of all these names; says which are missing if they never come."""
    missing = set(wanted)

    def look() -> bool:
        missing.difference_update(names_since(demo, moment))
        return not missing

    try:
        eventually(look)
    except AssertionError:
        raise AssertionError(f"They never came: {missing}") from None


def test_before_a_decision_nothing_is_kept_anywhere(demo: Demo, somebody: Open) -> None:
    begin = now()
    mallory = somebody()
    mallory.wander()
    expect(mallory.page.get_by_role("dialog")).to_be_visible()
    assert mallory.cookies() == {}
    assert mallory.kept_on_device() == 0
    _let_a_witness_arrive(demo, somebody)
    assert "page_view" not in [r["name"] for r in demo.rows_since(begin) if r["subject"] == 0]


def test_a_refusers_clicks_leave_no_row_and_no_identifier(demo: Demo, somebody: Open) -> None:
    alice = somebody()
    alice.go("/")
    alice.answer_banner("Reject all")
    begin = now()
    alice.wander()
    alice.go("/workbench")
    alice.page.get_by_role("button", name="Fail").click()
    alice.go("/about")
    assert set(alice.cookies()) == {"privet_consent"}
    assert alice.kept_on_device() == 0
    witness = _let_a_witness_arrive(demo, somebody)
    others = [row for row in demo.rows_since(begin) if row["subject"] != witness]
    assert others == []


def test_the_cookies_of_two_refusers_are_the_same(somebody: Open) -> None:
    cookies = []
    for name in ("Alice", "Mallory"):
        person = somebody()
        person.go(f"/?{name}")
        person.answer_banner("Reject all")
        cookies.append(person.cookies())
    assert cookies[0] == cookies[1]


def test_who_accepts_is_seen_by_the_analyst(demo: Demo, somebody: Open, analyst: Somebody) -> None:
    before = analyst.events_in_console("page_view", days=27)
    begin = now()
    alice = somebody()
    alice.go("/")
    alice.answer_banner("Accept all")
    alice.wander()
    alice.go("/about")
    eventually(lambda: names_since(demo, begin).count("page_view") >= 4)
    pages = {row["page_path"] for row in demo.rows_since(begin) if row["name"] == "page_view"}
    assert {"/", "/courses", "/courses/hedgerows"} <= pages
    # The figure carries noise that stands still until somebody new is counted; and an answer of
    # today may be a minute old.
    eventually(lambda: analyst.events_in_console("page_view", days=27) != before, seconds=180)


def test_links_controls_errors_routes_and_timing_arrive_too(demo: Demo, somebody: Open) -> None:
    begin = now()
    alice = somebody()
    alice.go("/")
    alice.answer_banner("Accept all")
    alice.wander()
    alice.go("/workbench")
    alice.page.get_by_role("button", name="Fail").click()
    alice.page.get_by_role("button", name="Oak").click()
    expect(alice.page.get_by_text("You are at /workbench/oak now.")).to_be_visible()
    alice.page.wait_for_timeout(500)
    alice.go("/about")
    wanted = {"page_view", "page_leave", "link_click", "control_use", "page_error", "page_timing"}
    eventually_all(wanted, demo, begin)
    eventually(lambda: "/workbench/oak" in {r["page_path"] for r in demo.rows_since(begin)})
    rows = demo.rows_since(begin)
    assert all(row["uses"] & ESSENTIAL == 0 for row in rows if row["source"] == "web:hedgerow")


def test_a_refusers_submission_serves_teaching_security_and_honesty_alone(
    demo: Demo, somebody: Open
) -> None:
    others = ("analytics", "personalisation", "marketing", "research", "sharing")
    alice = somebody()
    alice.go("/")
    alice.answer_banner("Reject all")
    alice.sign_up()
    alice.enrol()
    before = {use: demo.read_for(use).get("problem_check", 0) for use in others}
    begin = now()
    alice.solve_a_problem()
    eventually(lambda: "problem_check" in names_since(demo, begin))
    rows = demo.rows_since(begin)
    assert [(row["name"], row["uses"]) for row in rows] == [("problem_check", ESSENTIAL)]
    assert {use: demo.read_for(use).get("problem_check", 0) for use in others} == before
    for use in ("instruction", "security", "integrity"):
        assert demo.read_for(use)["problem_check"] > 0
    alice.open_my_data()
    expect(alice.page.get_by_text("You submitted an answer")).to_be_visible()
    expect(alice.page.get_by_text("You opened a page")).to_have_count(0)


def test_what_is_withdrawn_is_gone_from_the_analysts_view(
    demo: Demo, somebody: Open, analyst: Somebody
) -> None:
    before = analyst.events_in_console("page_view", days=26)
    alice = somebody()
    alice.sign_up()
    alice.answer_banner("Accept all")
    begin = now()
    alice.wander()
    alice.go("/about")
    eventually(lambda: names_since(demo, begin).count("page_view") >= 3)
    eventually(lambda: analyst.events_in_console("page_view", days=26) != before, seconds=180)
    alice.reopen_choices()
    alice.answer_banner("Reject all")
    # The same learners as before give the same figure, noise and all.
    eventually(lambda: analyst.events_in_console("page_view", days=26) == before)
    assert "privet_visitor" not in alice.cookies()
    assert alice.kept_on_device() == 0


def test_a_browsers_signal_is_obeyed_whatever_is_pressed(demo: Demo, somebody: Open) -> None:
    begin = now()
    grace = somebody(gpc=True)
    grace.sign_up("Grace")
    grace.answer_banner("Accept all")
    targeting = 4
    assert grace.decided()["choices"] & targeting == 0
    grace.go("/")
    grace.page.get_by_role("link", name="The pocket guide").scroll_into_view_if_needed()
    grace.page.wait_for_timeout(1500)
    grace.page.get_by_role("link", name="The pocket guide").click()
    expect(grace.page.get_by_role("heading", level=1)).to_contain_text("twigs")
    grace.go("/about")
    eventually(lambda: names_since(demo, begin).count("page_view") >= 3)
    assert not {"ad_seen", "ad_click"} & set(names_since(demo, begin))
    marketing_and_sharing = 32 | 128
    assert all(row["uses"] & marketing_and_sharing == 0 for row in demo.rows_since(begin))


def test_an_advertisement_counts_for_an_adult_who_allowed_it(demo: Demo, somebody: Open) -> None:
    begin = now()
    alice = somebody()
    alice.sign_up()
    alice.answer_banner("Accept all")
    alice.go("/")
    link = alice.page.get_by_role("link", name="The pocket guide")
    link.scroll_into_view_if_needed()
    alice.page.wait_for_timeout(2500)
    link.click()
    expect(alice.page.get_by_role("heading", level=1)).to_contain_text("twigs")
    alice.go("/about")
    eventually_all({"ad_seen", "ad_click"}, demo, begin)


def test_the_centre_shows_learners_their_own_events_and_nobody_elses(
    demo: Demo, somebody: Open
) -> None:
    alice, carol = somebody(), somebody()
    for person, name in ((alice, "Alice"), (carol, "Carol")):
        person.sign_up(name)
        person.answer_banner("Accept all")
    begin = now()
    alice.enrol()
    alice.solve_a_problem()
    alice.go("/about")
    eventually(lambda: {"problem_check", "page_view"} <= set(names_since(demo, begin)))
    alice.open_my_data()
    for words in ("You submitted an answer", "You enrolled in a course", "You opened a page"):
        expect(alice.page.get_by_text(words).first).to_be_visible()
    carol.go("/about")
    carol.open_my_data()
    expect(carol.page.get_by_text("You made your account")).to_be_visible()
    expect(carol.page.get_by_text("You submitted an answer")).to_have_count(0)


def test_a_film_and_an_experiment_are_seen_where_that_is_allowed(
    demo: Demo, somebody: Open
) -> None:
    begin = now()
    alice = somebody()
    alice.sign_up()
    alice.answer_banner("Accept all")
    alice.enrol()
    alice.go("/courses/statistics/units/3")
    alice.page.evaluate("document.querySelector('video').play()")
    eventually(lambda: alice.page.evaluate("document.querySelector('video').currentTime > 0.2"))
    alice.page.evaluate("document.querySelector('video').pause()")
    alice.page.get_by_text("Transcript").click()
    alice.go("/courses/statistics/learn")
    alice.page.wait_for_timeout(2500)
    alice.go("/about")
    wanted = {"load_video", "play_video", "pause_video", "show_transcript", "experiment_seen"}
    eventually_all(wanted, demo, begin)
    played = next(row for row in demo.rows_since(begin) if row["name"] == "play_video")
    assert played["object"] == "block-v1:Hedge+S101+2026+type@video+block@sampling"
    assert (played["course"], played["institution"]) == ("course-v1:Hedge+S101+2026", "hedge")


def _let_a_witness_arrive(demo: Demo, somebody: Open) -> int:
    """Somebody who allows everything comes after the others; returns their pseudonym.

    Once their page is in the lake, whatever the others sent before would be there as well.
    """
    begin = now()
    witness = somebody()
    witness.go("/institutions")
    witness.answer_banner("Accept all")
    witness.go("/institutions/thicket")
    witness.go("/about")

    def look() -> int:
        rows = [r for r in demo.rows_since(begin) if r["page_path"] == "/institutions/thicket"]
        return int(rows[0]["subject"]) if rows else 0

    return eventually(look)
