"""The month of events that the pages are tested with, too; and scenes of a few learners."""

import pytest

from privet.kernel.config import Config
from tests.insight.scenes import Scene
from tests.web.conftest import empty_home, filled, home_with_events

__all__ = ["empty_home", "filled", "home_with_events"]


@pytest.fixture
def scene(empty_home: Config) -> Scene:
    """A lake in which nothing has happened yet."""
    return Scene(empty_home)
