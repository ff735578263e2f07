"""One block of enrolments in one course: all that happens there, as acts.

A block is always the same enrolments, so what it holds does not depend on how the work is cut.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from privet.catalogue.uses import Choice
from privet.simulate.acts import DAY_MICROS, days_of
from privet.simulate.again import (
    Reviser,
    choose_phone,
    count_days,
    go_on_trips,
    hand_in_late,
    make_reviser,
    plan_trips,
    revise_behind_vpn,
    revise_on_trips,
    try_once_more,
)
from privet.simulate.belonging import certify, enrol, sign_in, talk
from privet.simulate.company import is_near
from privet.simulate.habits import commute, flap, take_turns, travel, tunnel
from privet.simulate.parameters import AGAIN
from privet.simulate.platform import Platform
from privet.simulate.plots import HABITS, REPEATERS, Tie
from privet.simulate.population import Period, Population
from privet.simulate.randomness import Array, stream
from privet.simulate.reading import plan_tour, read_pages
from privet.simulate.sheet import Sheet, number_acts
from privet.simulate.solving import solve_problems
from privet.simulate.stories import Teller, keep_pace
from privet.simulate.tally import Tally
from privet.simulate.visits import choose_address, plan_visits
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
    tally: Tally = field(default_factory=Tally)
    """What the stories came to; filled while blocks live."""


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
    acts = sheet.gather() if len(visits) else visits
    acts = number_acts(_tell_stories(world, block, acts), _first_id(block))
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
    idles = world.people.solves_nothing[sheet.visits["learner"]]
    variant = _find_variants(world, sheet.visits)
    has_next = np.maximum(sheet.visits["unit"], 1) < len(course.units)
    tour = plan_tour(random, sheet, has_next=has_next, variant=variant)
    keen = np.where(is_again, 0.3, np.array([0.45, 0.75, 0.85])[effort])
    watched = watch_videos(random, sheet, course, tour.work_begins, keen)
    solved = solve_problems(
        random, sheet, course, begins=tour.work_begins + watched,
        tries=np.where(is_again | idles, 0.0, np.array([0.05, 0.75, 0.97])[effort]),
        ability=world.people.ability[sheet.visits["learner"]] + 0.4 * effort,
    )  # fmt: skip
    tour = tour.with_work(watched + solved.seconds)
    read_pages(random, sheet, tour, variant=variant, advertises=course.advertises)
    ends = tour.closed[:, -1]
    sign_in(random, sheet, ends)
    enrol(
        random, sheet, people=world.people, members=block.members, place=place,
        period=world.period,
    )  # fmt: skip
    talk(random, sheet, tour)
    certify(
        random, sheet, place=place, mode=world.people.enrolments.mode[block.members][place],
        correct=solved.correct, ends=ends, units=len(course.units),
        problems=len(course.problems), period=world.period,
    )  # fmt: skip


def _tell_stories(world: World, block: Block, acts: Array) -> Array:
    """The acts as the stories of the block's people make them.

    A story belongs to the block of its first person, whose acts it changes; what others do besides
    is added there too.
    """
    people, period, plots = world.people, world.period, world.people.plots
    here = set(people.enrolments.learner[block.members].tolist())
    course = world.platform.courses[block.course]
    teller = Teller(
        people, lambda who, when: choose_address(who, when, people, period), world.tally
    )

    def random(first: int) -> np.random.Generator:
        return stream(world.seed, "story", first)

    for cheat in plots.cheats:
        if cheat.course == block.course and cheat.master in here:
            acts = teller.copy_answers(random(cheat.master), acts, cheat, len(course.problems))
    for place, one in enumerate(plots.shared):
        if one.learner in here:
            acts = teller.share_account(
                random(one.learner), acts, one, address=int(people.elsewhere[place]),
                device=int(people.elsewhere_device[place]), difficulty=course.difficulty,
            )  # fmt: skip
    for place, company in enumerate(plots.companies):
        if company.course == block.course and not here.isdisjoint(company.members):
            acts = _tell_of_company(world, teller, random, acts, place)
    return _tell_of_habits(world, random, acts, block.course, here)


def _tell_of_habits(
    world: World,
    random: Callable[[int], np.random.Generator],
    acts: Array,
    course: int,
    here: set[int],
) -> Array:
    """Each who is alone and seen in two places, with their own acts and nobody else's."""
    places = {
        one.members[0]: place
        for place, one in enumerate(world.people.plots.companies)
        if one.tie in HABITS
        and (one.course == course or one.tie is Tie.TRIP_REVISER)
        and one.members[0] in here
    }
    is_theirs = np.isin(acts["learner"], list(places))
    theirs = acts[is_theirs]
    theirs = theirs[np.argsort(theirs["learner"], kind="stable")]
    who, starts = np.unique(theirs["learner"], return_index=True)
    told = [
        _tell_of_habit(world, random(learner), part, course, places[learner])
        for learner, part in zip(who.tolist(), np.split(theirs, starts[1:]), strict=False)
    ]
    return np.concatenate([acts[~is_theirs], *told])


