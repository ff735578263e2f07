"""The list beside the data."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from privet.network.databases import NetworkDataError
from privet.network.facts import DataRole
from privet.network.manifest import (
    EMPTY,
    MANIFEST,
    AttributionRecord,
    Draft,
    FileRecord,
    Manifest,
    read_manifest,
    write_manifest,
)

RECORD = FileRecord(
    file="city.mmdb",
    roles=(DataRole.PLACE,),
    name="City",
    version="2026-09-21",
    data_date=date(2026, 9, 21),
    licence="CC BY 4.0",
    sha256="00",
    size_bytes=7,
    origin="city.mmdb.gz",
    attribution=AttributionRecord(text="By Hedge", url="https://hedge.example"),
    installed_at=datetime(2026, 11, 21, tzinfo=UTC),
)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    write_manifest(tmp_path, Manifest(files=(RECORD,)))
    assert read_manifest(tmp_path) == Manifest(files=(RECORD,))


def test_a_directory_without_a_manifest_has_no_files(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) is EMPTY


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"files": [{}]}', '{"version": 2}'],
    ids=["empty", "list", "record", "version"],
)
def test_a_damaged_manifest_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(NetworkDataError, match="cannot be read"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("name", ["../outside.mmdb", "/etc/passwd", "..", "a/b"])
def test_a_file_outside_the_directory_is_refused(tmp_path: Path, name: str) -> None:
    write_manifest(tmp_path, Manifest(files=(RECORD.__class__(**_fields(file=name)),)))
    with pytest.raises(NetworkDataError, match="cannot be read"):
        read_manifest(tmp_path)


def _fields(**changes: object) -> dict[str, object]:
    return {name: getattr(RECORD, name) for name in RECORD.__struct_fields__} | changes


def test_a_source_is_described_with_its_credit() -> None:
    source = RECORD.describe(is_embedded=False)
    assert source.attribution is not None
    assert source.attribution.text == "By Hedge"


def test_a_draft_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def write_half() -> None:
        with Draft(tmp_path / "file") as draft:
            draft.path.write_text("half")
            raise ValueError("half")

    with pytest.raises(ValueError, match="half"):
        write_half()
    assert list(tmp_path.iterdir()) == []
