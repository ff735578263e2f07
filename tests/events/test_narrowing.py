"""What a row's remaining uses may not see is taken from it."""

from datetime import date

import pytest

from privet.catalogue.columns import COLUMNS
from privet.catalogue.registry import EVENTS
from privet.catalogue.spec import Event, Field, Kind, Origin
from privet.catalogue.uses import ALL_USES, Use
from privet.events.narrowing import kept_uses, narrow
from tests.events.rows import row, table

FULL = {
    "address_token": 5, "network_token": 6, "key_id": 2026, "sealed": b"x", "region": "ES-MD",
    "network_kind": "mobile", "network_evidence": "asn", "asn": 1, "organisation": "o",
    "os": "Linux", "device": "mobile",
}  # fmt: skip


@pytest.mark.parametrize("use", list(Use))
def test_a_row_keeps_only_the_columns_of_its_uses(use: Use) -> None:
    (kept,) = narrow(table(row(name="unlisted", uses=use.value, **FULL))).to_pylist()
    gone = {c.name for c in COLUMNS if not c.uses & use}
    assert all(kept[name] is None for name in gone)
    assert all(kept[c.name] is not None for c in COLUMNS if c.name not in gone)


def test_every_column_that_not_all_uses_see_may_be_null() -> None:
    assert all(column.nullable for column in COLUMNS if column.uses != ALL_USES)


def test_each_row_is_narrowed_by_its_own_uses() -> None:
    rows = narrow(table(row(uses=1), row(uses=8))).to_pylist()
    assert [r["country"] for r in rows] == [None, "ES"]


def test_a_row_without_a_use_is_gone() -> None:
    assert narrow(table(row(uses=0), row(uses=8))).num_rows == 1
    assert narrow(table(row(uses=0))).num_rows == 0


def test_a_field_that_no_remaining_use_may_see_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    event = Event(
        name="narrowed_once", origin=Origin.SERVER, says="x", uses=ALL_USES,
        fields=(
            Field(name="grade", kind=Kind.NUMBER, says="x", data_category="x", uses=Use.INTEGRITY),
            Field(name="title", kind=Kind.TEXT, says="x", data_category="x"),
        ),
    )  # fmt: skip
    monkeypatch.setitem(EVENTS, event.name, event)
    detail = '{"grade":1,"title":"t"}'
    rows = table(
        row(name=event.name, uses=4, detail=detail),
        row(name=event.name, uses=8, detail=detail),
        row(name=event.name, uses=8, detail='{"grade":1}'),
        row(name=event.name, uses=8, detail=None),
        row(name="page_view", uses=8, detail=detail),
        row(name="never heard of", uses=8, detail=detail),
    )
    assert narrow(rows)["detail"].to_pylist() == [
        detail, '{"title":"t"}', None, None, detail, detail,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "today", "expected"),
    [
        (date(2026, 1, 31), date(2026, 2, 1), ALL_USES),
        (date(2025, 9, 15), date(2026, 9, 14), ALL_USES),
        (date(2025, 9, 15), date(2026, 9, 15), ALL_USES & ~Use.SECURITY),
        (date(2024, 2, 29), date(2025, 2, 27), ALL_USES),
        (date(2024, 2, 29), date(2025, 2, 28), ALL_USES & ~Use.SECURITY),
        (date(2025, 1, 31), date(2026, 2, 28),
         Use.INSTRUCTION | Use.INTEGRITY | Use.RESEARCH),
        (date(2020, 1, 1), date(2026, 1, 1), Use(0)),
    ],
)  # fmt: skip
def test_a_use_ends_after_whole_calendar_months(day: date, today: date, expected: Use) -> None:
    assert Use(kept_uses(day, today)) == expected
