"""The one way to read the lake: a named query, for one use, in one scope."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import duckdb

from privet.catalogue.uses import Use
from privet.events.engine import Engine
from privet.events.errors import LakeError, QueryError
from privet.events.lake import Lake, default_lake
from privet.events.rollup_files import DayFiles, split_days
from privet.events.rollup_view import create_rollup_view
from privet.events.rollups import find_rollup, register_rollups
from privet.events.statements import VIEW, Statement, find_statement, register_queries
from privet.events.store import LakeFile
from privet.events.view import Gate, Scope, create_view
from privet.events.withheld import Withheld

__all__ = ["Result", "Scope", "query", "register_queries", "register_rollups"]

_TRIES = 8
_BAD_VALUES = (
    duckdb.BinderException,
    duckdb.ConversionException,
    duckdb.InvalidInputException,
    duckdb.OutOfRangeException,
)
"""What the engine raises when a checked query meets a value of the wrong kind."""
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
        self.engine = Engine(lake.store.local, lake.rollups, spill=lake.turns.directory)
        self._days: tuple[list[LakeFile], dict[date, DayFiles]] = ([], {})
        self._paths: dict[tuple[Any, Any], frozenset[str]] = {}

    def days(self, files: list[LakeFile]) -> dict[date, DayFiles]:
        """Some list of the lake's files by day; kept as long as the list is the same."""
        if self._days[0] is not files:
            self._days, self._paths = (files, split_days(files)), {}
        return self._days[1]

    def paths(self, params: Mapping[str, Any]) -> frozenset[str]:
        """The lake's files of the days between ``start`` and ``end``; one set for all who ask."""
        days, kept = self.days(self.lake.files()), self._paths
        bounds = (params.get("start"), params.get("end"))
        if bounds not in kept:
            inside = days_inside(days, params).values()
            kept[bounds] = frozenset(file.path for day in inside for file in day.files)
        return kept[bounds]

    def run(self, work: Callable[[duckdb.DuckDBPyConnection, list[LakeFile]], _T]) -> _T:
        """Call ``work`` with a fresh connection and the table's files.

        Files that a rewrite took away in between are no fault: the new list is tried.
        """
        return self.attempt(lambda connection: work(connection, self.lake.files()))

    def attempt(self, work: Callable[[duckdb.DuckDBPyConnection], _T]) -> _T:
        """As `run`, for work that lists the files itself, once it knows what else it must."""
        before: list[LakeFile] | None = None
        for attempt in range(_TRIES):
            try:
                with self.engine.connection() as connection:
                    return work(connection)
            except (duckdb.IOException, FileNotFoundError):
                files = self.lake.files()
                if attempt == _TRIES - 1 and files == before:
                    raise
                before = files
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

    def work(connection: duckdb.DuckDBPyConnection) -> Result:
        gate = Gate(use=use, scope=scope, hidden=reader.withheld.hidden_from(use))
        # Listed after who is hidden was read: whom a pass clears in between stands in neither.
        days = days_inside(reader.days(reader.lake.files()), params)
        _bind_tables(connection, reader.lake, days, statement, gate)
        try:
            found = connection.execute(statement.text, params or None)
            columns = tuple(column[0] for column in found.description or ())
            return Result(columns=columns, rows=found.fetchall())
        except _BAD_VALUES as error:
            raise QueryError(
                f"A parameter of the query {name!r} has a value that it cannot take.",
                remedy="Look at the values again: a day, a number, or one of the words it knows.",
            ) from error

    return reader.attempt(work)


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
    days: dict[date, DayFiles],
    statement: Statement,
    gate: Gate,
) -> None:
    """Make the tables that a query reads, and no others."""
    for name in statement.reads:
        if name == VIEW:
            files = [file for day in days.values() for file in day.files]
            create_view(connection, lake, files, gate=gate)
        else:
            create_rollup_view(connection, lake, days, rollup=find_rollup(name), gate=gate)


def _check_parameters(statement: Statement, params: dict[str, Any]) -> None:
    missing = statement.parameters - params.keys()
    unknown = params.keys() - statement.parameters
    for names, problem in ((missing, "needs"), (unknown, "does not take")):
        if names:
            raise QueryError(
                f"The query {statement.name!r} {problem} {', '.join(sorted(names))}.",
                remedy="Give exactly the parameters that its text names.",
            )


def days_inside(days: Mapping[date, DayFiles], params: Mapping[str, Any]) -> dict[date, DayFiles]:
    """Of some days those between the parameters ``start`` and ``end``, if these are dates."""
    start, end = params.get("start"), params.get("end")
    first = start if isinstance(start, date) else date.min
    last = end if isinstance(end, date) else date.max
    return {day: files for day, files in days.items() if first <= day <= last}
