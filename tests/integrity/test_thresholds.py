"""Moving thresholds: what is flagged, what chance would flag, and what chance settles on."""

from dataclasses import replace

import pytest

from privet.integrity.preset import USUAL_THRESHOLDS
from privet.integrity.thresholds import (
    BY_KEY,
    LEAST_DECADE,
    LOOSEST,
    MOVABLES,
    Point,
    count_decades,
    draw_curve,
    expect_by_chance,
    flag,
    keep_pairs,
    set_thresholds,
    suggest,
)
from tests.integrity.test_rules import QUICK

PAIR = replace(QUICK, harvester=11, master=12)
SLOWER = replace(PAIR, harvester=21, master=22, lag_p90=400.0)
P90 = BY_KEY["quick_p90_seconds"]


@pytest.mark.parametrize("movable", MOVABLES, ids=lambda movable: movable.key)
def test_the_usual_value_of_each_is_among_its_steps(movable: object) -> None:
    assert movable.usual in movable.steps  # type: ignore[attr-defined]


@pytest.mark.parametrize("movable", MOVABLES, ids=lambda movable: movable.key)
def test_steps_go_from_the_strict_to_the_loose_without_turning(movable: object) -> None:
    steps = list(movable.steps)  # type: ignore[attr-defined]
    assert steps in (sorted(steps), sorted(steps, reverse=True))


def test_nothing_moved_is_the_usual() -> None:
    assert set_thresholds({}) == USUAL_THRESHOLDS


def test_a_number_of_things_stays_whole() -> None:
    assert set_thresholds({"fewest_slow": 4.0}).fewest_slow == 4
    assert isinstance(set_thresholds({"fewest_slow": 4.0}).fewest_slow, int)


def test_only_pairs_that_some_setting_flags_are_kept_and_bear_no_pseudonym() -> None:
    study = replace(PAIR, harvester=31, master=32, x=5, fast_hits=5)
    kept = keep_pairs([study, SLOWER, PAIR])
    assert [(pair.harvester, pair.master) for pair in kept] == [(1, 2), (3, 4)]
    assert [pair.lag_p90 for pair in kept] == [400.0, 60.0]


def test_a_looser_threshold_flags_the_pair_that_was_too_slow() -> None:
    assert flag([PAIR, SLOWER], set_thresholds({})).masters == 1
    loose = flag([PAIR, SLOWER], set_thresholds({"quick_p90_seconds": 600}))
    assert loose.masters == 2
    assert sum(loose.by_kind.values()) == 2


def test_several_pairs_of_one_account_are_one_flagged_account() -> None:
    other = replace(PAIR, harvester=13)
    assert flag([PAIR, other], LOOSEST).masters == 1


def test_chance_is_the_mean_over_its_worlds() -> None:
    assert expect_by_chance([[PAIR], []], USUAL_THRESHOLDS) == 0.5


def test_the_curve_has_the_value_that_was_asked_beside_the_steps() -> None:
    points = draw_curve(P90, {"quick_p90_seconds": 450}, [PAIR, SLOWER], [[], []])
    assert [point.value for point in points] == [60, 120, 180, 300, 450, 600, 900]
    assert [point.masters for point in points] == [1, 1, 1, 1, 2, 2, 2]


def test_a_threshold_that_gets_looser_downwards_is_drawn_so() -> None:
    points = draw_curve(BY_KEY["least_direction"], {}, [PAIR], [[]])
    assert [point.value for point in points] == [1.0, 0.95, 0.9, 0.8, 0.7]


def _points(values: list[float], by_chance: list[float]) -> list[Point]:
    pairs = zip(values, by_chance, strict=True)
    return [Point(value=value, masters=20, by_chance=chance) for value, chance in pairs]


def test_without_anything_by_chance_the_usual_stands() -> None:
    assert suggest(P90, _points([60, 300, 900], [0, 0, 0])) == 300


def test_where_chance_flags_too_much_it_settles_on_something_stricter() -> None:
    assert suggest(P90, _points([60, 120, 300, 900], [0, 0, 2, 8])) == 120


def test_a_threshold_that_loosens_downwards_is_never_looser_than_usual_either() -> None:
    direction = BY_KEY["least_direction"]
    assert suggest(direction, _points([1.0, 0.9, 0.7], [0, 0, 0])) == 0.9


def test_if_even_the_strictest_flags_by_chance_it_is_the_strictest() -> None:
    assert suggest(P90, _points([60, 300], [5, 9])) == 60


def test_pairs_are_counted_by_the_power_of_ten_of_their_chance() -> None:
    plain = replace(PAIR, fast_days=0, slow_days=0, fast_hits=0, slow_hits=0, first_right=0)
    assert count_decades([PAIR, plain]) == {LEAST_DECADE: 1, -1: 1}
    sure = replace(PAIR, fast_expected=0.0, slow_expected=0.0)
    assert count_decades([sure]) == {LEAST_DECADE: 1}
