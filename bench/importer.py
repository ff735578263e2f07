"""The importer against Ralph: the same log, through to the committed table, with enrichment.

The log is the real lines of the shared folder again and again, each time with other learners,
addresses, moments, and places in videos, so that every line is an event of its own and payloads
that differ on a real platform differ here: a week of a busy platform.

Ralph reads in one process; the importer uses every core, as a user of this machine would see it.
``--lines`` may be given several times: each size is measured, and the last one is judged.
The importer runs several times before and after Ralph, whose one run takes ten times as long, and
its median counts: virtual machines change their speed from one minute to the next. Processor time a
line is given too: unlike a rate it says something even while others use the machine.
"""

import argparse
import ctypes
import json
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from bench.ralph import VERSION, ralph_command

_ROOT = Path(__file__).parents[1]
_LOGS = _ROOT.parent / "shared" / "data" / "edx-tracking-logs"
_TIME = re.compile(rb'"time": "[^"]*"')
_USER_ID = re.compile(rb'"user_id": (\d+)')
_IP = re.compile(rb'"ip": "[^"]+"')
_POSITION = re.compile(rb'((?:currentTime|old_time|new_time)\\*": ?)[\d.]+')
_ADDRESSES = 4_000
_USES = "instruction,security,integrity,analytics,personalisation,research,sharing"
_ROUNDS = 3
"""How often the importer runs before Ralph, and how often after it."""
_BECOME_SUBREAPER = 36
"""Linux's word for taking over the processes whose parent has ended."""
_COMMAND = [sys.executable, "-c", "from privet.cli import main; main()"]


def real_lines() -> list[bytes]:
    """Every line of the real logs that is JSON."""
    found = []
    for path in sorted(_LOGS.glob("*.log")):
        for text in path.read_bytes().splitlines():
            try:
                json.loads(text)
            except ValueError:
                continue
            found.append(text)
    if not found:
        sys.exit(f"The bench needs the real logs in {_LOGS}.")
    return found


