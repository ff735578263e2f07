"""What all tests share: an installation of their own, in a directory that goes away."""

import os
import tempfile
from pathlib import Path

from hypothesis import settings

# Django reads its settings once, so the installation must stand before anything imports them.
_HOME = Path(tempfile.mkdtemp(prefix="privet-tests-"))
os.environ["PRIVET_HOME"] = str(_HOME)
os.environ.setdefault("PRIVET_DATABASE_URL", f"sqlite:///{_HOME / 'state.sqlite3'}")

pytest_plugins = ("tests.postgres",)

# A busy machine is slow, not wrong: no property fails for the time that it takes.
settings.register_profile("privet", deadline=None)
settings.load_profile("privet")

SHARED_LOGS = Path(__file__).parents[2] / "shared" / "data" / "edx-tracking-logs"
