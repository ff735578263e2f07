"""What the tests of the lake share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from privet.events import rollups
from privet.events.lake import Lake
from privet.events.query import register_queries, register_rollups
from privet.kernel.clock import FixedClock
from tests.events.rows import NOON, make_lake

register_queries("tests.events.sql")
register_rollups("tests.events.rollups")


@pytest.fixture(autouse=True)
def _rollups_of_tests_alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whichever rollups other rooms registered in this process, here there are two."""
    monkeypatch.setattr(rollups, "_packages", ["tests.events.rollups"])
    rollups.find_rollup.cache_clear()
    yield
    rollups.find_rollup.cache_clear()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def lake(tmp_path: Path, clock: FixedClock) -> Lake:
    return make_lake(tmp_path, clock)
