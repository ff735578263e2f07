"""Keys, tokens, seals."""

import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from privet.kernel.crypto import (
    KEY_BYTES,
    PERSON_KEY_BYTES,
    KeyRing,
    address_token,
    network_token,
    person_key,
    seal,
    unseal,
)
from privet.kernel.errors import CannotDecryptError, ConfigError

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
DAY = date(2026, 11, 21)
_ADDRESSES = st.ip_addresses()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def test_a_key_is_the_same_the_next_time(directory: Path) -> None:
    assert KeyRing(directory).link_key() == KeyRing(directory).link_key()


_KINDS: dict[str, Callable[[KeyRing], bytes]] = {
    "link": lambda ring: ring.link_key(),
    "cookie": lambda ring: ring.signing_key("consent-cookie"),
    "session": lambda ring: ring.signing_key("session"),
    "token": lambda ring: ring.token_key(DAY)[1],
    "day": lambda ring: ring.day_key(DAY),
    "day before": lambda ring: ring.day_key(DAY - timedelta(days=1)),
}


def test_every_purpose_has_a_key_of_its_own(directory: Path) -> None:
    ring = KeyRing(directory)
    keys = {read(ring) for read in _KINDS.values()}
    assert len(keys) == len(_KINDS)
    assert {len(key) for key in keys} == {KEY_BYTES}


def test_the_token_key_stays_for_a_year(directory: Path) -> None:
    ring = KeyRing(directory)
    assert ring.token_key(date(2026, 1, 1)) == ring.token_key(date(2026, 12, 31))
    assert ring.token_key(date(2026, 12, 31)) != ring.token_key(date(2027, 1, 1))
    assert ring.token_key(DAY)[0] == 2026


