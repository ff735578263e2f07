"""A query may read the view ``events`` and nothing else, whatever its text says."""

from importlib.resources import files

import pytest
import sqlglot
from sqlglot import exp

from privet.events import statements
from privet.events.errors import QueryError, QueryRefusedError
from privet.events.rollups import register_rollups
from privet.events.statements import (
    check_statement,
    find_statement,
    register_queries,
    registered_names,
)

AROUND = {
    "copies to a file": "COPY events TO '/tmp/out.csv'",
    "copies from a file": "COPY events FROM '/etc/passwd'",
    "reads a text file": "SELECT * FROM read_csv('/etc/passwd')",
    "reads a whole file": "SELECT read_text('/etc/passwd')",
    "reads a file by its name": "SELECT * FROM '/etc/passwd'",
    "reads the lake's own files": "SELECT * FROM read_parquet('lake/day=2026-09-15/*.parquet')",
    "reads the rows under the view": "SELECT * FROM lake_rows",
    "reads who is hidden": "SELECT subject FROM hidden_wholly",
    "attaches a database": "ATTACH '/tmp/other.db'",
    "installs an extension": "INSTALL httpfs",
    "loads an extension": "LOAD httpfs",
    "changes a setting": "SET threads = 8",
    "resets a setting": "RESET memory_limit",
    "asks a pragma": "PRAGMA database_list",
    "calls a pragma": "CALL pragma_version()",
    "makes a secret": "CREATE SECRET s (TYPE s3)",
    "reads the secrets": "SELECT * FROM duckdb_secrets()",
    "reads the settings": "SELECT * FROM duckdb_settings()",
    "reads a setting": "SELECT current_setting('temp_directory') FROM events",
    "reads the environment": "SELECT getenv('HOME') FROM events",
    "reads a variable": "SELECT getvariable('x') FROM events",
    "reads the web": "SELECT * FROM 'https://example.org/x.parquet'",
    "lists files": "SELECT * FROM glob('/etc/*')",
    "runs text as a query": "SELECT * FROM query('SELECT 1')",
    "names a table by text": "SELECT * FROM query_table('lake_rows')",
    "reads a schema's tables": "SELECT * FROM information_schema.tables",
    "reads the engine's catalogue": "SELECT * FROM pg_catalog.pg_class",
    "qualifies the view": "SELECT * FROM main.events",
    "reads a Python variable": "SELECT * FROM a_data_frame",
    "is two statements": "SELECT 1 FROM events; SELECT 2 FROM events",
    "hides one behind another": "SELECT 1 FROM events; DROP VIEW events",
    "prepares": "PREPARE p AS SELECT 1",
    "executes": "EXECUTE p",
    "explains": "EXPLAIN SELECT 1 FROM events",
    "shows tables": "SHOW TABLES",
    "describes": "DESCRIBE events",
    "summarises": "SUMMARIZE events",
    "deletes": "DELETE FROM events",
    "makes a table": "CREATE TABLE t AS SELECT * FROM events",
    "makes a macro": "CREATE MACRO f() AS 1",
    "drops the view": "DROP VIEW events",
    "exports": "EXPORT DATABASE '/tmp/x'",
    "calls what Spark does not know": "SELECT list_cosine_similarity(a, b) FROM events",
    "joins as of": "SELECT 1 FROM events a ASOF JOIN events b ON a.time >= b.time",
    "has a nameless parameter": "SELECT 1 FROM events WHERE day = ?",
    "has a numbered parameter": "SELECT 1 FROM events WHERE day = $1",
    "hides a table in a subquery": "SELECT (SELECT max(x) FROM lake_rows) FROM events",
    "hides a function in a lateral join": "SELECT * FROM events, LATERAL glob(events.name)",
    "hides a table in a common expression": "WITH a AS (SELECT * FROM lake_rows) SELECT * FROM a",
    "uses what only DuckDB can parse": "SELECT 5! FROM events",
    "pivots": "PIVOT events ON name USING count(*)",
    "describes inside": "SELECT * FROM (DESCRIBE events)",
    "is no SQL": "every event, please",
    "is empty": "",
}