def varied_lines(count: int) -> Iterator[bytes]:
    """The real lines again and again, each with a moment, a learner and an address of its own."""
    lines = real_lines()
    chance = random.Random(1)
    pool = [_address(chance) for _ in range(_ADDRESSES)]
    first = int(time.time()) - 8 * 86_400
    step = 7 * 86_400_000_000 // count
    for number in range(count):
        text = lines[number % len(lines)]
        micros = number * step
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(first + micros // 1_000_000))
        text = _TIME.sub(b'"time": "%s.%06d+00:00"' % (at.encode(), micros % 1_000_000), text)
        copy = number // len(lines)
        text = _USER_ID.sub(lambda m, c=copy: b'"user_id": %d' % (int(m[1]) + 100 * c), text)  # type: ignore[misc]
        text = _POSITION.sub(rb"\g<1>%d.%03d" % (number % 3_600, number % 997), text)
        yield _IP.sub(b'"ip": "%s"' % pool[(copy * 7 + number % 5) % _ADDRESSES], text)


def _address(chance: random.Random) -> bytes:
    return b".".join(b"%d" % chance.randint(low, 223) for low in (11, 0, 0, 1))


class Spent(NamedTuple):
    """What a command took."""

    seconds: float
    processor_seconds: float
    """Its own, and those of all processes that it started."""


@contextmanager
def _measured() -> Iterator[list[Spent]]:
    """Measure the commands that are run inside; their orphans become ours, so none is missed."""
    ctypes.CDLL(None).prctl(_BECOME_SUBREAPER, 1, 0, 0, 0)
    spent: list[Spent] = []
    before, began = _processor_seconds(), time.monotonic()
    yield spent
    seconds = time.monotonic() - began
    while _has_child():
        pass
    spent.append(Spent(seconds, _processor_seconds() - before))


def _has_child() -> bool:
    try:
        os.wait()
    except ChildProcessError:
        return False
    return True


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure_ralph(log: Path) -> tuple[Spent, int]:
    """What ``ralph convert`` takes, and how many lines it converts."""
    target = log.with_suffix(".xapi")
    with log.open("rb") as source, target.open("wb") as out, _measured() as spent:
        subprocess.run(
            [ralph_command(), "-v", "CRITICAL", "convert", "-f", "edx", "-t", "xapi",
             "-p", "https://learn.example", "-u", "ee241f8b-174f-5bdb-bae9-c09de5fe017f", "-I"],
            stdin=source, stdout=out, stderr=subprocess.DEVNULL, check=False,
        )  # fmt: skip
    with target.open("rb") as converted:
        return spent[0], sum(1 for _ in converted)


def measure_privet(log: Path, home: Path) -> tuple[Spent, dict[str, Any]]:
    """What the whole command takes, and what it reports."""
    environment = os.environ | {
        "PRIVET_HOME": str(home),
        "PRIVET_DATABASE_URL": f"sqlite:///{home / 'state.sqlite3'}",
    }
    subprocess.run([*_COMMAND, "setup"], env=environment, check=True, stdout=subprocess.DEVNULL)
    with _measured() as spent:
        done = subprocess.run(
            [*_COMMAND, "import", "edx", str(log), "--uses", _USES, "--json"],
            env=environment, check=True, stdout=subprocess.PIPE,
        )  # fmt: skip
    return spent[0], json.loads(done.stdout)


def main() -> None:
    """Make each log, measure both, and print the figures; the last line is JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, action="append", metavar="COUNT")
    sizes = parser.parse_args().lines or [100_000, 1_000_000]
    ralph_command()
    curve = []
    for count in sizes:
        with tempfile.TemporaryDirectory(prefix="privet-bench-") as directory:
            curve.append(_measure(count, Path(directory)))
    ratios = {f"{each['lines']}": each["ratio"] for each in curve}
    print(json.dumps(curve[-1] | {"ratio_by_lines": ratios}))


def _measure(count: int, directory: Path) -> dict[str, Any]:
    """Both on a log of so many lines."""
    log = directory / "tracking.log"
    with log.open("wb") as file:
        file.writelines(text + b"\n" for text in varied_lines(count))
        # Whoever reads first is not to wait for the disk that takes the log in.
        os.fsync(file.fileno())
    print(f"{count:,} lines, {log.stat().st_size / 1e6:,.0f} MB, {os.cpu_count()} cores")
    runs = [_import_anew(log, count) for _ in range(_ROUNDS)]
    theirs, converted = measure_ralph(log)
    print(f"ralph {VERSION} convert: {_said(theirs, count)}, {converted:,} converted", flush=True)
    runs += [_import_anew(log, count) for _ in range(_ROUNDS)]
    ours = Spent(*map(statistics.median, zip(*runs, strict=True)))
    print(f"privet import edx, median: {_said(ours, count)}", flush=True)
    return {
        "bench": "import",
        "lines": count,
        "privet_lines_per_second": round(count / ours.seconds),
        "ralph_lines_per_second": round(count / theirs.seconds),
        "ralph_converted": converted,
        "ratio": round(theirs.seconds / ours.seconds, 2),
        "privet_seconds": [round(run.seconds, 2) for run in runs],
        "privet_cpu_microseconds_per_line": round(ours.processor_seconds / count * 1e6, 1),
        "ralph_cpu_microseconds_per_line": round(theirs.processor_seconds / count * 1e6, 1),
        "cores": os.cpu_count(),
    }


def _import_anew(log: Path, count: int) -> Spent:
    """One run in an installation of its own."""
    with tempfile.TemporaryDirectory(prefix="privet-bench-") as home:
        spent, report = measure_privet(log, Path(home))
    if report["stored"] != count or report["events"] != count:
        sys.exit(f"Not every line was stored: {report}")
    print(f"privet import edx: {_said(spent, count)}, all stored", flush=True)
    return spent


def _said(spent: Spent, count: int) -> str:
    return (
        f"{spent.seconds:.1f} s, {count / spent.seconds:,.0f} lines/s, "
        f"{spent.processor_seconds / count * 1e6:.0f} us of processor time a line"
    )


if __name__ == "__main__":
    main()
