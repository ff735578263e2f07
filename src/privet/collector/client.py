"""The address of who is asking, believed from trusted proxies only."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from privet.kernel.errors import ConfigError

Address = IPv4Address | IPv6Address


class ClientAddress:
    """Reads the client's address from the connection and ``X-Forwarded-For``."""

    def __init__(self, trusted: Iterable[str]) -> None:
        """``trusted`` are networks (CIDR); raises `ConfigError` if one of them is none."""
        try:
            self._trusted = [ip_network(text, strict=False) for text in trusted]
        except ValueError as error:
            raise ConfigError(
                "PRIVET_TRUSTED_PROXIES holds something that is not a network.",
                remedy="List networks such as 10.0.0.0/8, separated by spaces.",
            ) from error
        self._known = lru_cache(maxsize=8192)(self._find)

    def find(self, peer: str, forwarded: bytes | None) -> Address | None:
        """The nearest address that is not a trusted proxy's; none if it cannot be told.

        What stands left of it in the header was written by someone nobody vouches for.
        """
        return self._known(peer, forwarded)

    def _find(self, peer: str, forwarded: bytes | None) -> Address | None:
        nearest = parse_address(peer)
        if forwarded is None or not self._trusted:
            return nearest
        hops = forwarded.decode("latin-1").split(",")
        while hops and nearest is not None and self._is_trusted(nearest):
            nearest = parse_address(hops.pop().strip())
        return nearest

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


@lru_cache(maxsize=4096)
def parse_address(text: str) -> Address | None:
    """An address from text, with or without port; mapped IPv4 becomes IPv4."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address
