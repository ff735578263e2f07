"""Rollups: what their text must be, and who may read them."""

import pytest

from privet.catalogue.uses import Use
from privet.events.errors import QueryError, QueryRefusedError
from privet.events.lake import Lake
from privet.events.query import Scope, query, register_rollups
from privet.events.rollup_rules import find_problems
from privet.events.rollups import check_rollup, find_rollup, rollup_names
from tests.events.rows import ALICE, BOB, TODAY, row, table

KEYS = "day, subject, institution, course"
PLAIN = f"SELECT {KEYS}, count(*) AS n FROM events GROUP BY {KEYS}"
PARTITION = f"PARTITION BY {KEYS} ORDER BY time"

FINE = {
    "groups by names": PLAIN,
    "groups by places": f"SELECT {KEYS}, sum(asn) AS n FROM events GROUP BY 1, 2, 3, 4",
    "groups by all": f"SELECT {KEYS}, page_path, count(*) AS n FROM events GROUP BY ALL",
    "groups a group": f"SELECT {KEYS}, max(n) AS most FROM ({PLAIN}) AS p GROUP BY {KEYS}",
    "has a step before": f"WITH p AS ({PLAIN}) SELECT {KEYS}, sum(n) AS n FROM p GROUP BY {KEYS}",
    "puts two together": (
        f"SELECT {KEYS}, sum(n) AS n FROM ({PLAIN} UNION ALL {PLAIN}) AS p GROUP BY {KEYS}"
    ),
    "looks back within": (
        f"SELECT {KEYS}, max(before) AS last FROM (SELECT {KEYS}, lag(name) OVER ({PARTITION}) "
        f"AS before FROM events) AS p GROUP BY {KEYS}"
    ),
}
WRONG = {
    "groups nothing": f"SELECT {KEYS} FROM events",
    "does not group by": f"SELECT {KEYS} FROM events GROUP BY day, subject, institution",
    "output the column course": (
        "SELECT day, subject, institution, 'c' AS course, count(*) AS n FROM events GROUP BY ALL"
    ),
    "output the column subject": (
        "SELECT day, 0 AS subject, institution, course, count(*) AS n FROM events GROUP BY ALL"
    ),
    "output the column day": (
        f"SELECT {KEYS} FROM (SELECT DATE '2026-01-01' AS day, subject, institution, course "
        "FROM events) AS p GROUP BY ALL"
    ),
    "not partitioned": (
        f"SELECT {KEYS}, max(before) AS last FROM (SELECT {KEYS}, lag(name) OVER (PARTITION BY "
        f"subject ORDER BY time) AS before FROM events) AS p GROUP BY {KEYS}"
    ),
    "joins": f"SELECT a.{KEYS}, count(*) AS n FROM events AS a, events AS b GROUP BY ALL",
    "inside an expression": (
        f"SELECT {KEYS}, (SELECT count(*) FROM events) AS n FROM events GROUP BY ALL"
    ),
    "clause limit": f"{PLAIN} LIMIT 5",
    "clause distinct on": (
        f"SELECT DISTINCT ON (subject) {KEYS}, count(*) AS n FROM events GROUP BY {KEYS}"
    ),
    "star": f"SELECT *, count(*) AS n FROM events GROUP BY {KEYS}",
    "parameter": f"{PLAIN} HAVING count(*) > $least",
    "twice": f"SELECT {KEYS}, any_value(name) AS name FROM events GROUP BY {KEYS}",
    "subtracts": f"SELECT {KEYS} FROM ({PLAIN} EXCEPT {PLAIN}) AS p GROUP BY {KEYS}",
    "not one SELECT": f"{PLAIN} UNION ALL {PLAIN}",
    "window that is not": (
        f"SELECT {KEYS}, max(b) AS b FROM (SELECT {KEYS}, lag(name) OVER w AS b FROM events "
        f"WINDOW w AS ({PARTITION})) AS p GROUP BY {KEYS}"
    ),
    "cannot be bound": f"SELECT {KEYS}, count(nothing) AS n FROM events GROUP BY {KEYS}",
    "does not group by day": (
        f"SELECT {KEYS}, count(*) AS n FROM events GROUP BY GROUPING SETS (({KEYS}), ())"
    ),
    "reads the table 'day_acts'": f"SELECT {KEYS}, count(*) AS n FROM day_acts GROUP BY {KEYS}",
    "reads the table 'lake_rows'": f"SELECT {KEYS}, count(*) AS n FROM lake_rows GROUP BY {KEYS}",
    "reads from a function": f"SELECT {KEYS}, count(*) AS n FROM glob('/*') GROUP BY {KEYS}",
}


@pytest.mark.parametrize("text", FINE.values(), ids=FINE.keys())
def test_a_rollup_is_of_one_day_subject_institution_and_course(text: str) -> None:
    rollup = check_rollup("fine", f"-- rollup for analytics\n{text}\n")
    assert rollup.use is Use.ANALYTICS
    assert rollup.columns[:4] == ("day", "subject", "institution", "course")


@pytest.mark.parametrize(("problem", "text"), WRONG.items(), ids=WRONG.keys())
def test_a_text_that_looks_across_learners_is_no_rollup(problem: str, text: str) -> None:
    with pytest.raises(QueryRefusedError, match=problem):
        check_rollup("wrong", f"-- rollup for analytics\n{text}\n")


@pytest.mark.parametrize("first", ["", "-- what it is\n", "-- rollup for everything\n"])
def test_a_rollup_names_its_use(first: str) -> None:
    with pytest.raises(QueryRefusedError, match="use in its first line"):
        check_rollup("wrong", first + PLAIN)


@pytest.mark.parametrize("name", ["events", "x; y", "Upper", ""])
def test_a_rollup_has_a_name_of_its_own(name: str) -> None:
    with pytest.raises(QueryRefusedError, match="name"):
        check_rollup(name, f"-- rollup for analytics\n{PLAIN}")


def test_a_text_that_is_no_select_is_said_to_be_none() -> None:
    assert list(find_problems(f"{PLAIN} UNION ALL {PLAIN}")) == ["is not one SELECT"]


def test_a_rollup_is_found_by_its_name() -> None:
    register_rollups("tests.events.rollups")
    assert {"day_acts", "day_steps"} <= set(rollup_names())
    assert find_rollup("day_acts").use is Use.ANALYTICS
    with pytest.raises(QueryError, match="not registered"):
        find_rollup("nowhere")


@pytest.mark.django_db
def test_a_query_reads_a_rollup_beside_the_events(lake: Lake) -> None:
    lake.append(table(row(ALICE), row(ALICE), row(BOB)))
    found = query("acts_and_events", use=Use.ANALYTICS, scope=Scope(), by="test", lake=lake)
    assert found.rows == [(3, 3)]


@pytest.mark.django_db
def test_a_rollup_serves_no_other_use(lake: Lake) -> None:
    lake.append(table(row(ALICE, uses=255)))
    with pytest.raises(QueryError, match="made for ANALYTICS"):
        query("acts_by_rollup", use=Use.RESEARCH, scope=Scope(), by="test", lake=lake,
              start=TODAY, end=TODAY)  # fmt: skip
