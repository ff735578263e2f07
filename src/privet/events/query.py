"""The one way to read the lake: a named query, for one use, in one scope."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import duckdb

from privet.catalogue.uses import Use
from privet.events.engine import Engine
from privet.events.errors import LakeError, QueryError
from privet.events.lake import Lake, default_lake
from privet.events.rollup_view import create_rollup_view
from privet.events.rollups import find_rollup, register_rollups
from privet.events.statements import VIEW, Statement, find_statement, register_queries
from privet.events.store import LakeFile
from privet.events.view import Gate, Scope, create_view
from privet.events.withheld import Withheld

__all__ = ["Result", "Scope", "query", "register_queries", "register_rollups"]

_TRIES = 8
_T = TypeVar("_T")


@dataclass(frozen=True)
class Result:
    """What a query found."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class Reader:
    """What a process keeps to read one lake: the engine, and who is hidden."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self.withheld = Withheld()
        self.engine = Engine(lake.store.local, spill=lake.turns.directory)

    def run(self, work: Callable[[duckdb.DuckDBPyConnection, list[LakeFile]], _T]) -> _T:
        """Call ``work`` with a fresh connection and the table's files.

        Files that a rewrite took away in between are no fault: the new list is tried.
        """
        for attempt in range(_TRIES):
            files = self.lake.files()
            try:
                with self.engine.connection() as connection:
                    return work(connection, files)
            except (duckdb.IOException, FileNotFoundError):
                if attempt == _TRIES - 1 and files == self.lake.files():
                    raise
        raise LakeError(
            "The lake's files changed faster than they could be read.",
            remedy="Try again when the erasure or compaction that runs now is over.",
        )


def query(
    name: str, /, *, use: Use, scope: Scope, by: str, lake: Lake | None = None, **params: Any
) -> Result:
    """Run a registered query for one use; rows outside use and scope do not exist for it.

    ``by`` says who asks (``account:7``). If the query has the parameters ``start`` and ``end``,
    they are dates, both inside the period, and files of other days are not opened. Raises
    `QueryError` if the query or its parameters are not known.
    """
    if len(use) != 1:
        raise QueryError("A query serves exactly one use.", remedy="Say which; ask once for each.")
    if not by:
        raise QueryError("Nobody asks.", remedy="Say in by= who does.")
    statement = find_statement(name)
    _check_parameters(statement, params)
    reader = reader_of(lake or default_lake())

    def work(connection: duckdb.DuckDBPyConnection, _: list[LakeFile]) -> Result:
        gate = Gate(use=use, scope=scope, hidden=reader.withheld.hidden_from(use))
        # Listed after who is hidden was read: whom a pass clears in between stands in neither.
        inside = _files_inside(reader.lake.files(), params.get("start"), params.get("end"))
        _bind_tables(connection, reader.lake, inside, statement, gate)
        found = connection.execute(statement.text, params or None)
        columns = tuple(column[0] for column in found.description or ())
        return Result(columns=columns, rows=found.fetchall())

    return reader.run(work)


def reader_of(lake: Lake) -> Reader:
    """The reader of a lake in this process."""
    with _guard:
        if lake not in _readers:
            _readers[lake] = Reader(lake)
        return _readers[lake]


_readers: WeakKeyDictionary[Lake, Reader] = WeakKeyDictionary()
_guard = threading.Lock()


def _bind_tables(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    files: list[LakeFile],
    statement: Statement,
    gate: Gate,
) -> None:
    """Make the tables that a query reads, and no others."""
    for name in statement.reads:
        if name == VIEW:
            create_view(connection, lake, files, gate=gate)
        else:
            create_rollup_view(connection, lake, files, rollup=find_rollup(name), gate=gate)


def _check_parameters(statement: Statement, params: dict[str, Any]) -> None:
    missing = statement.parameters - params.keys()
    unknown = params.keys() - statement.parameters
    for names, problem in ((missing, "needs"), (unknown, "does not take")):
        if names:
            raise QueryError(
                f"The query {statement.name!r} {problem} {', '.join(sorted(names))}.",
                remedy="Give exactly the parameters that its text names.",
            )


def _files_inside(files: list[LakeFile], start: object, end: object) -> list[LakeFile]:
    first = start if isinstance(start, date) else date.min
    last = end if isinstance(end, date) else date.max
    return [file for file in files if first <= file.day <= last]
