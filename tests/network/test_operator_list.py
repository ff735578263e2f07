"""The operator's own list of networks."""

from ipaddress import IPv4Network, ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import integers, ip_addresses, lists

from privet.network.databases import NetworkDataError
from privet.network.facts import NetworkKind
from privet.network.operator_list import (
    MAX_LINES,
    Listed,
    OperatorList,
    parse_list,
    read_list,
)

CAMPUS = """
# Networks of Hedge University
10.20.0.0/16     education country=GB region=GB-ENG asn=786 Hedge University, campus
10.20.30.0/24    VPN       # staff
2001:db8::/32    education
"""


def test_an_address_finds_its_network() -> None:
    assert parse_list(CAMPUS).find(ip_address("10.20.1.1")) == Listed(
        kind=NetworkKind.EDUCATION,
        name="Hedge University, campus",
        country="GB",
        region="GB-ENG",
        asn=786,
    )


def test_the_longest_prefix_wins() -> None:
    listed = parse_list(CAMPUS).find(ip_address("10.20.30.1"))
    assert listed == Listed(kind=NetworkKind.VPN)


def test_an_ipv6_address_finds_its_network() -> None:
    listed = parse_list(CAMPUS).find(ip_address("2001:db8::1"))
    assert listed is not None
    assert listed.kind is NetworkKind.EDUCATION


def test_an_address_in_no_network_finds_nothing() -> None:
    assert parse_list(CAMPUS).find(ip_address("10.21.0.1")) is None


def test_comments_and_empty_lines_do_not_count() -> None:
    assert parse_list(CAMPUS).size == 3


def test_an_address_without_a_prefix_length_is_a_network_of_one() -> None:
    listed = parse_list("198.51.100.7 vpn").find(ip_address("198.51.100.7"))
    assert listed is not None


@pytest.mark.parametrize(
    "line",
    [
        "10.0.0.0/8",
        "10.0.0.1/8 vpn",
        "ten vpn",
        "10.0.0.0/8 suspicious",
        "10.0.0.0/8 vpn country=gb",
        "10.0.0.0/8 vpn region=England",
        "10.0.0.0/8 vpn asn=AS786",
    ],
)
def test_a_faulty_line_is_named_by_its_number(line: str) -> None:
    with pytest.raises(NetworkDataError, match=r"^Line 2 of") as caught:
        parse_list(f"# first\n{line}\n")
    assert "education" in caught.value.remedy


def test_a_list_that_is_too_long_is_refused() -> None:
    with pytest.raises(NetworkDataError, match="more than"):
        parse_list("\n" * (MAX_LINES + 1))


def test_the_day_of_a_list_is_that_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "networks.txt"
    path.write_text(CAMPUS)
    networks, changed = read_list(path)
    assert networks.size == 3
    assert changed.year >= 2024


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "networks.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(NetworkDataError, match="as text"):
        read_list(path)


@given(lists(ip_addresses(v=4), max_size=8), integers(1, 32), ip_addresses(v=4))
def test_a_look_up_agrees_with_a_search_of_all_networks(addresses, length, wanted) -> None:
    networks = [
        IPv4Network((address, max(1, (length * (n + 1)) % 33)), strict=False)
        for n, address in enumerate(addresses)
    ]
    table = OperatorList((net, Listed(kind=NetworkKind.VPN, name=str(net))) for net in networks)
    holding = [net for net in networks if wanted in net]
    best = max(holding, key=lambda net: net.prefixlen, default=None)
    found = table.find(wanted)
    assert (found.name if found else None) == (str(best) if best else None)
