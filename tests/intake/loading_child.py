"""Loads in a process that can be killed: ``python -m tests.intake.loading_child HOME POINT``.

With a point it kills itself there, with ``-`` it loads until nothing waits and then says so, again
and again.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

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
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=REPOSITORY, env=environ, check=True, timeout=120)


def main() -> None:
    import django

    django.setup()
    from privet.kernel.clock import SystemClock
    from tests.intake.loading import make_config, make_loader

    def die(point: str) -> None:
        if point == sys.argv[2]:
            os.kill(os.getpid(), signal.SIGKILL)

    loader = make_loader(make_config(Path(sys.argv[1])), clock=SystemClock(), reach=die)
    while True:
        if not loader.load_once().segments:
            print("idle", flush=True)
            time.sleep(0.02)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privet.web.settings")
    main()
