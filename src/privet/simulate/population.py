"""The learners: who they are, where, with what, in which courses, and how able."""

from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum

import numpy as np

from privet.network.facts import NetworkKind
from privet.simulate.acts import DAY_MICROS, MICROS
from privet.simulate.addresses import AddressBook
from privet.simulate.choices import Decisions, decide
from privet.simulate.company import (
    Together,
    find_away,
    find_elsewhere,
    liken_homes,
    liken_people,
    liken_weeks,
    meet,
)
from privet.simulate.countries import CODES, FROM_UTC, ON_PHONES, SHARES
from privet.simulate.devices import MOBILE, shares
from privet.simulate.parameters import BEHAVIOUR, CONSENT, NETWORKS
from privet.simulate.platform import FIELDS, Platform
from privet.simulate.plots import Plots, Tie, plan_plots, plan_repeaters
from privet.simulate.randomness import Array, stream

_MOST_COURSES = 6


class Effort(IntEnum):
    """How far somebody goes in a course."""

    LURKER = 0
    PARTIAL = 1
    COMPLETER = 2


class Sharing(IntEnum):
    """Why an address is shared."""

    ALONE = 0
    HOME = 1
    DORMITORY = 2
    CARRIER = 3
    VPN = 4


MODES = ("audit", "verified", "honor")


@dataclass(frozen=True, kw_only=True)
class Period:
    """The days in which everything happens."""

    first: date
    days: int

    @property
    def starts(self) -> int:
        """Its first microsecond since 1970 UTC."""
        return (self.first - date(1970, 1, 1)).days * DAY_MICROS

    @property
    def ends(self) -> int:
        """The first microsecond after it."""
        return self.starts + self.days * DAY_MICROS

    @property
    def last(self) -> date:
        """Its last day."""
        return date.fromordinal(self.first.toordinal() + self.days - 1)


@dataclass(frozen=True, kw_only=True)
class Enrolments:
    """One entry for each enrolment, sorted by course and learner."""

    learner: Array
    course: Array
    effort: Array
    mode: Array
    week: Array
    """In which week of the period the learner begins."""
    time: Array
    """When they enrolled, in microseconds since 1970 UTC."""


@dataclass(frozen=True, kw_only=True)
class Population:
    """One entry for each learner, and all their enrolments."""

    country: Array
    birth_year: Array
    """0 if unknown."""
    ability: Array
    device: Array
    second_device: Array
    home: Array
    """Number of an address in the address book."""
    sharing: Array
    second: Array
    """The second network's address."""
    hours_from_utc: Array
    first_seen: Array
    variant: Array
    """The form of the experiment that a learner is given, if they are in it."""
    decisions: Decisions
    enrolments: Enrolments
    plots: Plots
    together: Together
    rotation: Array
    """By how many addresses a home changes; 1 for none."""
    solves_nothing: Array
    """Harvesters and tutors, who work on problems only where their story says so."""
    elsewhere: Array
    """For each shared account of the plots, the address of its second user."""
    elsewhere_device: Array
    """And the device of that user, which may be of the same kind as the owner's."""
    away: Array
    """For each company of one, the other address from which they are seen."""
    other_device: Array
    """A device for each company of one, at work."""

    def __len__(self) -> int:
        return len(self.country)


