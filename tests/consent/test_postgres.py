"""The tests of people and consent once more, on PostgreSQL."""

import os
import subprocess
import sys
from pathlib import Path

from tests.postgres import fresh_database

_ROOT = Path(__file__).parents[2]
_PARTS = ("tests/accounts", "tests/consent")
_ELSEWHERE = ("tests/consent/test_races.py", "tests/consent/test_postgres.py")


def test_people_and_consent_work_on_postgresql(postgres_url, tmp_path):
    environ = os.environ | {"PRIVET_DATABASE_URL": fresh_database(postgres_url)}
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "django_db",
            *_PARTS, *(f"--ignore={path}" for path in _ELSEWHERE),
        ],
        env=environ, cwd=_ROOT, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
