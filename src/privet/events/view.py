"""The view ``events``: what one use, in one scope, may see of the lake at this moment."""

import json
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from privet.catalogue.columns import COLUMNS
from privet.catalogue.registry import EVENTS
from privet.catalogue.uses import Use
from privet.events.engine import literal_list
from privet.events.lake import Lake
from privet.events.schema import SQL_TYPES, lake_schema
from privet.events.store import LakeFile
from privet.events.withheld import HiddenFrom


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Whose events may be seen: of these institutions and these courses; none means of all."""

    institutions: frozenset[str] | None = None
    courses: frozenset[str] | None = None


EVERYTHING = Scope()


@dataclass(frozen=True, kw_only=True)
class Gate:
    """All that decides which rows and columns a question may see."""

    use: Use
    scope: Scope
    hidden: HiddenFrom


def create_view(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    files: list[LakeFile],
    *,
    gate: Gate,
    name: str = "events",
) -> None:
    """Make the view ``name`` in a fresh connection, over the rows of some files."""
    rows = "lake_rows" if name == "events" else f"lake_rows_{name}"
    bind_files(connection, lake, files, name=rows)
    create_view_over(connection, rows, gate=gate, name=name)


def create_view_over(
    connection: duckdb.DuckDBPyConnection, rows: str, *, gate: Gate, name: str = "events"
) -> None:
    """Make the view ``name`` in a fresh connection, over a table of rows that it has."""
    conditions = [f"(r.uses & {gate.use.value}) <> 0"]
    conditions += bind_scope(connection, gate.scope)
    conditions += bind_wholly_hidden(connection, gate.hidden)
    conditions += _bind_partly_hidden(connection, gate.hidden)
    where = " AND ".join(conditions)
    connection.execute(
        # Only names of our own columns and tables, and numbers, are put into the text.
        f"CREATE TEMP VIEW {name} AS SELECT {shown_columns(gate.use)} FROM {rows} r WHERE {where}"  # noqa: S608
    )


def bind_files(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    files: list[LakeFile],
    *,
    name: str = "lake_rows",
) -> None:
    """Make the view ``name`` in a fresh connection: all columns, all rows of some files."""
    if not files:
        connection.register(name, lake_schema().empty_table())
    elif lake.store.local is None:
        connection.register(name, lake.store.dataset(files))
    else:
        root = lake.store.local.resolve()
        paths = literal_list([f"{root}/{file.path}" for file in files])
        by_name = not all(file.has_todays_form for file in files)
        connection.execute(
            # The paths are the table's own, written as literals.
            f"CREATE TEMP VIEW {name} AS SELECT * FROM read_parquet({paths}, "  # noqa: S608
            f"hive_partitioning = true, hive_types = {{'day': DATE}}, union_by_name = {by_name})"
        )


def shown_columns(use: Use) -> str:
    """Each column, or null in its place where the use may not see it, as SQL over rows ``r``."""
    shown = []
    for column in COLUMNS:
        if not column.uses & use:
            shown.append(f"NULL::{SQL_TYPES[column.type]} AS {column.name}")
        elif column.name == "detail":
            shown.append(f"{_detail_for(use)} AS detail")
        else:
            shown.append(f"r.{column.name}")
    return ", ".join(shown)


def _detail_for(use: Use) -> str:
    """The detail without the fields that the use may not see."""
    cases = []
    for event in EVENTS.values():
        hidden = [field.name for field in event.fields if not event.uses_of(field) & use]
        if hidden and event.uses & use:
            patch = json.dumps(dict.fromkeys(hidden)).replace("'", "''")
            name = event.name.replace("'", "''")
            cases.append(f"WHEN '{name}' THEN json_merge_patch(r.detail, '{patch}')::VARCHAR")
    return f"CASE r.name {' '.join(cases)} ELSE r.detail END" if cases else "r.detail"


def bind_scope(connection: duckdb.DuckDBPyConnection, scope: Scope) -> list[str]:
    """Register the scope's lists; returns the conditions on rows ``r``."""
    conditions = []
    for column, values in (("institution", scope.institutions), ("course", scope.courses)):
        if values is not None:
            listed = pa.table({"value": pa.array(sorted(values), pa.string())})
            connection.register(f"scope_{column}", listed)
            conditions.append(f"r.{column} IN (SELECT value FROM scope_{column})")  # noqa: S608
    return conditions


def bind_wholly_hidden(connection: duckdb.DuckDBPyConnection, hidden: HiddenFrom) -> list[str]:
    """Register of whom nothing may be seen; returns the condition on rows ``r``, if any."""
    if not hidden.wholly:
        return []
    connection.register("hidden_wholly", hidden.wholly_table())
    return ["r.subject NOT IN (SELECT subject FROM hidden_wholly)"]


def _bind_partly_hidden(connection: duckdb.DuckDBPyConnection, hidden: HiddenFrom) -> list[str]:
    if not hidden.partly:
        return []
    connection.register("hidden_partly", hidden.partly_table())
    theirs = "SELECT 1 FROM hidden_partly h WHERE h.subject = r.subject"
    return [f"NOT EXISTS ({theirs} AND least(r.time, r.received) <= h.until)"]
