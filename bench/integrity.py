"""The detectors over the load of one course: seconds and memory, what a day costs, a naive peer.

Each size runs in a process of its own, so that memory is its own: the lake is filled, its rollups
are made as the worker makes them (both are told, and are no part of the detectors), then all
detectors of copying look at everything, and then at one further day. ``--keep DIR`` leaves the
lakes there and uses them again, so that only the detectors are timed. Seconds of the processor are
told beside those of the clock, for a machine that is not alone. The peer is what anybody would
write first, in pandas: each answer shown merged with each right submission of the problem. It
grows with the square, so both sides get the same slice of learners. Pandas is installed into
``build/`` on its first use. The last line is JSON.
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
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

MILLION = 1_000_000
SLICE_ROWS = 280_000
DAY_ROWS = 500_000
FIRST = date(2026, 1, 5)
_ROOT = Path(__file__).parents[1]
_PANDAS = _ROOT / "build" / "peers" / "pandas"
_PACKAGES = ("pandas==2.3.3", "python-dateutil==2.9.0.post0", "pytz==2025.2", "six==1.17.0",
             "tzdata==2025.2")  # fmt: skip


def main() -> None:
    """Print the cost at each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1,3,10,28", help="millions of rows, with commas")
    parser.add_argument("--everything", action="store_true", help="the whole pipeline as well")
    parser.add_argument("--keep", type=Path, help="make the lakes here, and use them again")
    parser.add_argument("--part", type=Path, help="for the bench itself: measure in this home")
    parser.add_argument("--rows", type=int, default=MILLION)
    arguments = parser.parse_args()
    if arguments.part:
        print(json.dumps(measure(arguments.part, arguments.rows, everything=arguments.everything)))
        return
    runs = []
    for size in arguments.sizes.split(","):
        rows = round(float(size) * MILLION)
        with _home(arguments.keep, rows) as home:
            runs.append(_run(home, rows, everything=arguments.everything))
        print(_words(runs[-1]), flush=True)
    print("\n".join(_curve(runs)), flush=True)
    against = _against_pandas()
    ours, theirs = against["ours_seconds"], against["pandas_seconds"]
    print(
        f"{against['rows']:,} rows: ours {ours} s, naive pandas {theirs} s and "
        f"{against['pandas_mb']:,} MB", flush=True,
    )  # fmt: skip
    print(
        json.dumps(
            {
                "bench": "integrity", "ratio": round(theirs / ours, 1), "peer": "naive pandas",
                "against": against, "runs": runs,
                "machine": f"{platform.machine()}, {os.cpu_count()} cores",
            }
        )
    )  # fmt: skip


@contextmanager
def _home(keep: Path | None, rows: int) -> Iterator[Path]:
    """Where the lake of a size is made."""
    if keep is not None:
        home = keep / str(rows)
        home.mkdir(parents=True, exist_ok=True)
        yield home
        return
    with tempfile.TemporaryDirectory(prefix="privet-bench-") as directory:
        yield Path(directory)


def _words(run: dict[str, Any]) -> str:
    whole = f"; all detectors {run['all_seconds']} s" if "all_seconds" in run else ""
    return (
        f"{run['rows']:,} rows, {run['learners']:,} learners: filled in {run['fill_seconds']} s, "
        f"rollups in {run['rollup_seconds']} s; copying {run['copying_seconds']} s "
        f"({run['copying_cpu_seconds']} s of processor, {run['copying_mb']:,} MB){whole}; "
        f"a further day of {run['day_rows']:,} rows: rollups {run['day_rollup_seconds']} s, "
        f"copying {run['day_copying_seconds']} s ({run['day_copying_cpu_seconds']} s of processor)"
    )


def _curve(runs: list[dict[str, Any]]) -> list[str]:
    """What the detectors cost by size, and by the million rows."""
    lines = [
        "      rows   clock s  processor s  of it a million     MB  a day: clock s  processor s"
    ]
    lines += [
        f"{run['rows']:>10} {run['copying_seconds']:>9} {run['copying_cpu_seconds']:>12} "
        f"{run['copying_cpu_seconds'] * MILLION / run['rows']:>16.2f} {run['copying_mb']:>6} "
        f"{run['day_copying_seconds']:>15} {run['day_copying_cpu_seconds']:>12}"
        for run in runs
    ]
    return lines


