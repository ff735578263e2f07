"""The proof of an erasure: everything that is left is decoded, and nobody erased is found.

A search of compressed bytes passes falsely, so each Parquet file is decoded, whether the table
names it or not, and each file of the log too: the text of commits, and every value of checkpoints,
the statistics among them. So is each file of a rollup, drafts included.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from privet.events.erased import ErasedMarks
from privet.events.lake import Lake
from privet.events.log import list_segments
from privet.events.remnants import names_erased, segment_holds_erased
from privet.events.rollup_files import holds_any, rollup_paths
from privet.events.store import FileStore
from privet.events.third_persons import names_third_persons

_NUMBER = re.compile(r"-?\d+")
_KEY = re.compile(r"[0-9a-f]{32}")
_LOG = "_delta_log/"


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What was decoded, in counts, and what was found, which must be nothing."""

    files_decoded: int
    rows_decoded: int
    log_files_decoded: int
    segments_decoded: int
    parts_searched: int
    rollups_decoded: int
    found: int

    @property
    def holds(self) -> bool:
        """Whether nothing about the erased was found."""
        return self.found == 0


def prove(
    lake: Lake, *, subjects: Collection[int], marks: ErasedMarks, log: Path, quarantine: Path
) -> Proof:
    """Decode all that is left and look for the subjects and for the persons of the tombstones.

    The caller holds the turn, the right to rewrite and the one to roll up.
    """
    names = sorted(path for path, _ in lake.store.list_files())
    data = [name for name in names if not name.startswith(_LOG)]
    entries = [name for name in names if name.startswith(_LOG)]
    wanted = frozenset(subjects)
    rows, found = _look_into_files(lake.store, data, wanted, marks)
    found += sum(bool(wanted & set(_numbers(lake.store, name))) for name in entries)
    segments = [ref.path for ref in list_segments(log)]
    parts = list(quarantine.glob("*.part"))
    # One at a time in memory: thousands may wait.
    found += sum(segment_holds_erased(path.read_bytes(), marks) for path in segments)
    found += sum(names_erased(path.read_bytes(), marks) for path in parts)
    rollups = rollup_paths(lake.rollups)
    found += sum(holds_any(path, wanted) or _names_any(path, marks) for path in rollups)
    return Proof(
        files_decoded=len(data), rows_decoded=rows, log_files_decoded=len(entries),
        segments_decoded=len(segments), parts_searched=len(parts),
        rollups_decoded=len(rollups), found=found,
    )  # fmt: skip


def _look_into_files(
    store: FileStore, paths: Iterable[str], wanted: frozenset[int], marks: ErasedMarks
) -> tuple[int, int]:
    """Rows decoded, and files in which somebody was found."""
    values = pa.array(sorted(wanted), pa.int64())
    rows = found = 0
    for path in paths:
        held = store.read(path, ["subject"])["subject"]
        rows += len(held)
        found += bool(pc.any(pc.is_in(held, value_set=values)).as_py())
        found += names_third_persons(store, path, marks)
    return rows, found


def _names_any(path: Path, marks: ErasedMarks) -> bool:
    """Whether a rollup's file names an erased person by key, in whatever column of texts."""
    rows = pq.read_table(path)
    texts = [rows[field.name] for field in rows.schema if pa.types.is_string(field.type)]
    keys = {text for column in texts for text in column.unique().to_pylist() if text}
    return any(marks.has_person(bytes.fromhex(key)) for key in keys if _KEY.fullmatch(key))


def _numbers(store: FileStore, path: str) -> Iterator[int]:
    """Every number that a file of the log says, in whatever place."""
    data = store.read_bytes(path)
    if path.endswith(".parquet"):
        said = pq.read_table(pa.BufferReader(data)).to_pylist()
        text = json.dumps(said, default=str)
    else:
        text = data.decode(errors="replace")
    return (int(number) for number in _NUMBER.findall(text) if len(number) < 25)
