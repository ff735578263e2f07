"""Who is asking: the address behind proxies, and how often it may ask."""

from ipaddress import ip_address

import pytest
from django.test import RequestFactory

from privet.web.api.client import Buckets, address_of, country_of, parse_address


def request(peer="192.0.2.1", forwarded=None):
    headers = {"x-forwarded-for": forwarded} if forwarded is not None else {}
    return RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:443", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
    ],
)
def test_an_address_is_read_with_or_without_port(text, address):
    assert parse_address(text) == ip_address(address)


@pytest.mark.parametrize("text", ["", "unknown", "1.2.3", "a:b", "[x"])
def test_what_is_no_address_is_none(text):
    assert parse_address(text) is None


def test_a_header_of_nobody_trusted_is_not_believed():
    assert address_of(request(forwarded="203.0.113.9")) == ip_address("192.0.2.1")


def test_a_trusted_proxys_header_is_believed_as_far_as_it_vouches(monkeypatch):
    monkeypatch.setenv("PRIVET_TRUSTED_PROXIES", "192.0.2.0/24")
    forged = request(forwarded="198.51.100.1, 203.0.113.9, 192.0.2.7")
    assert address_of(forged) == ip_address("203.0.113.9")
    assert address_of(request()) == ip_address("192.0.2.1")
    assert address_of(request(forwarded="nonsense")) is None
    assert address_of(request(forwarded="192.0.2.9")) == ip_address("192.0.2.9")


def test_an_unknown_address_has_no_country():
    assert country_of(request(peer="")) == ""
    assert country_of(request(peer="127.0.0.1")) == ""


def test_a_client_has_a_burst_and_then_a_pace():
    now = [0.0]
    buckets = Buckets(burst=2, per_second=0.5, monotonic=lambda: now[0])
    alice, mallory = ip_address("192.0.2.1"), ip_address("192.0.2.2")
    assert [buckets.allows(mallory) for _ in range(3)] == [True, True, False]
    assert buckets.allows(alice)
    now[0] = 2.0
    assert [buckets.allows(mallory) for _ in range(2)] == [True, False]


def test_a_whole_network_of_the_new_kind_is_one_client():
    buckets = Buckets(burst=1, per_second=0, monotonic=lambda: 0.0)
    assert buckets.allows(ip_address("2001:db8::1"))
    assert not buckets.allows(ip_address("2001:db8::2"))
    assert buckets.allows(ip_address("2001:db8:0:1::1"))


def test_clients_without_address_share_one_bucket():
    buckets = Buckets(burst=1, per_second=0, monotonic=lambda: 0.0)
    assert [buckets.allows(None), buckets.allows(None)] == [True, False]


def test_old_clients_are_forgotten_first():
    buckets = Buckets(burst=1, per_second=0, monotonic=lambda: 0.0, most_remembered=2)
    addresses = [ip_address(f"192.0.2.{n}") for n in range(3)]
    assert all(buckets.allows(address) for address in addresses)
    assert buckets.allows(addresses[0])
    assert not buckets.allows(addresses[2])
