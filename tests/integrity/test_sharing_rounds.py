"""Shared accounts: what one evening can tell, and what two places at the same time cannot."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from privet.integrity.findings import DetectorKind
from privet.integrity.sharing import Days
from privet.integrity.sharing_sights import Sight, find_rounds
from tests.integrity.scene import ALICE, HOME, Scene, day_of, findings, run

THERE = {"address": 99, "asn": 2, "browser": "Safari 18", "system": "macOS"}
"""Another line with a device of another kind."""
EVENING = 2


def _cross(
    scene: Scene,
    *,
    day: int = EVENING,
    problems: int = 5,
    again: Sequence[float] | None = None,
    here: int = HOME,
    begins: float = 0.0,
    **there: Any,
) -> None:
    """Alice solves a problem every two minutes; each is answered again elsewhere, 90 s later or
    at the seconds that are told."""
    for number in range(problems + 1):
        second = begins + 120.0 * number
        scene.submits(ALICE, f"p{day}-{number}", day=day, second=second, address=here)
    for number in range(problems):
        second = again[number] if again else begins + 120.0 * number + 90
        scene.submits(ALICE, f"p{day}-{number}", day=day, second=second, attempts=2,
                      **THERE | there)  # fmt: skip


def _at_home(scene: Scene, *, days: Sequence[int] = (0, 1)) -> None:
    for day in days:
        scene.submits(ALICE, f"h{day}", day=day, second=0)


def _find(scene: Scene) -> list[str]:
    scene.load()
    run()
    return [str(one.kind) for one in findings()]


def test_one_evening_on_which_two_are_at_work_by_turns_is_found(scene: Scene) -> None:
    _at_home(scene)
    _cross(scene)
    assert _find(scene) == ["sharing_concurrency"]


def test_a_finding_of_one_evening_shows_each_problem_that_crossed(scene: Scene) -> None:
    _at_home(scene)
    _cross(scene)
    _find(scene)
    (found,) = findings()
    assert (found.n, found.x) == (3, 1)
    assert [item.problem for item in found.items] == [f"p2-{number}" for number in range(5)]
    assert {item.submitted.date() for item in found.items} == {day_of(EVENING)}
    assert {item.dt_seconds for item in found.items} == {90.0}


def test_a_finding_of_one_evening_carries_less_far_than_one_of_two(scene: Scene) -> None:
    _at_home(scene)
    _cross(scene)
    _find(scene)
    (one,) = findings()
    scene.rows = []
    _cross(scene, day=4)
    _find(scene)
    (two,) = findings()
    assert (one.x, two.x) == (1, 2)
    assert len(two.items) == 2
    assert one.confidence < two.confidence
    assert one.p > two.p


@pytest.mark.parametrize(
    "there",
    [
        {"browser": "Firefox 128", "system": "Linux"},
        {"browser": "Firefox 129", "system": "Linux"},
        {"browser": None, "system": None},
    ],
)
def test_one_evening_tells_nothing_without_two_kinds_of_device(
    scene: Scene, there: dict[str, Any]
) -> None:
    _at_home(scene)
    _cross(scene, **there)
    assert _find(scene) == []


def test_one_problem_that_crosses_on_one_evening_is_not_enough(scene: Scene) -> None:
    _at_home(scene)
    _cross(scene, problems=1)
    assert _find(scene) == []


def test_four_problems_that_cross_on_one_evening_are_not_enough_by_themselves(scene: Scene) -> None:
    _at_home(scene)
    _cross(scene, problems=4)
    assert _find(scene) == []


def test_two_things_tried_once_more_on_each_of_many_days_are_no_second_user(scene: Scene) -> None:
    _at_home(scene)
    for day in (2, 4, 6, 8):
        _cross(scene, day=day, problems=2)
    assert _find(scene) == []


def test_three_problems_done_in_both_places_on_two_days_are_found(scene: Scene) -> None:
    _at_home(scene)
    for day in (2, 4):
        _cross(scene, day=day, problems=3)
    assert _find(scene) == ["sharing_concurrency"]


def test_half_of_the_work_done_in_both_places_is_sent_late_or_tried_once_more(
    scene: Scene,
) -> None:
    _at_home(scene)
    for day in (2, 4):
        _cross(scene, day=day, problems=3)
        for number in range(3):
            scene.submits(ALICE, f"only{day}-{number}", day=day, second=10.0 + 10 * number)
    assert _find(scene) == []


def test_what_else_is_solved_in_the_second_place_counts_too(scene: Scene) -> None:
    _at_home(scene)
    for day in (2, 4):
        _cross(scene, day=day, problems=3)
        for number in range(3):
            scene.submits(ALICE, f"only{day}-{number}", day=day, second=10.0 + 10 * number, **THERE)
    assert _find(scene) == []


def test_answers_that_waited_and_are_handed_in_together_are_one_moment(scene: Scene) -> None:
    _at_home(scene)
    _cross(scene, again=[630, 632, 634, 636, 638])
    assert _find(scene) == []


def test_in_turn_with_a_strange_place_from_a_place_that_is_strange_too_is_a_trip(
    scene: Scene,
) -> None:
    _at_home(scene)
    _cross(scene, here=98)
    assert _find(scene) == []


def test_going_over_it_on_another_device_afterwards_is_no_second_user(scene: Scene) -> None:
    _at_home(scene)
    for day in (2, 4, 6):
        _cross(scene, day=day, again=[1500, 1560, 1620, 1680, 1740])
    assert _find(scene) == []


def _side_by_side(scene: Scene, *, days: Sequence[int]) -> None:
    """Different problems on two lines and two devices at the same time."""
    for day in days:
        for number in range(5):
            second = 120.0 * number
            scene.submits(ALICE, f"a{day}-{number}", day=day, second=second)
            scene.submits(ALICE, f"b{day}-{number}", day=day, second=second + 30, **THERE)


def test_two_places_at_the_same_time_on_two_days_may_be_two_devices_of_one(scene: Scene) -> None:
    _at_home(scene, days=range(15))
    _side_by_side(scene, days=(16, 18))
    assert _find(scene) == []


def test_two_places_at_the_same_time_say_more_beside_work_that_crossed(scene: Scene) -> None:
    _at_home(scene, days=range(15))
    _side_by_side(scene, days=(16,))
    _cross(scene, day=18, problems=3)
    assert _find(scene) == ["sharing_concurrency"]


def test_rounds_count_beside_an_overlap_of_the_same_day(scene: Scene) -> None:
    _at_home(scene, days=range(15))
    _side_by_side(scene, days=(16,))
    scene.submits(ALICE, "more", day=17, second=0, **THERE)
    _cross(scene, day=16, begins=7200, address=97, asn=3)
    assert _find(scene) == ["sharing_concurrency"]


def _crossing(problem: str, *, at: int, went_on: int) -> Sight:
    start = datetime(2026, 1, 1, 20, tzinfo=UTC)
    row = {
        "problem": problem, "first_time": start + timedelta(seconds=at), "is_other_device": 1,
        "went_on": start + timedelta(seconds=went_on), "day": date(2026, 1, 1),
    }  # fmt: skip
    return Sight(kind=DetectorKind.SHARING_CONCURRENCY, row=row)


def test_the_same_problem_again_and_again_is_one_round() -> None:
    rounds = find_rounds([_crossing("p", at=0, went_on=60), _crossing("p", at=70, went_on=120)])
    assert len(rounds) == 1


def test_a_round_begins_once_the_first_place_has_gone_on() -> None:
    first, second = _crossing("p", at=0, went_on=60), _crossing("q", at=59, went_on=120)
    third = _crossing("r", at=60, went_on=150)
    assert find_rounds([third, second, first]) == (first, third)


def test_a_day_of_rounds_counts_twice() -> None:
    sight = _crossing("p", at=0, went_on=60)
    days = {"subject": ALICE, "sights": (sight,), "active_days": 1}
    assert Days(**days).occasions == 1
    assert Days(**days, rounds={date(2026, 1, 1): (sight, sight)}).occasions == 2
