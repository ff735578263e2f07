"""Sums over learners: what is left without some of them, and where that cannot be told."""

from typing import Any

import pytest

from privet.events.query import MOST_ROWS, Result
from privet.insight.protection import Spoken
from privet.insight.sums import Sums, read_sums

BY_COURSE = Spoken(
    dimensions=frozenset({"course", "section"}),
    order=(("events", True), ("course", False)),
    of={"section": "greatest", "seconds": "0.5"},
)
COLUMNS = (
    "course", "learners", "learners_key", "events", "events_top", "section_values",
    "section_numbers", "seconds_values", "seconds_numbers",
)  # fmt: skip


def sums(*rows: tuple[Any, ...]) -> Sums:
    found = read_sums(Result(columns=COLUMNS, rows=list(rows)), BY_COURSE)
    assert found
    return found


def row(
    course: str | None = "a", learners: int = 4, events: Any = 20, top: Any = 9, section: str = "s1"
) -> tuple[Any, ...]:
    seconds = ([10.0, 20.0], [1, learners]) if learners else (None, None)
    return (course, learners, learners * 7, events, top, [section], [learners], *seconds)


def told(found: Sums | None, limit: int | None = None) -> list[dict[str, Any]]:
    assert found
    result = found.result(BY_COURSE, limit=limit)
    return [dict(zip(result.columns, values, strict=True)) for values in result.rows]


def test_rows_have_one_value_of_each_spread_and_are_sorted() -> None:
    rows = told(sums(row("b"), row(None, events=30), row("a"), row("c", events=None)))
    assert [one["course"] for one in rows] == [None, "a", "b", "c"]
    assert rows[1] == {
        "course": "a", "learners": 4, "learners_key": 28, "events": 20, "events_top": 9,
        "section": "s1", "seconds_stat": 20.0,
    }  # fmt: skip


def test_only_so_many_rows_are_told_as_are_asked_for() -> None:
    assert [one["course"] for one in told(sums(row("b"), row("a")), limit=1)] == ["a"]


def test_an_empty_answer_has_its_columns() -> None:
    assert "seconds_stat" in sums().result(BY_COURSE, limit=None).columns


def test_a_learners_share_is_taken_out() -> None:
    whole = sums(row("a"), row("b"))
    share = sums(("a", 1, 7, 3, 3, ["s1"], [1], [20.0], [2]))
    (b, a) = told(whole.less(share))
    assert (a["learners"], a["learners_key"], a["events"], a["events_top"]) == (3, 21, 17, 9)
    assert a["seconds_stat"] == 20.0
    assert b["learners"] == 4


def test_a_row_in_which_nobody_is_left_is_gone() -> None:
    assert told(sums(row("a"), row("b")).less(sums(row("a")))) == told(sums(row("b")))


def test_a_row_of_nobody_takes_nothing_out_and_puts_nothing_in() -> None:
    whole = sums(row("a"))
    nobody = sums(("zz", 0, None, None, None, None, None, None, None))
    assert told(whole.less(nobody)) == told(whole.plus(nobody)) == told(whole)


@pytest.mark.parametrize(
    "share",
    [row("zz", 1, 1, 1), row("a", 5, 1, 1), ("a", 1, 7, 3, 3, ["other"], [1], None, None)],
)
def test_what_is_not_in_it_cannot_be_taken_out(share: tuple[Any, ...]) -> None:
    assert sums(row("a")).less(sums(share)) is None


def one_less(events: Any, top: Any, part: Any, learners: int = 2) -> Sums | None:
    whole = ("a", learners + 1, 1, events, top, None, None, None, None)
    return sums(whole).less(sums(("a", 1, 1, part, part, None, None, None, None)))


def test_who_had_less_than_the_largest_part_does_not_change_it() -> None:
    assert told(one_less(20, 9, 8))[0]["events_top"] == 9


def test_without_the_largest_part_the_next_is_not_known() -> None:
    assert one_less(20, 9, 9) is None
    assert one_less(20.5, 9.5, 9.5) is None


def test_the_largest_part_is_known_if_somebody_left_must_have_it() -> None:
    assert told(one_less(3, 1, 1))[0]["events_top"] == 1
    assert told(one_less(27, 9, 9))[0]["events_top"] == 9


def test_of_nothing_left_the_largest_part_is_nothing() -> None:
    assert told(one_less(0.1 + 0.2, 0.3, 0.3))[0]["events_top"] == 0
    assert told(one_less(9, 9, 9))[0]["events_top"] == 0


def test_a_share_is_put_in() -> None:
    (a,) = told(sums(row("a")).plus(sums(row("a", 1, 12, 12, "s2"))))
    assert (a["learners"], a["events"], a["events_top"]) == (5, 32, 12)
    assert a["section"] == "s2"


def test_a_row_of_some_alone_is_not_put_in() -> None:
    assert sums(row("a")).plus(sums(row("b"))) is None


def test_a_row_over_all_stays_when_nobody_is_left() -> None:
    columns, over_all = ("learners", "learners_key"), Spoken()
    whole = read_sums(Result(columns=columns, rows=[(2, 5)]), over_all)
    assert whole
    left = whole.less(whole)
    assert left
    assert left.result(over_all, limit=None).rows == [(0, 0)]


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        (("course",), [("a",)]),
        (("course", "learners", "learners_key", "x_stat"), [("a", 1, 1, 1.0)]),
        (("course", "learners", "learners_key"), [("a", 1, 1)] * 2),
        (("course", "learners", "learners_key"), [(str(n), 1, 1) for n in range(MOST_ROWS)]),
    ],
)
def test_an_answer_that_is_no_sum_or_too_large_is_not_read(
    columns: tuple[str, ...], rows: list[tuple[Any, ...]]
) -> None:
    assert read_sums(Result(columns=columns, rows=rows), BY_COURSE) is None
