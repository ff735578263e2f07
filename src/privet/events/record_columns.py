"""The other form of a batch in the log: columns, for doors that bring thousands of events at once.

It is an Arrow stream of one record batch. Its columns are those of the lake as far as they differ
between the events of a batch, and ``actor``; texts that repeat are encoded by dictionaries. What
the batch says once stands in the metadata of its schema. A reader knows the form by its first
bytes, with which no MessagePack array begins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from privet.events.record import ID_BYTES, Actor
from privet.events.schema import lake_schema

MARK = b"\xff\xff\xff\xff"
ACTOR = "actor"
COLUMN_VERSION = 2
_HEAD = b"privet"
_SAID_ONCE = frozenset({"source", "site", "received"})
_MADE_BY_LOADER = frozenset({"subject", "day"})
_PLAIN_TEXTS = frozenset({"detail"})
_PLAIN_BYTES = frozenset({"event_id"})
_TEXT, _BYTES = pa.dictionary(pa.int32(), pa.string()), pa.dictionary(pa.int32(), pa.binary())


class Head(msgspec.Struct, array_like=True, frozen=True):
    """What a batch of columns says once."""

    version: int
    source: str
    namespace: bytes
    site: str
    received: int
    """Microseconds since 1970 UTC."""
    actors: list[Actor]
    tally: int = 0
    """Under which number the loader says what became of the events; 0 if nobody asks."""


@dataclass(frozen=True)
class ColumnBatch:
    """A batch of the log as columns."""

    head: Head
    rows: pa.Table
    """The columns of `log_schema`; ``actor`` is the place in the head's actors plus 1, or 0."""

    def __len__(self) -> int:
        return int(self.rows.num_rows)

    @property
    def namespace(self) -> bytes:
        """In which the ids are unique."""
        return self.head.namespace

    @property
    def received(self) -> int:
        """Microseconds since 1970 UTC."""
        return self.head.received

    @property
    def tally(self) -> int:
        """Under which number the loader says what became of the events."""
        return self.head.tally

    def ids(self) -> list[bytes]:
        """Of all events, in their order."""
        found: list[bytes] = self.rows.column("event_id").to_pylist()
        return found


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Head).decode


def encoded_type(name: str, kind: pa.DataType) -> pa.DataType:
    """The type in which the log and the loader hold a column of the lake."""
    if pa.types.is_string(kind):
        return kind if name in _PLAIN_TEXTS else _TEXT
    if pa.types.is_binary(kind):
        return kind if name in _PLAIN_BYTES else _BYTES
    return kind


@cache
def log_schema() -> pa.Schema:
    """The columns of a batch."""
    left_out = _SAID_ONCE | _MADE_BY_LOADER
    fields = [
        pa.field(f.name, encoded_type(f.name, f.type), nullable=f.nullable)
        for f in lake_schema()
        if f.name not in left_out
    ]
    return pa.schema([*fields, pa.field(ACTOR, pa.int32(), nullable=False)])


def encode_columns(head: Head, columns: Mapping[str, pa.Array]) -> bytes:
    """A batch for the log from the columns of `log_schema`, of the types that it names."""
    schema = log_schema()
    batch = pa.RecordBatch.from_arrays(
        [columns[name] for name in schema.names],
        schema=schema.with_metadata({_HEAD: _encode(head)}),
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    written: bytes = sink.getvalue().to_pybytes()
    return written


def without(batch: ColumnBatch, forbidden: Mapping[int, int]) -> bytes | None:
    """The batch for the log without what some actors did up to a microsecond; none if it has none.

    ``forbidden`` has the moments by place in the head's actors. Nothing is left of the rows that
    go, and nothing of actors whom no row names any more: the dictionaries are made anew.
    """
    limits = pa.array([-1, *(forbidden.get(n, -1) for n in range(len(batch.head.actors)))])
    until = limits.take(batch.rows.column(ACTOR).combine_chunks())
    time = batch.rows.column("time").cast(pa.int64())
    is_kept = pc.greater(pc.min_element_wise(time, batch.received), until)
    kept = batch.rows.filter(is_kept)
    if len(kept) == len(batch.rows):
        return None
    places = sorted(set(kept.column(ACTOR).to_pylist()) - {0})
    actors = pc.index_in(kept.column(ACTOR), value_set=pa.array([0, *places], pa.int32()))
    kept = kept.set_column(kept.schema.get_field_index(ACTOR), ACTOR, actors)
    head = msgspec.structs.replace(
        batch.head, actors=[batch.head.actors[place - 1] for place in places]
    )
    return encode_columns(head, {f.name: _anew(kept.column(f.name), f.type) for f in log_schema()})


def _anew(column: pa.ChunkedArray, kind: pa.DataType) -> pa.Array:
    """The column as one array, whose dictionary has no value that no row has."""
    array = column.combine_chunks()
    if not pa.types.is_dictionary(kind):
        return array.cast(kind)
    return array.cast(kind.value_type).dictionary_encode().cast(kind)


def is_columns(payload: bytes) -> bool:
    """Whether a frame's payload is a batch of columns."""
    return payload[:4] == MARK


def decode_columns(payload: bytes) -> ColumnBatch:
    """Read what `encode_columns` wrote, by this version of Privet or an older one.

    Raises `ValueError` if it is no such batch, has other columns or ids, or points at an actor
    that it does not have.
    """
    try:
        with pa.ipc.open_stream(payload) as stream:
            rows = stream.read_all()
        head = _decode((rows.schema.metadata or {})[_HEAD])
        rows.validate(full=True)
    except (pa.ArrowException, OSError, KeyError) as error:
        raise ValueError("A frame that is no batch of columns.") from error
    if head.version != COLUMN_VERSION:
        raise ValueError("A batch of a version that this Privet does not know.")
    rows = _in_todays_form(rows)
    _check_ids(rows.column("event_id"))
    _check_actors(rows.column(ACTOR), len(head.actors))
    return ColumnBatch(head, rows)


def _in_todays_form(rows: pa.Table) -> pa.Table:
    """All columns in their order; one that an older version did not write yet is null."""
    schema = log_schema()
    if unknown := set(rows.schema.names) - set(schema.names):
        raise ValueError(f"A batch with {len(unknown)} columns that this Privet does not know.")
    columns = []
    for field in schema:
        if field.name not in rows.schema.names:
            column = pa.chunked_array([pa.nulls(rows.num_rows, field.type)])
        else:
            column = rows.column(field.name)
        if column.type != field.type or (column.null_count and not field.nullable):
            raise ValueError("A batch with a column of another form.")
        columns.append(column)
    return pa.Table.from_arrays(columns, schema=schema)


def _check_ids(ids: pa.ChunkedArray) -> None:
    if not pc.all(pc.equal(pc.binary_length(ids), ID_BYTES), min_count=0).as_py():
        raise ValueError("An event has an id of another length than a UUID's.")


def _check_actors(places: pa.ChunkedArray, count: int) -> None:
    least, most = pc.min_max(places).as_py().values() if len(places) else (0, 0)
    if least < 0 or most > count:
        raise ValueError("An event points at an actor that its batch does not have.")