@pytest.mark.parametrize("text", AROUND.values(), ids=AROUND.keys())
def test_a_text_that_reaches_further_is_refused(text: str) -> None:
    with pytest.raises(QueryRefusedError, match="only the view events"):
        check_statement("around", text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT count(*) FROM events",
        "WITH mine AS (SELECT * FROM events) SELECT day, count(*) FROM mine GROUP BY day",
        "SELECT * FROM (SELECT name FROM events) AS names",
        "SELECT name, sum(n) OVER (PARTITION BY name) FROM (SELECT name, 1 AS n FROM events) AS x",
        "SELECT a.name FROM events AS a JOIN events AS b ON a.session = b.session",
        "SELECT json_extract_string(detail, '$.title') FROM events",
    ],
)
def test_one_select_over_the_view_is_a_query(text: str) -> None:
    assert check_statement("plain", text).text == text


def test_a_querys_parameters_are_those_that_its_text_names() -> None:
    text = "SELECT 1 FROM events WHERE day BETWEEN $start AND $end AND name = $name OR $name = ''"
    assert check_statement("asks", text).parameters == {"start", "end", "name"}


@pytest.mark.parametrize("name", ["no_such_query", "../query", "UPPER", "a/b", ""])
def test_a_query_that_is_not_registered_is_not_found(name: str) -> None:
    with pytest.raises(QueryError, match="not registered"):
        find_statement(name)


def test_a_name_may_be_registered_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "_packages", ["tests.events.sql", "tests.events.sql"])
    find_statement.cache_clear()
    with pytest.raises(QueryError, match="twice"):
        find_statement("all_columns")
    find_statement.cache_clear()


def test_registering_a_package_twice_is_once() -> None:
    register_queries("tests.events.sql")
    assert registered_names().count("all_columns") == 1


def every_query() -> list[str]:
    register_rollups("privet.insight.rollups")
    register_queries("privet.insight.sql")
    return registered_names()


@pytest.mark.parametrize("name", every_query())
def test_every_registered_query_can_be_carried_to_spark(name: str) -> None:
    statement = find_statement(name)
    carried = sqlglot.transpile(
        statement.text, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
    )
    tree = sqlglot.parse_one(carried[0], dialect="spark")
    assert len(carried) == 1
    assert not list(tree.find_all(exp.Anonymous))


@pytest.mark.parametrize("name", every_query())
def test_every_registered_query_says_in_its_first_line_what_it_answers(name: str) -> None:
    assert find_statement(name).text.startswith("-- ")


def test_all_query_files_of_the_package_are_registered() -> None:
    there = {p.name.removesuffix(".sql") for p in files("privet.insight.sql").iterdir()
             if p.name.endswith(".sql")}  # fmt: skip
    assert there <= set(every_query())


def test_a_querys_own_name_stands_before_that_of_a_rollup() -> None:
    text = "WITH acts AS (SELECT subject FROM events) SELECT count(*) AS n FROM acts"
    assert check_statement("x", text, tables={"events", "acts"}).reads == {"events"}


def test_an_expression_that_reads_the_table_of_its_own_name_reads_it() -> None:
    text = "WITH acts AS (SELECT subject FROM acts) SELECT count(*) AS n FROM acts"
    assert check_statement("x", text, tables={"events", "acts"}).reads == {"acts"}


@pytest.mark.parametrize(
    ("end", "limit", "whole"),
    [("", None, ""), (" LIMIT 500\n", 500, " LIMIT 9"), (" ORDER BY day", None, " ORDER BY day")],
)
def test_only_the_limit_at_the_end_is_the_querys(end: str, limit: int | None, whole: str) -> None:
    inner = "SELECT day FROM (SELECT day FROM events LIMIT 7) AS seven"
    statement = check_statement("few", f"{inner}{end}")
    assert statement.limit == limit
    assert statement.whole_text(9) == f"{inner}{whole}"
