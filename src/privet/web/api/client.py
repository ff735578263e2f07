"""Who is asking, as far as the connection tells: the address, its country, how often it asks."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import blake2b
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Lock

from django.http import HttpRequest

from privet.kernel.config import read_config
from privet.network.service import Network, open_network
from privet.web.api.errors import RefusedError

Address = IPv4Address | IPv6Address
BURST = 120
"""How many requests a client may make at once: a class behind one address opens a course."""
PER_SECOND = 10.0
_MOST_REMEMBERED = 50_000


class Buckets:
    """Token buckets of clients, under a key that dies with the process; nothing is written."""

    def __init__(
        self,
        *,
        burst: int = BURST,
        per_second: float = PER_SECOND,
        monotonic: Callable[[], float] = time.monotonic,
        most_remembered: int = _MOST_REMEMBERED,
    ) -> None:
        self._most_remembered = most_remembered
        self._burst = burst
        self._per_second = per_second
        self._monotonic = monotonic
        self._key = secrets.token_bytes(32)
        self._lock = Lock()
        self._left: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def allows(self, address: Address | None) -> bool:
        """Take one of the client's tokens; false if none is left."""
        now = self._monotonic()
        packed = address.packed[:8] if address else b""
        client = blake2b(packed, key=self._key, digest_size=8).digest()
        with self._lock:
            left, then = self._left.get(client, (float(self._burst), now))
            left = min(self._burst, left + (now - then) * self._per_second)
            is_allowed = left >= 1
            self._left[client] = (left - 1 if is_allowed else left, now)
            self._left.move_to_end(client)
            if len(self._left) > self._most_remembered:
                self._left.popitem(last=False)
        return is_allowed

    def forget(self) -> None:
        """Begin anew with every client."""
        with self._lock:
            self._left.clear()


BUCKETS = Buckets()


def check_rate(request: HttpRequest, buckets: Buckets = BUCKETS) -> None:
    """Raise `RefusedError` (429) for a client that asks too often."""
    if not buckets.allows(address_of(request)):
        raise RefusedError(
            429, "too_often", "This client has asked too often.", remedy="Wait for a minute."
        )


def address_of(request: HttpRequest) -> Address | None:
    """The nearest address that is not a trusted proxy's; none if it cannot be told."""
    nearest = parse_address(request.META.get("REMOTE_ADDR", ""))
    trusted = read_config().trusted_proxies
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    while trusted and hops and hops != [""] and nearest and _is_trusted(nearest, trusted):
        nearest = parse_address(hops.pop())
    return nearest


def country_of(request: HttpRequest) -> str:
    """The country of the client's address (ISO 3166-1), empty if unknown."""
    address = address_of(request)
    return (_network().about_address(address).country or "") if address else ""


def region_of(request: HttpRequest, country: str) -> str:
    """The part of ``country`` in which the client's address is; empty if it is not known.

    A platform may vouch for another country than the address is in: then the part is not known.
    """
    address = address_of(request)
    facts = _network().about_address(address) if address else None
    return (facts.region or "") if facts and facts.country == country.upper() else ""


def parse_address(text: str) -> Address | None:
    """An address with or without port; IPv4 inside IPv6 becomes IPv4."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_trusted(address: Address, trusted: Sequence[str]) -> bool:
    return any(address in ip_network(network, strict=False) for network in trusted)


@lru_cache(maxsize=1)
def _network() -> Network:
    return open_network(read_config())