def test_nobody_else_may_read_a_key(directory: Path) -> None:
    KeyRing(directory).link_key()
    assert stat.S_IMODE((directory / "link.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_processes_that_make_a_key_at_once_end_with_one(directory: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: KeyRing(directory).link_key(), range(64)))
    assert len(keys) == 1
    assert [path.name for path in directory.iterdir()] == ["link.key"]


class _Late(KeyRing):
    """Believes that a key is missing, as a process does that looked a moment too early."""

    def _read_or_make(self, path: Path) -> bytes:
        self._make(path)
        return path.read_bytes()


def test_who_comes_second_takes_the_key_of_the_first(directory: Path) -> None:
    first = KeyRing(directory).link_key()
    assert _Late(directory).link_key() == first
    assert [path.name for path in directory.iterdir()] == ["link.key"]


@pytest.mark.parametrize("content", [b"", b"short", bytes(33)])
def test_a_damaged_key_is_refused_rather_than_used(directory: Path, content: bytes) -> None:
    directory.mkdir()
    (directory / "link.key").write_bytes(content)
    with pytest.raises(ConfigError, match=r"link\.key does not hold 32 bytes"):
        KeyRing(directory).link_key()


def test_a_day_key_that_never_was_is_not_made_by_looking(directory: Path) -> None:
    assert KeyRing(directory).find_day_key(DAY) is None
    assert not directory.exists()


def test_an_existing_day_key_is_found(directory: Path) -> None:
    key = KeyRing(directory).day_key(DAY)
    assert KeyRing(directory).find_day_key(DAY) == key


def test_destroying_ends_all_days_before_and_no_other_key(directory: Path) -> None:
    ring = KeyRing(directory)
    for back in range(5):
        ring.day_key(DAY - timedelta(days=back))
    kept = ring.link_key()
    assert ring.destroy_day_keys(DAY - timedelta(days=2)) == 2
    assert ring.find_day_key(DAY - timedelta(days=3)) is None
    assert ring.find_day_key(DAY - timedelta(days=2)) is not None
    assert KeyRing(directory).link_key() == kept


def test_destroying_finds_nothing_in_a_directory_that_is_not_there(directory: Path) -> None:
    assert KeyRing(directory).destroy_day_keys(DAY) == 0


def test_destroying_leaves_files_that_are_not_ours(directory: Path) -> None:
    directory.mkdir()
    (directory / "day-off.key").write_bytes(b"")
    assert KeyRing(directory).destroy_day_keys(DAY) == 0
    assert (directory / "day-off.key").exists()


def test_destroying_ends_a_second_name_that_a_crash_left(directory: Path) -> None:
    KeyRing(directory).day_key(DAY)
    os.link(directory / f"day-{DAY}.key", directory / f"day-{DAY}.0a1b2c3d4e5f6071")
    assert KeyRing(directory).destroy_day_keys(DAY + timedelta(days=1)) == 1
    assert list(directory.iterdir()) == []


def test_a_ring_lets_go_of_the_key_that_it_destroyed(directory: Path) -> None:
    ring = KeyRing(directory)
    old = ring.day_key(DAY)
    assert ring.day_key(DAY) == old
    ring.destroy_day_keys(DAY + timedelta(days=1))
    assert repr(old) not in repr(vars(ring))
    assert ring.day_key(DAY) != old


def test_a_ring_remembers_one_day_at_a_time(directory: Path) -> None:
    ring = KeyRing(directory)
    old = ring.day_key(DAY)
    ring.day_key(DAY + timedelta(days=1))
    assert repr(old) not in repr(vars(ring))


@given(st.text(), st.text(), st.text())
def test_a_person_key_depends_on_key_source_and_id(source: str, one: str, other: str) -> None:
    assume("\0" not in source)
    source = source.encode(errors="ignore").decode()
    key = person_key(KEY, source, one)
    assert len(key) == PERSON_KEY_BYTES
    assert (key == person_key(KEY, source, other)) == (one == other)
    assert key != person_key(OTHER_KEY, source, one)
    assert key != person_key(KEY, source + "/visitor", one)


def test_an_id_with_half_a_surrogate_pair_is_an_id() -> None:
    assert len(person_key(KEY, "hedgerow", "\ud800")) == PERSON_KEY_BYTES


@given(_ADDRESSES)
def test_tokens_are_signed_numbers_of_64_bits(address: IPv4Address | IPv6Address) -> None:
    for token in (address_token(KEY, address), network_token(KEY, address)):
        assert -(2**63) <= token < 2**63


@given(_ADDRESSES, _ADDRESSES)
def test_addresses_share_a_token_only_if_they_are_the_same(
    one: IPv4Address | IPv6Address, other: IPv4Address | IPv6Address
) -> None:
    assume(not getattr(one, "ipv4_mapped", None) and not getattr(other, "ipv4_mapped", None))
    assert (address_token(KEY, one) == address_token(KEY, other)) == (one == other)


@given(_ADDRESSES)
def test_another_key_gives_other_tokens(address: IPv4Address | IPv6Address) -> None:
    assert address_token(KEY, address) != address_token(OTHER_KEY, address)
    assert network_token(KEY, address) != network_token(OTHER_KEY, address)


@given(_ADDRESSES)
def test_the_token_of_an_address_is_not_that_of_its_network(
    address: IPv4Address | IPv6Address,
) -> None:
    assert address_token(KEY, address) != network_token(KEY, address)


@given(_ADDRESSES, st.integers(0))
def test_neighbours_in_a_network_share_its_token(
    address: IPv4Address | IPv6Address, step: int
) -> None:
    assume(not getattr(address, "ipv4_mapped", None))
    network = ip_network((address, 24 if address.version == 4 else 56), strict=False)
    neighbour = network[step % network.num_addresses]
    assert network_token(KEY, neighbour) == network_token(KEY, address)
    beyond = type(address)((int(network.broadcast_address) + 1) % 2**network.max_prefixlen)
    assert network_token(KEY, beyond) != network_token(KEY, address)


@given(st.ip_addresses(v=4))
def test_ipv4_inside_ipv6_has_the_tokens_of_the_ipv4_address(address: IPv4Address) -> None:
    mapped = ip_address(f"::ffff:{address}")
    assert address_token(KEY, mapped) == address_token(KEY, address)
    assert network_token(KEY, mapped) == network_token(KEY, address)


@given(st.binary(), st.binary())
def test_what_was_sealed_is_unsealed(plain: bytes, context: bytes) -> None:
    assert unseal(KEY, seal(KEY, plain, context), context) == plain


@given(st.binary(max_size=40))
def test_sealing_twice_gives_two_values(plain: bytes) -> None:
    assert seal(KEY, plain, b"") != seal(KEY, plain, b"")


@given(st.binary(max_size=40), st.integers(0), st.integers(1, 255))
def test_a_changed_byte_is_noticed(plain: bytes, at: int, change: int) -> None:
    sealed = bytearray(seal(KEY, plain, b"context"))
    sealed[at % len(sealed)] ^= change
    with pytest.raises(CannotDecryptError):
        unseal(KEY, bytes(sealed), b"context")


@pytest.mark.parametrize(
    ("key", "context", "cut"),
    [(OTHER_KEY, b"context", 0), (KEY, b"other", 0), (KEY, b"context", 1), (KEY, b"context", 30)],
    ids=["key", "context", "cut", "nonce"],
)
def test_nothing_opens_with_the_wrong_key_context_or_length(
    key: bytes, context: bytes, cut: int
) -> None:
    sealed = seal(KEY, b"192.0.2.1", b"context")
    with pytest.raises(CannotDecryptError) as caught:
        unseal(key, sealed[: len(sealed) - cut], context)
    assert "192.0.2.1" not in str(caught.value)
