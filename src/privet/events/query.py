"""The one way to read the lake: a named query, for one use, in one scope."""

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import duckdb

from privet.catalogue.uses import Use
from privet.events.engine import UNHURRIED_MEMORY, Engine
from privet.events.errors import LakeError, QueryError
from privet.events.lake import Lake, default_lake
from privet.events.lineage import Lineage
from privet.events.rollup_files import DayFiles, split_days
from privet.events.rollup_view import create_rollup_view
from privet.events.rollups import find_rollup, register_rollups
from privet.events.statements import VIEW, Statement, find_statement, register_queries
from privet.events.store import LakeFile
from privet.events.view import Gate, Scope, create_view
from privet.events.whereabouts import Whereabouts
from privet.events.withheld import NOBODY_HIDDEN, HiddenFrom, Withheld

__all__ = ["Result", "Scope", "end_unhurried", "query", "register_queries", "register_rollups"]

MOST_ROWS = 50_000
"""So many rows at most has a whole answer."""
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
    hidden: HiddenFrom = NOBODY_HIDDEN
    """Who was hidden from it."""
    files: frozenset[str] = field(default_factory=frozenset)
    """The paths of the lake's files of its days."""


@dataclass(frozen=True)
class _Listed:
    """A list of the lake's files, and what was made of it."""

    files: list[LakeFile]
    days: dict[date, DayFiles]
    live: frozenset[str]
    """Their paths."""
    paths: dict[tuple[Any, Any], frozenset[str]] = field(default_factory=dict)
    """By first and last day."""


class Reader:
    """What a process keeps to read one lake: the engine, and who is hidden."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self.withheld = Withheld()
        self.engine = Engine(lake.store.local, lake.rollups, spill=lake.turns.directory)
        self._listed = _Listed([], {}, frozenset())
        self.whereabouts = Whereabouts(lake.store)
        self.lineage = Lineage(lake.store)
        self._unhurried: Engine | None = None
        self._guard = threading.Lock()

    @property
    def unhurried(self) -> Engine:
        """An engine with one thread and less memory, for what nobody waits for.

        It works in the thread that asks, so that the priority of that thread is its own.
        """
        lake = self.lake
        with self._guard:
            self._unhurried = self._unhurried or Engine(
                lake.store.local, lake.rollups, spill=lake.turns.directory,
                memory=UNHURRIED_MEMORY, threads=1,
            )  # fmt: skip
            return self._unhurried

    def end_unhurried(self) -> None:
        """End what that engine works on, if it does."""
        with self._guard:
            if self._unhurried is not None:
                self._unhurried.interrupt()

    def days(self, files: list[LakeFile]) -> dict[date, DayFiles]:
        """Some list of the lake's files by day; kept as long as the list is the same."""
        return self._known_of(files).days

    def paths(self, params: Mapping[str, Any]) -> frozenset[str]:
        """The lake's files of the days between ``start`` and ``end``; one set for all who ask."""
        known = self._known_of(self.lake.files())
        bounds = (params.get("start"), params.get("end"))
        if bounds not in known.paths:
            inside = days_inside(known.days, params).values()
            known.paths[bounds] = frozenset(file.path for day in inside for file in day.files)
        return known.paths[bounds]

    def carried_over(self, paths: frozenset[str]) -> frozenset[str] | None:
        """Where the rows of some files lie now, as `Lineage.follow` finds it."""
        return self.lineage.follow(paths, self._known_of(self.lake.files()).live)

    def _known_of(self, files: list[LakeFile]) -> "_Listed":
        # Several threads come here, each with the list it has just got: nothing of two is mixed.
        known = self._listed
        if known.files is not files:
            live = frozenset(file.path for file in files)
            known = self._listed = _Listed(files, split_days(files), live)
            self.whereabouts.forget_others(files)
            self.lineage.learn(self.lake.version())
        return known

    def run(self, work: Callable[[duckdb.DuckDBPyConnection, list[LakeFile]], _T]) -> _T:
        """Call ``work`` with a fresh connection and the table's files.

        Files that a rewrite took away in between are no fault: the new list is tried.
        """
        return self.attempt(lambda connection: work(connection, self.lake.files()))

    def attempt(
        self, work: Callable[[duckdb.DuckDBPyConnection], _T], *, is_unhurried: bool = False
    ) -> _T:
        """As `run`, for work that lists the files itself, once it knows what else it must."""
        engine = self.unhurried if is_unhurried else self.engine
        before: list[LakeFile] | None = None
        for attempt in range(_TRIES):
            try:
                with engine.connection() as connection:
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
    name: str, /, *, use: Use, scope: Scope, by: str, lake: Lake | None = None,
    is_whole: bool = False, is_unhurried: bool = False, **params: Any,
) -> Result:  # fmt: skip
    """Run a registered query for one use; rows outside use and scope do not exist for it.

    ``by`` says who asks (``account:7``). If the query has the parameters ``start`` and ``end``,
    they are dates, both inside the period, and files of other days are not opened; with
    ``subjects``, neither are files that cannot hold rows of these learners. ``is_whole`` asks for
    the rows below the query's limit, too, up to `MOST_ROWS`; ``is_unhurried`` takes one thread
    only, and `end_unhurried` ends it. Raises `QueryError` if the query or its parameters are not
    known.
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
        _bind_tables(connection, reader, days, statement, gate, subjects=params.get("subjects"))
        found = run_statement(connection, statement, params, is_whole=is_whole)
        paths = frozenset(file.path for day in days.values() for file in day.files)
        return replace(found, hidden=gate.hidden, files=paths)

    return reader.attempt(work, is_unhurried=is_unhurried)


def end_unhurried() -> None:
    """Let this process's unhurried queries that run now fail with `duckdb.InterruptException`."""
    with _guard:
        readers = list(_readers.values())
    for reader in readers:
        reader.end_unhurried()


def run_statement(
    connection: duckdb.DuckDBPyConnection,
    statement: Statement,
    params: Mapping[str, Any],
    *,
    is_whole: bool,
) -> Result:
    """Run a query whose tables are there; raises `QueryError` for a value that it cannot take."""
    text = statement.whole_text(MOST_ROWS) if is_whole else statement.text
    try:
        found = connection.execute(text, dict(params) or None)
        columns = tuple(column[0] for column in found.description or ())
        return Result(columns=columns, rows=found.fetchall())
    except _BAD_VALUES as error:
        raise QueryError(
            f"A parameter of the query {statement.name!r} has a value that it cannot take.",
            remedy="Look at the values again: a day, a number, or one of the words it knows.",
        ) from error


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
    reader: Reader,
    days: dict[date, DayFiles],
    statement: Statement,
    gate: Gate,
    *,
    subjects: Collection[int] | None,
) -> None:
    """Make the tables that a query reads, and no others."""
    for name in statement.reads:
        if name == VIEW:
            files = [file for day in days.values() for file in day.files]
            if subjects is not None:
                files = reader.whereabouts.holding(files, subjects)
            create_view(connection, reader.lake, files, gate=gate)
        else:
            create_rollup_view(connection, reader.lake, days, rollup=find_rollup(name), gate=gate)


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
