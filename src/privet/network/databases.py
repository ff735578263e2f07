"""Files of IP data in the MaxMind DB format: opened, examined, asked."""

from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path

import maxminddb

from privet.kernel.errors import PrivetError
from privet.network.addresses import Address
from privet.network.facts import DataRole
from privet.network.records import NOTHING, Found, read_record

_CORRUPT = (maxminddb.InvalidDatabaseError, OSError, ValueError, RecursionError, MemoryError)
"""What the reader raises on damaged files, on opening or as late as in a look-up."""

_PROBES = 4_096
_FIRST_IPV6 = IPv6Address("2000::")


class NetworkDataError(PrivetError):
    """A file of IP data cannot be used."""


class Database:
    """One file, open for look-ups. Threads may share it; it closes when nobody refers to it.

    ``is_trusted`` chooses the fast reader, which is written in C and was seen to abort the whole
    process over a damaged file: give it only what was examined before and has not changed since.
    """

    def __init__(self, path: Path, *, shown_as: str = "", is_trusted: bool = False) -> None:
        self._shown_as = shown_as or path.name
        self._reader = _open(path, self._shown_as, is_trusted=is_trusted)
        metadata = self._reader.metadata()
        self._serves_v6 = metadata.ip_version == 6
        self.name = metadata.database_type[:80]
        """What the file says it is: ``GeoLite2-City``, ``DBIP-ASN-Lite`` …"""
        self.built_on = datetime.fromtimestamp(metadata.build_epoch, UTC).date()
        """The UTC day on which the data was made."""
        self.damaged_lookups = 0

    def find(self, address: Address) -> Found:
        """What the file says of the address. A damaged record says nothing and is counted."""
        if address.version == 6 and not self._serves_v6:
            return NOTHING
        try:
            return read_record(self._reader.get(address))
        except _CORRUPT:
            self.damaged_lookups += 1
            return NOTHING

    def examine(self) -> frozenset[DataRole]:
        """Read some thousand records spread over the file; which questions do they answer?

        Raises `NetworkDataError` if one of them is damaged or if none says anything.
        """
        try:
            return self._examine()
        except _CORRUPT as error:
            raise NetworkDataError(
                f"{self._shown_as} is damaged: a record in it cannot be read.",
                remedy="Download the file again and compare its checksum.",
            ) from error

    def _examine(self) -> frozenset[DataRole]:
        roles: set[DataRole] = set()
        for record in self._sample():
            roles |= read_record(record).roles
        if not roles:
            raise NetworkDataError(
                f"{self._shown_as} holds nothing that Privet can use.",
                remedy="Use a Country, City, ASN, ISP, Connection-Type, Enterprise or "
                "Anonymous-IP database.",
            )
        return frozenset(roles)

    def _sample(self) -> Iterator[object]:
        """The first networks of both versions, then what evenly spread addresses meet.

        The reader's own iteration stumbles over sound files with wide networks near ``::``.
        """
        yield from self._walk(IPv4Address(0))
        if self._serves_v6:
            yield from self._walk(_FIRST_IPV6)
        for n in range(_PROBES):
            yield self._reader.get(_spread_address(n))

    def _walk(self, address: Address) -> Iterator[object]:
        """The records of the networks that follow one another from ``address`` on."""
        for _ in range(_PROBES):
            record, length = self._reader.get_with_prefix_len(address)
            yield record
            # IPv4 that is wider than the whole of it is one network in the tree of IPv6.
            width = max(0, address.max_prefixlen - length)
            following = (int(address) >> width) + 1 << width
            if following >> address.max_prefixlen:
                return
            address = type(address)(following)


def _spread_address(n: int) -> str:
    """An IPv4 address; successive ``n`` jump about the whole space (golden-ratio steps)."""
    value = (n * 2_654_435_769 + 16_843_009) & 0xFFFF_FFFF
    return ".".join(str(byte) for byte in value.to_bytes(4, "big"))


def _open(path: Path, shown_as: str, *, is_trusted: bool) -> maxminddb.Reader:
    mode = maxminddb.MODE_AUTO if is_trusted else maxminddb.MODE_MMAP
    try:
        reader = maxminddb.open_database(path, mode)
        datetime.fromtimestamp(reader.metadata().build_epoch, UTC)
    except FileNotFoundError as error:
        raise NetworkDataError(
            f"{shown_as} is not there.", remedy="Check the path, or install the data again."
        ) from error
    except (*_CORRUPT, OverflowError, KeyError, TypeError, AttributeError) as error:
        raise NetworkDataError(
            f"{shown_as} is not a readable MaxMind DB file.",
            remedy="Give a complete .mmdb file, or the .gz or .tar.gz that it was sent in.",
        ) from error
    return reader
