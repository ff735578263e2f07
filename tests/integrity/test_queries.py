"""The texts of this room: each can be carried to Spark, and says where it is from."""

from importlib.resources import files

import pytest
import sqlglot

import privet.integrity.reading  # noqa: F401 - it registers the texts
from privet.catalogue.uses import Use
from privet.events.rollups import find_rollup
from privet.events.statements import find_statement

PACKAGE = files("privet.integrity")
QUERIES = sorted(p.name[:-4] for p in (PACKAGE / "sql").iterdir() if p.name.endswith(".sql"))
ROLLUPS = sorted(p.name[:-4] for p in (PACKAGE / "rollups").iterdir() if p.name.endswith(".sql"))


@pytest.mark.parametrize("name", QUERIES)
def test_each_query_may_be_asked_and_can_be_carried_to_spark(name: str) -> None:
    text = find_statement(name).text
    spark = sqlglot.transpile(
        text, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
    )
    assert len(spark) == 1
    assert sqlglot.parse_one(spark[0], dialect="spark")


@pytest.mark.parametrize("name", ROLLUPS)
def test_each_rollup_is_for_integrity_alone_and_can_be_carried_to_spark(name: str) -> None:
    rollup = find_rollup(name)
    assert rollup.use is Use.INTEGRITY
    assert sqlglot.transpile(
        rollup.text, read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
    )


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_joins_all_with_all(name: str) -> None:
    tree = sqlglot.parse_one(find_statement(name).text, dialect="duckdb")
    for join in tree.find_all(sqlglot.exp.Join):
        is_one_row = join.kind == "CROSS" and join.this.name == "eligible"
        assert is_one_row or join.args.get("on").find(sqlglot.exp.EQ)
