"""One kit for all tests of the importer: its network data is read once."""

import shutil
from pathlib import Path

import pytest

from tests.intake.edx.installation import Installation
from tests.intake.edx.kit import Kit


@pytest.fixture(scope="session")
def shared_kit(tmp_path_factory: pytest.TempPathFactory) -> Kit:
    return Kit(tmp_path_factory.mktemp("edx"))


@pytest.fixture
def kit(shared_kit: Kit) -> Kit:
    shared_kit.standings.clear()
    return shared_kit


@pytest.fixture(scope="session")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation that is set up once, since making the tables takes seconds."""
    made = Installation(tmp_path_factory.mktemp("set-up") / "home")
    assert made.run("setup").returncode == 0
    return made


@pytest.fixture
def installation(set_up: Installation, tmp_path: Path) -> Installation:
    """A fresh installation."""
    shutil.copytree(set_up.home, tmp_path / "home")
    return Installation(tmp_path / "home")
