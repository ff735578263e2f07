"""From the request to rows that a query sees: how far the lake lags behind a steady load."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.collector_home import BATCH, Home, batches, collect, make_home
from bench.load import run_load

_PORT = 8193
_EVENTS_PER_SECOND = 20_000
_ROOT = Path(__file__).parents[1]
_TURN_SECONDS = 60.0


def measure_lag(directory: Path, minutes: float) -> dict[str, Any]:
    """Load for some minutes with a worker beside; the lag is read from the lake's own rows."""
    directory.mkdir(parents=True)
    home = make_home(directory)
    with collect(_PORT, home.environment), _worker(home):
        watch = _Watch(home)
        sent, refused, seconds = _load(home, minutes * 60)
        lags = watch.end()
        rows = _rows_in_the_end(home, sent)
    return {
        "through_events_per_second": round(sent / seconds),
        "through_seconds": round(seconds),
        "through_refused": refused,
        "through_rows": rows,
        "through_sent": sent,
        "lag_seconds_median": round(sorted(lags)[len(lags) // 2], 2) if lags else None,
        "lag_seconds_max": round(max(lags), 2) if lags else None,
    }


def _load(home: Home, seconds: float) -> tuple[int, int, float]:
    """Send at the wanted rate in turns, so that no event's time grows old.

    Returns how many events were acknowledged, how many requests were not, and the seconds.
    """
    sent = refused = 0
    loaded = 0.0
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 1:
        result = run_load(
            batches(home, _PORT),
            port=_PORT,
            seconds=min(left, _TURN_SECONDS),
            connections=64,
            per_second=_EVENTS_PER_SECOND / BATCH,
            start=sent,
        )
        sent += result.statuses.get(200, 0) * BATCH
        loaded += result.seconds
        refused += sum(n for status, n in result.statuses.items() if status != 200)
    return sent, refused, loaded


class _Watch:
    """Asks the lake every second for its newest row, in a process of its own."""

    def __init__(self, home: Home) -> None:
        self._process = _lake_process(home, "watch")
        self._lags: list[float] = []
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def end(self) -> list[float]:
        """The lags in seconds, but for the first ten, in which nothing was there yet."""
        self._process.terminate()
        self._thread.join()
        return self._lags[10:]

    def _read(self) -> None:
        lines = self._process.stdout or ()
        self._lags += [float(line) for line in lines if line.strip()]


def _rows_in_the_end(home: Home, wanted: int) -> int:
    """How many rows the lake holds when all is loaded, or after a minute."""
    rows, until = 0, time.monotonic() + 60
    while rows < wanted and time.monotonic() < until:
        process = _lake_process(home, "count")
        rows = int(process.communicate()[0])
    return rows


def _lake_process(home: Home, verb: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bench.collector_lake", verb],
        cwd=_ROOT,
        env=dict(home.environment),
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def _worker(home: Home) -> Iterator[None]:
    code = "from privet.web.asgi import application; from privet.jobs.worker import run_worker; "
    command = [sys.executable, "-c", code + "run_worker()"]
    process = subprocess.Popen(command, cwd=_ROOT, env=dict(home.environment))
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


if __name__ == "__main__":
    import tempfile

    place = Path(tempfile.mkdtemp(prefix="through-", dir=_ROOT / "build")) / "home"
    print(json.dumps(measure_lag(place, float(sys.argv[1]))))
