"""Installing data from files: what replaces what, and what is refused."""

import gzip
import io
import os
import tarfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from privet.kernel.clock import FixedClock
from privet.network.databases import NetworkDataError
from privet.network.facts import DataRole
from privet.network.install import NETWORKS, install_data, remove_data
from privet.network.manifest import read_manifest
from tests.network.mmdb import write_mmdb

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
CLOCK = FixedClock(NOW)
CITY = {"81.2.69.0/24": {"country": {"iso_code": "GB"}}}
ISP = {"81.2.69.0/24": {"isp": "Hedge Broadband", "autonomous_system_number": 64496}}
ALL = {"81.2.69.0/24": {"country_code": "GB", "isp": "Hedge"}}


def _install(file: Path, directory: Path):
    return install_data(file, directory=directory, by="operator", clock=CLOCK)


def _names(directory: Path) -> list[str]:
    return [file.name for file in read_manifest(directory).files]


def test_installed_data_stands_in_the_manifest(tmp_path: Path) -> None:
    file = write_mmdb(tmp_path / "GeoLite2-City.mmdb", CITY, kind="GeoLite2-City")
    source = _install(file, tmp_path / "network")
    (record,) = read_manifest(tmp_path / "network").files
    assert (source.name, source.data_date) == ("GeoLite2-City", date(2026, 9, 21))
    assert (record.installed_at, record.installed_by) == (NOW, "operator")
    assert record.origin == "GeoLite2-City.mmdb"
    assert (tmp_path / "network" / record.file).read_bytes() == file.read_bytes()


def test_the_free_files_bring_the_credit_that_they_ask_for(tmp_path: Path) -> None:
    file = write_mmdb(tmp_path / "dbip.mmdb", CITY, kind="DBIP-City-Lite")
    source = _install(file, tmp_path / "network")
    assert source.attribution is not None
    assert source.attribution.url == "https://db-ip.com"


def test_a_newer_file_replaces_what_it_answers_wholly(tmp_path: Path) -> None:
    directory = tmp_path / "network"
    _install(write_mmdb(tmp_path / "a.mmdb", CITY, kind="Old-City"), directory)
    _install(write_mmdb(tmp_path / "b.mmdb", ISP, kind="An-ISP"), directory)
    _install(write_mmdb(tmp_path / "c.mmdb", CITY, kind="New-City"), directory)
    assert _names(directory) == ["New-City", "An-ISP"]


def test_a_wider_file_stays_behind_a_narrower_one(tmp_path: Path) -> None:
    directory = tmp_path / "network"
    _install(write_mmdb(tmp_path / "a.mmdb", ALL, kind="Wide"), directory)
    _install(write_mmdb(tmp_path / "b.mmdb", ISP, kind="Narrow"), directory)
    assert _names(directory) == ["Narrow", "Wide"]


def test_the_same_file_twice_is_there_once(tmp_path: Path) -> None:
    file = write_mmdb(tmp_path / "a.mmdb", CITY, kind="City")
    _install(file, tmp_path / "network")
    _install(file, tmp_path / "network")
    assert _names(tmp_path / "network") == ["City"]


def test_files_that_two_installations_no_longer_name_are_removed(tmp_path: Path) -> None:
    directory = tmp_path / "network"
    for n in range(4):
        records = {"81.2.69.0/24": {"country_code": "GB", "n": n}}
        _install(write_mmdb(tmp_path / "a.mmdb", records, kind=f"City-{n}"), directory)
    assert _names(directory) == ["City-3"]
    assert len(list(directory.glob("*.mmdb"))) == 2


@pytest.mark.parametrize("suffix", [".mmdb.gz", ".tar.gz", ".tgz", ".tar"])
def test_a_packed_file_is_unpacked(tmp_path: Path, suffix: str) -> None:
    plain = write_mmdb(tmp_path / "city.mmdb", CITY, kind="City")
    packed = tmp_path / f"city{suffix}"
    if suffix == ".mmdb.gz":
        packed.write_bytes(gzip.compress(plain.read_bytes()))
    else:
        with tarfile.open(packed, "w" if suffix == ".tar" else "w:gz") as archive:
            archive.add(plain, "GeoLite2-City_20260921/LICENSE.txt")
            archive.add(plain, "../../GeoLite2-City.mmdb")
    _install(packed, tmp_path / "network")
    assert _names(tmp_path / "network") == ["City"]
    assert not (tmp_path.parent / "GeoLite2-City.mmdb").exists()


