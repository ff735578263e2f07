"""Shared accounts: two people at one unit, each at a pace of their own."""

from typing import Any

import pytest

from tests.integrity.scene import ALICE, Scene, findings, run

THERE: dict[str, Any] = {"address": 99}
"""Another network, with a device of the same kind and of the same operator."""
DAYS = (2, 4)


def _find(scene: Scene) -> list[str]:
    scene.load()
    run()
    return [str(one.kind) for one in findings()]


def _both(scene: Scene, *, day: int, problems: int, here: float, there: float) -> None:
    """Two people begin together and do the same problems, in so many seconds each."""
    for number in range(problems):
        problem = f"p{day}-{number}"
        scene.submits(ALICE, problem, day=day, second=here * (number + 1))
        scene.submits(ALICE, problem, day=day, second=there * (number + 1) + 70, **THERE)


@pytest.mark.parametrize(("problems", "found"), [(6, ["sharing_concurrency"]), (4, [])])
def test_three_problems_of_an_evening_go_one_way_though_others_go_the_other(
    scene: Scene, problems: int, found: list[str]
) -> None:
    for day in DAYS:
        for number in range(problems):
            problem, second = f"p{day}-{number}", 240.0 * number
            is_first = number % 2 == 0
            scene.submits(ALICE, problem, day=day, second=second + (0 if is_first else 100))
            scene.submits(
                ALICE, problem, day=day, second=second + (100 if is_first else 0), **THERE
            )
    assert _find(scene) == found


def test_the_one_who_is_slow_falls_behind_by_more_than_an_hour(scene: Scene) -> None:
    for day in DAYS:
        _both(scene, day=day, problems=12, here=300.0, there=800.0)
    assert _find(scene) == ["sharing_concurrency"]


def test_what_one_of_them_gives_up_and_the_other_solves_is_not_held_against_it(
    scene: Scene,
) -> None:
    for day in DAYS:
        _both(scene, day=day, problems=6, here=200.0, there=200.0)
        for number in range(4):
            problem, second = f"hard{day}-{number}", 1300.0 + 100 * number
            scene.submits(ALICE, problem, day=day, second=second, right=False, **THERE)
            scene.submits(ALICE, problem, day=day, second=second + 50)
    assert _find(scene) == ["sharing_concurrency"]


def test_begun_on_one_device_and_solved_on_the_other_is_one_persons_work(scene: Scene) -> None:
    for day in DAYS:
        for number in range(10):
            problem, second = f"p{day}-{number}", 200.0 * number
            first, then = (THERE, {}) if number % 2 else ({}, THERE)
            scene.submits(ALICE, problem, day=day, second=second, right=False, **first)
            scene.submits(ALICE, problem, day=day, second=second + 80, **then)
    assert _find(scene) == []
