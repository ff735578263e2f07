"""How the worker is doing, in a file that the console reads: a heartbeat, the lag, what waits."""

import os
from datetime import date, datetime
from pathlib import Path

import msgspec

_FILE = "worker.json"


class WorkerStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The worker as it said of itself at ``beat``, every few seconds as long as it lives."""

    beat: datetime
    pid: int
    segments_waiting: int
    bytes_waiting: int
    lag_seconds: float
    """How long the oldest event of the last load had waited; 0 if nothing waits."""
    events_loaded: int
    """Since this worker began."""
    dropped: dict[str, int]
    """By reason, since this worker began."""
    parts_quarantined: int
    """Lying in quarantine now."""
    last_pass: date | None
    lake_version: int
    last_error: str = ""
    """The number under which the log says more; empty if all is well."""


def write_status(live: Path, status: WorkerStatus) -> None:
    """Put a status in place of the last one, whole."""
    live.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = live / f"{_FILE}.{os.getpid()}"
    draft.write_bytes(msgspec.json.encode(status))
    draft.rename(live / _FILE)


def read_status(live: Path) -> WorkerStatus | None:
    """The last status; none if no worker ever ran here."""
    try:
        return msgspec.json.decode((live / _FILE).read_bytes(), type=WorkerStatus)
    except FileNotFoundError:
        return None
