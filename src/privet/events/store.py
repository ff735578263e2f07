"""The files of the lake: written whole and synced, read, listed and removed, on disk or by URL."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.fs as pafs
import pyarrow.parquet as pq
from deltalake.fs import DeltaStorageHandler

from privet.events.schema import PARTITION, file_schema, lake_schema, schema_mark

ROW_GROUP_ROWS = 65_536
_HIGH_CARDINALITY = {"event_id", "time", "received", "sealed", "detail"}
_NAME = re.compile(r"(?P<level>\d)-(?P<schema>[0-9a-f]{8})-(?P<run>[0-9a-f]{12})-[0-9a-f]{12}\.")
_PARTITIONING = pa.schema([lake_schema().field(PARTITION)])
_DICTIONARY = [f.name for f in file_schema() if f.name not in _HIGH_CARDINALITY]


@dataclass(frozen=True, kw_only=True)
class LakeFile:
    """A file of the table, or one that is written and that a commit will name."""

    path: str
    """Relative to the table."""
    day: date
    rows: int
    size_bytes: int
    added_millis: int = 0
    """When a commit named it, since 1970 UTC; 0 before one does."""

    @property
    def level(self) -> int:
        """0 as the loader wrote it, higher for parts of sorted runs."""
        return int(self._part("level", "0"))

    @property
    def run(self) -> str:
        """The sorted run that it is a part of; files of one run share no learner."""
        return self._part("run", self.path)

    @property
    def has_todays_form(self) -> bool:
        """Whether it has all the columns that files have today."""
        return self._part("schema", "") == schema_mark()

    def _part(self, name: str, default: str) -> str:
        match = _NAME.match(self.path.rpartition("/")[2])
        return match[name] if match else default


class FileStore:
    """The directory of one table, on the local disk or behind an object store's URL."""

    def __init__(self, location: str) -> None:
        self.local = _local_path(location)
        """The directory, or none behind a URL."""
        self.location = location
        if self.local is None:
            base: pafs.FileSystem = pafs.PyFileSystem(DeltaStorageHandler(location))
        else:
            self.local.mkdir(mode=0o700, parents=True, exist_ok=True)
            base = pafs.SubTreeFileSystem(str(self.local), pafs.LocalFileSystem())
        self.fs = base

    def write(self, rows: pa.Table, *, day: date, level: int, run: str = "") -> LakeFile:
        """Write rows of one day as a file that would survive a power cut.

        ``level`` 0 is a file as the loader wrote it; from 1 up it is a part of the sorted run
        ``run``.
        """
        run = run or uuid4().hex[:12]
        folder = f"{PARTITION}={day.isoformat()}"
        path = f"{folder}/{level}-{schema_mark()}-{run}-{uuid4().hex[:12]}.parquet"
        if self.local is not None:
            (self.local / folder).mkdir(mode=0o700, exist_ok=True)
        with self._whole_or_none(path):
            pq.write_table(
                rows.select(file_schema().names), path, filesystem=self.fs,
                compression="zstd", compression_level=1 if level == 0 else 3,
                row_group_size=ROW_GROUP_ROWS, use_dictionary=_DICTIONARY, store_schema=False,
            )  # fmt: skip
            self.sync(path)
            return LakeFile(path=path, day=day, rows=rows.num_rows, size_bytes=self.size_of(path))

    @contextmanager
    def _whole_or_none(self, path: str) -> Iterator[None]:
        """Remove a file that could not be written whole: on a full disk it would be in the way."""
        try:
            yield
        except BaseException:
            self.remove([path])
            raise

    @contextmanager
    def all_or_none(self) -> Iterator[list[LakeFile]]:
        """A list for files that are written one after the other; if one fails, all are removed."""
        written: list[LakeFile] = []
        try:
            yield written
        except BaseException:
            self.remove(file.path for file in written)
            raise

    def read(
        self, path: str, columns: Sequence[str] | None = None, *, keep: ds.Expression | None = None
    ) -> pa.Table:
        """The rows of a file, or those that ``keep`` lets through; raises `FileNotFoundError`.

        Columns that the file does not have yet are null.
        """
        schema = file_schema()
        wanted = schema.names if columns is None else list(columns)
        one = ds.dataset(path, schema=schema, filesystem=self.fs, format="parquet")
        return one.to_table(columns=wanted, filter=keep)

    def dataset(self, files: Sequence[LakeFile]) -> ds.Dataset:
        """Some files of the table as one Arrow dataset, the partition a column of it."""
        return ds.dataset(
            [file.path for file in files], schema=lake_schema(), filesystem=self.fs,
            format="parquet", partitioning=ds.partitioning(flavor="hive", schema=_PARTITIONING),
        )  # fmt: skip

    def metadata(self, path: str) -> pq.FileMetaData:
        """The footer of a file."""
        with self.fs.open_input_file(path) as file:
            return pq.read_metadata(file)

    def read_bytes(self, path: str) -> bytes:
        """The whole of a file, of whatever kind."""
        with self.fs.open_input_stream(path) as file:
            return bytes(file.read())

    def size_of(self, path: str) -> int:
        """How many bytes the file has."""
        return int(self.fs.get_file_info(path).size or 0)

    def list_files(self, folder: str = "") -> Iterator[tuple[str, datetime]]:
        """Every file below a folder with the time it was last written."""
        selector = pafs.FileSelector(folder, allow_not_found=True, recursive=True)
        for info in self.fs.get_file_info(selector):
            if info.type == pafs.FileType.File:
                yield info.path, info.mtime or datetime.now(UTC)

    def write_cut(
        self, rows: pa.Table, *, day: date, level: int, run: str, target_rows: int
    ) -> list[LakeFile]:
        """Write rows that are sorted by subject as files of about ``target_rows``.

        They are cut between learners, so that no learner stands in two files of a run, unless
        one alone (or "nobody") fills a file.
        """
        starts = _cuts(rows.column("subject"), target_rows)
        ends = [*starts[1:], rows.num_rows]
        with self.all_or_none() as written:
            for start, end in zip(starts, ends, strict=True):
                part = rows.slice(start, end - start)
                written.append(self.write(part, day=day, level=level, run=run))
        return written

    def remove(self, paths: Iterable[str]) -> int:
        """Remove files for good; those that are gone already do not matter."""
        removed = 0
        for path in paths:
            try:
                self.fs.delete_file(path)
            except FileNotFoundError:
                continue
            removed += 1
        return removed

    def sync(self, *paths: str) -> None:
        """Return when these files and their names would survive a power cut (local disk only)."""
        if self.local is None:
            return
        for name in [*paths, *{str(Path(path).parent) for path in paths}]:
            sync_path(self.local / name)


def sync_path(path: Path) -> None:
    """Return when a local file, or the names in a directory, would survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cuts(subjects: pa.ChunkedArray, target_rows: int) -> list[int]:
    """Where files begin: at a change of the subject near each multiple of the target."""
    count = len(subjects)
    starts = [0]
    for wanted in range(target_rows, count - target_rows // 2, target_rows):
        subject = subjects[wanted].as_py()
        window = subjects.slice(max(starts[-1], wanted - target_rows // 2), target_rows // 2)
        first = pc.index(window, subject).as_py()
        before = max(starts[-1], wanted - target_rows // 2) + first if first >= 0 else wanted
        starts.append(before if before > starts[-1] and first != 0 else wanted)
    return sorted(set(starts))


def _local_path(location: str) -> Path | None:
    return None if "://" in location else Path(location)
