"""The detectors of copying over simulated course loads: seconds and memory, and what a day costs.

Ours: a lake of simulated learners, its rollups made as the worker makes them, then all detectors
over everything, then over one further day. The naive peer: each answer shown joined with each
correct submission of the same problem, as plain SQL in DuckDB, on a slice, since it grows with the
square (pandas is not installed here; its merge makes the same table in memory). Each size runs in a
process of its own, so that memory is its own. The last line is JSON.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.simulate import fill_lake

MILLION = 1_000_000
SLICE_LEARNERS = 4000


def main() -> None:
    """Print the cost at each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1,3", help="millions of events, with commas")
    parser.add_argument("--part", type=Path, help="for the bench itself: measure in this home")
    parser.add_argument("--events", type=int, default=MILLION)
    arguments = parser.parse_args()
    if arguments.part:
        print(json.dumps(measure(arguments.part, arguments.events)))
        return
    runs = []
    for size in arguments.sizes.split(","):
        runs.append(_run(round(float(size) * MILLION)))
        print(json.dumps(runs[-1]), flush=True)
    print(json.dumps({"bench": "integrity", "runs": runs}))


def _run(events: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="privet-bench-") as directory:
        command = [sys.executable, "-m", "bench", "integrity", "--part", directory]
        done = subprocess.run(
            [*command, "--events", str(events)], check=True, stdout=subprocess.PIPE
        )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(home: Path, events: int) -> dict[str, Any]:
    """Fill a lake, make its rollups, and time the detectors."""
    made = fill_lake(home, events=events)
    from privet.events.lake import default_lake
    from privet.events.rollup_build import refresh_rollups
    from privet.integrity.pipeline import Wanted, run_detectors

    lake = default_lake()
    import privet.integrity.reading  # noqa: F401 - it registers the rollups

    rolled = _timed(lambda: refresh_rollups(lake, at_most_seconds=600))
    now = datetime.now(UTC)
    last = now.date() - timedelta(days=1)
    before = last - timedelta(days=1)
    whole = _timed(lambda: run_detectors(Wanted(last=before), lake=lake, by="bench", now=now))
    day = _timed(
        lambda: run_detectors(Wanted(first=last, last=last), lake=lake, by="bench", now=now)
    )
    ours_mb = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
    return {
        "events": made["events"], "learners": made["learners"], "rollup_seconds": rolled,
        "all_detectors_seconds": whole, "further_day_seconds": day, "peak_mb": ours_mb,
        "naive": naive_peer(home),
    }  # fmt: skip


def naive_peer(home: Path) -> dict[str, Any]:
    """The quadratic step on a slice of learners, and what it would come to for all of them."""
    import duckdb

    # The step that this room avoids, written as anybody would at first.
    text = """
      WITH e AS (
        SELECT subject, name, time, detail ->> 'problem_id' AS problem, detail ->> 'success' AS s
        FROM read_parquet($files)
        WHERE name IN ('problem_check', 'showanswer')
          AND subject IN (SELECT DISTINCT subject FROM read_parquet($files) LIMIT $people)
      )
      SELECT count(*), count(DISTINCT (a.subject, b.subject))
      FROM e AS a JOIN e AS b ON a.problem = b.problem AND a.subject <> b.subject
      WHERE a.name = 'showanswer' AND b.s = 'correct'
    """
    given = {
        "files": [str(path) for path in (home / "lake").rglob("*.parquet")],
        "people": SLICE_LEARNERS,
    }
    began = time.monotonic()
    with duckdb.connect(":memory:", config={"threads": 2}) as connection:
        rows, pairs = connection.execute(text, given).fetchall()[0]
    seconds = round(time.monotonic() - began, 2)
    return {"learners": SLICE_LEARNERS, "seconds": seconds, "rows": rows, "pairs": pairs}


def _timed(work: Any) -> float:
    began = time.monotonic()
    work()
    return round(time.monotonic() - began, 2)


if __name__ == "__main__":
    main()
