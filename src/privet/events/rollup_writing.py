"""Writes a file of a rollup: sorted, a batch at a time, whole or not at all."""

import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from privet.events.rollup_files import DAYS, DRAFT, RolledDay, mark_of, name_of, say_days
from privet.events.rollups import Rollup
from privet.events.store import sync_path

_ROW_GROUP_ROWS = 122_880
_BATCH_ROWS = 65_536
_ORDER = "institution, course, subject, day"
"""So that a scope's rows lie together, and each learner's."""


def write_sorted(
    connection: duckdb.DuckDBPyConnection,
    directory: Path,
    rollup: Rollup,
    *,
    source: str,
    days: Callable[[Mapping[date, int]], Mapping[date, RolledDay]],
) -> None:
    """Write the rows of ``source`` (SQL) so that they would survive a power cut.

    ``days`` says what stands in the footer, given the rows of each day. The caller holds the right
    to roll up.
    """
    folder = directory / rollup.name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f"{DRAFT}{os.getpid()}-{secrets.token_hex(4)}"
    text = f"SELECT {rollup.cast()} FROM {source} ORDER BY {_ORDER}"  # noqa: S608 - checked text
    try:
        said = _write_rows(connection.sql(text).to_arrow_reader(_BATCH_ROWS), draft, days)
        sync_path(draft)
        draft.rename(folder / name_of(mark_of(rollup), said))
    finally:
        draft.unlink(missing_ok=True)
    sync_path(folder)


def _write_rows(
    batches: pa.RecordBatchReader,
    draft: Path,
    days: Callable[[Mapping[date, int]], Mapping[date, RolledDay]],
) -> Mapping[date, RolledDay]:
    rows: Counter[date] = Counter()
    with (
        open(draft, "xb", opener=_opened_for_its_owner) as file,
        pq.ParquetWriter(
            file, batches.schema, compression="lz4", store_schema=False,
            **_encodings(batches.schema),
        ) as writer,
    ):  # fmt: skip
        for group in _groups(batches):
            writer.write_table(group, row_group_size=_ROW_GROUP_ROWS)
            rows.update({one["values"]: one["counts"] for one in _count(group)})
        said = days(rows)
        writer.add_key_value_metadata({DAYS: say_days(said)})
    return said


def _encodings(schema: pa.Schema) -> dict[str, Any]:
    """How columns are written, so that they are read quickly.

    Moments by their differences, since few are the same. All others with a dictionary, numbers too:
    most say the same few.
    """
    moments = [one.name for one in schema if pa.types.is_timestamp(one.type)]
    return {
        "use_dictionary": [one.name for one in schema if one.name not in moments],
        "column_encoding": dict.fromkeys(moments, "DELTA_BINARY_PACKED"),
    }


def _opened_for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _count(group: pa.Table) -> list[dict[str, Any]]:
    return list(group["day"].value_counts().to_pylist())


def _groups(batches: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """The batches, put together to row groups."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        waiting.append(batch)
        rows += batch.num_rows
        if rows >= _ROW_GROUP_ROWS:
            yield pa.Table.from_batches(waiting)
            waiting, rows = [], 0
    if waiting:
        yield pa.Table.from_batches(waiting)
