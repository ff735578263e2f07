"""Which address is meant: IPv4 inside IPv6 is unwrapped, and private ranges are told apart."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address

_NAT64 = IPv6Network("64:ff9b::/96")
_TRANSLATED = IPv6Network("::ffff:0:0:0/96")
_LOW_32_BITS = 0xFFFF_FFFF


def inner_address(address: Address) -> Address:
    """The IPv4 address that an IPv6 one carries, or the address itself.

    Unwrapped are IPv4-mapped (RFC 4291, 2.5.5.2), IPv4-translated (RFC 2765), NAT64's well-known
    prefix (RFC 6052), 6to4 (RFC 3056) and Teredo, there the client's side (RFC 4380). Give it
    to tokens too: the same line must not have two of them. A zone (``fe80::1%eth0``) falls away.
    """
    if isinstance(address, IPv4Address):
        return address
    if address.scope_id is not None:
        address = IPv6Address(int(address))
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or address in _TRANSLATED:
        return IPv4Address(int(address) & _LOW_32_BITS)
    return address.ipv4_mapped or address.sixtofour or address


def is_public(address: Address) -> bool:
    """Whether the address can belong to somebody on the Internet."""
    return address.is_global and not address.is_multicast and not address.is_reserved
