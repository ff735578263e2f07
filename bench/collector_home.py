"""An installation for a measurement: tables, a site, learners who agreed, and their batches."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.load import Template, make_template

LEARNERS = 100
BATCH = 10
SITE = "hedgerow"
ORIGIN = "https://learn.hedge.example"
_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True)
class Home:
    """An installation and the identity tokens of its learners."""

    directory: Path
    environment: Mapping[str, str]
    tokens: list[str]


def make_home(directory: Path) -> Home:
    """Make an installation in a process of its own, since Django reads its settings once."""
    environment = os.environ | {
        "PRIVET_HOME": str(directory),
        "PRIVET_TRUSTED_PROXIES": "127.0.0.0/8",
    }
    environment.pop("PRIVET_DATABASE_URL", None)
    made = subprocess.run(
        [sys.executable, "-m", "bench.collector_install"],
        cwd=_ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    tokens = json.loads(made.stdout.splitlines()[-1])
    return Home(directory=directory, environment=environment, tokens=tokens)


def batches(home: Home, port: int) -> list[Template]:
    """One request a learner, each from an address of its own."""
    now = int(time.time() * 1000)
    found = []
    for number, token in enumerate(home.tokens):
        headers = {
            "Content-Type": "application/json",
            "Origin": ORIGIN,
            "User-Agent": _AGENT,
            "X-Forwarded-For": f"203.0.{number % 250}.{number // 250 + 1}",
        }
        events = [_event(now, number, place) for place in range(BATCH)]
        body = {"site": SITE, "token": token, "sent": now, "events": events}
        found.append(make_template("/t/events", headers, body, port))
    return found


def _event(now: int, learner: int, place: int) -> dict[str, Any]:
    identity = UUID(int=now << 80 | 0x7 << 76 | 0x8 << 60 | learner << 48)
    return {
        "id": str(identity),
        "name": "page_view",
        "time": now - place * 1000,
        "session": f"{learner:016x}",
        "page": f"/courses/course-v1:Hedge+S101+2026/chapter-{place}/page-{learner % 40}",
        "course": "course-v1:Hedge+S101+2026",
        "institution": "hedge-university",
        "data": {
            "title": "How a hedge is laid in winter",
            "order": place + 1,
            "previous": f"/courses/course-v1:Hedge+S101+2026/chapter-{place}",
            "route": "loaded",
            "language": "en-GB",
            "viewport_width": 1300,
        },
    }


@contextmanager
def serve(
    application: str, port: int, environment: Mapping[str, str], core: int | None = None
) -> Iterator[int]:
    """One Granian worker with an ASGI application; yields the worker's process id."""
    command = [
        "-m", "granian", "--interface", "asgi", "--workers", "1",
        "--host", "127.0.0.1", "--port", str(port), "--http", "1", "--no-ws",
        "--backpressure", "512", "--log-level", "warning", application,
    ]  # fmt: skip
    with _running(command, port, environment, core) as process:
        yield _worker_of(process)


@contextmanager
def collect(port: int, environment: Mapping[str, str], core: int | None = None) -> Iterator[int]:
    """``privet collect``; yields its process id."""
    command = ["-c", "from privet.cli import main; main()", "collect", "--port", str(port)]
    with _running(command, port, environment, core) as process:
        yield process


@contextmanager
def _running(
    command: list[str], port: int, environment: Mapping[str, str], core: int | None
) -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, *command], cwd=_ROOT, env=dict(environment), stdout=subprocess.DEVNULL
    )
    keep_to(core, process.pid)
    try:
        wait_for(port, process)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def keep_to(core: int | None, pid: int) -> None:
    """Keep a process that has just started, and all that it starts, to one core."""
    if core is not None:
        os.sched_setaffinity(pid, {core})


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Return when the port answers; raises ``RuntimeError`` if the process ends first."""
    import socket

    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError("The server ended before it answered.")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("The server did not answer in time.")


def rss_mib(pid: int) -> float:
    """The resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used, that of the kernel for it included."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def _worker_of(parent: int) -> int:
    """The process that Granian started for its one worker."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    workers = [int(c) for c in children if _is_python_worker(int(c))]
    return workers[-1] if workers else parent


def _is_python_worker(pid: int) -> bool:
    return b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()
