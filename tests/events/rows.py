"""Rows of the lake for tests: say what matters, the rest is filled in."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa

from privet.catalogue.uses import Use
from privet.events.lake import Lake
from privet.events.query import Scope, query
from privet.events.schema import lake_schema
from privet.kernel.clock import FixedClock
from privet.kernel.ids import event_id_from

NOON = datetime(2026, 9, 15, 12, tzinfo=UTC)
TODAY = NOON.date()
ALICE, BOB, CAROL = 7_100_000_001, 7_100_000_002, 7_100_000_003
ANALYTICS, SECURITY, INSTRUCTION = Use.ANALYTICS, Use.SECURITY, Use.INSTRUCTION
_numbers = count(1)


def row(subject: int = ALICE, *, at: datetime = NOON, **values: Any) -> dict[str, Any]:
    """One event; ``at`` is when it happened."""
    number = next(_numbers)
    said = {
        "event_id": event_id_from(int(at.timestamp() * 1000), number).bytes,
        "day": at.date(),
        "time": at,
        "received": at + timedelta(seconds=1),
        "source": "web:hedgerow",
        "site": "hedgerow",
        "institution": "hedge-university",
        "course": "course-v1:Hedge+S101+2026",
        "name": "page_view",
        "object": "",
        "page_path": "/courses/1",
        "referrer_host": "search.example",
        "campaign": "autumn",
        "subject": subject,
        "session": 11,
        "uses": int(Use.ANALYTICS),
        "country": "ES",
        "browser": "Firefox 128",
        "detail": '{"title":"Unit 1"}',
    }
    return dict.fromkeys(lake_schema().names) | said | values


def table(*rows: dict[str, Any]) -> pa.Table:
    """Rows in the lake's form."""
    return pa.Table.from_pylist(list(rows), schema=lake_schema())


def make_lake(directory: Path, clock: FixedClock | None = None) -> Lake:
    """An empty lake of its own."""
    return Lake(str(directory / "lake"), locks=directory / "locks", clock=clock or FixedClock(NOON))


def all_rows(lake: Lake) -> list[dict[str, Any]]:
    """Every row that the table holds, read past the view."""
    found = []
    for file in lake.files():
        found += [r | {"day": file.day} for r in lake.store.read(file.path).to_pylist()]
    return sorted(found, key=lambda r: (r["time"], r["event_id"]))


def seen(
    lake: Lake, use: Use = Use.ANALYTICS, scope: Scope | None = None, days: int = 400
) -> list[tuple[Any, ...]]:
    """What the query ``all_columns`` shows of the last days."""
    start = NOON.date() - timedelta(days=days)
    return query(
        "all_columns", use=use, scope=scope or Scope(), by="test", lake=lake, start=start,
        end=date(2030, 1, 1),
    ).rows  # fmt: skip


def subjects_seen(lake: Lake, use: Use = Use.ANALYTICS, scope: Scope | None = None) -> set[int]:
    """The subjects that the view shows."""
    place = lake_schema().names.index("subject")
    return {found[place] for found in seen(lake, use, scope)}
