"""A rollup as registered queries see it: what is ready, and the rest made on the fly."""

import duckdb

from privet.events.errors import QueryError
from privet.events.lake import Lake
from privet.events.rollups import Rollup
from privet.events.store import LakeFile
from privet.events.view import Gate, create_view


def create_rollup_view(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    files: list[LakeFile],
    *,
    rollup: Rollup,
    gate: Gate,
) -> None:
    """Make the view of a rollup's name in a fresh connection, over the days of some files."""
    if gate.use != rollup.use:
        raise QueryError(
            f"The rollup {rollup.name!r} is made for {rollup.use.name}, not for {gate.use.name}.",
            remedy="Ask the view events instead, or register a rollup for that use.",
        )
    source = f"events_of_{rollup.name}"
    create_view(connection, lake, files, gate=gate, name=source)
    columns = ", ".join(f'"{column}"' for column in rollup.columns)
    connection.execute(
        f"CREATE TEMP VIEW {rollup.name} AS SELECT {columns} FROM {made_from(rollup, source)}"  # noqa: S608 - names
    )


def made_from(rollup: Rollup, source: str) -> str:
    """The rollup made from the view ``source`` instead of ``events``, as SQL."""
    # The text names events, and a common table expression goes before a view of that name.
    return (
        f"(WITH events AS NOT MATERIALIZED (SELECT * FROM {source}) "  # noqa: S608 - checked text
        f"SELECT * FROM (\n{rollup.text}\n))"
    )
