"""The demo's experiment: a form that stays, that is counted, and that goes with the consent."""

from playwright.sync_api import expect

from tests.journeys.demo.conftest import Open
from tests.journeys.demo.pages import Somebody
from tests.journeys.demo.running import Demo, eventually, now

HOME = "/courses/statistics/learn"
ASK = "privet.variant('resume-link')"


def _form(one: Somebody) -> str:
    """The form that is seen on the course's home, after the page has drawn it."""
    one.go(HOME)
    drawn = str(one.page.evaluate(ASK))
    link = one.page.get_by_role("link", name="Go on with unit 1")
    expect(link).to_be_visible()
    classes = link.get_attribute("class") or ""
    assert ("button" in classes) == (drawn == "button")
    return drawn


def _seen_since(demo: Demo, moment: object) -> list[int]:
    rows = demo.rows_since(moment)  # type: ignore[arg-type]
    return [row["subject"] for row in rows if row["name"] == "experiment_seen"]


def test_a_form_stays_the_same_and_is_counted(demo: Demo, somebody: Open) -> None:
    begin = now()
    alice = somebody()
    alice.sign_up()
    alice.answer_banner("Accept all")
    alice.enrol()
    first = _form(alice)
    assert first in {"link", "button"}
    assert [_form(alice) for _ in range(3)] == [first] * 3
    alice.go("/about")
    eventually(lambda: _seen_since(demo, begin))
    assert 0 not in _seen_since(demo, begin)


def test_with_the_consent_the_form_goes(demo: Demo, somebody: Open) -> None:
    alice = somebody()
    alice.sign_up(name="Alice")
    alice.answer_banner("Accept all")
    alice.enrol()
    assert _form(alice)
    alice.go(HOME)
    alice.page.evaluate("privet.open()")
    alice.page.get_by_role("switch", name="Functionality").uncheck()
    alice.page.get_by_role("button", name="Save my choices").click()
    expect(alice.page.get_by_role("dialog")).to_have_count(0)
    assert _form(alice) == ""
    assert alice.page.evaluate("localStorage.privet_chance") is None


def test_a_refuser_sees_the_usual_form_and_is_not_counted(demo: Demo, somebody: Open) -> None:
    carol = somebody()
    carol.sign_up(name="Carol")
    carol.answer_banner("Reject all")
    carol.enrol()
    begin = now()
    assert _form(carol) == ""
    carol.go("/about")
    witness = somebody()
    witness.sign_up(name="Bob")
    witness.answer_banner("Accept all")
    witness.enrol()
    _form(witness)
    witness.go("/about")
    eventually(lambda: _seen_since(demo, begin))
    assert len(set(_seen_since(demo, begin))) == 1


def test_the_analyst_reads_what_it_shows(analyst: Somebody) -> None:
    page = analyst.page
    analyst.go("/console/experiments")
    page.get_by_role("link", name="Link or button to the next unit").click()
    expect(page.get_by_role("heading", name="What it shows")).to_be_visible()
    expect(page.get_by_text("It is still running")).to_be_visible()
    expect(page.locator("#chart-forms canvas")).to_be_visible()
