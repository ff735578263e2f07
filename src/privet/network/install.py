"""Take IP data from a file: examine it, put it in place whole, say so in the manifest."""

import fcntl
import gzip
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import BinaryIO, Protocol

from privet.kernel.clock import Clock
from privet.network.databases import Database, NetworkDataError
from privet.network.facts import DataRole, DataSource
from privet.network.licences import terms_of
from privet.network.manifest import (
    MANIFEST,
    Draft,
    FileRecord,
    Manifest,
    checksum,
    read_manifest,
    write_manifest,
)
from privet.network.operator_list import read_list

NETWORKS = "networks.txt"
"""Name of the operator's list of networks in their directory."""

MAX_DATA_BYTES = 4 * 2**30
_LIST_SUFFIXES = frozenset({".txt", ".list", ".csv", ".conf"})
_CHUNK_BYTES = 2**20


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def install_data(
    file: Path, *, directory: Path, by: str, clock: Clock, max_bytes: int = MAX_DATA_BYTES
) -> DataSource:
    """Install ``file`` for all running processes; they notice within seconds.

    A ``.txt``, ``.list``, ``.csv`` or ``.conf`` is the operator's list of networks; anything else
    must be a MaxMind DB file, plain, ``.gz`` or ``.tar.gz``. What the file cannot answer, older
    data goes on answering. Raises `NetworkDataError` and changes nothing if it cannot be used.
    """
    directory.mkdir(mode=0o750, parents=True, exist_ok=True)
    with _only_one(directory):
        if file.suffix.lower() in _LIST_SUFFIXES:
            return _install_list(file, directory)
        with _unpacked(file, directory, max_bytes) as (draft, target):
            record = _examine(file, draft, target.name, by, clock)
        _take_over(directory, record)
        return record.describe(is_embedded=False)


def remove_data(name: str, *, directory: Path) -> None:
    """Stop using the installed database ``name``, or the list if it is ``networks.txt``."""
    with _only_one(directory):
        if name == NETWORKS and (directory / NETWORKS).exists():
            (directory / NETWORKS).unlink()
            return
        before = read_manifest(directory)
        kept = tuple(file for file in before.files if file.name != name)
        if len(kept) == len(before.files):
            raise NetworkDataError(
                f"No data called {name[:80]} is installed.",
                remedy="`privet network status` lists what is.",
            )
        write_manifest(directory, Manifest(files=kept))


def describe_list(path: Path, changed: date) -> DataSource:
    """The operator's list as a source of data among the others."""
    return DataSource(
        roles=(DataRole.OPERATOR,),
        name=NETWORKS,
        version="",
        data_date=changed,
        licence="the operator's own",
        sha256=checksum(path),
        is_embedded=False,
    )


def _install_list(file: Path, directory: Path) -> DataSource:
    _, changed = read_list(file)
    target = directory / NETWORKS
    with Draft(target) as draft:
        shutil.copy2(file, draft.path)
    return describe_list(target, changed)


def _examine(file: Path, draft: Draft, name: str, by: str, clock: Clock) -> FileRecord:
    database = Database(draft.path, shown_as=file.name)
    licence, credit = terms_of(database.name)
    roles = database.examine()
    return FileRecord(
        file=name,
        roles=tuple(role for role in DataRole if role in roles),
        name=database.name,
        version=database.built_on.isoformat(),
        data_date=database.built_on,
        licence=licence,
        sha256=checksum(draft.path),
        size_bytes=draft.path.stat().st_size,
        origin=file.name,
        attribution=credit,
        installed_at=clock.now(),
        installed_by=by,
    )


@contextmanager
def _unpacked(file: Path, directory: Path, max_bytes: int) -> Iterator[tuple[Draft, Path]]:
    """A draft with the database's bytes, and the name it gets if the block ends well."""
    source = _checksum_of(file)
    target = directory / f"{source[:16]}.mmdb"
    with Draft(target) as draft:
        try:
            with _open_packed(file) as packed, draft.path.open("wb") as out:
                _copy_bounded(packed, out, max_bytes)
        except (OSError, EOFError, tarfile.TarError, gzip.BadGzipFile) as error:
            raise NetworkDataError(
                f"{file.name} cannot be unpacked.",
                remedy="Check that it is complete and that the disk has room.",
            ) from error
        yield draft, target


def _checksum_of(file: Path) -> str:
    try:
        return checksum(file)
    except OSError as error:
        raise NetworkDataError(
            f"{file.name} cannot be read.", remedy="Check the path and the rights of the file."
        ) from error


@contextmanager
def _open_packed(file: Path) -> Iterator[_Readable]:
    name = file.name.lower()
    if name.endswith((".tar.gz", ".tgz", ".tar")):
        with tarfile.open(file) as archive:
            yield _the_database_in(archive, file.name)
    elif name.endswith(".gz"):
        with gzip.open(file) as packed:
            yield packed
    else:
        with file.open("rb") as plain:
            yield plain


def _the_database_in(archive: tarfile.TarFile, name: str) -> _Readable:
    """The one ``.mmdb`` of an archive; its path in there is never used."""
    for member in archive:
        packed = archive.extractfile(member) if member.name.endswith(".mmdb") else None
        if packed is not None:
            return packed
    raise NetworkDataError(
        f"{name} has no .mmdb file in it.", remedy="Take the binary (MMDB) edition, not CSV."
    )


def _copy_bounded(packed: _Readable, out: BinaryIO, max_bytes: int) -> None:
    size = 0
    while chunk := packed.read(_CHUNK_BYTES):
        size += len(chunk)
        if size > max_bytes:
            raise NetworkDataError(
                f"The file unpacks to more than {max_bytes} bytes.",
                remedy="No IP database is that large; look at where the file is from.",
            )
        out.write(chunk)


def _take_over(directory: Path, record: FileRecord) -> None:
    """Put the record first; what it answers wholly in an older one's stead, replaces that one."""
    before = read_manifest(directory)
    kept = tuple(old for old in before.files if not set(old.roles) <= set(record.roles))
    write_manifest(directory, Manifest(files=(record, *kept)))
    # The files of the manifest before stay for a process that has just read it.
    named = {file.file for file in (*before.files, record)}
    for path in directory.glob("*.mmdb"):
        if path.name not in named:
            path.unlink()


@contextmanager
def _only_one(directory: Path) -> Iterator[None]:
    """Two installations at once would lose one of their records: the second waits."""
    with (directory / f".{MANIFEST}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
