"""The demo as a process, its lake as it lies on the disk, and patience."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from deltalake import DeltaTable

ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 180.0
START_SECONDS = 600.0
_T = TypeVar("_T")


@dataclass(frozen=True)
class Demo:
    """A running demo."""

    url: str
    home: Path
    process: subprocess.Popen[str]

    def password_of(self, email: str) -> str:
        """The password that was made for an account."""
        people = json.loads((self.home / "accounts.json").read_text("utf-8"))
        return next(str(p["password"]) for p in people if p["email"] == email)

    def rows_since(self, moment: datetime) -> list[dict[str, Any]]:
        """Every row of the lake that Privet received since then, read around all views."""
        table = DeltaTable(str(self.home / "privet" / "lake")).to_pyarrow_table()
        return [row for row in table.to_pylist() if row["received"] >= moment]

    def read_for(self, use: str) -> dict[str, int]:
        """How many events of each name the one use may see, by the one way to read."""
        environment = {**os.environ, "PRIVET_HOME": str(self.home / "privet")}
        environment.pop("PRIVET_DATABASE_URL", None)
        done = subprocess.run(
            [sys.executable, "-m", "tests.journeys.demo.read_for", use],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        counts: dict[str, int] = json.loads(done.stdout)
        return counts


@contextmanager
def run_demo(home: Path, port: int | None = None) -> Iterator[Demo]:
    """The demo from its start to its stop by a polite signal."""
    port = port or free_port()
    command = [sys.executable, "-m", "demo", "--port", str(port), "--home", str(home)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    for name in [name for name in environment if name.startswith("PRIVET_")]:
        del environment[name]  # The tests' own installation is not the demo's.
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        try:
            _read_box(process)
            yield Demo(f"http://127.0.0.1:{port}", home, process)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(START_SECONDS)
            finally:
                process.kill()  # Nothing if it has ended; else the failure above tells of it.
                process.wait()


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def eventually(
    look: Callable[[], _T], seconds: float = PATIENCE_SECONDS, *, every_seconds: float = 0.2
) -> _T:
    """What ``look`` answers once that is true; fails with its last answer."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        assert time.monotonic() < deadline, f"It never became true; last: {seen!r}"
        time.sleep(every_seconds)
    return seen


def now() -> datetime:
    """This moment, a little earlier, since clocks of processes are read one after the other."""
    return datetime.now(UTC) - timedelta(milliseconds=50)


def _read_box(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if line.startswith("╰"):
            return
    raise AssertionError(f"The demo did not start: {''.join(said)}")