def test_an_archive_without_a_database_is_refused(tmp_path: Path) -> None:
    packed = tmp_path / "csv.tar.gz"
    with tarfile.open(packed, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("blocks.csv"), io.BytesIO())
    with pytest.raises(NetworkDataError, match=r"has no \.mmdb"):
        _install(packed, tmp_path / "network")


@pytest.mark.parametrize("name", ["cut.mmdb.gz", "cut.tar.gz"])
def test_an_archive_that_was_cut_off_is_refused(tmp_path: Path, name: str) -> None:
    noise, packed = tmp_path / "city.mmdb", tmp_path / name
    noise.write_bytes(os.urandom(100_000))
    if name == "cut.tar.gz":
        with tarfile.open(packed, "w:gz") as archive:
            archive.add(noise, "city.mmdb")
    else:
        packed.write_bytes(gzip.compress(noise.read_bytes()))
    packed.write_bytes(packed.read_bytes()[:50_000])
    with pytest.raises(NetworkDataError, match="cannot be unpacked"):
        _install(packed, tmp_path / "network")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NetworkDataError, match="cannot be read"):
        _install(tmp_path / "absent.mmdb", tmp_path / "network")


def test_a_file_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    packed = tmp_path / "bomb.mmdb.gz"
    packed.write_bytes(gzip.compress(bytes(100_000)))
    with pytest.raises(NetworkDataError, match="unpacks to more"):
        install_data(
            packed, directory=tmp_path / "network", by="operator", clock=CLOCK, max_bytes=1000
        )


def test_a_refused_file_changes_nothing(tmp_path: Path) -> None:
    directory = tmp_path / "network"
    _install(write_mmdb(tmp_path / "a.mmdb", CITY, kind="City"), directory)
    before = sorted(path.name for path in directory.iterdir())
    (tmp_path / "bad.mmdb").write_bytes(b"not a database")
    with pytest.raises(NetworkDataError):
        _install(tmp_path / "bad.mmdb", directory)
    assert sorted(path.name for path in directory.iterdir()) == before


def test_a_text_file_is_the_operators_list(tmp_path: Path) -> None:
    file = tmp_path / "campus.txt"
    file.write_text("10.0.0.0/8 education Hedge\n")
    source = _install(file, tmp_path / "network")
    assert source.roles == (DataRole.OPERATOR,)
    assert (tmp_path / "network" / NETWORKS).read_text() == file.read_text()


def test_a_faulty_list_leaves_the_old_one(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text("10.0.0.0/8 education Hedge\n")
    bad.write_text("10.0.0.0/8 nonsense\n")
    _install(good, tmp_path / "network")
    with pytest.raises(NetworkDataError, match="Line 1"):
        _install(bad, tmp_path / "network")
    assert (tmp_path / "network" / NETWORKS).read_text() == good.read_text()


def test_removed_data_is_no_longer_named(tmp_path: Path) -> None:
    directory = tmp_path / "network"
    _install(write_mmdb(tmp_path / "a.mmdb", CITY, kind="City"), directory)
    _install(write_mmdb(tmp_path / "b.mmdb", ISP, kind="ISP"), directory)
    remove_data("City", directory=directory)
    assert _names(directory) == ["ISP"]


def test_the_operators_list_can_be_removed(tmp_path: Path) -> None:
    file = tmp_path / "campus.txt"
    file.write_text("10.0.0.0/8 education Hedge\n")
    _install(file, tmp_path / "network")
    remove_data(NETWORKS, directory=tmp_path / "network")
    assert not (tmp_path / "network" / NETWORKS).exists()


@pytest.mark.parametrize("name", ["City", NETWORKS])
def test_what_is_not_installed_cannot_be_removed(tmp_path: Path, name: str) -> None:
    with pytest.raises(NetworkDataError, match="No data called"):
        remove_data(name, directory=tmp_path)
