"""Turns batches of the log into columns of the lake, many events at a time.

An importer's batches are columns already. Entries of others are decoded as plain tuples and turned
round by `zip`, and what a batch says once (source, actor, circumstance) becomes a column by taking
from a short array. So Python touches each event only a few times.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import repeat
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from privet.events.record import ID_BYTES, NOBODY, VERSION, Actor, Batch, Circumstance, Entry
from privet.events.record_columns import (
    ACTOR,
    ColumnBatch,
    decode_columns,
    encoded_type,
    is_columns,
)
from privet.events.schema import lake_schema

_ENTRY_FIELDS = msgspec.structs.fields(Entry)
_CIRCUMSTANCE_FIELDS = msgspec.structs.fields(Circumstance)
_PLAIN = ("name", "session", "institution", "course", "object", "page_path", "referrer_host",
          "campaign")  # fmt: skip


Flat = tuple[Any, ...]
"""An entry or a circumstance as the values of its fields, in their order."""


@dataclass(frozen=True)
class FlatBatch:
    """A batch of the log whose entries and circumstances are flat."""

    source: str
    namespace: bytes
    site: str
    received: int
    actors: list[Actor]
    circumstances: list[Flat]
    entries: list[Flat]

    @property
    def tally(self) -> int:
        """Nobody asks what became of these."""
        return 0

    def __len__(self) -> int:
        return len(self.entries)

    def ids(self) -> list[bytes]:
        """Of all events, in their order."""
        return [entry[0] for entry in self.entries]


LogBatch = FlatBatch | ColumnBatch
"""A batch of the log in either form."""


def _flat_form() -> msgspec.msgpack.Decoder[Any]:
    """Checks the types as `Batch` does, but makes tuples where that makes objects."""
    flat = {
        "entries": list[tuple[tuple(f.type for f in _ENTRY_FIELDS)]],  # type: ignore[misc]
        "circumstances": list[tuple[tuple(f.type for f in _CIRCUMSTANCE_FIELDS)]],  # type: ignore[misc]
    }
    fields = [(f.name, flat.get(f.name, f.type)) for f in msgspec.structs.fields(Batch)]
    return msgspec.msgpack.Decoder(msgspec.defstruct("Flat", fields, array_like=True))


_decoder = _flat_form()


def decode_frame(payload: bytes) -> LogBatch:
    """Read a frame; raises `ValueError` if it is no batch or points at what it does not have."""
    return decode_columns(payload) if is_columns(payload) else decode_flat(payload)


def decode_flat(payload: bytes) -> FlatBatch:
    """Read a frame of entries; raises `ValueError` as `decode_frame` does."""
    read = _decoder.decode(payload)
    if read.version != VERSION:
        raise ValueError("A batch of a version that this Privet does not know.")
    batch = FlatBatch(
        read.source, read.namespace, read.site, read.received, read.actors, read.circumstances,
        read.entries,
    )  # fmt: skip
    actors = {entry[_ACTOR] for entry in batch.entries}
    circumstances = {entry[_CIRCUMSTANCE] for entry in batch.entries}
    if any(len(entry[_EVENT_ID]) != ID_BYTES for entry in batch.entries):
        raise ValueError("An entry has an id of another length than a UUID's.")
    if not _points_inside(actors, len(batch.actors)):
        raise ValueError("An entry points at an actor that its batch does not have.")
    if not _points_inside(circumstances, len(batch.circumstances)):
        raise ValueError("An entry points at a circumstance that its batch does not have.")
    return batch


@dataclass
class Gathered:
    """The events of many batches as columns, before the gate."""

    actors: list[Actor]
    """Each actor once."""
    rows: pa.Table
    """The columns of `gathered_schema`; ``actor`` is the place in ``actors`` plus 1, or 0."""


NAMESPACE, TALLY = "namespace", "tally"


@cache
def gathered_schema() -> pa.Schema:
    """The lake's columns but ``subject``, texts by dictionaries, `ACTOR`, `NAMESPACE`, `TALLY`."""
    fields = [
        pa.field(f.name, encoded_type(f.name, f.type), nullable=f.nullable)
        for f in lake_schema()
        if f.name != "subject"
    ]
    more = {
        ACTOR: pa.int32(),
        NAMESPACE: pa.dictionary(pa.int32(), pa.binary()),
        TALLY: pa.int64(),
    }
    fields += [pa.field(name, kind, nullable=False) for name, kind in more.items()]
    return pa.schema(fields)


def gather(batches: Sequence[LogBatch]) -> Gathered:
    """Put the events of batches into one table; raises `pyarrow.ArrowException` or `ValueError`."""
    places: dict[Actor, int] = {}
    folded = _Folded(places)
    tables = []
    for batch in batches:
        if isinstance(batch, ColumnBatch):
            tables.append(_of_columns(batch, places))
        else:
            folded.fold(batch)
    if folded.entries:
        tables.append(_encoded(folded.columns()))
    rows = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
    return Gathered(list(places), rows)


