"""When the learners of a course come: at enrolment, for each week's unit, and some once more."""

import numpy as np

from privet.simulate.acts import ACT, DAY_MICROS, MICROS, Page
from privet.simulate.parameters import BEHAVIOUR, NETWORKS
from privet.simulate.platform import Course
from privet.simulate.population import Effort, Period, Population
from privet.simulate.randomness import Array, fractions

_HOUR = 3600 * MICROS
_WEEK = 7 * DAY_MICROS
_LATEST_HOURS = 4
VISITS_A_BLOCK = 1 << 17
"""Visits of a block are numbered from a multiple of this."""
_SECOND_NETWORK, _SECOND_DEVICE, _ROTATION = 101, 102, 103


def plan_visits(
    random: np.random.Generator,
    *,
    course: Course,
    number: int,
    block: int,
    people: Population,
    members: Array,
    period: Period,
) -> tuple[Array, Array, Array]:
    """The visits of some enrolments to one course, as records of `ACT` sorted by enrolment.

    ``members`` are places in the population's enrolments. Beside the records: for each visit the
    place of its enrolment in ``members``, and whether it is another look at a unit seen before.
    """
    enrolled = people.enrolments
    effort = enrolled.effort[members]
    count = _units_done(random, effort, len(course.units))
    owner = np.repeat(np.arange(len(members)), count)
    unit = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count) + 1
    start = _start_of_week(
        random, people=people, members=members, owner=owner, unit=unit, period=period
    )
    again = np.flatnonzero(random.random(len(owner)) < BEHAVIOUR.revisits)
    later = start[again] + (random.integers(1, 4, len(again)) * DAY_MICROS)
    later += (random.normal(0, 2, len(again)) * _HOUR).astype(np.int64)
    first = enrolled.time[members]
    found = np.zeros(len(members) + len(owner) + len(again), ACT)
    place = np.concatenate([np.arange(len(members)), owner, owner[again]])
    found["unit"] = np.concatenate([np.zeros(len(members), np.int64), unit, unit[again]])
    found["time"] = np.concatenate([first - 90 * MICROS, start, later])
    is_again = np.repeat([False, False, True], [len(members), len(owner), len(again)])
    found["learner"] = enrolled.learner[members][place]
    found["course"] = number
    found["page"] = Page.UNIT
    kept = (found["time"] >= period.starts) & (found["time"] < period.ends - _LATEST_HOURS * _HOUR)
    order = np.flatnonzero(kept)[np.lexsort((found["time"][kept], place[kept]))]
    found = found[order]
    found["visit"] = block * VISITS_A_BLOCK + np.arange(len(found))
    _place(found, people, period)
    return found, place[order], is_again[order]


def choose_address(learner: Array, time: Array, people: Population, period: Period) -> Array:
    """The address from which a learner comes at a moment: the home's, some weeks another."""
    week = (time - period.starts) // _WEEK
    moves = fractions(learner.astype(np.int64) * 1024 + week, _SECOND_NETWORK)
    away = moves < NETWORKS.second_network_weeks
    drawn = fractions(learner.astype(np.int64) * 65_536 + time // DAY_MICROS, _ROTATION)
    home = people.home[learner] + (drawn * people.rotation[learner]).astype(np.int64)
    return np.where(away, people.second[learner], home)


def choose_device(learner: Array, time: Array, people: Population) -> Array:
    """The device that a learner uses that day."""
    day = time // DAY_MICROS
    drawn = fractions(learner.astype(np.int64) * 65_536 + day % 65_536, _SECOND_DEVICE)
    other = (drawn < 0.3) & (people.second_device[learner] >= 0)
    return np.where(other, people.second_device[learner], people.device[learner])


def _place(visits: Array, people: Population, period: Period) -> None:
    learner, time = visits["learner"], visits["time"]
    visits["address"] = choose_address(learner, time, people, period)
    visits["device"] = choose_device(learner, time, people)


def _units_done(random: np.random.Generator, effort: Array, units: int) -> Array:
    """How many units each enrolment gets to."""
    count = len(effort)
    lurks = (random.random(count) < 0.35).astype(np.int64)
    parts = np.minimum(random.geometric(0.3, count), max(1, units - 1))
    found: Array = np.select(
        [effort == Effort.COMPLETER, effort == Effort.PARTIAL], [units, parts], lurks
    )
    return found


def _start_of_week(
    random: np.random.Generator,
    *,
    people: Population,
    members: Array,
    owner: Array,
    unit: Array,
    period: Period,
) -> Array:
    """Close to the week's end, in the evening of the learner's place."""
    enrolled = people.enrolments
    learner = enrolled.learner[members][owner]
    week = period.starts + (enrolled.week[members][owner] + unit - 1) * _WEEK
    day = np.floor(7 * random.beta(BEHAVIOUR.week_alpha, BEHAVIOUR.week_beta, len(owner)))
    hour = random.normal(BEHAVIOUR.evening_hour, BEHAVIOUR.evening_spread_hours, len(owner))
    hour -= people.hours_from_utc[learner]
    start = week + day.astype(np.int64) * DAY_MICROS + (hour * _HOUR).astype(np.int64)
    who, together = people.together.starts_of(random, learner, unit, week)
    start[who] = together
    found: Array = np.maximum(start, enrolled.time[members][owner] + 300 * MICROS)
    return found
