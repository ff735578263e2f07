"""How people work: when they begin, how they solve, watch and go on."""

import numpy as np
import pytest

from privet.simulate.acts import ACT, DAY_MICROS, MICROS, PAGE_STEP, Kind
from privet.simulate.company import Together
from privet.simulate.content import Place
from privet.simulate.platform import make_platform
from privet.simulate.population import Effort
from privet.simulate.randomness import Array, stream
from privet.simulate.sheet import Sheet, number_acts, running_sum
from privet.simulate.solving import solve_problems
from privet.simulate.visits import plan_visits
from tests.simulate.town import Town

_COURSE = make_platform(courses=1, seed=1).courses[0]


def _solve(ability: float, *, visits: int = 4000) -> Array:
    """What so many visits to the first unit give, all of learners of one ability."""
    records = np.zeros(visits, ACT)
    records["unit"], records["learner"] = 1, np.arange(visits)
    sheet = Sheet(records)
    solve_problems(
        stream(3, "test"), sheet, _COURSE, begins=np.zeros(visits), tries=np.ones(visits),
        ability=np.full(visits, ability),
    )  # fmt: skip
    return number_acts(sheet.gather(), 1)


def test_the_gap_before_an_item_is_log_normal() -> None:
    acts = _solve(0.5)
    first = acts[(acts["item"] == 0) & (acts["a"] == 1)]["time"] / MICROS
    assert np.median(first) == pytest.approx(75, rel=0.08)
    assert np.std(np.log(first)) == pytest.approx(0.9, abs=0.06)


def test_nobody_tries_more_than_five_times() -> None:
    acts = _solve(-3.0)
    checks = acts[acts["kind"] == Kind.PROBLEM_CHECK]
    assert checks["a"].max() == 5
    assert not np.any(checks[checks["a"] < 5]["a"] == 0)


def test_who_is_able_solves_at_once_as_the_rasch_model_says() -> None:
    for ability in (-1.0, 0.0, 1.5):
        acts = _solve(ability)
        first = acts[(acts["kind"] == Kind.PROBLEM_CHECK) & (acts["a"] == 1) & (acts["item"] == 0)]
        expected = 1 / (1 + np.exp(-(ability - _COURSE.difficulty[0])))
        assert first["b"].mean() == pytest.approx(expected, abs=0.03)


def test_answers_are_opened_more_often_by_those_who_did_not_solve() -> None:
    acts = _solve(-0.5)
    checks = acts[acts["kind"] == Kind.PROBLEM_CHECK]
    tried = set(zip(checks["learner"].tolist(), checks["item"].tolist(), strict=True))
    right = checks[checks["b"] == 1]
    solved = set(zip(right["learner"].tolist(), right["item"].tolist(), strict=True))
    shown = acts[acts["kind"] == Kind.SHOWANSWER]
    opened = set(zip(shown["learner"].tolist(), shown["item"].tolist(), strict=True))
    assert len(opened & solved) / len(solved) == pytest.approx(0.08, abs=0.02)
    unsolved = tried - solved
    assert len(opened & unsolved) / len(unsolved) == pytest.approx(0.45, abs=0.03)


def test_a_weeks_work_starts_close_to_its_deadline_and_in_the_evening(town: Town) -> None:
    people, period = town.world.people, town.world.period
    nobody = Together(
        company=np.full(len(people), -1), leads=np.zeros(len(people), bool),
        starts=np.zeros((1, 64), np.int64), lag=np.zeros(1), is_at_random=np.zeros(1, bool),
    )  # fmt: skip
    members = np.flatnonzero(people.enrolments.effort == Effort.COMPLETER)
    visits, place, again = plan_visits(
        stream(1, "test"), course=town.world.platform.courses[0], number=0, block=0,
        people=people, members=members, period=period,
    )  # fmt: skip
    regular = (visits["unit"] > 0) & ~again & (nobody.company[visits["learner"]] < 0)
    learner = visits["learner"][regular]
    regular_time = visits["time"][regular] + people.hours_from_utc[learner] * 3600 * MICROS
    since_start = (regular_time - period.starts) / DAY_MICROS
    day = np.floor(since_start) % 7
    assert np.mean(day) == pytest.approx(4.2, abs=0.35)
    assert np.mean(day >= 3) > 0.75
    from_eight = (since_start % 1 * 24 - 20 + 12) % 24 - 12
    assert np.median(from_eight) == pytest.approx(0, abs=0.4)
    assert np.std(from_eight) == pytest.approx(3, abs=1.2)
    assert len(place) == len(visits)


def test_a_page_view_names_the_page_before_it(town: Town) -> None:
    views = town.of(Kind.PAGE_VIEW)
    views = views[np.lexsort((views["item"], views["visit"], views["course"]))]
    same = (views["visit"][1:] == views["visit"][:-1]) & (
        views["course"][1:] == views["course"][:-1]
    )
    follows = np.flatnonzero(same & (views["item"][1:] == views["item"][:-1] + 1))
    before = views["page"].astype(int) * PAGE_STEP + views["unit"]
    assert len(follows) > 10_000
    assert np.array_equal(views["a"][follows + 1].astype(int), before[follows])


def test_the_form_of_the_link_decides_how_many_open_a_unit(town: Town) -> None:
    seen = town.of(Kind.EXPERIMENT_SEEN)
    work = town.of(Kind.PAGE_VIEW)
    first = town.of(Kind.ENROLLED)
    only_looks = _visits(first)
    opened = _visits(work[work["unit"] > 0])
    for form, share in ((0, 0.25), (1, 0.55)):
        looks = _visits(seen[seen["item"] == form]) & only_looks
        assert len(looks & opened) / len(looks) == pytest.approx(share, abs=0.04)


def test_the_form_of_the_link_decides_which_way_is_taken(town: Town) -> None:
    seen = town.of(Kind.EXPERIMENT_SEEN)
    clicks = town.of(Kind.LINK_CLICK)
    by_link = _visits(clicks[clicks["item"] == Place.RESUME])
    by_outline = _visits(clicks[clicks["item"] == Place.OUTLINE])
    for form, share in ((0, 0.45), (1, 0.70)):
        shown = _visits(seen[seen["item"] == form])
        ways = len(shown & by_link), len(shown & by_outline)
        assert ways[0] / sum(ways) == pytest.approx(share, abs=0.04)


def _visits(acts: Array) -> set[tuple[int, int]]:
    """The visits of acts, each as its course and its number."""
    return set(zip(acts["course"].tolist(), acts["visit"].tolist(), strict=True))


def test_a_video_ends_where_it_was_left(town: Town) -> None:
    course = 0
    acts = town.acts[town.acts["course"] == course]
    lengths = np.array([video.seconds for video in town.world.platform.courses[course].videos])
    stops = acts[acts["kind"] == Kind.STOP_VIDEO]
    pauses = acts[acts["kind"] == Kind.PAUSE_VIDEO]
    assert np.allclose(stops["a"], lengths[stops["item"]])
    assert np.all(pauses["a"] <= lengths[pauses["item"]])
    assert np.all(acts[acts["kind"] == Kind.SEEK_VIDEO]["b"] >= 0)


def test_a_running_sum_begins_anew_with_each_group() -> None:
    values, group = np.array([1.0, 2.0, 3.0, 4.0]), np.array([0, 0, 1, 1])
    assert running_sum(values, group).tolist() == [0, 1, 0, 3]
    assert running_sum(values[:0], group[:0]).tolist() == []
