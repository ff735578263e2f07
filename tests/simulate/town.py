"""A simulated population for tests, with networks and agents that need no data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import numpy as np

from privet.kernel.crypto import KeyRing
from privet.network.agents import AgentReader
from privet.network.facts import AddressFacts, AgentFacts, NetworkKind
from privet.simulate.acts import Kind
from privet.simulate.addresses import AddressBook
from privet.simulate.block import World, cut_blocks, live
from privet.simulate.countries import CODES
from privet.simulate.randomness import Array
from privet.simulate.service import Means, Wanted, make_world, want

LAST_DAY = date(2026, 11, 20)
_KINDS = (NetworkKind.RESIDENTIAL, NetworkKind.MOBILE, NetworkKind.EDUCATION, NetworkKind.HOSTING)


class PlainNetwork:
    """Says of each address a country and a kind that its digits tell."""

    def __init__(self) -> None:
        self._agents = AgentReader()

    def about_address(self, address: IPv4Address | IPv6Address) -> AddressFacts:
        number = int(address) >> 8
        code = CODES[number % len(CODES)]
        return AddressFacts(
            country=code, asn=64_500 + number % 24, organisation=f"{code} Telecom",
            kind=_KINDS[number // len(CODES) % 4], evidence="none:access_provider",
        )  # fmt: skip

    def about_agent(self, agent: str, hints: Mapping[str, str] | None = None) -> AgentFacts:
        return self._agents.read(agent, hints or {})


NETWORK = PlainNetwork()


def means(directory: Path) -> Means:
    """Keys of their own, and the plain network."""
    return Means(keys=KeyRing(directory / "keys"), network=NETWORK)


@dataclass(frozen=True)
class Town:
    """A population and all its acts."""

    wanted: Wanted
    world: World
    book: AddressBook
    acts: Array

    def of(self, *kinds: Kind) -> Array:
        """The acts of some kinds."""
        return self.acts[np.isin(self.acts["kind"], kinds)]

    def first_answers(self, learner: int) -> dict[int, int]:
        """The moment of a learner's first attempt by problem, in microseconds."""
        mine = self.of_learner(learner, Kind.PROBLEM_CHECK)
        mine = mine[np.argsort(mine["time"], kind="stable")]
        items, first = np.unique(mine["item"], return_index=True)
        return dict(zip(items.tolist(), mine["time"][first].tolist(), strict=True))

    @cached_property
    def _by_learner(self) -> Array:
        return self.acts[np.argsort(self.acts["learner"], kind="stable")]

    def of_learner(self, learner: int, *kinds: Kind) -> Array:
        """One learner's acts."""
        low, high = np.searchsorted(self._by_learner["learner"], [learner, learner + 1])
        found = self._by_learner[low:high]
        return found[np.isin(found["kind"], kinds)] if kinds else found


def make_wanted(
    *, learners: int, seed: int, days: int, courses: int, stories: float = 1.0
) -> Wanted:
    return want(
        learners=learners, seed=seed, days=days, courses=courses, last_day=LAST_DAY,
        stories=stories,
    )  # fmt: skip


def make_town(*, learners: int, seed: int, days: int, courses: int, stories: float = 1.0) -> Town:
    wanted = make_wanted(learners=learners, seed=seed, days=days, courses=courses, stories=stories)
    world, book = make_world(wanted, NETWORK)
    acts = np.concatenate([live(world, block) for block in cut_blocks(world)])
    return Town(wanted, world, book, acts)
