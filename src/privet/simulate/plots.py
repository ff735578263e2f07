"""Who has something to do with whom: who cheats and how, who shares an account, who studies with
whom, and who only looks as if.

Chosen before anybody has a place or a device, from people who take a single course, so that each
is in at most one of these stories.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import TypeVar

import numpy as np

from privet.simulate.parameters import AGAIN, CHEATING, COMPANY
from privet.simulate.randomness import Array


class Mode(StrEnum):
    """How answers are copied from one account to another of the same person."""

    IMMEDIATE = "immediate"
    OTHER_IP = "other_ip"
    DELAYED = "delayed"
    LIGHT = "light"
    EXHAUSTED = "exhausted"
    """The harvester gets answers by trying, not by asking for them."""
    SEVERAL = "several_harvesters"


class Tie(StrEnum):
    """What people have to do with each other who cheat in nothing."""

    STUDY_GROUP = "study_group"
    ROOMMATES = "roommates"
    """Two in one home; the second always starts after the first."""
    SIBLINGS = "siblings"
    """Two on one device."""
    TUTOR = "tutor"
    """The first opens the answers, then helps the second, who solves."""
    CLASS = "class"
    """A class behind one address that works through the items at one pace."""
    RETAKERS = "retakers"
    """One person who takes the course again some weeks later, with a new account."""
    COMMUTER = "commuter"
    """Alone, at work and at home, with a device in each place."""
    TRAVELLER = "traveller"
    """Alone, abroad again and again."""
    VPN_USER = "vpn_user"
    """Alone, behind a VPN for parts of a visit; half of the exits are not known for one."""
    TWO_DEVICES = "two_devices"
    """Alone, by turns at the computer and on a phone with its own network."""
    TWO_LINES = "two_lines"
    """Alone, behind a router that sends by one of two lines, now and then by both."""
    TRIP_REVISER = "trip_reviser"
    """Alone: goes over finished work on trips abroad."""
    VPN_REVISER = "vpn_reviser"
    """Alone: goes over finished work with a VPN or a relay switched on."""
    LATE_SENDER = "late_sender"
    """Alone, with a phone that hands answers in again, and late."""
    RETRIER = "retrier"
    """Alone: tries things once more on the phone, while the computer is on."""


REPEATERS = (Tie.TRIP_REVISER, Tie.VPN_REVISER, Tie.LATE_SENDER, Tie.RETRIER)
"""Who does elsewhere, once more, what they did; drawn apart from all other stories."""
HABITS = frozenset(
    {Tie.COMMUTER, Tie.TRAVELLER, Tie.VPN_USER, Tie.TWO_DEVICES, Tie.TWO_LINES, *REPEATERS}
)
"""What people do who have to do with nobody, and may look like two."""


class Shared(StrEnum):
    """How an account that two people use shows."""

    TRAVEL = "travel"
    CONCURRENCY = "concurrency"


@dataclass(frozen=True, kw_only=True)
class Cheat:
    """A master account and its harvesters, in one course."""

    course: int
    master: int
    harvesters: tuple[int, ...]
    mode: Mode
    share: float
    """Of the course's items."""
    is_jittered: bool
    """Waits 6 to 30 minutes at random: a hard case."""
    is_rotating: bool
    """The home's IPv6 addresses change each day: a hard case."""


@dataclass(frozen=True, kw_only=True)
class Company:
    """People of one course who are bound by a tie; the first of them leads."""

    tie: Tie
    course: int
    members: tuple[int, ...]
    shares_address: bool


@dataclass(frozen=True, kw_only=True)
class SharedAccount:
    """An account that a second person uses from elsewhere."""

    learner: int
    shared: Shared
    often: float
    """To which share of the visits the second person comes."""


@dataclass(frozen=True, kw_only=True)
class Plots:
    """All stories of a population."""

    cheats: tuple[Cheat, ...] = ()
    companies: tuple[Company, ...] = ()
    shared: tuple[SharedAccount, ...] = ()


T = TypeVar("T")
_TRIES = 8
_TIES: tuple[tuple[Tie, float, int], ...] = (
    (Tie.ROOMMATES, COMPANY.roommates, 2),
    (Tie.SIBLINGS, COMPANY.siblings, 2),
    (Tie.TUTOR, COMPANY.tutors, 2),
    (Tie.RETAKERS, COMPANY.retakers, 2),
    (Tie.CLASS, COMPANY.classes, COMPANY.class_size),
    (Tie.STUDY_GROUP, COMPANY.study_groups, COMPANY.study_group_size),
    (Tie.COMMUTER, COMPANY.commuters, 1),
    (Tie.TRAVELLER, COMPANY.travellers, 1),
    (Tie.VPN_USER, COMPANY.vpn_users, 1),
    (Tie.TWO_DEVICES, COMPANY.two_devices, 1),
    (Tie.TWO_LINES, COMPANY.two_lines, 1),
)
"""The tie, its share of all learners, and how many it binds; the hardest to fill come first.

New ones come last, so that the people of earlier ones stay the same."""


@dataclass
class _Candidates:
    """People of a course with no story yet, by effort, in a random order."""

    by_effort: tuple[list[int], list[int], list[int]] = field(default_factory=lambda: ([], [], []))

    def take(self, *efforts: int) -> list[int] | None:
        """One person for each wanted effort, or none at all."""
        wanted = [efforts.count(effort) for effort in range(3)]
        if any(len(have) < need for have, need in zip(self.by_effort, wanted, strict=True)):
            return None
        return [self.by_effort[effort].pop() for effort in efforts]


