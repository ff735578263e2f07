"""What the tests of the lake share."""

from pathlib import Path

import pytest

from privet.events.lake import Lake
from privet.events.query import register_queries, register_rollups
from privet.kernel.clock import FixedClock
from tests.events.rows import NOON, make_lake

register_queries("tests.events.sql")
register_rollups("tests.events.rollups")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def lake(tmp_path: Path, clock: FixedClock) -> Lake:
    return make_lake(tmp_path, clock)
