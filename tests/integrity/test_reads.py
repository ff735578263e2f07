"""What learners are told that detectors read is what their texts read."""

from importlib.resources import files

from privet.catalogue.columns import COLUMNS
from privet.catalogue.registry import EVENTS
from privet.catalogue.spec import Origin
from privet.catalogue.uses import Use
from privet.integrity.reads import columns_read, events_open_to_integrity, events_read


def test_answers_and_shown_answers_are_read_and_pages_never() -> None:
    assert {"problem_check", "showanswer"} <= set(events_read())
    assert "page_view" not in events_read()


def test_every_event_that_is_read_stands_in_a_text_and_may_be_read() -> None:
    package = files("privet.integrity")
    texts = "".join(
        one.read_text("utf-8")
        for folder in ("rollups", "sql")
        for one in (package / folder).iterdir()
        if one.name.endswith(".sql")
    )
    for name in events_read():
        assert f"'{name}'" in texts
        assert Use.INTEGRITY in EVENTS[name].uses
        assert EVENTS[name].origin is Origin.SERVER


def test_every_column_that_is_read_may_be_read() -> None:
    uses = {column.name: column.uses for column in COLUMNS}
    assert {"address_token", "country", "detail"} <= set(columns_read())
    assert all(Use.INTEGRITY in uses[name] for name in columns_read())


def test_what_a_browser_observed_is_open_to_no_detector() -> None:
    assert set(events_read()) <= set(events_open_to_integrity())
    assert all(EVENTS[name].origin is Origin.SERVER for name in events_open_to_integrity())
