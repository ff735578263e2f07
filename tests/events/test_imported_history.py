"""What was imported is kept from the day of its import on, what doors took from its own day."""

from datetime import UTC, date, datetime

import pyarrow as pa

from privet.catalogue.uses import Use
from privet.events.narrowing import clear_expired

LONG_AGO = datetime(2013, 5, 1, 12, tzinfo=UTC)
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BOTH = int(Use.INSTRUCTION | Use.SECURITY)


def rows(source: str, received: datetime) -> pa.Table:
    moment = pa.timestamp("us", tz="UTC")
    return pa.table({
        "time": pa.array([LONG_AGO], moment),
        "received": pa.array([received], moment),
        "source": [source],
        "uses": pa.array([BOTH], pa.int32()),
    })  # fmt: skip


def test_history_that_was_imported_today_has_all_its_time_before_it() -> None:
    assert clear_expired(rows("edx:hedgerow", NOW), NOW.date())["uses"].to_pylist() == [BOTH]


def test_history_ends_use_by_use_after_its_import() -> None:
    later = clear_expired(rows("edx:hedgerow", NOW), date(2027, 11, 21))
    assert later["uses"].to_pylist() == [int(Use.INSTRUCTION)]


def test_what_a_door_took_counts_from_its_own_day() -> None:
    assert clear_expired(rows("api:hedgerow", NOW), NOW.date())["uses"].to_pylist() == [0]
