"""The client's address: believed from trusted proxies only."""

from ipaddress import ip_address

import pytest

from privet.collector.client import ClientAddress, parse_address
from privet.kernel.errors import ConfigError

_PROXIES = ("10.0.0.0/8", "2001:db8:1::/48")


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.7", None, "203.0.113.7"),
        ("203.0.113.7", b"198.51.100.1", "203.0.113.7"),
        ("10.0.0.1", b"198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", b"192.0.2.66, 198.51.100.1, 10.0.0.9", "198.51.100.1"),
        ("10.0.0.1", b"10.0.0.2", "10.0.0.2"),
        ("2001:db8:1::5", b"2001:db8:2::1", "2001:db8:2::1"),
        ("10.0.0.1", b"rubbish", None),
        ("unix:", None, None),
    ],
)
def test_the_nearest_address_that_is_no_proxy_is_the_clients(
    peer: str, forwarded: bytes | None, found: str | None
) -> None:
    wanted = ip_address(found) if found else None
    assert ClientAddress(_PROXIES).find(peer, forwarded) == wanted


def test_without_trusted_proxies_the_header_is_not_read() -> None:
    assert str(ClientAddress(()).find("203.0.113.7", b"1.2.3.4")) == "203.0.113.7"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("198.51.100.1:443", "198.51.100.1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_addresses_are_read_in_all_their_forms(text: str, found: str) -> None:
    assert parse_address(text) == ip_address(found)


def test_a_setting_that_is_no_network_is_told() -> None:
    with pytest.raises(ConfigError, match="PRIVET_TRUSTED_PROXIES"):
        ClientAddress(["everybody"])
