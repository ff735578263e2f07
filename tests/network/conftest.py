"""Data that tests of this room look up in."""

from pathlib import Path

import pytest

from privet.network.build import build
from privet.network.service import Network


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The embedded data, built once from the wheel."""
    directory = tmp_path_factory.mktemp("embedded")
    build(directory)
    return directory


class Hand:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def network(embedded: Path) -> Network:
    """A network with nothing but the embedded data."""
    return Network(embedded=embedded)
