"""Everything that hides, clears and erases does the same with PostgreSQL as with SQLite."""

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
SAME = ("test_upkeep.py", "test_erasure.py", "test_lease.py", "test_query.py")


def test_the_tests_of_who_is_hidden_pass_on_postgresql(postgres_url: str) -> None:
    tests = [str(Path("tests", "events", name)) for name in SAME]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests],
        cwd=REPOSITORY, env=os.environ | {"PRIVET_DATABASE_URL": postgres_url},
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
