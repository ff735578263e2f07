"""The data that is in use at a moment: the operator's before the embedded, each with its faults."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from privet.network.databases import Database, NetworkDataError
from privet.network.facts import DataSource
from privet.network.install import NETWORKS, describe_list
from privet.network.manifest import EMPTY, MANIFEST, FileRecord, Manifest, checksum, read_manifest
from privet.network.operator_list import EMPTY_LIST, OperatorList, read_list
from privet.network.origins import describe_origins

Stamp = tuple[tuple[int, int, int] | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The databases of one directory, in the order in which they are asked."""

    databases: tuple[Database, ...] = ()
    sources: tuple[DataSource, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The operator's list with its day."""

    networks: OperatorList = EMPTY_LIST
    sources: tuple[DataSource, ...] = ()
    changed: date | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Everything that look-ups ask, replaced as a whole when the files change."""

    embedded: Files = Files()
    installed: Files = Files()
    listing: Listing = Listing()

    @property
    def databases(self) -> tuple[Database, ...]:
        """All databases; the first that knows an answer gives it."""
        return self.installed.databases + self.embedded.databases

    @property
    def sources(self) -> tuple[DataSource, ...]:
        """All sources in use, in the order in which they are asked."""
        files = self.installed.sources + self.embedded.sources
        return (*self.listing.sources, describe_origins(), *files)

    @property
    def faults(self) -> tuple[str, ...]:
        """What could not be loaded, each with what to do."""
        return self.embedded.faults + self.installed.faults + self.listing.faults


def load(embedded: Path, directory: Path | None, before: Loaded) -> Loaded:
    """Load all data; a part that has become unusable stays as it was in ``before``."""
    return Loaded(
        embedded=_load_files(embedded, before.embedded, is_embedded=True),
        installed=_load_files(directory, before.installed) if directory else Files(),
        listing=_load_listing(directory / NETWORKS, before.listing) if directory else Listing(),
    )


def stamp_files(embedded: Path, directory: Path | None) -> Stamp:
    """A value that changes when data is installed or removed."""
    paths = [embedded / MANIFEST]
    if directory:
        paths += [directory / MANIFEST, directory / NETWORKS]
    return tuple(_stamp(path) for path in paths)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = os.stat(path)  # noqa: PTH116 - a third of the cost of Path.stat, asked all the time.
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def _load_files(directory: Path, before: Files, *, is_embedded: bool = False) -> Files:
    try:
        manifest = read_manifest(directory)
    except NetworkDataError as error:
        return _keep(before, (str(error),))
    if is_embedded and manifest is EMPTY:
        return _keep(before, (_NOT_BUILT,))
    databases, faults = _open_all(directory, manifest)
    if faults and before.databases:
        return _keep(before, faults)
    return Files(
        databases=tuple(database for _, database in databases),
        sources=tuple(record.describe(is_embedded=is_embedded) for record, _ in databases),
        faults=faults,
    )


_NOT_BUILT = (
    "The embedded IP data is not there, so countries and organisations stay unknown. "
    "Run `make install`, or `python -m privet.network.build`."
)


def _keep(before: Files, faults: tuple[str, ...]) -> Files:
    return Files(databases=before.databases, sources=before.sources, faults=faults)


def _open_all(
    directory: Path, manifest: Manifest
) -> tuple[list[tuple[FileRecord, Database]], tuple[str, ...]]:
    databases: list[tuple[FileRecord, Database]] = []
    faults: list[str] = []
    for record in manifest.files:
        if not record.file:
            continue  # It lives in an installed package, which is asked through its own code.
        try:
            databases.append((record, _open_unchanged(directory / record.file, record)))
        except NetworkDataError as error:
            faults.append(str(error))
    return databases, tuple(faults)


def _open_unchanged(path: Path, record: FileRecord) -> Database:
    try:
        is_unchanged = checksum(path) == record.sha256
    except OSError as error:
        raise NetworkDataError(
            f"The file of {record.name} cannot be read.", remedy="Install it again."
        ) from error
    if not is_unchanged:
        raise NetworkDataError(
            f"The file of {record.name} has changed since it was installed.",
            remedy="Install it again; look at the disk if nobody touched it.",
        )
    return Database(path, shown_as=record.name, is_trusted=True)


def _load_listing(path: Path, before: Listing) -> Listing:
    if not path.exists():
        return Listing()
    try:
        networks, changed = read_list(path)
    except NetworkDataError as error:
        return Listing(
            networks=before.networks,
            sources=before.sources,
            changed=before.changed,
            faults=(str(error),),
        )
    return Listing(networks=networks, sources=(describe_list(path, changed),), changed=changed)
