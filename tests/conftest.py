"""What all tests share: an installation of their own, in a directory that goes away."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.scheduling import FilesTogether

# Django reads its settings once, so the installation must stand before anything imports them.
_HOME = Path(tempfile.mkdtemp(prefix="privet-tests-"))
# Each worker has its own. Ctrl-C may come before pytest listens, so it is not a hook of pytest's.
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
os.environ["PRIVET_HOME"] = str(_HOME)
os.environ.setdefault("PRIVET_DATABASE_URL", f"sqlite:///{_HOME / 'state.sqlite3'}")

pytest_plugins = ("tests.postgres",)

# A busy machine is slow, not wrong: no property fails for the time that it takes.
settings.register_profile("privet", deadline=None)
settings.load_profile("privet")

SHARED_LOGS = Path(__file__).parents[2] / "shared" / "data" / "edx-tracking-logs"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FilesTogether:
    """Share the work out by files."""
    return FilesTogether(config, log)


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    from django.test import override_settings

    with override_settings(PASSWORD_HASHERS=["tests.hashing.QuickArgon2PasswordHasher"]):
        yield
