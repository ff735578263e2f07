"""A night of a large course: new pairs of a fortnight, and the whole of it once a week."""

from datetime import date
from typing import Any

import pytest

from privet.events.lake import default_lake
from privet.integrity import copying, pipeline
from privet.integrity.candidates import Course
from privet.integrity.copying import ask_pairs, find_copying
from privet.integrity.pipeline import is_weekly_due
from privet.integrity.preset import USUAL_THRESHOLDS
from privet.integrity.reading import Reader
from privet.integrity.rules import Pair
from tests.integrity.scene import (
    ALICE,
    BOB,
    CAROL,
    COURSE,
    MALLORY,
    PROBLEMS,
    Scene,
    day_of,
    findings,
    run,
)

TUESDAY, THURSDAY, FRIDAY = 8, 10, 11
"""Days after the scene's first week, which ends on a Monday; on Fridays this course is gone over
as a whole."""
LATER = [f"q{number}" for number in range(6)]


@pytest.fixture
def large(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A large course with a pair that copied in its first week, which was looked at."""
    monkeypatch.setattr(pipeline, "LARGE_COURSE", 0)
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS)
    scene.load()
    run()
    assert [one.subjects for one in findings()] == [(MALLORY, ALICE)]
    return scene


def _others_work_on(scene: Scene, day: int) -> None:
    for person in range(30):
        for number, problem in enumerate(LATER):
            scene.submits(9000 + person, problem, day=day, second=150.0 * person + 7 * number,
                          address=5000 + person)  # fmt: skip


def _copies_on(scene: Scene, day: int, harvester: int, master: int, *, second: float) -> None:
    for number, problem in enumerate(LATER):
        at = second + 90 * number
        scene.shows(harvester, problem, day=day, second=at, address=92)
        scene.submits(master, problem, day=day, second=at + 15, address=92)


def test_a_night_finds_a_new_pair_and_leaves_what_stands(large: Scene) -> None:
    (before,) = findings()
    _others_work_on(large, TUESDAY)
    _copies_on(large, TUESDAY, BOB, CAROL, second=6_000)
    _copies_on(large, TUESDAY, MALLORY, ALICE, second=20_000)
    large.load()
    assert run().fell == 0
    by_master = {one.subjects[-1]: one for one in findings()}
    assert by_master == {ALICE: before, CAROL: by_master[CAROL]}
    assert by_master[CAROL].x == len(LATER)


def test_once_a_week_a_large_course_is_gone_over_as_a_whole(large: Scene) -> None:
    _copies_on(large, TUESDAY, MALLORY, ALICE, second=20_000)
    large.load()
    assert run().days == 1
    assert [one.x for one in findings()] == [len(PROBLEMS)]
    large.submits(9001, "last", day=FRIDAY, second=60.0)
    large.load()
    run()
    assert [one.x for one in findings()] == [len(PROBLEMS) + len(LATER)]


def test_what_is_found_at_night_is_judged_by_all_that_both_did(scene: Scene) -> None:
    for number, problem in enumerate(PROBLEMS):
        scene.submits(BOB, problem, day=number % 7, second=100.0 * number, address=92)
        scene.submits(CAROL, problem, day=number % 7, second=30_000.0 + number, address=92)
    _copies_on(scene, 30, BOB, CAROL, second=6_000)
    _others_work_on(scene, 30)
    scene.load()
    reader = Reader(by="test", lake=default_lake(), start=day_of(0), end=day_of(30))
    (asked,) = [
        one.pair
        for one in ask_pairs(reader, _course(since=day_of(30), sought_from=day_of(16)),
                             USUAL_THRESHOLDS)
        if one.pair.harvester == BOB and one.pair.master == CAROL
    ]  # fmt: skip
    assert asked.harvester_touched == len(PROBLEMS) + len(LATER)
    night = _course(since=day_of(30), sought_from=day_of(16))
    assert find_copying(reader, night, USUAL_THRESHOLDS).findings == ()


@pytest.mark.parametrize(
    ("looked_at", "new", "is_due"),
    [
        (7, [TUESDAY], False),
        (TUESDAY, [TUESDAY + 1, THURSDAY], False),
        (THURSDAY, [FRIDAY], True),
        (THURSDAY, [FRIDAY + 1], True),
        (FRIDAY, [FRIDAY + 1, FRIDAY + 6], False),
        (FRIDAY, [FRIDAY + 60], True),
        (FRIDAY, [3, FRIDAY + 1], True),
    ],
)
def test_a_course_has_its_weekday_and_late_days_count(
    looked_at: int, new: list[int], is_due: bool
) -> None:
    assert is_weekly_due(COURSE, day_of(looked_at), [day_of(one) for one in new]) is is_due


def test_courses_are_spread_over_the_week() -> None:
    days = [day_of(number) for number in range(7)]
    seen = {
        next(day for day in days if is_weekly_due(f"course-{number}", day_of(-1), _until(day)))
        for number in range(60)
    }
    assert seen == set(days)


def test_a_part_of_a_crowd_never_says_that_something_cannot_be_chance(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.crowd(PROBLEMS)
    scene.copies(PROBLEMS)
    scene.load()
    whole = _pair()
    monkeypatch.setattr(copying, "_crowd_of", lambda *_: 9010)
    part = _pair()
    assert (part.n, part.x, part.harvester_got) == (whole.n, whole.x, whole.harvester_got)
    assert part.fast_expected > 0 < whole.fast_expected
    monkeypatch.setattr(copying, "_crowd_of", lambda *_: 1)
    nobody = _pair()
    assert nobody.x == whole.x
    assert nobody.fast_expected == nobody.fast_days
    assert nobody.log_first > part.log_first


def test_a_course_of_usual_size_is_its_own_crowd(scene: Scene) -> None:
    scene.crowd(PROBLEMS)
    scene.load()
    reader = Reader(by="test", lake=default_lake(), start=day_of(0), end=day_of(20))
    assert copying._crowd_of(reader, _course()) == 2**63 - 1


def _until(day: date) -> list[date]:
    return [one for one in (day_of(number) for number in range(7)) if one <= day]


def _course(**more: Any) -> Course:
    return Course(key=COURSE, institution="hedge", **{"since": day_of(0)} | more)


def _pair() -> Pair:
    reader = Reader(by="test", lake=default_lake(), start=day_of(0), end=day_of(20))
    asked = ask_pairs(reader, _course(), USUAL_THRESHOLDS)
    (pair,) = [one.pair for one in asked if one.pair.master == ALICE]
    return pair
