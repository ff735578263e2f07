"""The second person at somebody's account goes the same way, and works by themselves."""

import numpy as np
import pytest

from privet.simulate.acts import ACT, MICROS, Kind
from privet.simulate.randomness import Array, stream
from privet.simulate.second import work_oneself

ITEMS = 40
EASY, HARD = np.full(ITEMS, -6.0), np.full(ITEMS, 6.0)


def _visit(number: int, *, begins: float) -> Array:
    """A page, then each problem right at once after a minute, then another page."""
    acts = np.zeros(ITEMS + 2, ACT)
    acts["visit"] = number
    acts["kind"] = [Kind.PAGE_VIEW, *[Kind.PROBLEM_CHECK] * ITEMS, Kind.PAGE_LEAVE]
    acts["item"] = [0, *range(ITEMS), 0]
    acts["time"] = [(begins + 60 * place) * MICROS for place in range(ITEMS + 2)]
    acts["a"], acts["b"] = 1, 1
    return acts


OWNER = np.concatenate([_visit(7, begins=50_000), _visit(3, begins=1000)])


def _second(seed: int, difficulty: Array) -> Array:
    return work_oneself(stream(seed, "second"), OWNER, difficulty=difficulty)


def _checks(acts: Array) -> Array:
    return acts[acts["kind"] == Kind.PROBLEM_CHECK]


@pytest.mark.parametrize("seed", range(5))
def test_visits_begin_when_they_did_and_their_acts_come_one_after_the_other(seed: int) -> None:
    found = _second(seed, EASY)
    for visit, begins in ((3, 1000), (7, 50_000)):
        times = found["time"][found["visit"] == visit]
        assert times[0] == begins * MICROS
        assert np.all(np.diff(times) >= 0)


def test_pages_follow_the_work_as_they_did() -> None:
    found = _second(1, EASY)
    for visit in (3, 7):
        acts = found[found["visit"] == visit]
        assert acts["kind"][0] == Kind.PAGE_VIEW
        assert acts["kind"][-1] == Kind.PAGE_LEAVE
        assert acts["time"][-1] - acts["time"][-2] == pytest.approx(60 * MICROS, abs=MICROS)


def test_most_problems_are_tried_and_none_that_the_owner_left() -> None:
    tried = [len(np.unique(_checks(_second(seed, EASY))["item"])) for seed in range(20)]
    assert np.mean(tried) > 0.9 * ITEMS
    assert max(tried) <= ITEMS


def test_what_is_easy_is_right_at_once_and_what_is_hard_stays_unsolved() -> None:
    easy, hard = (
        np.concatenate([_checks(_second(seed, level)) for seed in range(20)])
        for level in (EASY, HARD)
    )
    assert np.mean(easy["b"][easy["a"] == 1]) > 0.95
    assert np.mean(hard["b"][hard["a"] == 1]) < 0.2


def test_attempts_are_counted_and_nothing_is_tried_once_it_is_right() -> None:
    checks = _checks(_second(2, np.zeros(ITEMS)))
    assert checks["a"].max() > 1
    for visit in (3, 7):
        for item in range(ITEMS):
            tries = checks[(checks["visit"] == visit) & (checks["item"] == item)]
            assert tries["a"].tolist() == list(range(1, len(tries) + 1))
            assert not np.any(tries["b"][:-1])


def test_each_person_has_a_pace_and_no_two_gaps_are_alike() -> None:
    medians = []
    for seed in range(60):
        times = _checks(_second(seed, EASY))
        gaps = np.diff(times["time"][times["visit"] == 3]) / MICROS
        assert len(np.unique(gaps)) == len(gaps)
        medians.append(np.median(gaps))
    assert np.median(medians) == pytest.approx(75, rel=0.2)
    assert np.std(np.log(medians)) > 0.25


def test_who_has_visits_without_work_has_the_same() -> None:
    pages = OWNER[OWNER["kind"] != Kind.PROBLEM_CHECK]
    found = work_oneself(stream(1, "second"), pages, difficulty=EASY)
    assert found.tolist() == pages[np.lexsort((pages["time"], pages["visit"]))].tolist()
