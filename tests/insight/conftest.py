"""The month of events that the pages are tested with, too; and scenes of a few learners."""

from collections.abc import Iterator

import pytest

from privet.insight.answers import begin_noting
from privet.kernel.config import Config
from tests.insight.scenes import Scene
from tests.web.conftest import empty_home, filled, home_with_events

__all__ = ["empty_home", "filled", "home_with_events"]


@pytest.fixture
def scene(empty_home: Config) -> Scene:
    """A lake in which nothing has happened yet."""
    return Scene(empty_home)


@pytest.fixture
def on_a_page() -> Iterator[None]:
    """What is asked is asked for one page, and noted for no other test."""
    begin_noting()
    yield
    begin_noting()
