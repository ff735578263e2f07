"""What the tests of rollups share: made rollups, and the two answers that must be the same."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from privet.events.lake import Lake
from privet.events.query import Scope, query
from privet.events.rollup_build import refresh_rollups
from privet.events.rollup_files import rollup_paths
from privet.kernel.clock import FixedClock
from tests.events.rows import ANALYTICS

FIRST, LAST = date(2026, 8, 1), date(2026, 10, 31)
EVERYBODY = Scope()


def roll_up(lake: Lake, clock: FixedClock) -> int:
    """Let all days settle, and make what is due."""
    clock.advance(timedelta(minutes=3))
    return refresh_rollups(lake)


def answers(
    lake: Lake, what: str, *, scope: Scope = EVERYBODY, start: date = FIRST, end: date = LAST
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """What ``acts`` or ``steps`` are by the rollup, and by the events themselves."""
    by_rollup, by_events = (
        query(f"{what}_by_{way}", use=ANALYTICS, scope=scope, by="test", lake=lake, start=start,
              end=end).rows
        for way in ("rollup", "events")
    )  # fmt: skip
    return by_rollup, by_events


def acts(lake: Lake, scope: Scope = EVERYBODY) -> list[tuple[Any, ...]]:
    """What the rollup says, found to be what the events say."""
    by_rollup, by_events = answers(lake, "acts", scope=scope)
    assert by_rollup == by_events
    return by_rollup


def subjects_rolled_up(lake: Lake, scope: Scope = EVERYBODY) -> set[int]:
    """The subjects that the rollup shows."""
    return {row[1] for row in acts(lake, scope)}


def files_of(lake: Lake, rollup: str = "day_acts") -> list[Path]:
    """The files of one rollup, drafts among them."""
    return [path for path in rollup_paths(lake.rollups) if path.parent.name == rollup]
