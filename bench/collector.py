"""The collector against Ralph's endpoint and against an empty Granian application, in one run.

Batches of ten events of some 400 bytes, made durable before the answer, one worker each. All take
turns in short stretches, so that a machine that is slow for a while is slow for all of them. Ours
is ``privet collect``, the server for collecting alone; ``serve`` is the same collector in ``privet
serve``, behind Granian, as the empty application is.
Each server is kept to the machine's first core and the load comes from the second: one worker on
one core, so that nobody's threads run on the core of the load (``--unbound`` lets them).
The last line is one JSON object; ``ratio`` is our events/s over Ralph's. Processor time a request
is given too: unlike a rate it says something even while others use the machine.

``--minutes N`` loads for N minutes at 70 % of the peak and tells the memory; ``--through`` starts a
worker as well and tells how far queryable rows lag behind at 20,000 events/s.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench import collector_ralph
from bench.collector_gate import gate_microseconds
from bench.collector_home import (
    BATCH,
    Home,
    batches,
    collect,
    cpu_seconds,
    make_home,
    rss_mib,
    serve,
)
from bench.collector_through import measure_lag
from bench.load import Result, Template, run_load

_OURS, _EMPTY, _RALPH, _SERVE = 8190, 8191, 8192, 8194
_CONNECTIONS = 64
_SERVER_CORE, _LOAD_CORE = 0, 1
_BUILD = Path(__file__).parents[1] / "build"


def main() -> None:
    """Measure, say what is measured on the way, and print the figures."""
    asked = _arguments()
    _BUILD.mkdir(exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="bench-collector-", dir=_BUILD))
    try:
        figures = _measure(directory, asked)
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    print(json.dumps(figures))


def _measure(directory: Path, asked: argparse.Namespace) -> dict[str, Any]:
    home = make_home(directory)
    core = None if asked.unbound else _SERVER_CORE
    with ExitStack() as servers:
        worker = servers.enter_context(collect(_OURS, home.environment, core))
        whole = serve("privet.server:application", _SERVE, home.environment, core)
        turns = _Turns(asked.rounds, asked.seconds, asked.load_core)
        turns.add("ours", batches(home, _OURS), _OURS, worker)
        turns.add("serve", batches(home, _SERVE), _SERVE, servers.enter_context(whole))
        empty = serve("bench.collector_empty:application", _EMPTY, os.environ, core)
        turns.add("empty", batches(home, _EMPTY), _EMPTY, servers.enter_context(empty))
        if not asked.without_ralph:
            ralph = collector_ralph.serve(collector_ralph.prepare(), _RALPH, directory, core)
            statements = collector_ralph.statements(_RALPH)
            turns.add("ralph", statements, _RALPH, servers.enter_context(ralph))
        turns.run()
        figures = turns.figures()
        figures["rss_mib_after_peak"] = round(rss_mib(worker), 1)
        figures |= _steadily(home, worker, figures["requests_per_second"], asked)
    if asked.through:
        figures |= measure_lag(directory / "through", asked.through_minutes)
    figures["gate_microseconds"] = gate_microseconds()
    return figures | {"bench": "collector", "machine": _machine()}


class _Turns:
    """Runs the servers one after the other, again and again."""

    def __init__(self, rounds: int, seconds: float, core: int | None) -> None:
        self._rounds = rounds
        self._seconds = seconds
        self._core = core
        self._servers: dict[str, tuple[list[Template], int, int]] = {}
        self._results: dict[str, list[Result]] = {}
        self._cpu: dict[str, list[float]] = {}

    def add(self, name: str, templates: list[Template], port: int, pid: int) -> None:
        """Add a server, and let it warm up; Ralph checks a password for the first time."""
        self._servers[name] = templates, port, pid
        self._results[name], self._cpu[name] = [], []
        run_load(templates, port=port, seconds=3, connections=1)

    def run(self) -> None:
        """Take the turns; each uses event ids of its own."""
        for turn in range(self._rounds):
            for name, (templates, port, pid) in self._servers.items():
                before = cpu_seconds(pid)
                result = run_load(
                    templates,
                    port=port,
                    seconds=self._seconds,
                    connections=_CONNECTIONS,
                    start=(turn + 1) * 10**8,
                    core=self._core,
                )
                spent = (cpu_seconds(pid) - before) / max(1, result.requests) * 1e6
                self._results[name].append(result)
                self._cpu[name].append(spent)
                print(
                    f"{name:6} {result.per_second:9.0f} requests/s  {spent:6.0f} us of processor "
                    f"time a request  {result.statuses}"
                )

    def figures(self) -> dict[str, Any]:
        """Medians, and ours over each of the others."""
        rate = {n: statistics.median(r.per_second for r in rs) for n, rs in self._results.items()}
        cpu = {name: round(statistics.median(spent)) for name, spent in self._cpu.items()}
        found: dict[str, Any] = {
            "requests_per_second": round(rate["ours"]),
            "events_per_second": round(rate["ours"] * BATCH),
            "empty_requests_per_second": round(rate["empty"]),
            "share_of_empty": round(rate["ours"] / rate["empty"], 3),
            "serve_events_per_second": round(rate["serve"] * BATCH),
            "serve_share_of_empty": round(rate["serve"] / rate["empty"], 3),
            "cpu_microseconds_per_request": cpu,
            "ratio": None,
        }
        if "ralph" in rate:
            found["ralph_events_per_second"] = round(rate["ralph"] * BATCH)
            found["ratio"] = round(rate["ours"] / rate["ralph"], 1)
        return found


def _steadily(home: Home, worker: int, peak: float, asked: argparse.Namespace) -> dict[str, Any]:
    """Latency at 70 % of the peak, counted from when each request was due, and the memory."""
    rate = 0.7 * peak
    result = run_load(
        batches(home, _OURS),
        port=_OURS,
        seconds=asked.minutes * 60,
        connections=_CONNECTIONS,
        per_second=rate,
        start=10**10,
        core=asked.load_core,
    )
    return {
        "at_70_percent_requests_per_second": round(result.per_second),
        "at_70_percent_p50_ms": round(result.quantile_ms(0.5), 1),
        "at_70_percent_p99_ms": round(result.quantile_ms(0.99), 1),
        "minutes": asked.minutes,
        "rss_mib_after_minutes": round(rss_mib(worker), 1),
    }


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, Linux {platform.release()}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--minutes", type=float, default=0.5)
    parser.add_argument("--unbound", action="store_true", help="keep nobody to one core")
    parser.add_argument("--without-ralph", action="store_true")
    parser.add_argument("--through", action="store_true")
    parser.add_argument("--through-minutes", type=float, default=5.0)
    asked = parser.parse_args()
    asked.unbound |= (os.cpu_count() or 1) < 2
    asked.load_core = None if asked.unbound else _LOAD_CORE
    return asked


if __name__ == "__main__":
    main()
