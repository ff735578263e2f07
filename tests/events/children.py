"""Other processes for tests: ``python -m tests.events.children WHAT DIRECTORY …``."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def start(what: str, directory: Path, *arguments: str, **environ: str) -> subprocess.Popen[str]:
    """Start a child; it says ``ready`` on its standard output when it has begun."""
    command = [sys.executable, "-m", "tests.events.children", what, str(directory), *arguments]
    return subprocess.Popen(
        command, cwd=REPOSITORY, env=os.environ | environ, stdout=subprocess.PIPE, text=True
    )


def _append(directory: Path, subject: str, times: str) -> None:
    from tests.events.rows import make_lake, row, table

    lake = make_lake(directory)
    print("ready", flush=True)
    for _ in range(int(times)):
        lake.append(table(row(int(subject))))


def _churn(directory: Path, seconds: str) -> None:
    """Rewrite the whole lake over and over, and remove what was replaced at once."""
    import time

    from privet.events.rewriting import rewrite
    from privet.events.sweeping import Sweeper, shorten_log
    from tests.events.rows import make_lake

    lake = make_lake(directory)
    print("ready", flush=True)
    until = time.monotonic() + float(seconds)
    rounds = 0
    while time.monotonic() < until:
        with lake.turns.rewriting():
            rewrite(lake, concerns=lambda _: True, change=lambda _, rows: rows)
            with lake.turn() as turn:
                Sweeper(lake).sweep(grace=timedelta(0))
                turn.checkpoint()
                shorten_log(lake, grace=timedelta(0))
        rounds += 1
    print(rounds, flush=True)


def _roll(directory: Path, seconds: str) -> None:
    """Make all rollups and remove them, over and over."""
    import time
    from shutil import rmtree

    from privet.events.query import register_rollups
    from privet.events.rollup_build import refresh_rollups
    from privet.kernel.clock import FixedClock
    from tests.events.rows import NOON, make_lake

    register_rollups("tests.events.rollups")
    lake = make_lake(directory, FixedClock(NOON + timedelta(hours=1)))
    print("ready", flush=True)
    until = time.monotonic() + float(seconds)
    while time.monotonic() < until:
        refresh_rollups(lake)
        rmtree(lake.rollups)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privet.web.settings")
    import django

    django.setup()
    {"append": _append, "churn": _churn, "roll": _roll}[sys.argv[1]](
        Path(sys.argv[2]), *sys.argv[3:]
    )
