"""Files of IP data: good ones, and those that only look like it."""

from datetime import date
from ipaddress import ip_address
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, integers

from privet.network.databases import Database, NetworkDataError
from privet.network.facts import DataRole
from privet.network.records import NOTHING
from tests.network.mmdb import write_mmdb

CITY = {
    "81.2.69.0/24": {"country": {"iso_code": "GB"}, "subdivisions": [{"iso_code": "ENG"}]},
    "2a00::/16": {"country": {"iso_code": "IE"}},
}


@pytest.mark.parametrize("is_trusted", [False, True])
def test_an_address_is_found_with_its_record(tmp_path: Path, is_trusted: bool) -> None:
    database = Database(write_mmdb(tmp_path / "city.mmdb", CITY), is_trusted=is_trusted)
    found = database.find(ip_address("81.2.69.142"))
    assert (found.country, found.region) == ("GB", "GB-ENG")


def test_an_ipv6_address_is_found(tmp_path: Path) -> None:
    database = Database(write_mmdb(tmp_path / "city.mmdb", CITY))
    assert database.find(ip_address("2a00::1")).country == "IE"


def test_an_address_without_a_record_finds_nothing(tmp_path: Path) -> None:
    database = Database(write_mmdb(tmp_path / "city.mmdb", CITY))
    assert database.find(ip_address("9.9.9.9")) is NOTHING


def test_a_file_for_ipv4_alone_says_nothing_of_ipv6(tmp_path: Path) -> None:
    records = {"81.2.69.0/24": {"country_code": "GB"}}
    database = Database(write_mmdb(tmp_path / "v4.mmdb", records, ip_version=4))
    assert database.find(ip_address("2a00::1")) is NOTHING
    assert database.find(ip_address("81.2.69.1")).country == "GB"


def test_a_file_says_its_name_and_day(tmp_path: Path) -> None:
    database = Database(write_mmdb(tmp_path / "x.mmdb", CITY, kind="GeoLite2-City"))
    assert (database.name, database.built_on) == ("GeoLite2-City", date(2026, 9, 21))


def test_examining_tells_which_questions_a_file_answers(tmp_path: Path) -> None:
    records = {
        "81.2.69.0/24": {"country_code": "GB"},
        "81.2.70.0/24": {"isp": "Hedge", "connection_type": "Cellular"},
        "81.2.71.0/24": {"is_anonymous_vpn": True},
    }
    roles = Database(write_mmdb(tmp_path / "all.mmdb", records)).examine()
    assert roles == {
        DataRole.PLACE, DataRole.NETWORK, DataRole.CONNECTION, DataRole.ANONYMITY,
    }  # fmt: skip


def test_examining_reaches_the_last_network_of_a_file(tmp_path: Path) -> None:
    for network in ("223.255.255.0/24", "3fff:ffff::/32", "255.255.255.255/32"):
        path = write_mmdb(tmp_path / "last.mmdb", {network: {"country_code": "GB"}})
        assert Database(path).examine() == {DataRole.PLACE}


def test_examining_an_ipv4_file_leaves_ipv6_alone(tmp_path: Path) -> None:
    records = {"81.2.69.0/24": {"country_code": "GB"}}
    path = write_mmdb(tmp_path / "v4.mmdb", records, ip_version=4)
    assert Database(path).examine() == {DataRole.PLACE}


def test_a_network_wider_than_ipv4_is_sound(tmp_path: Path) -> None:
    path = write_mmdb(tmp_path / "wide.mmdb", {"::/64": {"country_code": "GB"}})
    assert Database(path).examine() == {DataRole.PLACE}


def test_a_file_with_nothing_of_use_is_refused(tmp_path: Path) -> None:
    path = write_mmdb(tmp_path / "domains.mmdb", {"81.2.69.0/24": {"domain": "hedge.example"}})
    with pytest.raises(NetworkDataError, match="holds nothing"):
        Database(path).examine()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NetworkDataError, match=r"absent\.mmdb is not there"):
        Database(tmp_path / "absent.mmdb")


@pytest.mark.parametrize("content", [b"", b"not a database", bytes(4096)])
def test_a_file_of_another_format_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.mmdb"
    path.write_bytes(content)
    with pytest.raises(NetworkDataError, match="not a readable MaxMind DB file"):
        Database(path)


def test_a_day_beyond_all_calendars_is_refused(tmp_path: Path) -> None:
    path = write_mmdb(tmp_path / "late.mmdb", CITY, built=2**60)
    with pytest.raises(NetworkDataError, match="not a readable"):
        Database(path)


def _damage_records(path: Path) -> Path:
    """Turn all bytes of the data section into ones: the tree still points there."""
    content = bytearray(path.read_bytes())
    start = content.index(b"\xe2") if b"\xe2" in content else content.index(b"\xe1")
    content[start : content.rindex(b"\xab\xcd\xefMaxMind.com")] = b"\xff" * (
        content.rindex(b"\xab\xcd\xefMaxMind.com") - start
    )
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("is_trusted", [False, True])
def test_a_damaged_record_says_nothing_and_is_counted(tmp_path: Path, is_trusted: bool) -> None:
    path = _damage_records(write_mmdb(tmp_path / "city.mmdb", CITY))
    database = Database(path, is_trusted=is_trusted)
    assert database.find(ip_address("81.2.69.142")) is NOTHING
    assert database.damaged_lookups == 1


def test_examining_refuses_damaged_records(tmp_path: Path) -> None:
    database = Database(_damage_records(write_mmdb(tmp_path / "city.mmdb", CITY)))
    with pytest.raises(NetworkDataError, match=r"city\.mmdb is damaged"):
        database.examine()


@settings(max_examples=40)
@given(at=integers(0, 10_000), noise=binary(min_size=1, max_size=16))
def test_no_damage_leads_to_another_error(
    tmp_path_factory: pytest.TempPathFactory, at: int, noise: bytes
) -> None:
    path = write_mmdb(tmp_path_factory.mktemp("damage") / "city.mmdb", CITY)
    content = bytearray(path.read_bytes())
    at %= len(content)
    content[at : at + len(noise)] = noise
    path.write_bytes(content)
    faults = []
    try:
        database = Database(path)
        database.find(ip_address("81.2.69.142"))
        database.examine()
    except NetworkDataError as error:
        faults.append(error.what)
    assert all(path.name in what for what in faults)
