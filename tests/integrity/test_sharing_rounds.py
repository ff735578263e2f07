"""Shared accounts: what one evening can tell."""

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


def test_a_telling_day_counts_twice() -> None:
    sight = _crossing("p", at=0, went_on=60)
    days = {"subject": ALICE, "sights": (sight,), "active_days": 1}
    assert Days(**days).occasions == 1
    assert Days(**days, telling={date(2026, 1, 1): (sight, sight)}).occasions == 2


def _again_later(
    scene: Scene, *, day: int, problems: int, pace: float = 90.0, home: int = HOME, **there: Any
) -> None:
    """An evening's problems, 90 s each, are done again from there an hour after the last one."""
    ends = 90.0 * problems
    for number in range(problems):
        scene.submits(ALICE, f"p{day}-{number}", day=day, second=90.0 * number, address=home)
    for number in range(problems):
        scene.submits(ALICE, f"p{day}-{number}", day=day, second=ends + 3600 + pace * number,
                      attempts=2, **THERE | there)  # fmt: skip


class TestFullEvenings:
    """So much done in both places on one evening that it counts like two."""

    @pytest.mark.parametrize(("problems", "found"), [(16, ["sharing_concurrency"]), (15, [])])
    def test_work_that_crosses_without_two_kinds_of_device(
        self, scene: Scene, problems: int, found: list[str]
    ) -> None:
        _at_home(scene)
        _cross(scene, problems=problems, browser="Firefox 128", system="Linux")
        assert _find(scene) == found

    def test_work_done_anew_in_a_country_out_of_reach_is_found(self, scene: Scene) -> None:
        _at_home(scene)
        _again_later(scene, day=2, problems=10, country="JP")
        assert _find(scene) == ["sharing_travel"]

    @pytest.mark.parametrize(
        ("problems", "pace", "country", "home"),
        [(9, 90.0, "JP", HOME), (10, 80.0, "JP", HOME), (10, 90.0, "FR", HOME),
         (10, 90.0, "JP", 98)],
        ids=["less", "quicker", "within reach", "two strange places"],
    )  # fmt: skip
    def test_what_is_not_found_on_one_evening(
        self, scene: Scene, problems: int, pace: float, country: str, home: int
    ) -> None:
        _at_home(scene)
        _again_later(scene, day=2, problems=problems, pace=pace, home=home, country=country)
        assert _find(scene) == []

    @pytest.mark.parametrize(("problems", "found"), [(10, ["sharing_travel"]), (9, [])])
    def test_within_reach_two_full_evenings_are_enough(
        self, scene: Scene, problems: int, found: list[str]
    ) -> None:
        _at_home(scene)
        for day in (2, 4):
            _again_later(scene, day=day, problems=problems, country="FR")
        assert _find(scene) == found


SIX_HOURS = 6 * 3600.0


class TestMidnight:
    """Scenes begin at 18:00 UTC; an evening in America goes on past it."""

    def test_one_evening_past_midnight_is_one(self, scene: Scene) -> None:
        _at_home(scene, days=(0, 2, 3))
        _cross(scene, day=2, problems=8, begins=SIX_HOURS - 480,
               browser="Firefox 128", system="Linux")  # fmt: skip
        assert _find(scene) == []

    def test_what_crossed_on_it_is_not_halved(self, scene: Scene) -> None:
        _at_home(scene)
        for day in (2, 4):
            _cross(scene, day=day, problems=4, begins=SIX_HOURS - 240)
        assert _find(scene) == ["sharing_concurrency"]
        (found,) = findings()
        assert {item.submitted.date() for item in found.items} == {day_of(2), day_of(4)}
