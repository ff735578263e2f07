"""The processes that the demo starts, none of which outlives it."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from demo.home import DemoError

STOP_SECONDS = 10.0
_DIE_WITH_PARENT = 1
"""``PR_SET_PDEATHSIG`` of Linux: even if the demo is killed outright, its children end."""


@dataclass(frozen=True, kw_only=True)
class Child:
    """A running process and the file that holds what it says."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


class Children:
    """Starts processes, and stops all of them when the block ends, however it ends."""

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        self._logs = logs
        self._environment = dict(environment)
        self._children: list[Child] = []

    def __enter__(self) -> "Children":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self, name: str, command: Sequence[str]) -> Child:
        """Start a process of its own group, so that Ctrl-C reaches the demo alone."""
        log = self._logs / f"{name}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - the demo has one thread here
            )
        child = Child(name=name, process=process, log=log)
        self._children.append(child)
        return child

    def run(self, name: str, command: Sequence[str], given: str = "") -> str:
        """Run a process to its end; returns its output, raises `DemoError` if it failed."""
        done = subprocess.run(
            command, env=self._environment, input=given, capture_output=True, text=True, check=False
        )
        (self._logs / f"{name}.log").write_text(done.stderr, "utf-8")
        if done.returncode:
            raise DemoError(f"“{name}” failed:\n{_last_lines(done.stderr)}")
        return done.stdout

    def check(self, *, but: Collection[str] = ()) -> None:
        """Raise `DemoError` with its last words if one of them, ``but`` those, has ended."""
        for child in self._children:
            if child.name not in but and child.process.poll() is not None:
                words = _last_lines(child.log.read_text("utf-8", "replace"))
                raise DemoError(f"The {child.name} ended by itself. Its last words:\n{words}")

    def forget(self, child: Child) -> None:
        """Leave a process that has ended as it should out of `check`."""
        self._children.remove(child)

    def stop(self) -> None:
        """Ask all to end, and end those that do not."""
        for child in self._children:
            _signal_group(child, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for child in self._children:
            with suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.1, deadline - time.monotonic()))
            _signal_group(child, signal.SIGKILL)
            child.process.wait()
        self._children.clear()


def _signal_group(child: Child, number: signal.Signals) -> None:
    """Reach the process and whatever it has started itself."""
    try:
        os.killpg(child.process.pid, number)
    except ProcessLookupError:
        return


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)


def _last_lines(text: str, count: int = 12) -> str:
    return "\n".join(text.strip().splitlines()[-count:]) or "(nothing)"
