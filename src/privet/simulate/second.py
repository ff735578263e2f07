"""A second person at somebody's account: the same visits, but the work in them is their own."""

import numpy as np

from privet.simulate.acts import MICROS, Kind
from privet.simulate.parameters import BEHAVIOUR, CHEATING
from privet.simulate.randomness import Array, lognormal
from privet.simulate.sheet import ragged, running_sum
from privet.simulate.solving import RETRY_SECONDS, RETRY_SIGMA, attempt

_WORK = (Kind.PROBLEM_CHECK, Kind.SHOWANSWER)


def work_oneself(random: np.random.Generator, acts: Array, *, difficulty: Array) -> Array:
    """Visits as another person has them: ``acts`` of one account, in any order, of one course.

    Pages and films follow each other as before. Of the problems most are tried, by an ability and
    at a pace drawn for this person, so they take other times, other attempts, and stay unsolved
    where others were solved. ``difficulty`` is in logits, by item.
    """
    acts = acts[np.lexsort((acts["time"], acts["visit"]))]
    is_work = np.isin(acts["kind"], _WORK)
    tried = _first_tries(acts)
    tried = tried[random.random(len(tried)) < CHEATING.second_tries]
    ability = random.normal(0.3, 1.0) + 0.4
    last, is_solved = attempt(random, ability - difficulty[tried["item"]])
    checks, number = _repeat(tried, last, is_solved)
    chance = np.where(is_solved, BEHAVIOUR.shows_if_solved, BEHAVIOUR.shows_if_unsolved)
    some = np.flatnonzero(random.random(len(tried)) < chance)
    shows = tried[some]
    shows["kind"], shows["a"], shows["b"] = Kind.SHOWANSWER, 0, 0
    pace = float(lognormal(random, 1.0, CHEATING.second_pace_sigma, 1)[0])
    seconds = np.concatenate([
        _since_before(acts)[~is_work],
        pace * _think(random, number),
        pace * lognormal(random, 9.0, 0.7, len(shows)),
    ])  # fmt: skip
    place = np.concatenate(
        [np.zeros(len(acts) - np.count_nonzero(is_work)), number, last[some] + 1]
    )
    return _one_after_the_other(np.concatenate([acts[~is_work], checks, shows]), place, seconds)


def _first_tries(acts: Array) -> Array:
    """The first attempt at each item of each visit; by visit and time, as the acts are."""
    checks = acts[acts["kind"] == Kind.PROBLEM_CHECK]
    key = checks["visit"].astype(np.int64) << 16 | checks["item"]
    _, first = np.unique(key, return_index=True)
    found: Array = checks[np.sort(first)]
    return found


def _repeat(tried: Array, last: Array, is_solved: Array) -> tuple[Array, Array]:
    """All attempts, and the number of each."""
    owner, place = ragged(last)
    found = tried[owner]
    found["a"] = place + 1
    found["b"] = is_solved[owner] & (place + 1 == last[owner])
    return found, place + 1


def _think(random: np.random.Generator, number: Array) -> Array:
    """Seconds before an attempt, by its number."""
    first = lognormal(random, BEHAVIOUR.gap_seconds, BEHAVIOUR.gap_sigma, len(number))
    again = lognormal(random, RETRY_SECONDS, RETRY_SIGMA, len(number))
    return np.where(number == 1, first, again)


def _since_before(acts: Array) -> Array:
    """Seconds since the act before in the same visit; 0 for a visit's first."""
    found = np.diff(acts["time"], prepend=acts["time"][:1]) / MICROS
    is_first = np.diff(acts["visit"].astype(np.int64), prepend=-1) != 0
    return np.where(is_first, 0.0, found)


def _one_after_the_other(acts: Array, place: Array, seconds: Array) -> Array:
    """Acts in the order of their times, then of their place; each so long after the one before."""
    order = np.lexsort((place, acts["time"], acts["visit"]))
    found, seconds = acts[order], seconds[order]
    _, first, owner = np.unique(found["visit"], return_index=True, return_inverse=True)
    begins = found["time"][first]
    seconds[first] = 0.0
    passed = running_sum(seconds, owner) + seconds
    found["time"] = begins[owner] + (passed * MICROS).astype(np.int64)
    return found
