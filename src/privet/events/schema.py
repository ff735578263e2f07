"""The form of the lake, made from the catalogue's columns, and which of them each use may see."""

from functools import cache
from hashlib import sha256

import pyarrow as pa

from privet.catalogue.columns import COLUMNS, Column, ColumnType

PARTITION = "day"

ARROW_TYPES: dict[ColumnType, pa.DataType] = {
    ColumnType.BINARY: pa.binary(),
    ColumnType.DATE: pa.date32(),
    ColumnType.INT32: pa.int32(),
    ColumnType.INT64: pa.int64(),
    ColumnType.STRING: pa.string(),
    ColumnType.TIMESTAMP: pa.timestamp("us", tz="UTC"),
}

SQL_TYPES: dict[ColumnType, str] = {
    ColumnType.BINARY: "BLOB",
    ColumnType.DATE: "DATE",
    ColumnType.INT32: "INTEGER",
    ColumnType.INT64: "BIGINT",
    ColumnType.STRING: "VARCHAR",
    ColumnType.TIMESTAMP: "TIMESTAMPTZ",
}
"""The types' names in DuckDB."""


@cache
def lake_schema() -> pa.Schema:
    """All columns of the table, the partition among them."""
    return pa.schema([_field(column) for column in COLUMNS])


@cache
def file_schema() -> pa.Schema:
    """The columns that stand in a file: all but the partition, which its directory says."""
    return pa.schema([_field(column) for column in COLUMNS if column.name != PARTITION])


@cache
def schema_mark() -> str:
    """Eight hex digits that tell one form of files from another; part of each file's name."""
    return sha256(str(file_schema()).encode()).hexdigest()[:8]


def _field(column: Column) -> pa.Field:
    return pa.field(column.name, ARROW_TYPES[column.type], nullable=column.nullable)
