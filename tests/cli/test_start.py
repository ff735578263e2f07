"""What a command imports before it knows what it is asked: every other command waits for it too."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.intake.edx.installation import COMMAND


@pytest.mark.parametrize(
    "heavy", ["django.db", "pyarrow", "deltalake", "duckdb", "privet.network.service"]
)
def test_the_command_starts_without_what_only_some_of_its_groups_need(heavy: str) -> None:
    code = f"import sys, privet.cli; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("place", ["file", "file/below", "/proc/none"])
@pytest.mark.parametrize("words", [("integrity", "run"), ("setup",), ("site", "list")])
def test_a_home_where_nothing_can_be_written_is_told_with_what_to_do(
    tmp_path: Path, place: str, words: tuple[str, ...]
) -> None:
    (tmp_path / "file").touch()
    home = str(tmp_path / place)
    done = subprocess.run(
        [*COMMAND, *words], env=os.environ | {"PRIVET_HOME": home}, capture_output=True, check=False
    )
    assert done.returncode == 1
    assert f"No key can be kept in {home}/keys: ".encode() in done.stderr
    assert b"name other directories in PRIVET_HOME and PRIVET_KEYS" in done.stderr
