"""Loads in a process that can be killed: ``python -m tests.intake.loading_child HOME POINT``.

After each load it writes a checkpoint and removes the entries of the log before it. With a point it
kills itself there, with ``-`` it loads until nothing waits and then says so, again and again.

With ``pass`` it does the daily pass of a day two months from now instead, merges, and removes what
no commit names at once, over and over.
"""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from privet.kernel.config import Config

REPOSITORY = Path(__file__).parents[2]


def start(home: Path, point: str = "-") -> subprocess.Popen[str]:
    """Start a loader in a home that `make_home` made."""
    environ = os.environ | {
        "PRIVET_HOME": str(home), "PRIVET_DATABASE_URL": f"sqlite:///{home / 'state.sqlite3'}",
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.intake.loading_child", str(home), point]
    return subprocess.Popen(command, cwd=REPOSITORY, env=environ, stdout=subprocess.PIPE, text=True)


def make_home(home: Path) -> None:
    """Make the tables of an installation."""
    environ = os.environ | {
        "PRIVET_HOME": str(home), "PRIVET_DATABASE_URL": f"sqlite:///{home / 'state.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "privet.web.settings",
    }  # fmt: skip
    home.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "django", "migrate", "--skip-checks", "--verbosity", "0"]
    subprocess.run(command, cwd=REPOSITORY, env=environ, check=True, timeout=600)


REMOVING, SHORTENED = "removing", "shortened"
"""Points of a load that no code of Privet has to name: the first of several segments is gone; the
log of the table is shortened."""


PASS = "pass"
LATER = timedelta(days=60)


def _pass_over_and_over(config: "Config") -> NoReturn:
    from privet.events.compaction import compact
    from privet.events.sweeping import Sweeper, shorten_log
    from privet.events.upkeep import run_daily_pass
    from privet.kernel.clock import FixedClock, SystemClock
    from privet.kernel.crypto import KeyRing
    from tests.intake.loading import make_lake

    lake = make_lake(config, FixedClock(SystemClock().now() + LATER))
    while True:
        done = run_daily_pass(lake=lake, keys=KeyRing(config.keys), sealed_days=30)
        compact(lake, thoroughly=True)
        with lake.turns.rewriting(), lake.turn() as turn:
            Sweeper(lake).sweep(grace=timedelta(0))
            turn.checkpoint()
            shorten_log(lake, grace=timedelta(0))
        print(done.counts["rows_removed"], flush=True)


def main() -> None:
    import django

    django.setup()
    from privet.events.log.layer import RealLayer
    from privet.events.sweeping import shorten_log
    from privet.kernel.clock import SystemClock
    from tests.intake.loading import make_config, make_lake, make_loader

    def die(point: str) -> None:
        if point == sys.argv[2]:
            os.kill(os.getpid(), signal.SIGKILL)

    class Layer(RealLayer):
        def unlink(self, path: Path) -> None:
            super().unlink(path)
            die(REMOVING)

    config, clock = make_config(Path(sys.argv[1])), SystemClock()
    if sys.argv[2] == PASS:
        _pass_over_and_over(config)
    loader = make_loader(config, clock=clock, reach=die, layer=Layer())
    lake = make_lake(config, clock, reach=die)
    while True:
        if not loader.load_once().segments:
            print("idle", flush=True)
            time.sleep(0.02)
            continue
        with lake.turns.rewriting():
            with lake.turn() as turn:
                turn.checkpoint()
            shorten_log(lake, grace=timedelta(0))
        die(SHORTENED)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privet.web.settings")
    main()
