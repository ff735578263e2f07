"""What a command imports before it knows what it is asked: every other command waits for it too."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "heavy", ["django.db", "pyarrow", "deltalake", "duckdb", "privet.network.service"]
)
def test_the_command_starts_without_what_only_some_of_its_groups_need(heavy: str) -> None:
    code = f"import sys, privet.cli; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
