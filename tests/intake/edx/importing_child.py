"""Imports in a process of its own, on a disk without room: see `import_without_room`.

``python -m tests.intake.edx.importing_child LOG PATIENCE BALLAST`` waits for room as an import does
that nobody makes wait: when it would wait, it removes the ballast, or else lifts the limit on the
size of its files. It prints how often it waited, and what became of the import.
"""

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.intake.edx.installation import Installation

REPOSITORY = Path(__file__).parents[3]


def import_without_room(
    installation: Installation, log: Path, *, patience_seconds: float, ballast: str
) -> Any:
    """What the process prints; ``ballast`` is a file, or how large a file may be, in bytes."""
    command = [sys.executable, "-m", "tests.intake.edx.importing_child"]
    done = subprocess.run(
        [*command, str(log), str(patience_seconds), ballast],
        cwd=REPOSITORY, env=dict(installation.environment), capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def _main(log: str, patience_seconds: str, ballast: str) -> None:
    from privet.cli.installation import open_installation

    open_installation()
    from privet.intake.edx_import import ImportRequest, Surroundings, run_import
    from privet.intake.loader import load_once
    from privet.kernel.config import read_config
    from privet.kernel.errors import PrivetError

    waited: list[float] = []
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)

    def make_room(seconds: float) -> None:
        waited.append(seconds)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        if not ballast.isdigit():
            Path(ballast).unlink(missing_ok=True)

    if ballast.isdigit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(ballast), most))
    around = Surroundings(
        config=read_config(), load_once=load_once, wait=make_room,
        full_disk_patience_seconds=float(patience_seconds),
    )  # fmt: skip
    said: dict[str, Any] = {}
    try:
        record = run_import(ImportRequest(paths=(log,)), by="test", around=around)
        said["stored"] = record.stored
    except PrivetError as error:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        said["problem"] = error.what
    print(json.dumps(said | {"waited": len(waited)}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