def plan_plots(
    random: np.random.Generator,
    *,
    learner: Array,
    course: Array,
    effort: Array,
    courses: int,
    times: float,
) -> Plots:
    """Draw the stories, from the enrolments' learners, courses and efforts.

    ``times`` is how many times as many there are as the published figures say.
    """
    free = _find_candidates(random, learner, course, effort, courses)
    completers = int(np.count_nonzero(effort == 2))
    learners = int(learner.max(initial=-1)) + 1
    draw = _Drawer(random, free)
    cheats = draw.several(round(times * CHEATING.share * completers), draw.cheat)
    shared = draw.several(round(times * CHEATING.shared_accounts * learners), draw.shared_account)
    companies: list[Company] = []
    for tie, share, size in _TIES:
        make = partial(draw.company, tie=tie, size=size)
        companies += draw.several(round(times * share * learners / size), make)
    return Plots(cheats=tuple(cheats), companies=tuple(companies), shared=tuple(shared))


def plan_repeaters(
    random: np.random.Generator, *, learner: Array, course: Array, effort: Array, times: float
) -> tuple[Company, ...]:
    """Those who do things once more, from people with several courses, who have no other story.

    So whatever is drawn here changes nobody else. Each is one in the course in which they do most.
    """
    learners = int(learner.max(initial=-1)) + 1
    several = np.flatnonzero(np.bincount(learner)[learner] > 1)
    several = several[np.lexsort((random.random(len(several)), -effort[several]))]
    several = several[np.sort(np.unique(learner[several], return_index=True)[1])]
    several = several[effort[several] > 0]
    ties = [
        tie
        for tie, share in zip(REPEATERS, _REPEATERS, strict=True)
        for _ in range(round(times * share * learners))
    ]
    # Whichever people there are, each tie has its share of the keenest.
    ties = [ties[place] for place in random.permutation(len(ties))]
    return tuple(
        Company(
            tie=tie, course=int(course[one]), members=(int(learner[one]),), shares_address=False
        )
        for tie, one in zip(ties, several, strict=False)
    )


_REPEATERS = (AGAIN.trip_revisers, AGAIN.vpn_revisers, AGAIN.late_senders, AGAIN.retriers)


def _find_candidates(
    random: np.random.Generator, learner: Array, course: Array, effort: Array, courses: int
) -> list[_Candidates]:
    found = [_Candidates() for _ in range(courses)]
    takes = np.bincount(learner)
    single = random.permutation(np.flatnonzero(takes[learner] == 1))
    for who, where, how in zip(
        learner[single].tolist(), course[single].tolist(), effort[single].tolist(), strict=True
    ):
        found[where].by_effort[how].append(who)
    return found


class _Drawer:
    def __init__(self, random: np.random.Generator, free: list[_Candidates]) -> None:
        self._random = random
        self._free = free

    def several(self, count: int, make: Callable[[int], T | None]) -> list[T]:
        """So many stories in courses at random; fewer if the people for them run out."""
        tries = self._random.integers(0, len(self._free), count * _TRIES).tolist()
        found: list[T] = []
        for course in tries:
            if len(found) == count:
                break
            made = make(course)
            if made is not None:
                found.append(made)
        return found

    def cheat(self, course: int) -> Cheat | None:
        mode = list(Mode)[self._random.choice(len(Mode), p=CHEATING.modes)]
        many = int(self._random.integers(2, 4)) if mode is Mode.SEVERAL else 1
        people = self._free[course].take(2, *[0] * many)
        if people is None:
            return None
        heavy = self._random.random() < CHEATING.heavy
        low, high = (0.5, 1.0) if heavy else (0.01, 0.5)
        low, high = (0.02, 0.10) if mode is Mode.LIGHT else (low, high)
        return Cheat(
            course=course, master=people[0], harvesters=tuple(people[1:]), mode=mode,
            share=float(self._random.uniform(low, high)),
            is_jittered=bool(mode is Mode.IMMEDIATE and self._random.random() < CHEATING.jittered),
            is_rotating=bool(mode is Mode.IMMEDIATE and self._random.random() < CHEATING.rotating),
        )  # fmt: skip

    def shared_account(self, course: int) -> SharedAccount | None:
        people = self._free[course].take(2)
        if people is None:
            return None
        shared = Shared.TRAVEL if self._random.random() < 0.5 else Shared.CONCURRENCY
        often = float(self._random.uniform(*CHEATING.shared_visits))
        return SharedAccount(learner=people[0], shared=shared, often=often)

    def company(self, course: int, *, tie: Tie, size: int) -> Company | None:
        efforts = _EFFORTS_OF_TWO.get(tie, [1] * size)
        people = self._free[course].take(*efforts)
        if people is None and tie in HABITS:
            people = self._free[course].take(1)
        if people is None:
            return None
        shares = tie not in HABITS and (tie is not Tie.STUDY_GROUP or self._random.random() < 0.5)
        return Company(tie=tie, course=course, members=tuple(people), shares_address=bool(shares))


_EFFORTS_OF_TWO: dict[Tie, list[int]] = {
    Tie.ROOMMATES: [2, 1],
    Tie.SIBLINGS: [1, 2],
    Tie.TUTOR: [0, 2],
    Tie.RETAKERS: [1, 2],
    Tie.COMMUTER: [2],
    Tie.TRAVELLER: [2],
    Tie.VPN_USER: [2],
    Tie.TWO_DEVICES: [2],
    Tie.TWO_LINES: [2],
}
