"""How fast pages were, and what failed: percentiles, bands and signatures over a real lake."""

from datetime import timedelta

import pytest

from privet.insight.technique import show_error, show_technique
from privet.insight.vitals import VITALS, Band
from tests.events.rows import ALICE, BOB, CAROL, NOON
from tests.insight.kit import QUESTION, Row, day_ago, days_ago, event, exact, keep

pytestmark = pytest.mark.usefixtures("empty_home")
MANY = [8_000_000_000 + number * 7_919 for number in range(40)]


def _timing(subject: int = ALICE, **values: float) -> Row:
    return event("page_timing", subject, detail=values, device="mobile", os="iOS 18")


def _error(message: str, subject: int = ALICE, **values: object) -> Row:
    detail = {"message": message, "script": "/static/app.js", "stack": values.pop("stack", "")}
    return event("page_error", subject, detail=detail, **values)


def test_a_measure_is_the_value_that_three_of_four_did_not_exceed() -> None:
    keep(*(_timing(subject, lcp=100 * n, cls=0.05) for n, subject in enumerate(MANY, start=1)))
    timing = show_technique(QUESTION).timing
    assert timing.lcp == pytest.approx(3025)
    assert timing.cls == pytest.approx(0.05)
    assert timing.inp is None


def test_few_learners_have_no_percentile() -> None:
    keep(*(_timing(subject, lcp=1000) for subject in MANY[:4]))
    assert show_technique(QUESTION).timing.lcp is None


def test_a_measure_of_few_among_many_has_no_percentile() -> None:
    """Everybody's page was measured, and one learner's alone said how it answered to a press."""
    keep(*(_timing(subject, lcp=1000) for subject in MANY), _timing(ALICE, lcp=1000, inp=777))
    found = show_technique(QUESTION)
    lines = [found.timing, *found.timing_by_page, *found.timing_by_device]
    assert {(line.lcp, line.inp) for line in lines} == {(1000, None)}


def test_pages_and_devices_are_measured_apart() -> None:
    said = {"detail": {"lcp": 5000}, "page_path": "/", "device": "desktop"}
    keep(*(_timing(subject, lcp=1000) for subject in MANY for _ in range(2)))
    keep(*(event("page_timing", subject, **said) for subject in MANY))
    found = show_technique(QUESTION)
    assert {line.name: line.lcp for line in found.timing_by_page} == {
        "/courses/s101/units/2": 1000, "/": 5000,
    }  # fmt: skip
    assert {line.name: line.lcp for line in found.timing_by_device} == {
        "mobile": 1000, "desktop": 5000,
    }  # fmt: skip


@pytest.mark.parametrize("key", VITALS)
def test_the_query_judges_by_the_same_bounds_as_the_rule(key: str) -> None:
    vital = VITALS[key]
    values = [vital.good, vital.good * 1.01, vital.middling, vital.middling * 1.01]
    keep(*(_timing(ALICE, **{key: value}) for value in values))
    found = {row["band"]: row["pages"] for row in exact("technique_timing_bands")}
    expected: dict[str, int] = {}
    for value in values:
        expected[vital.judge(value)] = expected.get(vital.judge(value), 0) + 1
    assert found == expected == {Band.GOOD: 1, Band.MIDDLING: 2, Band.POOR: 1}


def test_bands_are_counted_by_measure() -> None:
    keep(*(_timing(subject, lcp=1000, inp=900) for subject in MANY))
    found = {(line.measure, line.band) for line in show_technique(QUESTION).bands}
    assert found == {("lcp", Band.GOOD), ("inp", Band.POOR)}


def test_errors_that_differ_in_numbers_and_quotes_have_one_signature() -> None:
    keep(
        _error("TypeError: 'a' is not 12", stack="f < g"),
        _error("TypeError: 'other' is not 9", BOB, stack="f < g"),
        _error("TypeError: 'a' is not 12", CAROL, stack="h < g"),
    )
    rows = exact("all_page_errors")
    assert [row["message"] for row in rows] == ["TypeError: … is not #"] * 3
    first, second, third = (row["signature"] for row in rows)
    assert first == second != third
    assert len(first) == 12


@pytest.mark.parametrize("between", [" < ", "\n"])
def test_only_the_five_innermost_functions_matter(between: str) -> None:
    names = ["a", "b", "c", "d", "e"]
    keep(
        _error("E", stack=between.join([*names, "x", "y"])),
        _error("E", BOB, stack=between.join([*names, "z"])),
    )
    rows = exact("all_page_errors")
    assert rows[0]["signature"] == rows[1]["signature"]
    assert rows[0]["stack"].split(between) == names


def test_an_error_says_when_it_was_seen_first_and_last_and_by_how_many() -> None:
    keep(*(_error("E", subject, at=days_ago(9)) for subject in MANY[:20]))
    keep(*(_error("E", subject) for subject in MANY[10:30]))
    (row,) = exact("technique_errors")
    days = [day_ago(9), day_ago(0)]
    assert (row["first_day_values"], row["first_day_numbers"]) == (days, [20, 20])
    (line,) = show_technique(QUESTION).errors
    assert (line.first_day, line.last_day) == (day_ago(9), day_ago(0))
    assert (row["learners"], row["errors"], row["errors_top"]) == (30, 40, 2)


def test_one_error_is_shown_by_page_browser_script_and_day() -> None:
    keep(*(_error("E", subject, page_path="/a") for subject in MANY))
    keep(*(_error("F", subject, page_path="/b") for subject in MANY[:30]))
    errors = {line.message: line for line in show_technique(QUESTION).errors}
    found = show_error(QUESTION, line=errors["E"])
    assert found.line.message == "E"
    assert [line.name for line in found.pages] == ["/a"]
    assert [line.name for line in found.browsers] == ["Firefox 128"]
    assert [line.name for line in found.scripts] == ["/static/app.js"]
    assert [day.point for day in found.days] == [(NOON - timedelta(0)).date()]