def make_population(
    *,
    learners: int,
    seed: int,
    platform: Platform,
    period: Period,
    book: AddressBook,
    stories: float = 1.0,
) -> Population:
    """Draw everybody; ``stories`` is how many times as many there are as was found."""
    random = stream(seed, "people")
    enrolments, plots = _enrol(seed, learners, platform, period, stories)
    country = random.choice(len(CODES), learners, p=SHARES)
    age = np.clip(16 + random.gamma(2.2, 7.0, learners), 13, 85).astype(np.int64)
    is_unknown = random.random(learners) < CONSENT.unknown_age
    ability = random.normal(0.3, 1.0, learners)
    liken_people(plots, country)
    first_seen = np.full(learners, period.ends, np.int64)
    np.minimum.at(first_seen, enrolments.learner, enrolments.time)
    device, second_device = _choose_devices(stream(seed, "devices"), country)
    home, sharing = _settle(stream(seed, "homes"), country, book)
    second = _take_each(country, NetworkKind.MOBILE, book)
    rotation = liken_homes(
        plots, home=home, second=second, device=device, country=country, book=book
    )
    birth_year = np.where(is_unknown, 0, period.last.year - age)
    decisions = decide(
        stream(seed, "decisions"), shares=CONSENT, country=country, birth_year=birth_year,
        first_seen=first_seen - 95 * MICROS, ends=period.ends, today=period.last,
    )  # fmt: skip
    return Population(
        country=country, birth_year=birth_year, ability=ability, device=device,
        second_device=second_device, home=home, sharing=sharing, second=second,
        hours_from_utc=FROM_UTC[country], first_seen=first_seen,
        variant=random.integers(0, 2, learners), decisions=decisions, enrolments=enrolments,
        plots=plots, rotation=rotation, solves_nothing=_find_idle(plots, learners),
        together=meet(stream(seed, "meetings"), plots, learners, FROM_UTC[country]),
        elsewhere=find_elsewhere(plots, country, book),
        elsewhere_device=_draw_devices(stream(seed, "elsewhere"), len(plots.shared)),
        away=find_away(plots, country, book),
        other_device=_other_devices(stream(seed, "at work"), plots),
    )  # fmt: skip


def _draw_devices(random: np.random.Generator, count: int) -> Array:
    return random.choice(len(shares()), count, p=shares())


def _other_devices(random: np.random.Generator, plots: Plots) -> Array:
    """What the companies of one use beside their own device: who takes turns has a phone."""
    found = _draw_devices(random, len(plots.companies))
    phones = np.flatnonzero(MOBILE)
    takes_turns = np.array([one.tie is Tie.TWO_DEVICES for one in plots.companies], bool)
    some = np.flatnonzero(takes_turns & ~MOBILE[found])
    found[some] = phones[found[some] % len(phones)]
    return found


def _find_idle(plots: Plots, learners: int) -> Array:
    found = np.zeros(learners, bool)
    for cheat in plots.cheats:
        found[list(cheat.harvesters)] = True
    for company in plots.companies:
        found[company.members[0]] |= company.tie is Tie.TUTOR
    return found


