"""A real server in processes of its own, which a test may kill."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from privet.collector.collect import to_micros
from privet.consent.cookies import (
    CONSENT_COOKIE,
    VISITOR_COOKIE,
    ConsentCookie,
    CookieKeys,
    day_of,
    new_visitor,
    sign_consent,
    sign_visitor,
)
from privet.consent.places import Regime
from privet.consent.rules import ALL_CHOICES
from privet.kernel.crypto import KeyRing

ROOT = Path(__file__).parents[2]
ORIGIN = "https://learn.hedge.example"
_PRIVET = "from privet.cli import main; main()"


class Served:
    """An installation in ``home`` and the server that runs on it."""

    def __init__(self, home: Path, command: str = "serve") -> None:
        """``command`` is ``serve``, all of Privet on Granian, or ``collect``."""
        self.home = home
        self._command = command
        self.port = free_port()
        self.environment = {
            k: v for k, v in os.environ.items() if not k.startswith(("PRIVET_", "DJANGO_"))
        } | {"PRIVET_HOME": str(home), "PRIVET_TRUSTED_PROXIES": "127.0.0.0/8"}
        self._run("-m", "tests.collector.install", ORIGIN)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        if self._command == "serve":
            command = [
                "-m", "granian", "--interface", "asgi", "--workers", "1",
                "--host", "127.0.0.1", "--port", str(self.port), "--no-ws", "--log-level", "error",
                "privet.server:application",
            ]  # fmt: skip
        else:
            command = ["-c", _PRIVET, self._command, "--port", str(self.port)]
        self._process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
        )
        until = time.monotonic() + 300
        while not _answers(self.port):
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise RuntimeError("The server does not answer.")
            time.sleep(0.02)

    def kill(self) -> None:
        """``kill -9`` to all its processes at once."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Let it end as it likes."""
        self._end(signal.SIGTERM)

    def cookies(self) -> str:
        """The cookies of a visitor who agreed to everything."""
        keys = CookieKeys.of(KeyRing(self.home / "keys"))
        now = datetime.now(UTC)
        consent = ConsentCookie(
            site="hedgerow",
            choices=ALL_CHOICES,
            notice=1,
            day=day_of(now),
            gpc=False,
            regime=Regime.OPT_IN,
        )
        visitor = new_visitor("hedgerow", now=now)
        return (
            f"{CONSENT_COOKIE}={sign_consent(consent, keys=keys)}; "
            f"{VISITOR_COOKIE}={sign_visitor(visitor, keys=keys)}"
        )

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        try:
            if number is not signal.SIGKILL:
                process.send_signal(number)
                process.wait(300)
        finally:
            # Nothing of the server outlives the test, however it ends.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(300)

    def _run(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, check=True, timeout=600
        )


def free_port() -> int:
    """A port that nobody has, from the range of these tests; processes begin at different ones."""
    for n in range(100):
        port = 8100 + (os.getpid() * 7 + n) % 100
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("All ports from 8100 to 8199 are taken.")


def now_millis() -> int:
    """This moment in milliseconds since 1970."""
    return to_micros(datetime.now(UTC)) // 1000


def _answers(port: int) -> bool:
    """Whether the worker answers; the port takes connections before there is one."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", "/t/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