def _of_columns(batch: ColumnBatch, places: dict[Actor, int]) -> pa.Table:
    """A batch of columns with what it says once as columns too."""
    head, rows = batch.head, batch.rows
    actors = [0, *(places.setdefault(actor, len(places)) + 1 for actor in head.actors)]
    columns = {name: rows.column(name) for name in rows.schema.names}
    columns[ACTOR] = pa.array(actors, pa.int32()).take(rows.column(ACTOR))
    columns["day"] = columns["time"].cast(pa.date32())
    received = pa.scalar(head.received, pa.int64()).cast(pa.timestamp("us", tz="UTC"))
    columns["received"] = pa.repeat(received, len(batch))
    columns[TALLY] = pa.repeat(pa.scalar(head.tally, pa.int64()), len(batch))
    for name, value in (("source", head.source), ("site", head.site), (NAMESPACE, head.namespace)):
        zeros = pa.repeat(pa.scalar(0, pa.int32()), len(batch))
        columns[name] = pa.DictionaryArray.from_arrays(zeros, pa.array([value]))
    return _encoded(columns)


def _encoded(columns: dict[str, pa.Array]) -> pa.Table:
    schema = gathered_schema()
    arrays = []
    for field_ in schema:
        array = columns[field_.name]
        if pa.types.is_dictionary(field_.type) and not pa.types.is_dictionary(array.type):
            array = array.dictionary_encode()
        arrays.append(array)
    return pa.Table.from_arrays(arrays, schema=schema)


_NAMES = [f.name for f in _ENTRY_FIELDS]
_EVENT_ID = _NAMES.index("event_id")
_ACTOR, _CIRCUMSTANCE = _NAMES.index("actor"), _NAMES.index("circumstance")
_NO_CIRCUMSTANCE = (None,) * len(_CIRCUMSTANCE_FIELDS)


@dataclass
class _Folded:
    """Batches of entries, as columns side by side."""

    places: dict[Actor, int]
    entries: list[Flat] = field(default_factory=list)
    actor: list[int] = field(default_factory=list)
    circumstance: list[int] = field(default_factory=list)
    batch: list[int] = field(default_factory=list)
    circumstances: list[Flat] = field(default_factory=lambda: [_NO_CIRCUMSTANCE])
    heads: list[FlatBatch] = field(default_factory=list)

    def fold(self, batch: FlatBatch) -> None:
        actors = [self.places.setdefault(actor, len(self.places)) + 1 for actor in batch.actors]
        actors.append(0)  # The place -1 is nobody.
        first = len(self.circumstances)
        self.circumstances += batch.circumstances
        self.entries += batch.entries
        self.actor += [actors[entry[_ACTOR]] for entry in batch.entries]
        self.circumstance += [
            0 if place == NOBODY else first + place
            for place in [entry[_CIRCUMSTANCE] for entry in batch.entries]
        ]
        self.batch += repeat(len(self.heads), len(batch))
        self.heads.append(batch)

    def columns(self) -> dict[str, pa.Array]:
        schema = lake_schema()
        said = dict(zip(_NAMES, zip(*self.entries, strict=True), strict=True))
        columns = {name: _array(said[name], schema.field(name).type) for name in _PLAIN}
        columns["event_id"] = pa.array(said["event_id"], pa.binary())
        columns["time"] = _array(said["time"], pa.int64()).cast(pa.timestamp("us", tz="UTC"))
        columns["day"] = columns["time"].cast(pa.date32())
        columns["uses"] = _array(said["uses"], pa.int32())
        columns["detail"] = _details(said["detail"])
        columns |= self._of_batches() | self._of_circumstances()
        columns[ACTOR] = pa.array(self.actor, pa.int32())
        return columns

    def _of_batches(self) -> dict[str, pa.Array]:
        place = pa.array(self.batch, pa.int32())
        received = pa.array([head.received for head in self.heads], pa.int64())
        return {
            "source": pa.array([head.source for head in self.heads], pa.string()).take(place),
            "site": pa.array([head.site for head in self.heads], pa.string()).take(place),
            TALLY: pa.repeat(pa.scalar(0, pa.int64()), len(self.batch)),
            NAMESPACE: pa.array([head.namespace for head in self.heads], pa.binary()).take(place),
            "received": received.cast(pa.timestamp("us", tz="UTC")).take(place),
        }

    def _of_circumstances(self) -> dict[str, pa.Array]:
        place = pa.array(self.circumstance, pa.int32())
        said = zip(*self.circumstances, strict=True)
        types = [lake_schema().field(f.name).type for f in _CIRCUMSTANCE_FIELDS]
        return {
            f.name: _array(values, kind).take(place)
            for f, values, kind in zip(_CIRCUMSTANCE_FIELDS, said, types, strict=True)
        }


def _points_inside(places: set[int], count: int) -> bool:
    return not places or (min(places) >= NOBODY and max(places) < count)


def _array(values: Sequence[object], kind: pa.DataType) -> pa.Array:
    return pa.array(values, kind)


def _details(values: Sequence[object]) -> pa.Array:
    """Bytes of JSON as text, null where there is none."""
    texts = pa.array(values, pa.binary()).cast(pa.string())
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)
