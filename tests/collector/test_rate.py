"""The rate of clients: bounded for each, and bounded in memory."""

from ipaddress import ip_address

from privet.collector.limits import Limits
from privet.collector.rate import RateLimiter

_ALICE, _MALLORY = ip_address("203.0.113.7"), ip_address("198.51.100.66")
_LIMITS = Limits(client_burst=3, client_per_second=1.0, clients_remembered=2)


class _Watch:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_burst_is_allowed_and_then_the_rate() -> None:
    watch = _Watch()
    rate = RateLimiter(_LIMITS, watch)
    assert [rate.allows(_MALLORY) for _ in range(5)] == [True, True, True, False, False]
    watch.seconds = 2.0
    assert [rate.allows(_MALLORY) for _ in range(3)] == [True, True, False]


def test_one_clients_haste_is_not_anothers() -> None:
    rate = RateLimiter(_LIMITS, _Watch())
    for _ in range(5):
        rate.allows(_MALLORY)
    assert rate.allows(_ALICE)


def test_the_addresses_of_one_network_count_as_one_client_in_ipv6() -> None:
    rate = RateLimiter(_LIMITS, _Watch())
    for n in range(4):
        rate.allows(ip_address(f"2001:db8::{n}"))
    assert not rate.allows(ip_address("2001:db8::ffff"))
    assert rate.allows(ip_address("2001:db8:0:1::1"))


def test_clients_without_an_address_share_one_bucket() -> None:
    rate = RateLimiter(_LIMITS, _Watch())
    assert [rate.allows(None) for _ in range(4)] == [True, True, True, False]


def test_memory_is_bounded() -> None:
    rate = RateLimiter(_LIMITS, _Watch())
    for n in range(50):
        rate.allows(ip_address(n))
    assert len(rate) == 2


def test_no_address_can_be_read_from_what_is_remembered() -> None:
    one, other = (RateLimiter(_LIMITS, _Watch()) for _ in range(2))
    one.allows(_ALICE)
    other.allows(_ALICE)
    assert _ALICE.packed not in b"".join(one._buckets)
    assert list(one._buckets) != list(other._buckets), "the key dies with the process"