def _run(home: Path, rows: int, *, everything: bool = False) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench", "integrity", "--part", str(home), "--rows", str(rows)]
    command += ["--everything"] if everything else []
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(home: Path, rows: int, *, everything: bool) -> dict[str, Any]:
    """Fill a lake, make its rollups, and time the detectors; in a process of its own."""
    os.environ["PRIVET_HOME"] = str(home)
    os.environ["PRIVET_DATABASE_URL"] = f"sqlite:///{home / 'state.sqlite3'}"
    from privet.cli.installation import open_installation

    open_installation()
    import numpy as np

    from bench.integrity_load import DAYS, learners_of, load_course, load_day
    from privet.events.lake import Lake
    from privet.kernel.clock import FixedClock
    from privet.kernel.config import read_config

    config = read_config()
    last = FIRST + timedelta(days=DAYS - 1)
    now = datetime.now(UTC)
    lake = Lake(config.lake, locks=config.home / "locks", clock=FixedClock(now))
    began = time.monotonic()
    if not lake.files():
        load_course(lake, rows=rows, first=FIRST)
    learners = learners_of(rows)
    found = {"rows": rows, "learners": learners, "fill_seconds": round(time.monotonic() - began, 2)}
    found |= {"rollup_seconds": timed(lambda: _roll_up(lake))}
    found |= _detect(lake, last, None, everything=everything)
    further = last + timedelta(days=1)
    day_rows = min(DAY_ROWS, rows // 4)
    if not any(file.day == further for file in lake.files()):
        random = np.random.default_rng(2)
        load_day(lake, random, rows=day_rows, day=further, number=DAYS, learners=learners)
    found |= {"day_rows": day_rows, "day_rollup_seconds": timed(lambda: _roll_up(lake))}
    day = _detect(lake, further, further, everything=everything)
    return found | {f"day_{name}": value for name, value in day.items()}


def _roll_up(lake: Any) -> None:
    """What the worker does in the background, for the rollups of this room alone."""
    import privet.integrity.reading  # noqa: F401 - it registers them
    from privet.events.rollup_build import find_due, make

    # Files that are younger than some minutes wait, in case more comes.
    lake.clock.advance(timedelta(minutes=5))
    for due in find_due(lake):
        if due.rollup.name.startswith("integrity_"):
            make(lake, due)


def _detect(lake: Any, last: date, day: date | None, *, everything: bool) -> dict[str, Any]:
    """Over everything up to a day, or over one further day alone."""
    from bench.integrity_load import COURSE
    from privet.integrity.candidates import Course
    from privet.integrity.copying import find_copying
    from privet.integrity.pipeline import LARGE_COURSE, NIGHT_DAYS, Wanted, run_detectors
    from privet.integrity.preset import USUAL_THRESHOLDS
    from privet.integrity.reading import Reader

    now = lake.clock.now()
    reader = Reader(by="bench", lake=lake, start=FIRST, end=last)
    # As the pipeline does it of a course that it takes for large.
    is_large = sum(row["accounts"] for row in reader.ask("course_days")) > LARGE_COURSE
    sought_from = day - NIGHT_DAYS if day and is_large else None
    course = Course(key=COURSE, institution="bench", since=day or FIRST, sought_from=sought_from)
    found: list[int] = []
    cpu = time.process_time()
    copying = timed(
        lambda: found.append(len(find_copying(reader, course, USUAL_THRESHOLDS).findings))
    )
    copying_mb, copying_cpu = _peak_mb(), round(time.process_time() - cpu, 2)
    said = {
        "copying_seconds": copying, "copying_cpu_seconds": copying_cpu, "copying_mb": copying_mb,
        "findings": found[0],
    }  # fmt: skip
    if everything:
        said["all_seconds"] = timed(
            lambda: run_detectors(Wanted(first=day, last=last), lake=lake, by="bench", now=now)
        )
        said["all_mb"] = _peak_mb()
    return said


def _peak_mb() -> int:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)


def timed(work: Any) -> float:
    """Seconds that it takes."""
    began = time.monotonic()
    work()
    return round(time.monotonic() - began, 2)


def _against_pandas() -> dict[str, Any]:
    """Both on one slice, in one run."""
    if not _PANDAS.exists():
        command = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target"]
        subprocess.run([*command, str(_PANDAS), *_PACKAGES], check=True)
    with tempfile.TemporaryDirectory(prefix="privet-bench-") as directory:
        ours = _run(Path(directory), SLICE_ROWS)
        done = subprocess.run(
            [sys.executable, str(_ROOT / "bench" / "peers" / "naive_pandas.py"), directory],
            env=os.environ | {"PYTHONPATH": str(_PANDAS)}, check=True, stdout=subprocess.PIPE,
        )  # fmt: skip
    peer = json.loads(done.stdout.splitlines()[-1])
    seconds = ours["copying_seconds"]
    return {
        "rows": peer["rows"], "ours_seconds": seconds, "pandas_seconds": peer["seconds"],
        "pandas_mb": peer["peak_mb"], "merged_rows": peer["merged"],
        "times_as_fast": round(peer["seconds"] / seconds, 1),
    }  # fmt: skip


if __name__ == "__main__":
    main()
