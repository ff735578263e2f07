"""The registered queries: read from package directories, and checked before they ever run.

A query is one SELECT in DuckDB's dialect that reads the view ``events``, registered rollups and its
own common table expressions, and calls only functions that other engines know too. Two parsers
look: sqlglot, which also carries the text to Spark, and DuckDB's own, which decides what the text
means here.
"""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from privet.events.errors import QueryError, QueryRefusedError

VIEW = "events"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LIMIT = re.compile(r"\bLIMIT\s+(\d+)\s*\Z")
_SAME_ELSEWHERE = {"bit_count"}
"""Functions that sqlglot does not know of DuckDB, and which other engines have by the same name."""
_packages = ["privet.events.sql"]
_tables = {VIEW}


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A checked query."""

    name: str
    text: str
    parameters: frozenset[str]
    reads: frozenset[str]
    """Which of the tables that are allowed it names: ``events`` and rollups."""

    def whole_text(self, most_rows: int) -> str:
        """The text with another limit in the place of the one at its end, if it has one."""
        return _LIMIT.sub(f"LIMIT {most_rows}", self.text)

    @property
    def limit(self) -> int | None:
        """How many rows it outputs at most, if its text ends with that."""
        found = _LIMIT.search(self.text)
        return int(found[1]) if found else None


def register_queries(package: str) -> None:
    """Make the ``.sql`` files of a package known, each under its file's name."""
    if package not in _packages:
        _packages.append(package)
        find_statement.cache_clear()


def allow_tables(names: Collection[str]) -> None:
    """Let queries read further tables: the rollups, for which `privet.events.rollups` calls."""
    _tables.update(names)
    find_statement.cache_clear()


def registered_names() -> list[str]:
    """The names of all queries."""
    found = [entry.name for package in _packages for entry in files(package).iterdir()]
    return sorted(name.removesuffix(".sql") for name in found if name.endswith(".sql"))


@cache
def find_statement(name: str) -> Statement:
    """The query of that name, checked; raises `QueryError` or `QueryRefusedError`."""
    texts = [] if not _NAME.fullmatch(name) else [
        path.read_text() for package in _packages
        if (path := files(package) / f"{name}.sql").is_file()
    ]  # fmt: skip
    if len(texts) != 1:
        problem = "is not registered" if not texts else "is registered twice"
        raise QueryError(
            f"The query {name!r} {problem}.",
            remedy="Put its text into one .sql file of a registered package.",
        )
    return check_statement(name, texts[0])


def check_statement(name: str, text: str, *, tables: Collection[str] | None = None) -> Statement:
    """Check what a query's text may reach; raises `QueryRefusedError` with what is wrong.

    It may read ``tables``: the view and all rollups unless told otherwise.
    """
    allowed = _tables if tables is None else set(tables)
    reads: set[str] = set()
    parameters: set[str] = set()
    problems = [*_seen_by_duckdb(text, allowed, reads)] or [*_seen_by_sqlglot(text, parameters)]
    if problems:
        raise QueryRefusedError(
            f"The query {name!r} {problems[0]}.",
            remedy="Write one SELECT that reads only the view events and rollups, "
            "and calls common functions.",
        )
    return Statement(name=name, text=text, parameters=frozenset(parameters), reads=frozenset(reads))


def asking_nothing() -> duckdb.DuckDBPyConnection:
    """A connection to an engine that holds no rows: it reads texts, and is closed by its user."""
    return _empty_engine().cursor()


@cache
def _empty_engine() -> duckdb.DuckDBPyConnection:
    # To begin an engine takes longer than to read most texts.
    return duckdb.connect(":memory:", config={"threads": 1})


def _seen_by_duckdb(text: str, allowed: set[str], reads: set[str]) -> Iterator[str]:
    """What is wrong; notes in ``reads`` which of the allowed tables are named."""
    with asking_nothing() as connection:
        # It tells the tree of SELECT statements, and an error for every other kind.
        (tree,) = connection.execute("SELECT json_serialize_sql(?::VARCHAR)", [text]).fetchall()[0]
    read = json.loads(tree)
    if read["error"] or len(read["statements"]) != 1:
        yield "is not one SELECT"
        return
    nodes = list(_nodes(read))
    expressions = [e for node in nodes for e in node.get("cte_map", {}).get("map", [])]
    own = {entry["key"] for entry in expressions}
    # Whatever other rooms call their rollups: a query's own name stands before theirs, but for
    # the expression of that name itself, which does not know it yet.
    hidden = {entry["key"] for entry in expressions if not _names_itself(entry)}
    for node in nodes:
        match node.get("type"):
            case "TABLE_FUNCTION":
                yield "reads from a function"
            case "BASE_TABLE" if node["table_name"] not in own | allowed or node["schema_name"]:
                yield f"reads the table {node['table_name']!r}"
            case "BASE_TABLE" if node["table_name"] in allowed - hidden:
                reads.add(node["table_name"])
            case "SHOW_REF":
                yield "looks at the engine's own tables"


def _names_itself(entry: dict[str, Any]) -> bool:
    return any(node.get("table_name") == entry["key"] for node in _nodes(entry["value"]))


def _nodes(tree: object) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from _nodes(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _nodes(value)


def _seen_by_sqlglot(text: str, parameters: set[str]) -> Iterator[str]:
    """What is wrong; notes in ``parameters`` the names of what the text is given."""
    try:
        # Without an end of line, sqlglot misreads a text that ends soon after a parameter.
        tree = sqlglot.parse_one(f"{text}\n", dialect="duckdb")
    except SqlglotError:
        yield "cannot be carried to other engines"
        return
    for unknown in tree.find_all(exp.Anonymous, exp.AnonymousAggFunc):
        if unknown.name in _SAME_ELSEWHERE:
            continue
        yield f"calls {unknown.name!r}, which other engines do not know"
    for join in tree.find_all(exp.Join):
        if join.method == "ASOF":
            yield "uses an as-of join"
    parameters.update(parameter.name for parameter in tree.find_all(exp.Placeholder))
    if not all(map(_NAME.fullmatch, parameters)):
        yield "has a parameter without a name"
