"""From where learners come: real networks of their countries, looked up as the collector would.

Networks are drawn at random and kept by the country and the kind that the IP data says of them, so
what stands in the lake is what an import of the same address would find.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Protocol

import numpy as np

from privet.network.addresses import Address
from privet.network.facts import AddressFacts, NetworkKind
from privet.simulate.countries import CODES
from privet.simulate.randomness import Array, stream

_TRIES = 12_000
_WANTED = 60
_HOSTS = 250
_KINDS = (NetworkKind.RESIDENTIAL, NetworkKind.MOBILE, NetworkKind.EDUCATION, NetworkKind.HOSTING)
_FIRST, _LAST = 11 << 16, 223 << 16
_ACCESS = re.compile(
    r"tele|comm|broadband|cable|verizon|at&t|comcast|charter|orange|vodafone|british|virgin|bell|"
    r"rogers|jio|airtel|ntt|kddi|uninet|claro|vivo|fibra|internet|net\b|mobil|wind|free",
    re.IGNORECASE,
)
"""Names of operators that sell lines to people; random addresses are mostly of others."""
# Ranges for documentation (RFC 5737) stand in where there is no IP data.
_SIX = 0x2001_0DB8
_NOWHERE = int(IPv4Address("203.0.113.0"))


class ReadsAddresses(Protocol):
    """What this needs of the room network."""

    def about_address(self, address: Address) -> AddressFacts: ...


@dataclass(frozen=True)
class Place:
    """A /24 and what is known of it."""

    base: int
    facts: AddressFacts


class Atlas:
    """Networks by country and kind."""

    def __init__(self, network: ReadsAddresses, seed: int) -> None:
        self._found: dict[tuple[str, NetworkKind], list[Place]] = defaultdict(list)
        self._explore(network, seed)

    def places(self, country: str, kind: NetworkKind) -> list[Place]:
        """Networks of that country and kind, else of its homes, else documentation's range."""
        for wanted in (kind, NetworkKind.RESIDENTIAL):
            if self._found[country, wanted]:
                return self._found[country, wanted]
        return [Place(_NOWHERE, AddressFacts(country=country, kind=NetworkKind.UNKNOWN))]

    def _explore(self, network: ReadsAddresses, seed: int) -> None:
        wanted = set(CODES)
        for base in stream(seed, "atlas").integers(_FIRST, _LAST, _TRIES).tolist():
            facts = network.about_address(IPv4Address((base << 8) + 1))
            known = self._found[facts.country or "", facts.kind]
            if facts.country in wanted and facts.kind in _KINDS:
                known.append(Place(base << 8, facts))
        for key, known in self._found.items():
            likely = [p for p in known if _ACCESS.search(p.facts.organisation or "")]
            is_home = key[1] is NetworkKind.RESIDENTIAL
            self._found[key] = (likely if is_home and likely else known)[:_WANTED]


class AddressBook:
    """All addresses that anybody uses, by number, and what is known of each."""

    ROTATION = 8
    """So many addresses a home has that changes them."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._taken: dict[tuple[str, NetworkKind], int] = defaultdict(int)
        self._numbers: list[Array] = []
        self._facts_at: list[Array] = []
        self._count = 0
        self._sixes: dict[int, IPv6Address] = {}
        self.facts: list[AddressFacts] = []

    def __len__(self) -> int:
        return self._count

    def take(self, country: str, kind: NetworkKind, count: int) -> Array:
        """So many new addresses, as their numbers in this book."""
        places = self._atlas.places(country, kind)
        start = self._taken[country, kind]
        self._taken[country, kind] += count
        rank = start + np.arange(count)
        place = rank % len(places)
        host = rank // len(places)
        bases = np.array([found.base for found in places], np.int64)
        first = len(self.facts)
        self.facts += [found.facts for found in places]
        # A /24 that is full goes on in the next one, which nearly always is the same network.
        self._numbers.append(bases[place] + host // _HOSTS * 256 + host % _HOSTS + 2)
        self._facts_at.append(first + place)
        self._count += count
        return np.arange(self._count - count, self._count)

    def take_rotating(self, country: str) -> int:
        """The first of `ROTATION` new IPv6 addresses of one /56, as its number in this book."""
        numbers = self.take(country, NetworkKind.RESIDENTIAL, self.ROTATION)
        # The range for documentation (RFC 3849) stands in for the provider's own.
        base = (_SIX << 96) + (int(numbers[0]) << 72)
        for place, address in enumerate(numbers.tolist()):
            self._sixes[address] = IPv6Address(base + (place << 64) + 0x1000 + place * 77)
        return int(numbers[0])

    def facts_at(self) -> Array:
        """For each address, the place of its facts in `facts`."""
        return np.concatenate(self._facts_at) if self._facts_at else np.zeros(0, np.int64)

    def addresses(self) -> Sequence[IPv4Address | IPv6Address]:
        """The addresses themselves."""
        numbers = np.concatenate(self._numbers) if self._numbers else np.zeros(0, np.int64)
        found: list[IPv4Address | IPv6Address] = [IPv4Address(n) for n in numbers.tolist()]
        for place, address in self._sixes.items():
            found[place] = address
        return found
