"""One installation for all commands that only add to it."""

import pytest

from tests.intake.edx.installation import Installation


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return Installation(tmp_path_factory.mktemp("cli") / "home")
