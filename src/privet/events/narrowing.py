"""Takes from rows what none of their remaining uses may see.

The gate did this when an event came in; it is done again whenever a row loses a use: by the loader,
and by the daily pass when a withdrawal is made true or a use has expired.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from privet.catalogue.columns import COLUMNS, Column
from privet.catalogue.registry import EVENTS
from privet.catalogue.uses import ALL_USES, TERMS, Use

IMPORTED = "edx:"
"""How the source of imported rows begins."""

_decode = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode


def narrow(rows: pa.Table) -> pa.Table:
    """The rows that have a use left, without the columns and fields that these may not see."""
    uses = rows.column("uses")
    if pc.any(pc.equal(uses, 0)).as_py():
        rows = rows.filter(pc.not_equal(uses, 0))
    for columns in _grouped_columns().values():
        rows = _blank(rows, columns)
    return _strip_detail(rows)


def clear_uses(rows: pa.Table, where: pa.ChunkedArray, uses: int) -> pa.Table:
    """Take bits from the uses of some rows; `narrow` then takes the rest."""
    at = rows.schema.get_field_index("uses")
    before = rows.column(at)
    kept = pa.scalar(ALL_USES.value & ~uses, pa.int32())
    cleared = pc.if_else(where, pc.bit_wise_and(before, kept), before)
    return rows.set_column(at, rows.schema.field(at), cleared)


def earlier_micros(rows: pa.Table) -> pa.ChunkedArray:
    """The earlier of when a row's event happened and when it came, since 1970 UTC.

    A browser says when an event happened, so only the earlier of the two is safe to compare with
    the moment of a decision.
    """
    happened, came = (rows.column(name).cast(pa.int64()) for name in ("time", "received"))
    return pc.min_element_wise(happened, came)


def clear_expired(rows: pa.Table, today: date) -> pa.Table:
    """Take from the uses of rows those whose period is over; `narrow` then takes the rest."""
    since = retention_days(rows)
    days = pc.unique(since)
    kept = pa.array([kept_uses(day, today) for day in days.to_pylist()], pa.int32())
    mask = kept.take(pc.index_in(since, days).combine_chunks())
    at = rows.schema.get_field_index("uses")
    uses = pc.bit_wise_and(rows.column(at), mask)
    return rows.set_column(at, rows.schema.field(at), uses)


def retention_days(rows: pa.Table) -> pa.ChunkedArray:
    """The day from which the retention of each row counts; needs time, received and source.

    That is the day of the event. Of imported history it is the day of the import: the operator
    says then for which uses it is kept, and a period that was over before would make that void.
    """
    happened = rows.column("time").cast(pa.date32())
    is_imported = pc.starts_with(rows.column("source").cast(pa.string()), IMPORTED)
    if not pc.any(is_imported, min_count=0).as_py():
        return happened
    came = rows.column("received").cast(pa.date32())
    return pc.if_else(is_imported, pc.max_element_wise(happened, came), happened)


def retention_day(*, source: str, happened: date, came: date) -> date:
    """As `retention_days`, for one row."""
    return max(happened, came) if source.startswith(IMPORTED) else happened


def kept_uses(day: date, today: date) -> int:
    """The uses that rows of ``day`` may still serve ``today``; the others have expired."""
    return sum(use.value for use, terms in TERMS.items() if today < terms.ends(day))


@cache
def _grouped_columns() -> Mapping[int, tuple[Column, ...]]:
    """The columns that not every use may see, by the uses that may."""
    groups: dict[int, tuple[Column, ...]] = {}
    for column in COLUMNS:
        if column.uses != ALL_USES:
            groups[column.uses.value] = (*groups.get(column.uses.value, ()), column)
    return groups


def _blank(rows: pa.Table, columns: tuple[Column, ...]) -> pa.Table:
    hidden = pc.equal(pc.bit_wise_and(rows.column("uses"), columns[0].uses.value), 0)
    if not pc.any(hidden, min_count=0).as_py():
        return rows
    for column in columns:
        at = rows.schema.get_field_index(column.name)
        # The gate has been here, so there is seldom anything left to hide.
        if not pc.any(pc.and_(hidden, rows.column(at).is_valid()), min_count=0).as_py():
            continue
        field = rows.schema.field(at)
        null = pa.scalar(None, field.type)
        rows = rows.set_column(at, field, pc.if_else(hidden, null, rows.column(at)))
    return rows


@cache
def _hidden_fields(name: str, uses: int) -> frozenset[str]:
    """The fields of an event that none of the uses may see."""
    event = EVENTS.get(name)
    if event is None:
        return frozenset()
    return frozenset(f.name for f in event.fields if not event.uses_of(f) & Use(uses))


def _strip_detail(rows: pa.Table) -> pa.Table:
    kinds = rows.select(["name", "uses"]).group_by(["name", "uses"]).aggregate([])
    hidden = {
        (name, uses): fields
        for name, uses in zip(*(kinds.column(c).to_pylist() for c in ("name", "uses")), strict=True)
        if (fields := _hidden_fields(name, uses))
    }
    if not hidden:
        return rows
    detail = [
        _without(text, hidden.get((name, uses)))
        for text, name, uses in zip(
            *(rows.column(c).to_pylist() for c in ("detail", "name", "uses")), strict=True
        )
    ]
    at = rows.schema.get_field_index("detail")
    return rows.set_column(at, rows.schema.field(at), pa.array(detail, pa.string()))


def _without(detail: str | None, fields: frozenset[str] | None) -> str | None:
    if not detail or not fields:
        return detail
    kept = {name: value for name, value in _decode(detail).items() if name not in fields}
    return _encode(kept).decode() if kept else None
