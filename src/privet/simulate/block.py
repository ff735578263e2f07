"""One block of enrolments in one course: all that happens there, as acts.

A block is always the same enrolments, so what it holds does not depend on how the work is cut.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from privet.catalogue.uses import Choice
from privet.simulate.belonging import certify, enrol, sign_in, talk
from privet.simulate.platform import Platform
from privet.simulate.population import Period, Population
from privet.simulate.randomness import Array, stream
from privet.simulate.reading import plan_tour, read_pages
from privet.simulate.sheet import Sheet
from privet.simulate.solving import solve_problems
from privet.simulate.visits import plan_visits
from privet.simulate.watching import watch_videos

BLOCK = 4096
_ACTS_A_BLOCK = 1 << 24


@dataclass(frozen=True, kw_only=True)
class World:
    """Everything that all blocks share."""

    seed: int
    platform: Platform
    period: Period
    people: Population


@dataclass(frozen=True)
class Block:
    """Some enrolments in one course."""

    course: int
    number: int
    members: Array
    """Places in the population's enrolments."""


def cut_blocks(world: World) -> Iterator[Block]:
    """All blocks, course by course."""
    courses = world.people.enrolments.course
    for course in range(len(world.platform.courses)):
        low, high = np.searchsorted(courses, [course, course + 1])
        for number, start in enumerate(range(low, high, BLOCK)):
            yield Block(course, number, np.arange(start, min(start + BLOCK, high)))


def live(world: World, block: Block) -> Array:
    """All acts of a block, as records of `ACT`, by learner and time."""
    course = world.platform.courses[block.course]
    random = stream(world.seed, "block", course.key, block.number)
    visits, place, is_again = plan_visits(
        random, course=course, number=block.course, block=block.number, people=world.people,
        members=block.members, period=world.period,
    )  # fmt: skip
    sheet = Sheet(visits)
    if len(visits):
        _fill(random, sheet, world, block, place=place, is_again=is_again)
    acts = sheet.gather(_first_id(block)) if len(visits) else visits
    inside = (acts["time"] >= world.period.starts) & (acts["time"] < world.period.ends)
    return acts[inside]


def _fill(
    random: np.random.Generator,
    sheet: Sheet,
    world: World,
    block: Block,
    *,
    place: Array,
    is_again: Array,
) -> None:
    course = world.platform.courses[block.course]
    effort = world.people.enrolments.effort[block.members][place]
    variant = _find_variants(world, sheet.visits)
    has_next = np.maximum(sheet.visits["unit"], 1) < len(course.units)
    tour = plan_tour(random, sheet, has_next=has_next, variant=variant)
    keen = np.where(is_again, 0.3, np.array([0.45, 0.75, 0.85])[effort])
    watched = watch_videos(random, sheet, course, tour.work_begins, keen)
    solved = solve_problems(
        random, sheet, course, begins=tour.work_begins + watched,
        tries=np.where(is_again, 0.0, np.array([0.05, 0.75, 0.97])[effort]),
        ability=world.people.ability[sheet.visits["learner"]] + 0.4 * effort,
    )  # fmt: skip
    tour = tour.with_work(watched + solved.seconds)
    read_pages(
        random, sheet, tour, has_next=has_next, variant=variant, advertises=course.advertises
    )
    ends = tour.closed[:, -1]
    sign_in(random, sheet, ends)
    enrol(
        random, sheet, people=world.people, members=block.members, place=place,
        period=world.period,
    )  # fmt: skip
    talk(random, sheet, tour)
    certify(
        random, sheet, place=place, correct=solved.correct, ends=ends, units=len(course.units),
        problems=len(course.problems), period=world.period,
    )  # fmt: skip


def _find_variants(world: World, visits: Array) -> Array:
    """The form that each visit is shown, -1 outside the experiment.

    An assignment is kept only with a learner's yes to functionality.
    """
    decisions = world.people.decisions
    allows = np.array([bool(s.choices & Choice.FUNCTIONALITY) for s in decisions.standings])
    learner = visits["learner"]
    is_in = allows[decisions.standing[learner]]
    is_in &= visits["time"] >= decisions.decided[learner]
    is_in &= visits["time"] < decisions.withdrawn[learner]
    return np.where(is_in, world.people.variant[learner], -1)


def _first_id(block: Block) -> int:
    return ((block.course << 20) + block.number + 1) * _ACTS_A_BLOCK
