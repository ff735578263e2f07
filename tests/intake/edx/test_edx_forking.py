"""The server of the readers, and what is settled before it starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from privet.intake.edx_forking import ALONE_BYTES

SAY_POOL = """
import sys
from privet.cli import app
from privet.intake.edx_forking import start_early
started = start_early(sys.argv[1:])
import pyarrow
print(started, pyarrow.default_memory_pool().backend_name)
"""


@pytest.mark.parametrize(
    ("chosen", "said"),
    [({}, "True system"), ({"ARROW_DEFAULT_MEMORY_POOL": "mimalloc"}, "True mimalloc")],
)
def test_a_large_import_takes_memory_as_python_does_unless_somebody_chose(
    tmp_path: Path, chosen: dict[str, str], said: str
) -> None:
    log = tmp_path / "tracking.log"
    with log.open("wb") as file:
        file.truncate(ALONE_BYTES + 1)
    kept = {k: v for k, v in os.environ.items() if k != "ARROW_DEFAULT_MEMORY_POOL"}
    done = subprocess.run(
        [sys.executable, "-c", SAY_POOL, str(log)],
        env=kept | chosen, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.split("\n")[0] == said


SAY_ORDER = """
import sys
from multiprocessing import forkserver
def begin():
    print("the command is imported:", "typer" in sys.modules)
    sys.exit()
forkserver.ensure_running = begin
from privet.cli import main
main()
"""


def test_the_readers_of_a_large_import_begin_before_the_command_is_imported(tmp_path: Path) -> None:
    log = tmp_path / "tracking.log"
    with log.open("wb") as file:
        file.truncate(ALONE_BYTES + 1)
    done = subprocess.run(
        [sys.executable, "-c", SAY_ORDER, "import", "edx", "--json", str(log)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout == "the command is imported: False\n"
