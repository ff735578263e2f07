"""Brings what the doors wrote to the log into the lake: everything once, nothing twice.

One load reads sealed segments, asks the gate again, leaves out what was loaded before, writes files
and names them in one commit that also says which segments are in it. Only when that commit and the
index of ids would survive a power cut are the segments removed. Whatever dies in between, the next
load finds the segments still there and the commit telling whether they are in.
"""

import gc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path

import pyarrow as pa

from privet.consent.snapshot import Snapshot
from privet.events.erased import ErasedMarks
from privet.events.lake import Lake, Turn, default_lake
from privet.events.log import (
    FileLayer,
    SegmentContent,
    SegmentRef,
    list_segments,
    parse_segment,
    remove_segments,
    seal_abandoned,
)
from privet.events.room import telling_when_full
from privet.events.withheld import Withheld
from privet.intake.loader_gate import (
    STORED,
    Admission,
    LoadDrop,
    LoaderGate,
    Outcomes,
    count_outcome,
)
from privet.intake.loader_rows import Gathered, LogBatch, decode_frame, gather
from privet.intake.outcomes import note_outcomes, sum_drops
from privet.intake.quarantine import FrameFault, Quarantine, QuarantinedPart
from privet.intake.seen import SeenIndex
from privet.kernel.clock import Clock, SystemClock, from_micros
from privet.kernel.config import Config, read_config
from privet.kernel.crypto import KeyRing

MOST_BYTES = 48 * 1024 * 1024
"""How much of the log one load takes; it bounds memory and the length of a turn."""


class Point(StrEnum):
    """The places between which a process may die; tests do it at each of them."""

    READ = "read"
    WRITTEN = "written"
    COMMITTED = "committed"
    COUNTED = "counted"
    INDEXED = "indexed"
    REMOVED = "removed"


@dataclass(kw_only=True)
class LoadReport:
    """What one load did."""

    segments: int = 0
    events: int = 0
    """Stored."""
    dropped: Counter[str] = field(default_factory=Counter)
    damaged: list[QuarantinedPart] = field(default_factory=list)
    oldest: datetime | None = None
    """When the first of its events had been received."""


@dataclass(frozen=True)
class _Segment:
    ref: SegmentRef
    data: bytes
    content: SegmentContent


class Loader:
    """Loads the log of one installation; several may exist, the lake's turn keeps them apart."""

    def __init__(
        self,
        *,
        config: Config,
        lake: Lake,
        keys: KeyRing,
        snapshot: Snapshot,
        clock: Clock | None = None,
        reach: Callable[[Point], None] = lambda _: None,
        layer: FileLayer | None = None,
    ) -> None:
        self._log = config.log
        self._layer = layer
        self._lake = lake
        self._clock = clock or SystemClock()
        self._reach = reach
        self._snapshot = snapshot
        self._seen = SeenIndex(config.home / "seen", keys)
        self._quarantine = Quarantine(config.quarantine)
        self._gate = LoaderGate(
            snapshot=snapshot, withheld=Withheld(), erased=ErasedMarks(keys),
            sealed_days=config.sealed_days,
        )  # fmt: skip

    def load_once(self) -> LoadReport:
        """Load what waits, as much as one commit takes; an empty report if nothing waits.

        Raises `DiskFullError` if there is no room; the segments stay, and nothing is in the way.
        """
        with telling_when_full():
            seal_abandoned(self._log)
            if not list_segments(self._log):
                return LoadReport()
            with self._lake.turn() as turn, _no_garbage():
                try:
                    return self._load(turn)
                finally:
                    self._seen.rollback()

    def close(self) -> None:
        """Let go of the files of the index."""
        self._seen.close()

    def _load(self, turn: Turn) -> LoadReport:
        # Everything is looked at inside the turn, so that an erasure or a withdrawal made true in
        # another turn is either seen here or sees what is written here.
        self._snapshot.refresh()
        segments = [_read(ref) for ref in _first_of(list_segments(self._log))]
        known = {ref.log_id: turn.last_loaded(ref.log_id) for ref in (s.ref for s in segments)}
        old = [s for s in segments if s.ref.sequence <= known[s.ref.log_id]]
        new = [s for s in segments if s.ref.sequence > known[s.ref.log_id]]
        self._reach(Point.READ)
        report = LoadReport(segments=len(new))
        self._note_again(old)
        if new:
            self._store(turn, new, report)
        self._seen.commit()
        self._reach(Point.INDEXED)
        remove_segments([s.ref for s in segments], self._layer)
        self._reach(Point.REMOVED)
        return report

    def _store(self, turn: Turn, segments: Sequence[_Segment], report: LoadReport) -> None:
        gathered = self._gather(segments, report)
        files = []
        outcomes: Outcomes = Counter()
        if gathered is not None:
            admitted = self._gate.admit(gathered, today=self._clock.now().date())
            rows = self._without_repeated(admitted)
            outcomes = admitted.dropped
            report.dropped = sum_drops(outcomes)
            report.events = rows.num_rows
            files = self._lake.write_days(rows) if rows.num_rows else []
        self._reach(Point.WRITTEN)
        turn.commit(add=files, loaded=_last_of(segments))
        self._reach(Point.COMMITTED)
        note_outcomes(outcomes, _last_of(segments))
        self._reach(Point.COUNTED)

    def _without_repeated(self, admitted: Admission) -> pa.Table:
        ids = admitted.rows.column("event_id").to_pylist()
        repeated = self._seen.add(_values(admitted.namespaces), ids)
        if not repeated:
            count_outcome(admitted.dropped, STORED, admitted.tallies)
            return admitted.rows
        left_out = set(repeated)
        is_new = pa.array([n not in left_out for n in range(len(ids))])
        count_outcome(admitted.dropped, STORED, admitted.tallies.filter(is_new))
        count_outcome(admitted.dropped, LoadDrop.DUPLICATE, admitted.tallies.take(repeated))
        return admitted.rows.filter(is_new)

    def _note_again(self, segments: Sequence[_Segment]) -> None:
        """These are in the lake, but who loaded them may have died before noting their ids.

        If they died before noting outcomes as well, an id that is new to the index was stored, or
        was not let in, which nobody knows any more.
        """
        outcomes: Outcomes = Counter()
        for segment in segments:
            for batch, _ in self._batches(segment, LoadReport()):
                ids = batch.ids()
                repeated = self._seen.add([batch.namespace] * len(ids), ids)
                outcomes[batch.tally, LoadDrop.DUPLICATE] += len(repeated)
                outcomes[batch.tally, STORED] += len(ids) - len(repeated)
        note_outcomes(outcomes, _last_of(segments))

    def _gather(self, segments: Sequence[_Segment], report: LoadReport) -> Gathered | None:
        """The events of all segments; a batch that cannot be stored is set aside."""
        found = [(s, *pair) for s in segments for pair in self._batches(s, report)]
        batches = [batch for _, batch, _ in found if len(batch)]
        if not batches:
            return None
        report.oldest = from_micros(min(batch.received for batch in batches))
        try:
            return gather(batches)
        except (pa.ArrowException, OverflowError, ValueError):
            good = [b for s, b, offset in found if self._is_storable(s, b, offset, report)]
            return gather(good) if good else None

    def _is_storable(
        self, segment: _Segment, batch: LogBatch, offset: int, report: LoadReport
    ) -> bool:
        if not len(batch):
            return False
        try:
            gather([batch])
        except (pa.ArrowException, OverflowError, ValueError):
            self._set_aside(segment, offset, FrameFault.NOT_STORABLE, report)
            return False
        return True

    def _batches(self, segment: _Segment, report: LoadReport) -> list[tuple[LogBatch, int]]:
        """The batches of a segment and where they stand; what cannot be read is set aside."""
        for damage in segment.content.damage:
            part = self._quarantine.set_damage_aside(
                segment.data, damage, log_id=segment.ref.log_id, sequence=segment.ref.sequence,
                now=self._clock.now(),
            )  # fmt: skip
            report.damaged.append(part)
        found = []
        for frame in segment.content.frames:
            try:
                found.append((decode_frame(frame.payload), frame.offset))
            except ValueError:
                self._set_aside(segment, frame.offset, FrameFault.NOT_A_BATCH, report)
        return found

    def _set_aside(
        self, segment: _Segment, offset: int, reason: FrameFault, report: LoadReport
    ) -> None:
        payload = next(f.payload for f in segment.content.frames if f.offset == offset)
        part = self._quarantine.set_aside(
            payload, log_id=segment.ref.log_id, sequence=segment.ref.sequence, offset=offset,
            reason=reason.value, now=self._clock.now(),
        )  # fmt: skip
        report.damaged.append(part)


