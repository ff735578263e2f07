"""The operator's own list of networks: a text file that outranks every other evidence.

One network a line: CIDR, kind, then optionally ``country=GB``, ``region=GB-ENG``, ``asn=786`` and
a name. ``#`` begins a comment. The longest prefix that holds an address wins::

    10.20.0.0/16      education  country=GB  Hedge University, campus
    198.51.100.0/24   vpn        Hedge University, staff VPN
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from privet.network.addresses import Address
from privet.network.databases import NetworkDataError
from privet.network.facts import NetworkKind

MAX_LINES = 200_000
_FORMATS = {
    "country": re.compile(r"[A-Z]{2}"),
    "region": re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}"),
    "asn": re.compile(r"[1-9][0-9]{0,9}"),
}
_MAX_NAME = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What the operator says of a network."""

    kind: NetworkKind
    name: str = ""
    country: str | None = None
    region: str | None = None
    asn: int | None = None


@dataclass(frozen=True, slots=True)
class _Table:
    """The networks of one IP version and one prefix length, by their leading bits."""

    shift: int
    networks: Mapping[int, Listed]


class OperatorList:
    """A parsed list; look-ups cost one dictionary access for each prefix length in use."""

    def __init__(self, entries: Iterable[tuple[IPv4Network | IPv6Network, Listed]]) -> None:
        by_length: dict[int, dict[int, dict[int, Listed]]] = {4: {}, 6: {}}
        self.size = 0
        for network, listed in entries:
            shift = network.max_prefixlen - network.prefixlen
            key = int(network.network_address) >> shift
            by_length[network.version].setdefault(shift, {})[key] = listed
            self.size += 1
        self._tables = {
            version: tuple(_Table(shift, tables[shift]) for shift in sorted(tables))
            for version, tables in by_length.items()
        }

    def find(self, address: Address) -> Listed | None:
        """The entry with the longest prefix that holds the address."""
        number = int(address)
        for table in self._tables[address.version]:
            listed = table.networks.get(number >> table.shift)
            if listed is not None:
                return listed
        return None


EMPTY_LIST = OperatorList(())


def read_list(path: Path) -> tuple[OperatorList, date]:
    """The list and the UTC day of the file; raises `NetworkDataError` naming the faulty line."""
    try:
        text = path.read_text(encoding="utf-8")
        changed = path.stat().st_mtime
    except (OSError, UnicodeDecodeError) as error:
        raise NetworkDataError(
            f"{path.name} cannot be read as text.", remedy="Save it as UTF-8 and try again."
        ) from error
    return parse_list(text), datetime.fromtimestamp(changed, UTC).date()


def parse_list(text: str) -> OperatorList:
    """Parse the lines of a list; raises `NetworkDataError` naming the first faulty line."""
    lines = text.splitlines()
    if len(lines) > MAX_LINES:
        raise NetworkDataError(
            f"The list of networks has more than {MAX_LINES} lines.",
            remedy="Join neighbouring networks, or turn the list into a .mmdb file.",
        )
    return OperatorList(_entries(lines))


def _entries(lines: list[str]) -> Iterator[tuple[IPv4Network | IPv6Network, Listed]]:
    for number, line in enumerate(lines, start=1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            yield ip_network(words[0]), _read_entry(words[1:])
        except ValueError as error:
            raise NetworkDataError(
                f"Line {number} of the list of networks cannot be understood.",
                remedy="Write a network in CIDR form without host bits, then one of "
                f"{', '.join(NetworkKind)}, then country=, region=, asn= and a name if you like.",
            ) from error


def _read_entry(words: list[str]) -> Listed:
    if not words:
        raise ValueError
    kind = NetworkKind(words[0].lower())
    given = {}
    rest = words[1:]
    while rest and rest[0].partition("=")[0] in _FORMATS:
        field, _, value = rest.pop(0).partition("=")
        if not _FORMATS[field].fullmatch(value):
            raise ValueError
        given[field] = value
    asn = given.get("asn")
    return Listed(
        kind=kind,
        name=" ".join(rest)[:_MAX_NAME],
        country=given.get("country"),
        region=given.get("region"),
        asn=int(asn) if asn else None,
    )
