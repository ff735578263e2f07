"""Charts: the picture holds what the table holds."""

from pathlib import Path

import pytest

import privet.web
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.tables import Cell, Column, Kind, Table

LOOK = Path(privet.web.__file__).parent / "static" / "look"
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


FLOWS = Table(
    name="flows",
    caption="From page to page",
    columns=(
        Column(key="from", title="From"),
        Column(key="to", title="To"),
        Column(key="share", title="Share", kind=Kind.SHARE),
        Column(key="least", title="At least", kind=Kind.SHARE),
        Column(key="most", title="At most", kind=Kind.SHARE),
    ),
    rows=(
        ("home", Cell(value="/u/1", words="Unit 1"), 0.5, 0.4, 0.6),
        ("home", Cell(value="/u/2", words="Unit 2"), 0.25, 0.1, 0.3),
    ),
)


def _flows(kind: ChartKind, **more: object) -> Chart:
    series = (Series(key="share", name="share", low="least", high="most"),)
    return _chart(kind=kind, table=FLOWS, label="from", other="to", series=series, **more)


def test_a_flow_has_words_and_codes_at_both_ends() -> None:
    picture = _flows(ChartKind.SANKEY).picture()
    assert picture["labels"] == ["home", "home"]
    assert picture["others"] == ["Unit 1", "Unit 2"]
    assert picture["other_codes"] == ["/u/1", "/u/2"]


def test_an_interval_has_its_ends() -> None:
    (series,) = _flows(ChartKind.INTERVALS).picture()["series"]
    assert (series["values"], series["low"], series["high"]) == (
        [0.5, 0.25], [0.4, 0.1], [0.6, 0.3],
    )  # fmt: skip


def test_a_picture_says_what_its_numbers_are() -> None:
    assert _flows(ChartKind.HEATMAP).picture()["unit"] == "share"
    assert _chart().picture()["unit"] == "count"


def test_a_picture_grows_with_its_rows_or_has_its_usual_height() -> None:
    assert _chart(kind=ChartKind.BARS).height > _chart(kind=ChartKind.BARS, most=1).height
    assert _flows(ChartKind.HEATMAP).height > _flows(ChartKind.HEATMAP, most=1).height
    assert _flows(ChartKind.SANKEY).height == _chart(kind=ChartKind.LINE).height
    assert _chart(is_tall=True).height > _chart().height


@pytest.mark.parametrize("kind", ChartKind)
def test_every_kind_of_picture_has_a_height_and_can_be_drawn(kind: ChartKind) -> None:
    assert _flows(kind).height > 0
    script = "".join(path.read_text() for path in LOOK.glob("charts_*.js"))
    assert f"kinds.{kind.value} = " in script