def _enrol(
    seed: int, learners: int, platform: Platform, period: Period, stories: float
) -> tuple[Enrolments, Plots]:
    """Everybody takes a course; some take more, mostly in their own field."""
    random = stream(seed, "enrolments")
    learner, course = _choose_courses(random, learners, platform)
    count = len(learner)
    drawn = random.random(count)
    effort = np.searchsorted(
        np.cumsum([BEHAVIOUR.lurkers, BEHAVIOUR.partial]), drawn, side="right"
    ).astype(np.int64)
    plots = plan_plots(
        stream(seed, "plots"), learner=learner, course=course, effort=effort,
        courses=len(platform.courses), times=stories,
    )  # fmt: skip
    more = plan_repeaters(
        stream(seed, "repeaters"), learner=learner, course=course, effort=effort, times=stories
    )
    plots = replace(plots, companies=plots.companies + more)
    weeks = max(1, period.days // 7)
    hazard = 0.85 + 0.5 * np.exp(-np.arange(weeks) / max(1.0, weeks / 6))
    week = random.choice(weeks, count, p=hazard / hazard.sum())
    week = liken_weeks(plots, learner=learner, week=week, weeks=weeks)
    time = period.starts + ((week - random.beta(1.2, 2.5, count)) * 7 * DAY_MICROS).astype(np.int64)
    time = np.maximum(time, period.starts + random.integers(0, DAY_MICROS, count))
    is_verified = random.random(count) < np.array([0.02, 0.12, 0.55])[effort]
    mode = np.where(is_verified, 1, np.where(random.random(count) < 0.1, 2, 0))
    found = Enrolments(
        learner=learner, course=course, effort=effort, mode=mode, week=week, time=time
    )
    return found, plots


def _choose_courses(
    random: np.random.Generator, learners: int, platform: Platform
) -> tuple[Array, Array]:
    fields = np.array([course.field for course in platform.courses])
    popular = 1 / np.arange(1, len(fields) + 1) ** 0.6
    popular = popular[random.permutation(len(fields))]
    field = random.integers(0, FIELDS, learners)
    how_many = 1 + random.geometric(1 - BEHAVIOUR.further_courses, learners) - 1
    how_many = np.minimum(how_many, _MOST_COURSES)
    learner = np.repeat(np.arange(learners), how_many)
    anywhere = random.choice(len(fields), len(learner), p=popular / popular.sum())
    inside = _in_field(random, fields, popular, field[learner])
    stays = random.random(len(learner)) < BEHAVIOUR.same_field
    pairs = np.unique(np.stack([np.where(stays, inside, anywhere), learner]), axis=1)
    return pairs[1], pairs[0]


def _in_field(random: np.random.Generator, fields: Array, popular: Array, wanted: Array) -> Array:
    """A course of each wanted field, by popularity; of any field if it has none."""
    chosen = np.zeros(len(wanted), np.int64)
    for field in range(FIELDS):
        members = np.flatnonzero(fields == field)
        members = members if len(members) else np.arange(len(fields))
        who = np.flatnonzero(wanted == field)
        weight = popular[members] / popular[members].sum()
        chosen[who] = random.choice(members, len(who), p=weight)
    return chosen


def _choose_devices(random: np.random.Generator, country: Array) -> tuple[Array, Array]:
    """Each learner's usual device and another one, -1 for none."""
    count = len(country)
    first = np.zeros(count, np.int64)
    second = np.zeros(count, np.int64)
    for place, factor in enumerate(ON_PHONES):
        who = np.flatnonzero(country == place)
        weight = shares() * np.where(MOBILE, factor, 1.0)
        first[who] = random.choice(len(weight), len(who), p=weight / weight.sum())
        second[who] = random.choice(len(weight), len(who), p=weight / weight.sum())
    has_second = (random.random(count) < 0.45) & (first != second)
    return first, np.where(has_second, second, -1)


def _settle(random: np.random.Generator, country: Array, book: AddressBook) -> tuple[Array, Array]:
    """The address from which each learner usually comes, and why others may share it."""
    parts = (NETWORKS.homes_of_two, NETWORKS.dormitories, NETWORKS.carriers, NETWORKS.vpns)
    drawn = random.random(len(country))
    sharing = 1 + np.searchsorted(np.cumsum(parts), drawn, side="right")
    sharing = np.where(sharing > len(parts), Sharing.ALONE, sharing)
    home = np.zeros(len(country), np.int64)
    for kind, size, network in (
        (Sharing.ALONE, 1, NetworkKind.RESIDENTIAL),
        (Sharing.HOME, 2, NetworkKind.RESIDENTIAL),
        (Sharing.DORMITORY, NETWORKS.dormitory_size, NetworkKind.EDUCATION),
        (Sharing.CARRIER, NETWORKS.carrier_size, NetworkKind.MOBILE),
        (Sharing.VPN, NETWORKS.vpn_size, NetworkKind.HOSTING),
    ):
        for place, code in enumerate(CODES):
            who = random.permutation(np.flatnonzero((sharing == kind) & (country == place)))
            taken = book.take(code, network, -(-len(who) // size))
            home[who] = taken[np.arange(len(who)) // size]
    return home, sharing


def _take_each(country: Array, kind: NetworkKind, book: AddressBook) -> Array:
    found = np.zeros(len(country), np.int64)
    for place, code in enumerate(CODES):
        who = np.flatnonzero(country == place)
        found[who] = book.take(code, kind, len(who))
    return found
