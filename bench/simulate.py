"""The simulator: how fast it fills a lake, and with how much memory.

A run of its own process for each size, so that memory is that of the run. The last line is JSON.
Benches that need a large lake call `fill_lake`.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

EVENTS_A_LEARNER = 61
"""What a learner leaves in the lake in twelve weeks, about."""
DAYS = 84
COURSES = 100


def fill_lake(
    home: Path, *, events: int, seed: int = 1, days: int = DAYS, is_linked: bool = False
) -> dict[str, Any]:
    """Put about so many events into the lake of a home; returns what was made and how fast.

    Without links the learners exist in the lake alone, which is all that reading needs.
    """
    os.environ["PRIVET_HOME"] = str(home)
    os.environ.setdefault("PRIVET_DATABASE_URL", f"sqlite:///{home / 'state.sqlite3'}")
    from privet.cli.installation import open_installation

    open_installation()
    from privet.events.lake import default_lake
    from privet.kernel.config import read_config
    from privet.kernel.crypto import KeyRing
    from privet.network.service import open_network
    from privet.simulate.service import Means, register, simulate_into_lake, want

    config = read_config()
    means = Means(keys=KeyRing(config.keys), network=open_network(config))
    per_learner = EVENTS_A_LEARNER * days / DAYS
    wanted = want(learners=round(events / per_learner), seed=seed, days=days, courses=COURSES)
    register(wanted.platform, keys=means.keys, by="bench")
    began, cpu = time.monotonic(), _cpu_seconds()
    report = simulate_into_lake(
        wanted, lake=default_lake(), means=means, by="bench", is_linked=is_linked
    )
    seconds = time.monotonic() - began
    return {
        "events": report.events,
        "learners": report.learners,
        "seconds": round(seconds, 1),
        "events_per_second": round(report.events / seconds),
        "cpu_seconds": round(_cpu_seconds() - cpu, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000),
        "lake_mb": round(sum(f.size_bytes for f in default_lake().files()) / 1e6),
    }


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure(events: int, *, is_linked: bool) -> dict[str, Any]:
    """One run in a process and a home of its own."""
    with tempfile.TemporaryDirectory(prefix="privet-bench-") as directory:
        command = [sys.executable, "-m", "bench", "simulate", "--into", directory]
        command += ["--events", str(events), *(["--linked"] if is_linked else [])]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """Measure one or more sizes, or fill one home."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--into", type=Path, help="fill this home and keep it")
    parser.add_argument("--linked", action="store_true", help="give learners their pseudonyms")
    chosen = parser.parse_args()
    if chosen.into is not None:
        print(json.dumps(fill_lake(chosen.into, events=chosen.events, is_linked=chosen.linked)))
        return
    found = {}
    for events in (chosen.events // 10, chosen.events):
        found[events] = one = measure(events, is_linked=True)
        print(f"{one['events']:,} events of {one['learners']:,} learners: {one['seconds']} s, "
              f"{one['events_per_second']:,} a second, {one['cpu_seconds']} s of processor, "
              f"{one['peak_mb']:,} MB of memory, "
              f"{one['lake_mb']:,} MB of lake")  # fmt: skip
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    figures = {"bench": "simulate", "ratio": None, "peer": None} | found[chosen.events]
    figures |= {"machine": machine}
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