@cache
def default_loader() -> Loader:
    """The loader of this installation."""
    config = read_config()
    keys = KeyRing(config.keys)
    return Loader(config=config, lake=default_lake(), keys=keys, snapshot=Snapshot(keys=keys))


def load_once() -> LoadReport:
    """Load what waits in the log of this installation, as much as one commit takes."""
    return default_loader().load_once()


def close_loader() -> None:
    """Let go of the files of this installation's loader, if it was used here."""
    if default_loader.cache_info().currsize:
        default_loader().close()
        default_loader.cache_clear()


@contextmanager
def _no_garbage() -> Iterator[None]:
    """Hold Python's search for cycles back: a load makes many values, none in a cycle.

    Measured, a third of a load's time went into that search.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _read(ref: SegmentRef) -> _Segment:
    data = ref.path.read_bytes()
    return _Segment(ref, data, parse_segment(data))


def _first_of(refs: list[SegmentRef]) -> list[SegmentRef]:
    """As many as one load takes, the oldest of all logs first, each log in its order."""
    taken: list[SegmentRef] = []
    size = 0
    for ref in sorted(refs, key=_written):
        size += ref.path.stat().st_size
        if taken and size > MOST_BYTES:
            break
        taken.append(ref)
    return taken


def _written(ref: SegmentRef) -> tuple[float, int]:
    return ref.path.stat().st_mtime, ref.sequence


def _values(column: pa.ChunkedArray) -> list[bytes]:
    """What a column of dictionaries says in each row; `to_pylist` takes seventy times as long."""
    array = column.combine_chunks()
    values = array.dictionary.to_pylist()
    return [values[place] for place in array.indices.to_numpy().tolist()]


def _last_of(segments: Sequence[_Segment]) -> dict[str, int]:
    last: dict[str, int] = {}
    for segment in segments:
        last[segment.ref.log_id] = max(segment.ref.sequence, last.get(segment.ref.log_id, -1))
    return last


def waiting(log: Path) -> tuple[int, int]:
    """How many sealed segments wait for the loader, and their bytes."""
    sizes = []
    for ref in list_segments(log):
        try:
            sizes.append(ref.path.stat().st_size)
        except FileNotFoundError:
            continue  # Loaded just now.
    return len(sizes), sum(sizes)
