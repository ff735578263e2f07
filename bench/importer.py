"""The importer against Ralph: the same log, through to the committed table, with enrichment.

The log is the real lines of the shared folder again and again, each time with other learners,
addresses, moments, and places in videos, so that every line is an event of its own and payloads
that differ on a real platform differ here: a week of a busy platform.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.ralph import VERSION, ralph_command

_ROOT = Path(__file__).parents[1]
_LOGS = _ROOT.parent / "shared" / "data" / "edx-tracking-logs"
_TIME = re.compile(rb'"time": "[^"]*"')
_USER_ID = re.compile(rb'"user_id": (\d+)')
_IP = re.compile(rb'"ip": "[^"]+"')
_POSITION = re.compile(rb'((?:currentTime|old_time|new_time)\\*": ?)[\d.]+')
_ADDRESSES = 4_000
_USES = "instruction,security,integrity,analytics,personalisation,research,sharing"
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


def measure_ralph(log: Path) -> tuple[float, int]:
    """Seconds that ``ralph convert`` takes, and how many lines it converts."""
    target = log.with_suffix(".xapi")
    began = time.monotonic()
    with log.open("rb") as source, target.open("wb") as out:
        subprocess.run(
            [ralph_command(), "-v", "CRITICAL", "convert", "-f", "edx", "-t", "xapi",
             "-p", "https://learn.example", "-u", "ee241f8b-174f-5bdb-bae9-c09de5fe017f", "-I"],
            stdin=source, stdout=out, stderr=subprocess.DEVNULL, check=False,
        )  # fmt: skip
    seconds = time.monotonic() - began
    with target.open("rb") as converted:
        return seconds, sum(1 for _ in converted)


def measure_privet(log: Path, home: Path) -> tuple[float, dict[str, Any]]:
    """Seconds of the whole command, and what it reports."""
    environment = os.environ | {
        "PRIVET_HOME": str(home),
        "PRIVET_DATABASE_URL": f"sqlite:///{home / 'state.sqlite3'}",
    }
    subprocess.run([*_COMMAND, "setup"], env=environment, check=True, stdout=subprocess.DEVNULL)
    began = time.monotonic()
    done = subprocess.run(
        [*_COMMAND, "import", "edx", str(log), "--uses", _USES, "--json"],
        env=environment, check=True, stdout=subprocess.PIPE,
    )  # fmt: skip
    return time.monotonic() - began, json.loads(done.stdout)


def main() -> None:
    """Make the log, measure both, and print the figures; the last line is JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    count = parser.parse_args().lines
    ralph_command()
    with tempfile.TemporaryDirectory(prefix="privet-bench-") as directory:
        log = Path(directory) / "tracking.log"
        with log.open("wb") as file:
            file.writelines(text + b"\n" for text in varied_lines(count))
        print(f"{count:,} lines, {log.stat().st_size / 1e6:,.0f} MB, {os.cpu_count()} cores")
        ours, report = measure_privet(log, Path(directory) / "home")
        if report["stored"] != count or report["events"] != count:
            sys.exit(f"Not every line was stored: {report}")
        print(f"privet import edx: {ours:.1f} s, {count / ours:,.0f} lines/s, all stored")
        theirs, converted = measure_ralph(log)
        print(f"ralph {VERSION} convert: {theirs:.1f} s, {count / theirs:,.0f} lines/s, "
              f"{converted:,} converted")  # fmt: skip
    figures = {
        "bench": "import",
        "lines": count,
        "privet_lines_per_second": round(count / ours),
        "ralph_lines_per_second": round(count / theirs),
        "ralph_converted": converted,
        "ratio": round(theirs / ours, 2),
        "cores": os.cpu_count(),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
