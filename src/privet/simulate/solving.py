"""How learners solve problems: by ability and difficulty (Rasch), in a few attempts, or not."""

from dataclasses import dataclass

import numpy as np

from privet.simulate.acts import Kind
from privet.simulate.parameters import BEHAVIOUR
from privet.simulate.platform import Course
from privet.simulate.randomness import Array, lognormal
from privet.simulate.sheet import Sheet, ragged, running_sum

RETRY_SECONDS, RETRY_SIGMA = 28.0, 0.8


@dataclass(frozen=True)
class Solved:
    """What came of it, by visit."""

    seconds: Array
    """How long the work on problems took."""
    correct: Array
    """How many problems were solved."""


def solve_problems(
    random: np.random.Generator,
    sheet: Sheet,
    course: Course,
    *,
    begins: Array,
    tries: Array,
    ability: Array,
) -> Solved:
    """Add the attempts of each visit.

    ``begins`` are seconds since the visit's start, ``tries`` the chance that a problem of the
    visit's unit is tried, ``ability`` the learner's in logits; all by visit.
    """
    visits = len(begins)
    counts = np.array([0, *(len(unit.problems) for unit in course.units)])
    owner, place = ragged(counts[sheet.visits["unit"]])
    tried = np.flatnonzero(random.random(len(owner)) < tries[owner])
    owner, place = owner[tried], place[tried]
    if not len(owner):
        return Solved(np.zeros(visits), np.zeros(visits))
    problem = course.first_problem[sheet.visits["unit"][owner] - 1] + place
    logit = ability[owner] - course.difficulty[problem]
    last, is_solved = attempt(random, logit)
    waits = lognormal(random, RETRY_SECONDS, RETRY_SIGMA, (len(owner), BEHAVIOUR.most_attempts))
    waits[:, 0] = lognormal(random, BEHAVIOUR.gap_seconds, BEHAVIOUR.gap_sigma, len(owner))
    after = np.cumsum(waits, axis=1)
    spent = after[np.arange(len(owner)), last - 1]
    start = begins[owner] + running_sum(spent, owner)
    _add_checks(sheet, owner, problem, start=start, after=after, last=last, is_solved=is_solved)
    _add_answers(random, sheet, owner, problem, done=start + spent, is_solved=is_solved)
    return Solved(
        np.bincount(owner, spent, minlength=visits),
        np.bincount(owner, is_solved, minlength=visits),
    )


def attempt(random: np.random.Generator, logit: Array) -> tuple[Array, Array]:
    """The number of the last attempt, and whether it was right."""
    most = BEHAVIOUR.most_attempts
    learned = BEHAVIOUR.learns_from_failure * np.arange(most)
    chance = 1 / (1 + np.exp(-(logit[:, None] + learned)))
    right = random.random((len(logit), most)) < chance
    stops = random.random((len(logit), most)) < BEHAVIOUR.gives_up
    stops[:, -1] = True
    last = np.argmax(right | stops, axis=1)
    return last + 1, right[np.arange(len(logit)), last]


def _add_checks(
    sheet: Sheet,
    owner: Array,
    problem: Array,
    *,
    start: Array,
    after: Array,
    last: Array,
    is_solved: Array,
) -> None:
    for attempt in range(1, BEHAVIOUR.most_attempts + 1):
        some = np.flatnonzero(last >= attempt)
        correct = is_solved[some] & (last[some] == attempt)
        sheet.add(
            Kind.PROBLEM_CHECK, owner[some], start[some] + after[some, attempt - 1],
            item=problem[some], a=attempt, b=correct,
        )  # fmt: skip


def _add_answers(
    random: np.random.Generator,
    sheet: Sheet,
    owner: Array,
    problem: Array,
    *,
    done: Array,
    is_solved: Array,
) -> None:
    chance = np.where(is_solved, BEHAVIOUR.shows_if_solved, BEHAVIOUR.shows_if_unsolved)
    some = np.flatnonzero(random.random(len(owner)) < chance)
    wait = lognormal(random, 9.0, 0.7, len(some))
    sheet.add(Kind.SHOWANSWER, owner[some], done[some] + wait, item=problem[some])
