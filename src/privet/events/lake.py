"""The table of events: its list of files, and commits that add and take away whole files.

Files are written by Privet itself and only committed through `deltalake`, since that gives what
neither offers alone: rows sorted by learner and cut small, a log that never names a pseudonym
(no statistics, no predicates), and a commit that succeeds only on the version that was looked at.
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, Transaction
from deltalake.exceptions import CommitFailedError, DeltaError, TableNotFoundError
from deltalake.schema import Field as DeltaField
from deltalake.schema import Schema as DeltaSchema
from deltalake.transaction import AddAction, RemoveAction

from privet.events.errors import CommitConflictError
from privet.events.schema import PARTITION, lake_schema
from privet.events.store import FileStore, LakeFile
from privet.events.torn import mend_log
from privet.events.turns import Turns
from privet.kernel.clock import Clock, SystemClock, to_micros
from privet.kernel.config import read_config

_HOOKS = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)
_CONFIGURATION = {
    # Files that were replaced are forgotten soon; what still lies there is found by listing.
    "delta.deletedFileRetentionDuration": "interval 1 hours",
    "delta.logRetentionDuration": "interval 1 hours",
}


class LakePoint(StrEnum):
    """The places of a checkpoint between which a process may die; tests do it at each of them."""

    CHECKPOINT_WRITTEN = "checkpoint_written"
    CHECKPOINT_SYNCED = "checkpoint_synced"


class Lake:
    """One table of events; safe to share between threads."""

    def __init__(
        self,
        location: str,
        *,
        locks: Path,
        rollups: Path | None = None,
        clock: Clock | None = None,
        reach: Callable[[LakePoint], None] = lambda _: None,
    ) -> None:
        self.clock = clock or SystemClock()
        self.reach = reach
        self.rollups = rollups or locks.parent / "rollups"
        """Where this machine keeps what it aggregated of the lake."""
        self.store = FileStore(location)
        self.turns = self._make_turns(locks)
        self._guard = threading.Lock()
        self._table: DeltaTable | None = None
        self._listed: tuple[int, list[LakeFile]] = (-1, [])
        self._writer: DeltaTable | None = None

    def _make_turns(self, locks: Path) -> Turns:
        if self.store.local is not None:
            return Turns(locks)
        from privet.events.lease import SharedLease  # noqa: PLC0415 - tables, which few lakes need

        return Turns(locks, between_machines=SharedLease(self.clock).held)

    def files(self) -> list[LakeFile]:
        """All files of the table as it stands now; none if nothing was ever loaded."""
        with self._guard:
            self._table = refreshed(self._table, self.store.location)
            if self._table is None:
                return []
            version = self._table.version()
            if self._listed[0] != version:
                self._listed = (version, list_files(self._table))
            return self._listed[1]

    def version(self) -> int:
        """The number of the last commit, -1 if there is no table."""
        self.files()
        return self._listed[0]

    def count(self) -> int:
        """How many rows the table has."""
        return sum(file.rows for file in self.files())

    @contextmanager
    def turn(self) -> Iterator["Turn"]:
        """The right to commit, with the table as it stands; it is made if it is not there."""
        with self.turns.turn():
            # A handle of its own: no reader may move it on between a look and a commit.
            self._writer = open_for_writing(self._writer, self.store)
            yield Turn(self, self._writer)

    def append(self, rows: pa.Table) -> int:
        """Add rows of any days, in a turn of its own; returns the new version."""
        with self.turn() as turn:
            return turn.commit(add=self.write_days(rows))

    def write_days(self, rows: pa.Table) -> list[LakeFile]:
        """Write rows of any days, one file a day, for a commit to name."""
        days = pc.unique(rows.column(PARTITION)).to_pylist()
        if len(days) == 1:
            return [self.store.write(rows, day=days[0], level=0)]
        rows = rows.sort_by(PARTITION)
        ends = pc.run_end_encode(rows.column(PARTITION).combine_chunks()).run_ends.to_pylist()
        starts = [0, *ends[:-1]]
        with self.store.all_or_none() as written:
            for day, start, end in zip(sorted(days), starts, ends, strict=True):
                written.append(self.store.write(rows.slice(start, end - start), day=day, level=0))
        return written


class Turn:
    """The right to commit, held; it ends with the ``with`` of `Lake.turn`."""

    def __init__(self, lake: Lake, table: DeltaTable) -> None:
        self._lake = lake
        self._table = table

    def files(self) -> list[LakeFile]:
        """All files of the table."""
        return list_files(self._table)

    def last_loaded(self, log_id: str) -> int:
        """The number of the last segment of that log that is in the table, -1 for none."""
        version = self._table.transaction_version(log_id)
        return -1 if version is None else int(version)

    def commit(
        self,
        *,
        add: Sequence[LakeFile] = (),
        remove: Sequence[LakeFile] = (),
        loaded: Mapping[str, int] | None = None,
        changes_data: bool = True,
    ) -> int:
        """Add and take away files and note which segments are loaded, all or nothing.

        Returns the new version when it would survive a power cut. If the commit cannot be written
        (`OSError`), the files to add are gone. Raises `CommitConflictError`
        if the table moved on since the turn began, which only a writer outside Privet can cause.
        """
        millis = to_micros(self._lake.clock.now()) // 1000
        actions: list[AddAction | RemoveAction] = []
        actions += [_add(file, millis, changes_data) for file in add]
        actions += [_remove(file, millis, changes_data) for file in remove]
        marks = [Transaction(log_id, sequence) for log_id, sequence in (loaded or {}).items()]
        try:
            self._table.create_write_transaction(
                actions, "append", self._table.schema(), [PARTITION],
                commit_properties=CommitProperties(app_transactions=marks, max_commit_retries=0),
                post_commithook_properties=_HOOKS,
            )  # fmt: skip
        except CommitFailedError as error:
            raise CommitConflictError(
                "Another program changed the lake at the same moment; nothing was written.",
                remedy="Try again. Let no other program write to the lake.",
            ) from error
        except OSError:
            self._take_back(add)
            raise
        return self._sync_commit()

    def _take_back(self, files: Sequence[LakeFile]) -> None:
        """Remove files that no commit names: on a full disk they would stay in the way.

        A local commit that failed is not there, which the table is asked; one behind a URL may
        still arrive, so there the files are left to the sweep.
        """
        before = self._table.version()
        self._table.update_incremental()
        if self._lake.store.local is not None and self._table.version() == before:
            self._lake.store.remove(file.path for file in files)

    def checkpoint(self) -> None:
        """Write the list of files into one file, so that opening the table stays quick."""
        self._table.create_checkpoint()
        self._lake.reach(LakePoint.CHECKPOINT_WRITTEN)
        names = [path for path, _ in self._lake.store.list_files("_delta_log")]
        newest = f"{self._table.version():020d}.checkpoint"
        self._lake.store.sync(*(p for p in names if newest in p or p.endswith("_last_checkpoint")))
        self._lake.reach(LakePoint.CHECKPOINT_SYNCED)

    def _sync_commit(self) -> int:
        self._table.update_incremental()
        version = int(self._table.version())
        self._lake.store.sync(f"_delta_log/{version:020d}.json")
        return version


def refreshed(table: DeltaTable | None, location: str) -> DeltaTable | None:
    """The table at its newest version, or none if there is none."""
    if table is not None:
        try:
            table.update_incremental()
        except DeltaError:
            table = None  # The log it knew was cleaned up meanwhile; open it anew.
    if table is None:
        try:
            table = DeltaTable(location)
        except TableNotFoundError:
            return None
    return table


def open_for_writing(table: DeltaTable | None, store: FileStore) -> DeltaTable:
    """The table at its newest version and in today's form; made if it is not there."""
    if table is None:
        mend_log(store)
    table = refreshed(table, store.location)
    if table is None:
        table = DeltaTable.create(
            store.location, lake_schema(), partition_by=[PARTITION], name="events",
            configuration=_CONFIGURATION,
        )  # fmt: skip
    known = {field.name for field in table.schema().fields}
    new = [f for f in DeltaSchema.from_arrow(lake_schema()).fields if f.name not in known]
    if new:
        # Files of the form before lack the column, so it has to allow null in them.
        table.alter.add_columns([DeltaField(f.name, f.type, nullable=True) for f in new])
        table.update_incremental()
    return table


def list_files(table: DeltaTable) -> list[LakeFile]:
    """The files that the table holds at the version of the handle."""
    actions = pa.table(table.get_add_actions(flatten=True))
    columns = ("path", f"partition.{PARTITION}", "num_records", "size_bytes", "modification_time")
    values = (actions[column].to_pylist() for column in columns)
    return [
        LakeFile(path=path, day=day, rows=rows, size_bytes=size, added_millis=millis)
        for path, day, rows, size, millis in zip(*values, strict=True)
    ]


@cache
def default_lake() -> Lake:
    """The lake of this installation."""
    config = read_config()
    return Lake(config.lake, locks=config.home / "locks")


def _add(file: LakeFile, millis: int, changes_data: bool) -> AddAction:
    return AddAction(
        path=file.path,
        size=file.size_bytes,
        partition_values={PARTITION: file.day.isoformat()},
        modification_time=millis,
        data_change=changes_data,
        stats=json.dumps({"numRecords": file.rows}),
    )


def _remove(file: LakeFile, millis: int, changes_data: bool) -> RemoveAction:
    values: dict[str, str | None] = {PARTITION: file.day.isoformat()}
    return RemoveAction(file.path, changes_data, millis, file.size_bytes, values)
