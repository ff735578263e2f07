"""One kit for all tests of the importer: its network data is read once."""

import pytest

from tests.intake.edx.kit import Kit


@pytest.fixture(scope="session")
def shared_kit(tmp_path_factory: pytest.TempPathFactory) -> Kit:
    return Kit(tmp_path_factory.mktemp("edx"))


@pytest.fixture
def kit(shared_kit: Kit) -> Kit:
    shared_kit.standings.clear()
    return shared_kit
