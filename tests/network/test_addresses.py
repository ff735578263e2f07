"""Addresses inside addresses, and those that are not on the Internet."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis.strategies import ip_addresses

from privet.network.addresses import inner_address, is_public

INNER = IPv4Address("81.2.69.142")


@pytest.mark.parametrize(
    "outer",
    [
        "::ffff:81.2.69.142",
        "::ffff:0:81.2.69.142",
        "64:ff9b::81.2.69.142",
        "2002:5102:458e::1",
        "2001:0:4136:e378:8000:63bf:aefd:ba71",
    ],
    ids=["mapped", "translated", "nat64", "6to4", "teredo"],
)
def test_an_ipv4_address_inside_an_ipv6_one_is_unwrapped(outer: str) -> None:
    assert inner_address(ip_address(outer)) == INNER


@pytest.mark.parametrize("plain", ["81.2.69.142", "2a00:1450::1", "64:ff9b:1::1"])
def test_an_address_that_carries_none_is_itself(plain: str) -> None:
    assert inner_address(ip_address(plain)) == ip_address(plain)


def test_a_zone_falls_away() -> None:
    assert inner_address(IPv6Address("fe80::1%eth0")) == IPv6Address("fe80::1")


@given(ip_addresses())
def test_unwrapping_leaves_nothing_to_unwrap(address: IPv4Address | IPv6Address) -> None:
    inner = inner_address(address)
    assert inner_address(inner) == inner


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.1.1",
        "192.0.2.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fd00::1",
        "fe80::1",
        "ff02::1",
        "2001:db8::1",
    ],
)
def test_a_reserved_address_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "81.2.69.142", "2a00:1450::1"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))
