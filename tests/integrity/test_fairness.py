"""The fairness report over a lake: who is counted where, and what is marked."""

import json
from datetime import UTC, datetime

import pytest

from privet.events.lake import default_lake
from privet.integrity.cases import open_cases
from privet.integrity.disparity import SMALL
from privet.integrity.fairness import (
    Fairness,
    GroupedBy,
    Marked,
    kinds_of_groups,
    list_marked,
    mark_disparities,
    measure_fairness,
)
from privet.integrity.findings import DetectorKind
from privet.integrity.models import Case, DisparityRow
from privet.kernel.clock import FixedClock
from tests.integrity.cast import a_finding, keep
from tests.integrity.scene import ALICE, COURSE, MALLORY, NOW, PROBLEMS, Scene, run

CLOCK = FixedClock(NOW)


def _measure(*, institutions: frozenset[str] | None = None, allowed: float = 2.0) -> Fairness:
    return measure_fairness(
        lake=default_lake(), institutions=institutions, allowed=allowed, by="test", now=NOW
    )


def _mark(allowed: float) -> list[Marked]:
    return mark_disparities(lake=default_lake(), allowed=allowed, by="test", clock=CLOCK)


@pytest.fixture
def far_away(scene: Scene) -> Scene:
    """Forty people in Britain, and twelve pairs in Brazil who copy at home."""
    scene.crowd(PROBLEMS)
    for pair in range(12):
        home = {"address": 300 + pair, "country": "BR"}
        for number, problem in enumerate(PROBLEMS):
            here = {"day": number % 7} | home
            scene.shows(2000 + pair, problem, second=90_000 + 300 * pair + 200 * number, **here)
            scene.submits(3000 + pair, problem, second=90_020 + 300 * pair + 200 * number, **here)
    for row in scene.rows:
        row["device"] = "mobile" if row["country"] == "BR" else None
    scene.load()
    run()
    return scene


def test_each_account_counts_in_the_country_where_it_acts_most(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS)
    scene.submits(ALICE, "p-abroad", day=8, second=0, country="FR")
    scene.load()
    run()
    found = _measure()
    (rate,) = found.of(DetectorKind.IMMEDIATE, GroupedBy.COUNTRY)
    assert (rate.name, rate.accounts, rate.flagged) == ("GB", 42, 2)
    assert (found.accounts, found.flagged) == (42, 2)
    assert found.of(DetectorKind.DELAYED, GroupedBy.COUNTRY)[0].flagged == 0


def test_the_group_that_is_flagged_stands_against_all_others(far_away: Scene) -> None:
    by_country = {rate.name: rate for rate in _measure().of(None, GroupedBy.COUNTRY)}
    assert (by_country["BR"].accounts, by_country["BR"].flagged) == (24, 24)
    assert (by_country["GB"].accounts, by_country["GB"].flagged) == (40, 0)
    assert by_country["BR"].exceeds
    assert not by_country["GB"].exceeds


def test_devices_and_courses_are_compared_too(far_away: Scene) -> None:
    found = _measure()
    assert {rate.name for rate in found.of(None, GroupedBy.DEVICE)} == {"mobile", ""}
    (course,) = found.of(None, GroupedBy.COURSE)
    assert (course.name, course.accounts, course.ratio) == (COURSE, 64, None)
    assert set(kinds_of_groups()) == set(GroupedBy)


def test_few_accounts_of_a_country_are_not_shown_by_its_name(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.submits(MALLORY, PROBLEMS[0], day=1, second=0, country="IS")
    scene.load()
    assert [rate.name for rate in _measure().of(None, GroupedBy.COUNTRY)] == ["GB", SMALL]


def test_another_institution_sees_nothing_of_it(far_away: Scene) -> None:
    found = _measure(institutions=frozenset({"bramble"}))
    assert (found.accounts, found.flagged) == (0, 0)
    assert found.of(None, GroupedBy.COUNTRY) == ()


def test_a_detector_that_exceeds_is_marked_on_the_cases_that_it_opened(far_away: Scene) -> None:
    open_cases(clock=CLOCK)
    assert Case.objects.filter(disparity__isnull=True).count() == 12
    marked = _mark(2.0)
    assert {(one.kind, one.by_what, one.name) for one in marked} >= {
        (DetectorKind.IMMEDIATE, GroupedBy.COUNTRY, "BR")
    }
    assert Case.objects.filter(disparity__isnull=False).count() == 12
    assert {one.kind for one in list_marked()} == {DetectorKind.IMMEDIATE}
    assert list_marked()[0].ratio.high == float("inf")


def test_a_case_that_is_opened_later_bears_the_mark_at_once(far_away: Scene) -> None:
    _mark(2.0)
    open_cases(clock=CLOCK)
    assert Case.objects.filter(disparity__isnull=False).count() == 12


def test_the_mark_goes_when_the_detector_no_longer_exceeds(far_away: Scene) -> None:
    _mark(2.0)
    open_cases(clock=CLOCK)
    assert _mark(90.0) == []
    assert list_marked() == []
    assert Case.objects.filter(disparity__isnull=False).count() == 0


@pytest.mark.django_db
def test_officers_of_one_institution_read_no_marks_of_courses() -> None:
    for by_what in (GroupedBy.COURSE, GroupedBy.COUNTRY):
        DisparityRow.objects.create(
            kind=DetectorKind.DELAYED, by_what=by_what, name="x", ratio=4.0, low=3.0, high=5.0,
            allowed=2.0, measured=NOW,
        )  # fmt: skip
    assert [one.by_what for one in list_marked()] == [GroupedBy.COUNTRY, GroupedBy.COURSE]
    hedge = list_marked(institutions=frozenset({"hedge"}))
    assert [one.by_what for one in hedge] == [GroupedBy.COUNTRY]


def test_the_report_reaches_back_twelve_months(far_away: Scene) -> None:
    later = measure_fairness(
        lake=default_lake(), institutions=None, allowed=2.0, by="test",
        now=datetime(2028, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    assert later.accounts == 0


def test_a_course_that_is_older_than_the_report_adds_to_no_other(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    for person in range(3):
        scene.submits(9000 + person, "p00", day=3, second=50 * person, course="small")
    for row in scene.rows:
        row["course"] = json.loads(row["detail"]).get("course", COURSE)
    scene.load()
    old = [a_finding(course="old", subjects=(9000 + n, 9020 + n)) for n in range(6)]
    keep(*old, course="old")
    rates = {rate.name: rate for rate in _measure().of(None, GroupedBy.COURSE)}
    assert {name: rate.flagged for name, rate in rates.items()} == {COURSE: 0, SMALL: 0}
    assert {rate.flagged for rate in _measure().of(None, GroupedBy.COUNTRY)} == {12}
