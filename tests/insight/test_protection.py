"""From what a query found to what may be shown."""

from decimal import Decimal

import pytest

from privet.events.query import Result
from privet.insight.noise import Noise
from privet.insight.protection import (
    FEWEST_FOR_STATISTICS,
    Floor,
    Spoken,
    UnprotectedError,
    protect,
    read_text,
    shape_of,
)

NOISE = Noise(b"a secret of this installation only")
BY_COURSE = Spoken(dimensions=frozenset({"course"}))
COLUMNS = ("course", "learners", "learners_key", "events", "events_top", "median_stat")


def _shown(*rows: tuple[object, ...], spoken: Spoken = BY_COURSE) -> list[dict[str, object]]:
    return protect(Result(columns=COLUMNS, rows=list(rows)), noise=NOISE, spoken=spoken)


def test_rows_have_plain_names_and_protected_values() -> None:
    (row,) = _shown(("S101", 40, 77, 900, 30, 12.5))
    assert row == {
        "course": "S101",
        "learners": NOISE.on_count(40, 77),
        "events": NOISE.on_amount(900, 30, count=40, key=77),
        "median": 12.5,
    }


def test_a_statistic_of_few_is_not_shown() -> None:
    keys = range(200)
    rows = [(str(key), FEWEST_FOR_STATISTICS, key, 900, 30, 12.5) for key in keys]
    for row in _shown(*rows):
        assert (row["median"] is None) is (int(str(row["learners"])) < FEWEST_FOR_STATISTICS)
    assert {row["median"] for row in _shown(*rows)} == {None, 12.5}


SPREAD = ("course", "learners", "learners_key", "median_learners", "median_learners_key")


def test_a_statistic_of_few_among_many_is_not_shown() -> None:
    """Of fifty who opened a page one was measured: that is one learner's, and no median."""
    result = Result(
        columns=(*SPREAD, "median_stat"),
        rows=[("few", 50, 77, 1, 3, 12.5), ("nobody", 50, 77, None, None, None),
              ("many", 50, 77, 40, 9, 12.5)],
    )  # fmt: skip
    shown = {row["course"]: row for row in protect(result, noise=NOISE, spoken=BY_COURSE)}
    assert {course: row["median"] for course, row in shown.items()} == {
        "few": None, "nobody": None, "many": 12.5,
    }  # fmt: skip
    assert set(shown["many"]) == {"course", "learners", "median"}


def test_rows_of_fewer_than_the_text_asks_for_are_not_there() -> None:
    spoken = Spoken(dimensions=frozenset({"course"}), fewest=10)
    shown = _shown(*((str(key), 10, key, 10, 1, None) for key in range(200)), spoken=spoken)
    bare = _shown(*((str(key), 10, key, 10, 1, None) for key in range(200)))
    assert shown == [row for row in bare if int(str(row["learners"])) >= 10]
    assert 0 < len(shown) < len(bare)


def test_a_row_in_which_nobody_is_left_is_not_there() -> None:
    alone = [(str(key), 1, key, 3, 3, None) for key in range(200)]
    courses = {row["course"] for row in _shown(*alone)}
    assert courses == {str(key) for key in range(200) if NOISE.on_count(1, key)}
    assert len(courses) < 100


def test_one_row_over_all_is_there_even_if_empty() -> None:
    columns = ("learners", "learners_key", "events", "events_top")
    result = Result(columns=columns, rows=[(0, None, None, None)])
    assert protect(result, noise=NOISE, spoken=Spoken()) == [{"learners": 0, "events": 0}]


def test_a_breakdown_without_counts_is_shown_as_it_is() -> None:
    result = Result(columns=("first_day",), rows=[(1,)])
    spoken = Spoken(dimensions=frozenset({"first_day"}))
    assert protect(result, noise=NOISE, spoken=spoken) == [{"first_day": 1}]


def test_rows_are_sorted_by_what_is_shown_and_not_by_what_is_true() -> None:
    rows = [(f"c{key}", 20 + key % 3, key, 50, 5, None) for key in range(60)]
    spoken = Spoken(dimensions=frozenset({"course"}), order=(("learners", True),))
    shown = _shown(*rows, spoken=spoken)
    assert shown == sorted(shown, key=lambda row: (-int(str(row["learners"])), str(row["course"])))


def test_rows_whose_order_is_not_spoken_of_stand_by_their_names() -> None:
    shown = _shown(("b", 40, 1, 9, 3, None), (None, 40, 3, 9, 3, None), ("a", 40, 2, 9, 3, None))
    assert [row["course"] for row in shown] == [None, "a", "b"]


def test_sums_of_decimals_are_numbers() -> None:
    (row,) = _shown(("S101", 40, 77, Decimal("900.5"), Decimal(30), None))
    assert isinstance(row["events"], float)


def test_what_each_did_once_or_more_is_never_less_than_those_who_did_it() -> None:
    floors = (Floor(amount="events", count="learners"),)
    rows = [(str(key), 5, key, 5, 1, None) for key in range(200)]
    bare = {row["course"]: row for row in _shown(*rows)}
    spoken = Spoken(dimensions=frozenset({"course"}), floors=floors)
    assert any(row["events"] < row["learners"] for row in bare.values())  # type: ignore[operator]
    for row in _shown(*rows, spoken=spoken):
        said = bare[row["course"]]
        # Made of the two numbers that would be shown anyhow, so it tells no more than they.
        assert row == said | {"events": max(said["events"], said["learners"])}  # type: ignore[call-overload]


def test_a_floor_holds_where_its_column_is_and_where_there_is_an_amount() -> None:
    floors = (Floor(amount="events", count="learners", dimension="course"),)
    spoken = Spoken(dimensions=frozenset({"course"}), floors=floors)
    assert _shown((None, 90, 1, 1, 1, None), spoken=spoken)[0]["events"] < 10  # type: ignore[operator]
    assert _shown(("S101", 90, 1, 1, 1, None), spoken=spoken)[0]["events"] > 80  # type: ignore[operator]
    assert _shown(("S101", 90, 1, None, None, None), spoken=spoken)[0]["events"] == 0


@pytest.mark.parametrize(
    ("columns", "about"),
    [
        (("events",), "events"),
        (("learners",), "learners"),
        (("learners_key",), "learners_key"),
        (("events", "events_top"), "of how many"),
        (("median_stat",), "of how many"),
        (("learners", "learners_key", "share"), "share"),
    ],
)
def test_a_bare_number_is_refused(columns: tuple[str, ...], about: str) -> None:
    with pytest.raises(UnprotectedError, match=about):
        shape_of(columns, frozenset())


def test_a_text_says_its_dimensions_and_its_order() -> None:
    text = """-- What it answers.
-- by: course, institution
SELECT 1 FROM (SELECT 1 ORDER BY x) AS each
GROUP BY course
ORDER BY median_stat DESC, course
LIMIT 500
"""
    assert read_text(text) == Spoken(
        dimensions=frozenset({"course", "institution"}),
        order=(("median", True), ("course", False)),
    )
    assert read_text("-- What it answers.\nSELECT 1") == Spoken()


def test_a_text_says_how_many_learners_a_row_needs() -> None:
    assert read_text("-- What.\n-- fewest: 10\nSELECT 1").fewest == 10


def test_a_text_says_what_is_never_less_than_what() -> None:
    text = "-- What.\n-- at least: events learners, sessions learners if length\nSELECT 1"
    assert read_text(text).floors == (
        Floor(amount="events", count="learners"),
        Floor(amount="sessions", count="learners", dimension="length"),
    )
