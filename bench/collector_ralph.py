"""The peer of the collector's bench: Ralph 5.1.0, in an environment that is made on first use.

It runs as it ships, and nothing slows it down: uvicorn with the uvloop and httptools that its own
extras install (its command starts the same server in a mode for development, which is slower),
without an access log, and with basic authentication, whose bcrypt it remembers for an hour by its
own setting, so that it is paid once, before the measurement. A statement has the size of one of our
events (some 440 bytes) and holds only what xAPI demands and a page view has; with context and
extensions, as converted edX events have them, Ralph takes longer. Larger batches help it, since
half of its time goes to the request: both sides get batches of ten.
"""

import os
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from bench.collector_home import BATCH, keep_to, wait_for
from bench.load import Template, make_template

_ROOT = Path(__file__).parents[1]
_PLACE = _ROOT / "build" / "peers" / "ralph"
_PACKAGE = "ralph-malph[full]==5.1.0"


def prepare() -> Path:
    """Ralph's own Python; raises ``CalledProcessError`` if the package cannot be had."""
    python = _PLACE / "bin" / "python"
    if not (_PLACE / "bin" / "ralph").exists():
        _PLACE.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(_PLACE)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", _PACKAGE], check=True)
    return python


@contextmanager
def serve(python: Path, port: int, directory: Path, core: int | None = None) -> Iterator[int]:
    """Ralph in one uvicorn worker, with its file backend and basic authentication."""
    environment = os.environ | {
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_AUTH_FILE": str(directory / "ralph-auth.json"),
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(directory),
        "PYTHONPATH": str(_ROOT),
    }
    command = [
        str(python), "-m", "uvicorn", "bench.peers.ralph_app:application", "--port", str(port),
        "--workers", "1", "--log-level", "warning", "--no-access-log",
    ]  # fmt: skip
    # It tells of every connection that ends with a request on the way, which is each run's end.
    process = subprocess.Popen(command, cwd=directory, env=environment, stderr=subprocess.DEVNULL)
    keep_to(core, process.pid)
    try:
        wait_for(port, process)
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def statements(port: int) -> list[Template]:
    """One request with as many statements as our batches have events, of about the same size."""
    word = b64encode(b"bench:bench-password").decode()
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"Basic {word}",
        "X-Experience-API-Version": "1.0.3",
    }
    now = int(time.time() * 1000)
    body = [_statement(now, place) for place in range(BATCH)]
    return [make_template("/xAPI/statements", headers, body, port)]


def _statement(now: int, place: int) -> dict[str, object]:
    page = f"https://learn.hedge.example/courses/course-v1:Hedge+S101+2026/page-{place}"
    return {
        "id": str(UUID(int=now << 80 | 0x4 << 76 | 0x8 << 60 | place)),
        "actor": {"account": {"name": "learner-1", "homePage": "https://learn.hedge.example"}},
        "verb": {"id": "http://id.tincanapi.com/verb/viewed", "display": {"en": "viewed"}},
        "object": {
            "id": page,
            "definition": {
                "type": "http://activitystrea.ms/schema/1.0/page",
                "name": {"en": "How a hedge is laid in winter"},
            },
        },
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now / 1000)),
    }
