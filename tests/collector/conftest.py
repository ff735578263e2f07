"""A rig for each test."""

from pathlib import Path

import pytest

from tests.collector.kit import Rig, allows


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


@pytest.fixture
def agreed(rig: Rig) -> Rig:
    """Alice has allowed everything."""
    rig.decide("alice", allows())
    return rig
