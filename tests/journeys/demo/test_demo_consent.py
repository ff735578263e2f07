"""From the banner to the lake and back: what a decision changes, and for whom."""

from contextlib import suppress
from datetime import datetime
from fnmatch import fnmatchcase

import pytest
from playwright.sync_api import expect

from tests.journeys.demo.conftest import Open
from tests.journeys.demo.pages import Somebody
from tests.journeys.demo.running import PATIENCE_SECONDS, Demo, eventually, now

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
    eventually(lambda: {"/", "/courses", "/courses/hedgerows"} <= _pages_seen(demo, begin))
    assert _let_be_counted(alice, analyst, days=27, before=before) != before


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


def test_a_tutor_finds_who_gives_their_number_and_the_learner_reads_that(
    demo: Demo, somebody: Open
) -> None:
    alice, tess = somebody(), somebody()
    alice.sign_up()
    alice.answer_banner("Reject all")
    alice.enrol()
    begin = now()
    alice.solve_a_problem()
    eventually(lambda: "problem_check" in names_since(demo, begin))
    alice.go("/settings")
    number = alice.page.locator("#number").inner_text()
    tess.enter_console("tutor@hedgerow.example")
    tess.go("/console/learners")
    tess.page.get_by_label("the id at the platform").fill(number)
    tess.page.get_by_label("Why").fill("Alice asked me what she got wrong.")
    tess.page.get_by_role("button", name="Record this and look").click()
    expect(tess.page.get_by_role("rowheader").filter(has_text="median")).to_be_visible()
    alice.open_privacy_page()
    alice.page.get_by_role("link", name="Who looked").first.click()
    expect(alice.page.get_by_text("Alice asked me what she got wrong.")).to_be_visible()


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
    _let_be_counted(alice, analyst, days=26, before=before)
    alice.reopen_choices()
    alice.answer_banner("Reject all")
    # The same learners as before give the same figure, noise and all.
    eventually(
        lambda: analyst.events_in_console("page_view", days=26) == before, 600, every_seconds=2
    )
    assert "privet_visitor" not in alice.cookies()
    assert alice.kept_on_device() == 0


@pytest.mark.parametrize(
    ("category", "is_signed_in"),
    [
        ("performance", False),
        ("functionality", False),
        ("performance", True),
        ("functionality", True),
        # Nobody of whom no age is known is offered it.
        ("targeting", True),
    ],
)
def test_with_one_category_alone_nothing_is_kept_that_another_lists(
    demo: Demo, somebody: Open, category: str, is_signed_in: bool
) -> None:
    alice = somebody()
    alice.go("/")
    if is_signed_in:
        alice.sign_up()
    alice.choose_only(category)
    begin = now()
    alice.wander()
    alice.go("/")
    ad = alice.page.get_by_role("link", name="The pocket guide")
    ad.scroll_into_view_if_needed()
    seen = "ad_seen" if category == "targeting" else "page_view"
    if category == "targeting":
        eventually(lambda: seen in names_since(demo, begin))
    else:
        alice.page.wait_for_timeout(1500)
    alice.follow_the_ad()
    kept, listed = alice.names_kept(), alice.names_listed("necessary", category)
    assert [one for one in kept if not any(fnmatchcase(one, name) for name in listed)] == []
    assert ("privet_visitor" in kept) == (category == "performance" and not is_signed_in)
    # What the number is for is stored with it, and a visitor without one leaves nothing.
    if is_signed_in or category == "performance":
        eventually(lambda: seen in names_since(demo, begin))
    else:
        witness = _let_a_witness_arrive(demo, somebody)
        assert [row for row in demo.rows_since(begin) if row["subject"] != witness] == []


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
    grace.follow_the_ad()
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
    eventually(lambda: "ad_seen" in names_since(demo, begin))
    alice.follow_the_ad()
    alice.go("/about")
    assert eventually(lambda: {"ad_seen", "ad_click"} <= set(names_since(demo, begin)))


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
    # A page hears of what was opened a moment later; so it is not left before that is told.
    eventually(lambda: "show_transcript" in names_since(demo, begin))
    alice.go("/courses/statistics/learn")
    eventually(lambda: "experiment_seen" in names_since(demo, begin))
    alice.go("/about")
    wanted = {"load_video", "play_video", "pause_video", "show_transcript", "experiment_seen"}
    eventually_all(wanted, demo, begin)
    played = next(row for row in demo.rows_since(begin) if row["name"] == "play_video")
    assert played["object"] == "block-v1:Hedge+S101+2026+type@video+block@sampling"
    assert (played["course"], played["institution"]) == ("course-v1:Hedge+S101+2026", "hedge")


def _pages_seen(demo: Demo, moment: datetime) -> set[str]:
    rows = demo.rows_since(moment)
    return {row["page_path"] for row in rows if row["name"] == "page_view"}


def _let_be_counted(one: Somebody, analyst: Somebody, *, days: int, before: int) -> int:
    """Wait until the analyst's figure is another than before somebody new was counted; returns it.

    An answer of today may lag a little, the more the busier the machine is: so it is not asked for
    all the time. And by chance the figure's noise may make of what is new the figure of before:
    then one more page is looked at, which draws a part of the noise anew.
    """
    figure = before

    def is_another() -> bool:
        nonlocal figure
        figure = analyst.events_in_console("page_view", days=days)
        return figure != before

    for _ in range(4):
        with suppress(AssertionError):
            eventually(is_another, PATIENCE_SECONDS, every_seconds=2)
            return figure
        one.go("/about")
    raise AssertionError(f"The figure stays {before}.")


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
