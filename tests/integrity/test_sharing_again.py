"""Shared accounts: work that is done again in another country, and whoever goes over theirs."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.integrity.scene import ALICE, Scene, findings, run

THERE: dict[str, Any] = {"address": 99, "country": "JP"}
"""Another country; by default with a device of the same kind, by a line of the same operator."""


def _work(
    scene: Scene,
    *,
    days: Sequence[int] = (2, 4),
    problems: int = 4,
    again: int = 4,
    pace: float = 120.0,
    later: float = 3600.0,
    wrong: int = 0,
    **there: Any,
) -> None:
    """Alice solves some problems, two minutes each; some of them are done again from elsewhere,
    and the first of those are wrong there."""
    for day in days:
        for number in range(problems):
            scene.submits(ALICE, f"p{day}-{number}", day=day, second=120.0 * number)
        for number in range(again):
            second = later + pace * number
            scene.submits(ALICE, f"p{day}-{number}", day=day, second=second, attempts=2,
                          right=number >= wrong, **THERE | there)  # fmt: skip


def _find(scene: Scene) -> list[str]:
    scene.load()
    run()
    return [str(one.kind) for one in findings()]


@pytest.mark.parametrize(
    "there",
    [{}, {"kind": "vpn"}, {"kind": "mobile"}, {"browser": "Safari 18", "system": "macOS"}],
)
def test_work_done_anew_in_another_country_on_two_days_is_found_whatever_hides_it(
    scene: Scene, there: dict[str, Any]
) -> None:
    _work(scene, **there)
    assert _find(scene) == ["sharing_travel"]


def test_a_finding_names_the_problem_that_was_done_again_soonest(scene: Scene) -> None:
    _work(scene)
    _find(scene)
    (found,) = findings()
    assert [item.problem for item in found.items] == ["p2-0", "p4-0"]
    assert {item.dt_seconds for item in found.items} == {3600.0}


def _confidence(scene: Scene) -> float:
    _find(scene)
    (found,) = findings()
    return found.confidence


def test_work_done_anew_by_a_line_at_home_carries_as_far_as_two_days_do(scene: Scene) -> None:
    _work(scene)
    assert _confidence(scene) == pytest.approx(0.5, abs=0.02)


def test_an_anonymiser_lowers_the_confidence(scene: Scene) -> None:
    _work(scene, kind="vpn")
    assert _confidence(scene) == pytest.approx(0.35, abs=0.02)


@pytest.mark.parametrize(
    "how",
    [
        {"days": (2,)},
        {"again": 2},
        {"problems": 1, "again": 1, "days": (2, 4, 6)},
        {"pace": 60.0},
        {"later": 40_000.0},
        {"later": 90_000.0},
        {"country": "FR", "later": 7200.0},
        {"country": "GB"},
        {"country": ""},
        {"country": "XX"},
        {"days": (2, 40)},
    ],
)
def test_whoever_goes_over_their_own_work_is_no_second_user(
    scene: Scene, how: dict[str, Any]
) -> None:
    _work(scene, **how)
    assert _find(scene) == []


def test_work_done_anew_in_a_country_nearby_is_found_after_a_third_day(scene: Scene) -> None:
    _work(scene, days=(2, 4, 6), country="FR", later=7200.0)
    assert _find(scene) == ["sharing_travel"]


@pytest.mark.parametrize("how", [{"again": 2, "problems": 2}, {"country": "GB"}, {"country": "XX"}])
def test_three_days_of_two_problems_or_without_another_country_are_not_enough(
    scene: Scene, how: dict[str, Any]
) -> None:
    _work(scene, days=(2, 4, 6), **{"country": "FR", "later": 7200.0} | how)
    assert _find(scene) == []


def test_two_slow_evenings_among_quick_ones_are_of_one_who_revises(scene: Scene) -> None:
    _work(scene, days=(2, 4))
    _work(scene, days=(6, 8, 10), pace=60.0)
    assert _find(scene) == []


def test_what_is_sent_in_one_go_says_nothing(scene: Scene) -> None:
    _work(scene, pace=1.0)
    assert _find(scene) == []


@pytest.mark.parametrize(("wrong", "found"), [(2, ["sharing_travel"]), (1, [])])
def test_whoever_is_quick_but_often_wrong_at_first_has_not_seen_it_before(
    scene: Scene, wrong: int, found: list[str]
) -> None:
    _work(scene, days=(2, 4), pace=70.0, wrong=wrong)
    assert _find(scene) == found


def test_most_of_it_on_two_evenings_and_some_of_it_on_others_is_of_one_who_revises(
    scene: Scene,
) -> None:
    _work(scene, days=(2, 4))
    _work(scene, days=(6, 8), again=2)
    assert _find(scene) == []