def _tell_of_habit(
    world: World, random: np.random.Generator, acts: Array, course: int, place: int
) -> Array:
    people = world.people
    away = int(people.away[place])
    if people.plots.companies[place].tie in REPEATERS:
        is_here = people.plots.companies[place].course == course
        return _tell_of_repeater(world, random, acts, place, is_here=is_here)
    match people.plots.companies[place].tie:
        case Tie.COMMUTER:
            return commute(random, acts, address=away, device=int(people.other_device[place]))
        case Tie.TRAVELLER:
            return travel(random, acts, address=away)
        case Tie.TWO_DEVICES:
            return take_turns(random, acts, address=away, device=int(people.other_device[place]))
        case Tie.TWO_LINES:
            return flap(random, acts, address=away)
        case _:
            return tunnel(random, acts, address=away)


def _tell_of_repeater(
    world: World, random: np.random.Generator, acts: Array, place: int, *, is_here: bool
) -> Array:
    """``is_here`` is whether it happens in this course; whoever is abroad is so in all of them."""
    people = world.people
    company, away = people.plots.companies[place], int(people.away[place])
    who = make_reviser(
        stream(world.seed, "reviser", company.members[0]),
        address=away, device=int(people.other_device[place]),
    )  # fmt: skip
    match company.tie:
        case Tie.LATE_SENDER:
            days = days_of(acts["time"])
            phone = choose_phone(random)
            found = hand_in_late(random, acts, address=away, phone=phone, days=days)
        case Tie.RETRIER:
            found = try_once_more(random, acts, address=away, phone=choose_phone(random))
        case Tie.TRIP_REVISER:
            found = _tell_of_trips(world, random, acts, who, place, is_here=is_here)
        case _:
            found = revise_behind_vpn(random, acts, who=who)
    if is_here and len(acts):
        world.tally.repeated[company.members[0]] = count_days(found)
    return found


def _tell_of_trips(
    world: World, random: np.random.Generator, acts: Array, who: Reviser, place: int, *,
    is_here: bool,
) -> Array:  # fmt: skip
    way_hours = AGAIN.way_hours_near if is_near(place) else AGAIN.way_hours_far
    learner = world.people.plots.companies[place].members[0]
    trips = plan_trips(
        stream(world.seed, "trips", learner),
        first=world.period.starts, last=world.period.ends, way_hours=way_hours,
    )  # fmt: skip
    if not is_here:
        return go_on_trips(acts, trips=trips, who=who, way_hours=way_hours)
    return revise_on_trips(random, acts, trips=trips, who=who, way_hours=way_hours)


def _tell_of_company(
    world: World,
    teller: Teller,
    random: Callable[[int], np.random.Generator],
    acts: Array,
    place: int,
) -> Array:
    people, company = world.people, world.people.plots.companies[place]
    match company.tie:
        case Tie.TUTOR:
            return teller.help_with_answers(random(company.members[1]), acts, company)
        case Tie.CLASS:
            week = people.enrolments.week[
                np.argmax(people.enrolments.learner == company.members[0])
            ]
            units = np.arange(-1, people.together.starts.shape[1] - 1)
            starts = world.period.starts + (week + units) * 7 * DAY_MICROS
            starts = starts + people.together.starts[place]
            held = world.platform.courses[company.course].units
            most = max(len(unit.problems) for unit in held)
            return keep_pace(random(company.members[0]), acts, company, starts, most)
    return acts


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
