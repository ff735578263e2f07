"""Tables: sorting by address, files, and cells that a spreadsheet cannot run."""

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from privet.web.components.tables import (
    Cell,
    Column,
    Kind,
    Table,
    address,
    as_csv,
    as_json,
    find_table,
    plain,
)

COURSES = Table(
    name="courses",
    caption="Courses",
    columns=(
        Column(key="course", title="Course"),
        Column(key="learners", title="Learners", kind=Kind.COUNT),
        Column(key="slug", title="Slug", only_in_files=True),
    ),
    rows=(("b", 2, "x"), ("A", 10, "y"), ("c", None, "z")),
    sorted_by="learners",
)


def _at(query: str) -> Table:
    return COURSES.at(QueryDict(query))


def test_a_table_is_sorted_by_what_its_address_names() -> None:
    assert _at("sort=courses.course").values("course") == ["A", "b", "c"]
    assert _at("sort=courses.-course").values("course") == ["c", "b", "A"]


def test_what_is_unknown_stands_at_one_end() -> None:
    assert _at("sort=courses.learners").values("learners") == [None, 2, 10]


@pytest.mark.parametrize("wrong", ["sort=others.course", "sort=courses.nothing", "sort=", "sort=x"])
def test_an_order_that_does_not_exist_is_ignored(wrong: str) -> None:
    assert _at(wrong).rows == _at("").rows


def test_a_table_is_sorted_as_it_says_from_the_start() -> None:
    table = _at("")
    assert (table.sorted_by, table.values("learners")) == ("learners", [10, 2, None])


def test_amounts_are_sorted_from_the_greatest_first_and_then_round() -> None:
    first = _at("").headings()[1]
    assert (first.link, first.order) == ("?sort=courses.learners", "descending")
    second = _at("sort=courses.learners").headings()[1]
    assert (second.link, second.order) == ("?sort=courses.-learners", "ascending")


def test_lists_are_sorted_by_their_words() -> None:
    rows = ((("research", "analytics"),), (("instruction",),))
    column = Column(key="uses", title="", kind=Kind.TAGS)
    table = Table(name="t", caption="", columns=(column,), rows=rows).at(QueryDict("sort=t.uses"))
    assert table.values("uses") == [["instruction"], ["research", "analytics"]]


def test_a_table_has_addresses_as_files_that_keep_the_filters() -> None:
    assert _at("days=7").link == {
        "csv": "?days=7&table=courses&format=csv",
        "json": "?days=7&table=courses&format=json",
    }


def test_a_link_to_sort_keeps_the_filters() -> None:
    assert _at("days=7").headings()[0].link == "?days=7&sort=courses.course"


def test_a_table_that_cannot_be_sorted_has_no_links() -> None:
    table = Table(name="t", caption="", columns=COURSES.columns, rows=(), can_sort=False)
    assert [heading.link for heading in table.headings()] == ["", ""]


def test_a_column_may_stand_in_files_only() -> None:
    assert [column.key for column, _ in COURSES.cells()[0]] == ["course", "learners"]
    assert as_csv(COURSES, "x").content.decode().startswith("course,learners,slug")


def test_a_cell_is_sorted_by_its_words() -> None:
    rows = ((Cell(value="DE", words="Germany"),), (Cell(value="ES", words="Andorra"),))
    table = Table(name="t", caption="", columns=(Column(key="c", title=""),), rows=rows)
    assert table.at(QueryDict("sort=t.c")).values("c") == ["ES", "DE"]


def test_json_names_its_columns() -> None:
    found = json.loads(as_json(COURSES, "x").content)
    assert found["columns"] == ["course", "learners", "slug"]
    assert list(found["titles"]) == found["columns"]
    assert found["caption"] == COURSES.caption
    assert found["rows"][0] == {"course": "b", "learners": 2, "slug": "x"}


def test_files_have_names() -> None:
    assert (
        as_csv(COURSES, "privet-x")["Content-Disposition"] == 'attachment; filename="privet-x.csv"'
    )


def test_values_are_plain_in_files() -> None:
    assert plain(Cell(value=date(2026, 1, 2))) == "2026-01-02"
    assert plain(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02T00:00:00+00:00"
    assert plain(("a", "b")) == ["a", "b"]


@given(st.text(min_size=1))
def test_no_cell_of_csv_begins_as_a_formula(text: str) -> None:
    table = Table(
        name="t", caption="", columns=(Column(key="c", title=""),), rows=((text,), (("=1", text),))
    )
    body = as_csv(table, "x").content.decode("utf-8", "surrogatepass")
    for row in list(csv.reader(io.StringIO(body, newline="")))[1:]:
        assert not row or not row[0].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_numbers_stay_numbers_in_csv() -> None:
    table = Table(name="t", caption="", columns=(Column(key="c", title=""),), rows=((-3,), (None,)))
    assert as_csv(table, "x").content.decode().splitlines() == ["c", "-3", '""']


def test_an_address_changes_only_what_it_is_told_to() -> None:
    assert address("a=1&b=2", b="", c="3") == "?a=1&c=3"


def test_a_table_is_found_by_its_name() -> None:
    assert find_table([COURSES], "courses") is COURSES
    assert find_table([COURSES], "others") is None
