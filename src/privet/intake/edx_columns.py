"""Turns the rows of a block round into columns."""

from collections.abc import Sequence

import pyarrow as pa

from privet.events.record_columns import ACTOR, log_schema
from privet.intake.edx_circumstances import CIRCUMSTANCE_NAMES, Kept
from privet.intake.edx_map import ROW_NAMES, TEXT_NAMES, Row, Texts
from privet.intake.edx_values import line_ids

_NO_CIRCUMSTANCE = (None,) * len(CIRCUMSTANCE_NAMES)


def make_columns(rows: Sequence[Row], circumstances: Sequence[Kept]) -> dict[str, pa.Array]:
    """The columns of a batch of the log, from at least one row."""
    said = dict(zip(ROW_NAMES, zip(*rows, strict=True), strict=True))
    columns = _of_texts(said["texts"])
    columns["event_id"] = _cut(line_ids(said["time"], said["digest"]), len(rows))
    columns["time"] = pa.array(said["time"], pa.int64()).cast(pa.timestamp("us", tz="UTC"))
    columns["uses"] = pa.array(said["uses"], pa.int32())
    columns["session"] = pa.array(said["session"], pa.int64())
    columns["detail"] = pa.array(said["detail"], pa.binary()).cast(pa.string())
    columns[ACTOR] = pa.array(said["actor"], pa.int32())
    nothing = pa.repeat(pa.scalar(0, pa.int32()), len(rows))
    columns["campaign"] = pa.DictionaryArray.from_arrays(nothing, pa.array([""]))
    return columns | _of_circumstances(pa.array(said["circumstance"], pa.int32()), circumstances)


def _of_texts(rows: Sequence[Texts]) -> dict[str, pa.Array]:
    """Each column is made once for the texts that differ, and taken from there for the rows."""
    known: dict[Texts, int] = {}
    places = pa.array([known.setdefault(texts, len(known)) for texts in rows], pa.int32())
    columns = {}
    for name, values in zip(TEXT_NAMES, zip(*known, strict=True), strict=True):
        column = pa.array(values, pa.string()).dictionary_encode()
        columns[name] = pa.DictionaryArray.from_arrays(
            column.indices.take(places), column.dictionary
        )
    return columns


def _cut(ids: bytes, count: int) -> pa.Array:
    """A column of so many values of the same length, from where they stand behind each other."""
    whole = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(len(ids) // count), count, [None, pa.py_buffer(ids)]
    )
    return whole.cast(pa.binary())


def _of_circumstances(places: pa.Array, circumstances: Sequence[Kept]) -> dict[str, pa.Array]:
    """Each column is made once for the circumstances, and taken from there for the rows."""
    columns = {}
    said = zip(*(circumstances or (_NO_CIRCUMSTANCE,)), strict=True)
    for name, values in zip(CIRCUMSTANCE_NAMES, said, strict=True):
        kind = log_schema().field(name).type
        if pa.types.is_dictionary(kind):
            column = pa.array(values, kind.value_type).dictionary_encode()
        else:
            column = pa.array(values, kind)
        columns[name] = column.take(places)
    return columns
