"""The registered rollups: per learner and day, so that they stay exact and can be obeyed.

A rollup is one SELECT over the view ``events`` in a file of a registered package, with the use it
is made under in its first line (``-- rollup for analytics``). Registered queries read it by its
name, like ``events``. docs/reference/rollups.md says how to write one.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import duckdb

from privet.catalogue.uses import Use
from privet.events import rollup_rules
from privet.events.errors import QueryError, QueryRefusedError
from privet.events.schema import lake_schema
from privet.events.statements import VIEW, allow_tables, asking_nothing, check_statement

_FIRST_LINE = re.compile(r"-- rollup for ([a-z]+)\n")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_packages: list[str] = []


@dataclass(frozen=True, kw_only=True)
class Rollup:
    """A checked rollup."""

    name: str
    text: str
    use: Use
    """The one use under which it is made and may be read."""
    columns: tuple[str, ...]
    types: tuple[str, ...]
    """The columns' types in DuckDB; sums are BIGINT, since a file has no wider whole number."""

    def cast(self) -> str:
        """The columns in their types, as SQL."""
        listed = zip(self.columns, self.types, strict=True)
        return ", ".join(f'"{name}"::{type_} AS "{name}"' for name, type_ in listed)


def register_rollups(package: str) -> None:
    """Make the ``.sql`` files of a package known as rollups, each under its file's name."""
    if package not in _packages:
        _packages.append(package)
        find_rollup.cache_clear()
        allow_tables(_names_in(package))


def rollup_names() -> list[str]:
    """The names of all rollups."""
    return sorted(name for package in _packages for name in _names_in(package))


def all_rollups() -> list[Rollup]:
    """The registered rollups, checked."""
    return [find_rollup(name) for name in rollup_names()]


@cache
def find_rollup(name: str) -> Rollup:
    """The rollup of that name, checked; raises `QueryError` or `QueryRefusedError`."""
    texts = [
        (files(package) / f"{name}.sql").read_text()
        for package in _packages
        if name in _names_in(package)
    ]
    if len(texts) != 1:
        problem = "is not registered" if not texts else "is registered twice"
        raise QueryError(
            f"The rollup {name!r} {problem}.",
            remedy="Put its text into one .sql file of a registered package.",
        )
    return check_rollup(name, texts[0])


def check_rollup(name: str, text: str) -> Rollup:
    """Check a rollup's text; raises `QueryRefusedError` with what is wrong."""
    first = _FIRST_LINE.match(text)
    use = Use.__members__.get(first[1].upper()) if first else None
    if not _NAME.fullmatch(name) or name == VIEW:
        raise _refused(name, "has a name that no table may have")
    if use is None:
        raise _refused(name, "does not say its use in its first line (-- rollup for analytics)")
    statement = check_statement(name, text, tables={VIEW})
    for problem in rollup_rules.find_problems(statement.text):
        raise _refused(name, problem)
    try:
        described = _describe(text)
    except duckdb.Error as error:
        raise _refused(name, "cannot be bound to the columns of events") from error
    columns, types = zip(*described, strict=True)
    return Rollup(name=name, text=text, use=use, columns=columns, types=types)


def _describe(text: str) -> list[tuple[str, str]]:
    """The columns of a rollup and their types, as DuckDB sees them over no events."""
    with asking_nothing() as connection:
        connection.register(VIEW, lake_schema().empty_table())
        listed = connection.execute(f"DESCRIBE {text}").fetchall()
    return [(name, type_.replace("HUGEINT", "BIGINT")) for name, type_, *_ in listed]


def _names_in(package: str) -> list[str]:
    listed = (entry.name for entry in files(package).iterdir())
    return [name.removesuffix(".sql") for name in listed if name.endswith(".sql")]


def _refused(name: str, problem: str) -> QueryRefusedError:
    return QueryRefusedError(
        f"The rollup {name!r} {problem}.",
        remedy="See docs/reference/rollups.md for what a rollup must be.",
    )
