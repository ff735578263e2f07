"""Charts: the picture holds what the table holds."""

from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.tables import Cell, Column, Kind, Table

TABLE = Table(
    name="countries",
    caption="Learners by country",
    columns=(
        Column(key="country", title="Country"),
        Column(key="learners", title="Learners", kind=Kind.COUNT),
    ),
    rows=((Cell(value="ES", words="Spain"), 3), (Cell(value="", words="unknown"), 1), ("DE", 1)),
)


def _chart(**more: object) -> Chart:
    fields: dict[str, object] = {
        "title": "Learners", "kind": ChartKind.MAP, "table": TABLE, "label": "country",
        "series": (Series(key="learners", name="learners"),), "how": "", "summary": "",
    }  # fmt: skip
    return Chart(**(fields | more))  # type: ignore[arg-type]


def test_the_picture_has_the_tables_words_codes_and_values() -> None:
    picture = _chart().picture()
    assert picture["labels"] == ["Spain", "unknown", "DE"]
    assert picture["codes"] == ["ES", "", "DE"]
    assert picture["series"][0]["values"] == [3, 1, 1]


def test_the_first_rows_can_be_drawn_alone() -> None:
    assert _chart(most=1).picture()["labels"] == ["Spain"]


def test_a_map_knows_places_by_another_code() -> None:
    assert _chart(code=str.lower).picture()["codes"][0] == "es"


def test_a_point_that_is_not_over_is_said() -> None:
    assert _chart(is_unfinished=True).picture()["unfinished"] == "so far"


def test_two_pictures_of_one_table_have_names_of_their_own() -> None:
    assert _chart().element_id != _chart(name="map").element_id


def test_a_table_without_rows_is_not_drawn() -> None:
    assert not _chart().is_empty
