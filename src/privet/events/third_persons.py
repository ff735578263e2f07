"""Where a learner is named in another's event: as a keyed hash in a field of the detail.

A field that the catalogue marks as a third person's holds a person key in hex. When that person is
erased, the field goes; the other learner's event stays.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from privet.catalogue.registry import EVENTS
from privet.events.erased import ErasedMarks
from privet.events.store import FileStore

_decode = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode


@cache
def third_person_fields() -> Mapping[str, frozenset[str]]:
    """By event: the fields in which somebody else is named."""
    fields = {
        e.name: frozenset(f.name for f in e.fields if f.third_person) for e in EVENTS.values()
    }
    return {name: listed for name, listed in fields.items() if listed}


def names_third_persons(store: FileStore, path: str, marks: ErasedMarks) -> bool:
    """Whether an erased person is named in an event of the file."""
    names = pa.array(sorted(third_person_fields()), pa.string())
    rows = store.read(path, ["name", "detail"], keep=ds.field("name").isin(names))
    return any(
        _named(name, detail, marks)
        for name, detail in zip(*(rows[c].to_pylist() for c in ("name", "detail")), strict=True)
    )


def without_third_persons(rows: pa.Table, marks: ErasedMarks) -> pa.Table:
    """The rows, with no erased person named in them."""
    names = pa.array(sorted(third_person_fields()), pa.string())
    if not pc.any(pc.is_in(rows["name"], value_set=names)).as_py():
        return rows
    details = [
        _cleansed(name, detail, marks)
        for name, detail in zip(*(rows[c].to_pylist() for c in ("name", "detail")), strict=True)
    ]
    at = rows.schema.get_field_index("detail")
    return rows.set_column(at, rows.schema.field(at), pa.array(details, pa.string()))


def _cleansed(name: str, detail: str | None, marks: ErasedMarks) -> str | None:
    named = _named(name, detail, marks)
    if not named or detail is None:
        return detail
    kept = {field: value for field, value in _decode(detail).items() if field not in named}
    return _encode(kept).decode() if kept else None


def _named(name: str, detail: str | None, marks: ErasedMarks) -> list[str]:
    """The fields of a detail that name an erased person."""
    fields = third_person_fields().get(name)
    if not fields or not detail:
        return []
    said = _decode(detail)
    return [field for field in fields if marks.has_person(_key(said.get(field)))]


def _key(value: object) -> bytes:
    try:
        return bytes.fromhex(value) if isinstance(value, str) else b""
    except ValueError:
        return b""
