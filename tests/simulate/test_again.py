"""People who do once more, elsewhere, what they did, and are one person."""

import csv
from pathlib import Path

import numpy as np
import pytest

from privet.simulate.acts import MICROS, Kind
from privet.simulate.company import is_near
from privet.simulate.devices import MOBILE
from privet.simulate.parameters import AGAIN
from privet.simulate.plots import REPEATERS, Tie
from privet.simulate.population import Effort
from privet.simulate.randomness import Array
from privet.simulate.truth import write_truth
from tests.simulate.town import Town, make_town

HOUR = 3600 * MICROS


@pytest.fixture(scope="module")
def village() -> Town:
    return make_town(learners=6000, seed=23, days=70, courses=3, stories=4)


def _of(village: Town, tie: Tie) -> list[tuple[int, int, int]]:
    """The learner, the other address and the place in the plots of each of a kind."""
    people = village.world.people
    return [
        (one.members[0], int(people.away[place]), place)
        for place, one in enumerate(people.plots.companies)
        if one.tie is tie
    ]


def _checks(village: Town, who: int) -> Array:
    acts = village.of_learner(who, Kind.PROBLEM_CHECK)
    acts = acts[acts["course"] == _course_of(village, who)]
    return acts[np.argsort(acts["time"], kind="stable")]


def _course_of(village: Town, who: int) -> int:
    companies = village.world.people.plots.companies
    return next(one.course for one in companies if one.members[0] == who)


def _again(checks: Array, away: int) -> list[tuple[int, int, bool]]:
    """Of what was solved before and is answered again elsewhere: seconds since, day and outcome."""
    found = []
    for act in checks[checks["address"] == away]:
        before = checks[(checks["item"] == act["item"]) & (checks["time"] < act["time"])]
        before = before[(before["b"] == 1) & (before["address"] != away)]
        if len(before):
            seconds = int(act["time"] - before["time"].min()) // MICROS
            found.append((seconds, int(act["time"]) // (24 * HOUR), bool(act["b"])))
    return found


@pytest.mark.parametrize("tie", REPEATERS)
def test_there_are_as_many_as_was_wished_and_most_do_it_on_some_day(
    village: Town, tie: Tie
) -> None:
    people = _of(village, tie)
    assert len(people) == round(4 * AGAIN.retriers * 6000)
    does = [bool(_again(_checks(village, who), away)) for who, away, _ in people]
    assert sum(does) > 0.4 * len(people)


def test_they_take_several_courses_so_that_nobody_else_is_changed_by_them(village: Town) -> None:
    enrolments = village.world.people.enrolments
    takes = np.bincount(enrolments.learner)
    for tie in REPEATERS:
        for who, _, place in _of(village, tie):
            course = village.world.people.plots.companies[place].course
            here = (enrolments.learner == who) & (enrolments.course == course)
            assert takes[who] > 1
            assert enrolments.effort[here].tolist() != [Effort.LURKER]


def test_a_reviser_on_a_trip_needs_the_time_that_the_way_takes_in_all_courses(
    village: Town,
) -> None:
    moved = 0
    for who, abroad, place in _of(village, Tie.TRIP_REVISER):
        acts = village.of_learner(who, Kind.PROBLEM_CHECK, Kind.SHOWANSWER, Kind.LOGIN)
        acts = acts[np.argsort(acts["time"], kind="stable")]
        moves = np.flatnonzero(np.diff((acts["address"] == abroad).astype(int)))
        way = AGAIN.way_hours_near if is_near(place) else AGAIN.way_hours_far
        moved += len(moves)
        assert np.all(np.diff(acts["time"])[moves] >= way * HOUR)
    assert moved > 50


def test_whoever_revises_knows_most_and_forgets_some(village: Town) -> None:
    outcomes = [
        outcome
        for tie in (Tie.TRIP_REVISER, Tie.VPN_REVISER)
        for who, away, _ in _of(village, tie)
        for *_, outcome in _again(_checks(village, who), away)
    ]
    assert 0.75 < np.mean(outcomes) < 0.97


def test_with_a_vpn_work_is_gone_over_the_same_evening_and_days_later(village: Town) -> None:
    seconds = [
        since
        for who, away, _ in _of(village, Tie.VPN_REVISER)
        for since, *_ in _again(_checks(village, who), away)
    ]
    assert 0.1 < np.mean(np.array(seconds) < 5 * 3600) < 0.7
    assert np.mean(np.array(seconds) > 24 * 3600) > 0.3


def test_exits_are_in_lists_in_none_or_keep_the_country(village: Town) -> None:
    facts, at = village.book.facts, village.book.facts_at()
    seen = {
        (
            facts[at[away]].kind.value,
            facts[at[away]].country == facts[at[_home(village, who)]].country,
        )
        for who, away, _ in _of(village, Tie.VPN_REVISER)
    }
    assert {("hosting", False), ("residential", False), ("hosting", True)} <= seen


def _home(village: Town, who: int) -> int:
    return int(village.world.people.home[who])


def test_what_a_phone_sends_late_comes_at_once_or_one_by_one_within_minutes_or_the_next_day(
    village: Town,
) -> None:
    late = [
        since
        for who, away, _ in _of(village, Tie.LATE_SENDER)
        for since, *_ in _again(_checks(village, who), away)
    ]
    assert np.mean(np.array(late) < 1800) > 0.3
    assert np.mean(np.array(late) > 6 * 3600) > 0.02


def test_what_is_tried_once_more_on_the_phone_is_as_often_wrong_as_was_assumed(
    village: Town,
) -> None:
    tries = [
        one
        for who, away, _ in _of(village, Tie.RETRIER)
        for one in _again(_checks(village, who), away)
    ]
    assert np.mean([outcome for *_, outcome in tries]) == pytest.approx(AGAIN.right_again, abs=0.1)
    soon = np.mean([since < 1800 for since, *_ in tries])
    assert soon == pytest.approx(AGAIN.within_minutes, abs=0.1)


@pytest.mark.parametrize("tie", [Tie.LATE_SENDER, Tie.RETRIER])
def test_the_other_place_is_a_phone(village: Town, tie: Tie) -> None:
    for who, away, _ in _of(village, tie):
        acts = village.of_learner(who)
        assert np.all(MOBILE[acts["device"][acts["address"] == away]])


def test_the_truth_tells_who_did_it_and_on_how_many_days(village: Town, tmp_path: Path) -> None:
    write_truth(village.world, village.book, tmp_path)
    with (tmp_path / "again.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["tie"] for row in rows} == {tie.value for tie in REPEATERS}
    assert all(int(row["days"]) > 0 for row in rows)
    assert len(rows) > 0.5 * 4 * round(4 * AGAIN.retriers * 6000)
