"""An installation to which nothing has happened, and a scene to fill it."""

import pytest

from privet.kernel.config import Config
from tests.integrity.scene import Scene
from tests.web.conftest import empty_home

__all__ = ["empty_home"]


@pytest.fixture
def scene(empty_home: Config) -> Scene:
    """A lake in which nothing has happened yet."""
    return Scene()
