"""The list that lies beside IP data: which files, from where, of which day, under which licence."""

import json
import os
import secrets
from datetime import date, datetime
from hashlib import file_digest
from pathlib import Path

import msgspec

from privet.network.databases import NetworkDataError
from privet.network.facts import Attribution, DataRole, DataSource

MANIFEST = "manifest.json"
VERSION = 1


class AttributionRecord(msgspec.Struct, frozen=True):
    """See `privet.network.facts.Attribution`."""

    text: str
    url: str


class FileRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One file of data."""

    file: str
    """Name within the directory; empty for data that lives in an installed package."""
    roles: tuple[DataRole, ...]
    name: str
    version: str
    data_date: date
    licence: str
    sha256: str
    size_bytes: int
    origin: str
    """Where it was taken from: a package and its version, or the name of the operator's file."""
    attribution: AttributionRecord | None = None
    installed_at: datetime | None = None
    installed_by: str = ""

    def describe(self, *, is_embedded: bool) -> DataSource:
        """The record as others see it."""
        credit = self.attribution
        return DataSource(
            roles=self.roles,
            name=self.name,
            version=self.version,
            data_date=self.data_date,
            licence=self.licence,
            sha256=self.sha256,
            is_embedded=is_embedded,
            attribution=Attribution(text=credit.text, url=credit.url) if credit else None,
        )


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """All files of a directory, first the ones that are asked first."""

    version: int = VERSION
    files: tuple[FileRecord, ...] = ()


EMPTY = Manifest()


def read_manifest(directory: Path) -> Manifest:
    """The directory's manifest, empty if there is none; raises `NetworkDataError` if damaged."""
    path = directory / MANIFEST
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        return EMPTY
    except (OSError, msgspec.DecodeError) as error:
        raise _unreadable(path) from error
    if manifest.version != VERSION or not all(_is_plain(file.file) for file in manifest.files):
        raise _unreadable(path)
    return manifest


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Put the manifest in place whole: readers see the old one or the new one."""
    text = json.dumps(msgspec.to_builtins(manifest), indent=2, ensure_ascii=False)
    with Draft(directory / MANIFEST) as draft:
        draft.path.write_text(text + "\n", encoding="utf-8")


class Draft:
    """A file that takes its place only when it is complete and synced; else it goes away."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self.path = target.with_name(f".{target.name}.{secrets.token_hex(4)}")

    def __enter__(self) -> "Draft":
        return self

    def __exit__(self, error: object, *_: object) -> None:
        if error is None:
            _sync(self.path)
            self.path.replace(self._target)
            _sync(self._target.parent)
        else:
            self.path.unlink(missing_ok=True)


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _is_plain(name: str) -> bool:
    return Path(name).name == name != ".."


def _unreadable(path: Path) -> NetworkDataError:
    return NetworkDataError(
        f"{path.name} in the directory of IP data cannot be read.",
        remedy="Move the directory away and install the data again.",
    )


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
