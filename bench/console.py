"""The queries of the console's pages over 20 million events, against plain DuckDB over plain files.

Ours: the lake as the loader and the compaction leave it, with its rollups as the worker makes them,
read through the gate: one use, one scope, a thousand learners withheld. The peer: DuckDB by itself
over the same rows as one Parquet file a day in the order in which they came, with no gate but
``WHERE`` and no rollups, on as many threads and with the same limit of memory. Each runs in a
process of its own, so that the memory is its own.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.console_data import FIRST_DAY, make_days
from bench.dashboards_home import environ, make_rollups

DAYS = 90
ROWS = 20_000_000
TIMES = 3
WITHHELD = 1000
LAST_DAY = FIRST_DAY + timedelta(days=DAYS - 1)
PARAMETERS: dict[str, Any] = {
    "start": FIRST_DAY, "end": LAST_DAY, "grain": "day", "days_away": 7, "pass_share": 0.5,
    "began": datetime(2026, 8, 1, tzinfo=UTC), "ended": datetime(2026, 10, 29, tzinfo=UTC),
    "outcome": "link_click", "target": ".*", "search": "^search", "social": "^mail",
    "from_page": "/courses/*", "to_page": "/courses/*",
}  # fmt: skip
"""All that a page of the console asks when nothing is narrowed; what is not named is empty."""


def main() -> None:
    arguments = _read_arguments()
    if arguments.part:
        print(json.dumps(PARTS[arguments.part](arguments.home, arguments.rows)))
        return
    with tempfile.TemporaryDirectory(prefix="privet-bench-") as home:
        told = _run_part("make", home, arguments.rows)
        print(f"{told['rows']:,} events in {told['files']} files, {told['megabytes']:.0f} MB, "
              f"written and merged in {told['seconds']:.0f} s")  # fmt: skip
        rolled = _run_part("roll", home, arguments.rows)
        print(f"rollups: {rolled['megabytes']:.0f} MB in {rolled['seconds']:.0f} s")
        ours = _run_part("ours", home, arguments.rows)
        peer = _run_part("peer", home, arguments.rows)
        _print_table(ours["seconds"], peer["seconds"])
        print(json.dumps(_sum_up(told, ours, peer)))


def make(home: Path, rows: int) -> dict[str, Any]:
    """Write the events through the lake's writer and merge them, and plainly for the peer."""
    import numpy as np
    import pyarrow.parquet as pq

    from privet.events.compaction import compact

    _set_up(home)
    lake, plain = _lake(home), home / "plain"
    plain.mkdir()
    seconds = 0.0
    random = np.random.default_rng(7)
    subjects: list[int] = []
    for table in make_days(random, rows=rows, days=DAYS):
        pq.write_table(table, plain / f"{table['day'][0].as_py()}.parquet", compression="zstd")
        subjects = subjects or table["subject"].unique().to_pylist()[:WITHHELD]
        began = time.perf_counter()
        half = table.num_rows // 2
        lake.append(table.slice(0, half))
        lake.append(table.slice(half))
        seconds += time.perf_counter() - began
    began = time.perf_counter()
    compact(lake, thoroughly=True)
    seconds += time.perf_counter() - began
    _withhold(subjects)
    files = lake.files()
    return {
        "rows": lake.count(), "files": len(files), "seconds": seconds,
        "megabytes": sum(file.size_bytes for file in files) / 1e6,
    }  # fmt: skip


def ask_ours(home: Path, _: int) -> dict[str, Any]:
    """Time every query of the console through the gate."""
    _set_up(home)
    from privet.events.query import Scope, query
    from privet.events.statements import find_statement

    lake = _lake(home)

    def ask(name: str) -> object:
        statement = find_statement(name)
        return query(
            name, use=_use_of(statement), scope=Scope(), by="bench", lake=lake,
            **_parameters(statement.parameters),
        ).rows  # fmt: skip

    return _time(_names(), ask)


