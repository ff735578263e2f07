"""Shared accounts: two places at the same time, and the own devices of one person."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.integrity.scene import ALICE, Scene, findings, run

THERE = {"address": 99, "asn": 2, "browser": "Safari 18", "system": "macOS"}
PHONE = THERE | {"system": "iOS", "device": "mobile"}
THREE = (16, 18, 20)
FIVE = (*THREE, 22, 24)


def _at_home(scene: Scene) -> None:
    """Long enough that it is known where Alice works."""
    for day in range(15):
        scene.submits(ALICE, f"h{day}", day=day, second=0)


def _side_by_side(scene: Scene, *, days: Sequence[int], **there: Any) -> None:
    """Different problems on two lines at the same time."""
    for day in days:
        for number in range(5):
            second = 120.0 * number
            scene.submits(ALICE, f"a{day}-{number}", day=day, second=second)
            scene.submits(ALICE, f"b{day}-{number}", day=day, second=second + 30, **there)


def _answer_again(scene: Scene, *, days: Sequence[int], problems: int = 1, **there: Any) -> None:
    """Of each of these evenings, so many problems are answered again there at once."""
    for day in days:
        for number in range(problems):
            second = 120.0 * number + 60
            scene.submits(ALICE, f"a{day}-{number}", day=day, second=second, attempts=2, **there)


def _find(scene: Scene) -> list[str]:
    scene.load()
    run()
    return [str(one.kind) for one in findings()]


def test_five_days_at_two_computers_in_two_places_at_once_are_found(scene: Scene) -> None:
    _at_home(scene)
    _side_by_side(scene, days=FIVE, **THERE)
    assert _find(scene) == ["sharing_concurrency"]


def test_four_such_days_may_be_two_computers_of_one(scene: Scene) -> None:
    _at_home(scene)
    _side_by_side(scene, days=FIVE[:4], **THERE)
    assert _find(scene) == []


@pytest.mark.parametrize(
    "there",
    [
        PHONE,
        THERE | {"kind": "mobile"},
        THERE | {"asn": 1},
        {"address": 99, "asn": 2},
    ],
    ids=["a phone", "a carrier", "one operator", "one device"],
)
def test_what_is_no_second_user_on_five_days_either(scene: Scene, there: dict[str, Any]) -> None:
    _at_home(scene)
    _side_by_side(scene, days=FIVE, **there)
    assert _find(scene) == []


@pytest.mark.parametrize("there", [THERE, PHONE], ids=["a computer", "a phone"])
def test_three_days_are_found_if_a_problem_of_each_was_done_in_both(
    scene: Scene, there: dict[str, Any]
) -> None:
    _at_home(scene)
    _side_by_side(scene, days=THREE, **there)
    _answer_again(scene, days=THREE, **there)
    assert _find(scene) == ["sharing_concurrency"]


def test_two_such_days_may_be_two_devices_of_one(scene: Scene) -> None:
    _at_home(scene)
    _side_by_side(scene, days=THREE[:2], **THERE)
    _answer_again(scene, days=THREE[:2], **THERE)
    assert _find(scene) == []


def test_a_problem_that_crossed_on_another_evening_says_nothing_of_this_one(scene: Scene) -> None:
    _at_home(scene)
    _side_by_side(scene, days=FIVE, **PHONE)
    _answer_again(scene, days=FIVE[:1], **PHONE)
    assert _find(scene) == []


def _cross(scene: Scene, *, day: int, problems: int, begins: float = 0.0, **there: Any) -> None:
    """Alice solves a problem every two minutes; all but the last are done again elsewhere."""
    for number in range(problems + 1):
        second = begins + 120.0 * number
        scene.submits(ALICE, f"p{day}-{number}", day=day, second=second)
        if number < problems:
            scene.submits(ALICE, f"p{day}-{number}", day=day, second=second + 90, attempts=2,
                          **there)  # fmt: skip


def test_two_places_at_the_same_time_say_more_beside_work_that_crossed(scene: Scene) -> None:
    _at_home(scene)
    for second, problem, right in ((0.0, "a", True), (120.0, "b", True), (240.0, "c", False)):
        scene.submits(ALICE, problem, day=16, second=second, right=right)
        scene.submits(ALICE, problem, day=16, second=second + 60, right=right, **THERE)
    _cross(scene, day=18, problems=3, **THERE)
    assert _find(scene) == ["sharing_concurrency"]


def test_rounds_count_beside_an_overlap_of_the_same_day(scene: Scene) -> None:
    _at_home(scene)
    _side_by_side(scene, days=(16,), **THERE)
    scene.submits(ALICE, "more", day=17, second=0, **THERE)
    _cross(scene, day=16, problems=5, begins=7200, **THERE | {"address": 97, "asn": 3})
    assert _find(scene) == ["sharing_concurrency"]