def ask_peer(home: Path, _: int) -> dict[str, Any]:
    """Time the same texts in plain DuckDB, which has views in the place of rollups."""
    _set_up(home)
    import duckdb

    from privet.events.engine import MEMORY_LIMIT, THREADS
    from privet.events.rollups import find_rollup
    from privet.events.statements import VIEW, find_statement

    def ask(name: str) -> object:
        statement = find_statement(name)
        with duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY_LIMIT}) as peer:
            peer.execute("SET TimeZone = 'UTC'")
            peer.execute(
                f"CREATE VIEW events AS SELECT * FROM '{home}/plain/*.parquet' "
                f"WHERE (uses & {_use_of(statement).value}) <> 0"
            )
            for read in statement.reads - {VIEW}:
                peer.execute(f"CREATE VIEW {read} AS {find_rollup(read).text}")
            given = _parameters(statement.parameters)
            return peer.execute(statement.text, given or None).fetchall()

    return _time(_names(), ask)


def _names() -> list[str]:
    from privet.events.query import register_queries, register_rollups
    from privet.events.statements import registered_names

    register_rollups("privet.insight.rollups")
    register_queries("privet.insight.sql")
    return registered_names()


def _use_of(statement: Any) -> Any:
    """The use of the rollups that a query reads."""
    from privet.catalogue.uses import Use
    from privet.events.rollups import find_rollup
    from privet.events.statements import VIEW

    return next((find_rollup(name).use for name in statement.reads - {VIEW}), Use.ANALYTICS)


PARTS: dict[str, Callable[[Path, int], dict[str, Any]]] = {
    "make": make, "roll": lambda home, _: make_rollups(home), "ours": ask_ours, "peer": ask_peer,
}  # fmt: skip


def _time(names: list[str], ask: Callable[[str], object]) -> dict[str, Any]:
    seconds = {}
    for name in names:
        taken = []
        for _ in range(TIMES):
            began = time.perf_counter()
            ask(name)
            taken.append(time.perf_counter() - began)
        seconds[name] = statistics.median(taken)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "memory_megabytes": peak}


def _parameters(names: frozenset[str]) -> dict[str, Any]:
    return {name: PARAMETERS.get(name, "") for name in names}


def _sum_up(told: dict[str, Any], ours: dict[str, Any], peer: dict[str, Any]) -> dict[str, Any]:
    median, peers = (statistics.median(side["seconds"].values()) for side in (ours, peer))
    return {
        "bench": "console",
        "ratio": round(peers / median, 2),
        "rows": told["rows"],
        "queries": len(ours["seconds"]),
        "median_seconds": round(median, 3),
        "slowest_seconds": round(max(ours["seconds"].values()), 3),
        "peer_median_seconds": round(peers, 3),
        "memory_megabytes": round(ours["memory_megabytes"]),
        "peer": "DuckDB over unsorted Parquet, without gate and rollups",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
    }


def _print_table(ours: dict[str, float], peer: dict[str, float]) -> None:
    print(f"{'query':32}{'ours s':>8}{'peer s':>8}")
    for name, seconds in ours.items():
        print(f"{name:32}{seconds:8.2f}{peer[name]:8.2f}")


def _run_part(part: str, home: str, rows: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.console", "--part", part, "--home", home]
    done = subprocess.run(
        [*command, "--rows", str(rows)], check=True, stdout=subprocess.PIPE, text=True,
        env=os.environ | dict(environ(Path(home))),
    )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _set_up(home: Path) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    if not (home / "state.sqlite3").exists():
        call_command("migrate", verbosity=0)


def _lake(home: Path) -> Any:
    from privet.events.lake import Lake

    return Lake(str(home / "lake"), locks=home / "locks")


def _withhold(subjects: list[int]) -> None:
    from privet.catalogue.uses import Use
    from privet.events.service import withhold

    withhold(subjects=subjects, uses=Use.ANALYTICS, by="bench")


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--part", choices=tuple(PARTS))
    parser.add_argument("--home", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
