"""Every page of the console over 1, 10 and 100 million events, against plain DuckDB.

Ours: a simulated lake and its rollups, read through the gate, with some learners who withdrew; each
page's questions together, as the page asks them, for the last 28 days, opened in each of the ways
of `bench.dashboards_openings`; and once for all time, if asked for. The peer: the same texts in
DuckDB over the same Parquet files, with the same threads and no gate, rollups aggregated each time.
Each size and side runs in a process of its own, so that memory is its own.
"""

import argparse
import json
import math
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.dashboards_home import DAYS, LAST_DAY, environ, make_lake, make_rollups, open_home
from bench.dashboards_warm import ask_once, print_waits, visit

MILLION = 1_000_000
SIZES = "1,10,100"
WAYS = ("anew", "another filter", "withdrawn", "again")
ANEW = "anew"
WITHDRAWN = 200
USUAL_DAYS = 28


def main() -> None:
    arguments = _read_arguments()
    if arguments.part:
        print(json.dumps(PARTS[arguments.part](arguments.home, arguments)))
        return
    sizes = [int(size) for size in arguments.sizes.split(",")]
    with _homes(arguments) as homes:
        runs = {size: _run_size(homes / f"{size}m", size, arguments) for size in sizes}
    _print_pages(runs)
    print(json.dumps(_sum_up(runs)))


def _run_size(home: Path, size: int, arguments: argparse.Namespace) -> dict[str, Any]:
    home.mkdir(parents=True, exist_ok=True)
    given = ["--events", str(size * MILLION), "--days", str(arguments.days)]
    told = {}
    made = home / "made.json"
    if not made.exists():
        made.write_text(json.dumps(_run_part("make", home, given)))
    told["made"] = json.loads(made.read_text())
    told["rolled"] = _run_part("roll", home, given)
    asked = [*given, "--all-time"] if arguments.all_time else given
    told["ours"] = _run_part("ours", home, asked)
    if arguments.warm:
        told["asked"] = _run_part("ask once", home, given)
        told["warm"] = _run_part("visit", home, given)
        print_waits(size, told["asked"], told["warm"])
    told["peer"] = None if arguments.no_peer else _run_part("peer", home, given)
    said = told["made"] | {"rolled": told["rolled"], "pages": told["ours"]["pages"]}
    print(f"{size} M: {json.dumps(said)}", flush=True)
    return told


def ask_ours(home: Path, given: argparse.Namespace) -> dict[str, Any]:
    """Time every page through the gate, and note which questions it puts."""
    open_home(home)
    from bench.dashboards_openings import time_openings
    from bench.dashboards_pages import PAGES, question_of
    from privet.insight.asking import forget_answers
    from privet.insight.rules import Period

    calls = _record_queries()
    _withdraw()
    told: dict[str, Any] = {"pages": {}, "all time": {}, "queries": {}, "calls": []}
    usual = question_of(Period(first=LAST_DAY - timedelta(days=USUAL_DAYS - 1), last=LAST_DAY))
    whole = question_of(Period(first=LAST_DAY - timedelta(days=given.days - 1), last=LAST_DAY))
    for name, page in PAGES.items():
        forget_answers()
        calls.clear()
        page(usual)
        told["queries"][name] = [(call[0], call[3]) for call in calls]
        told["calls"] += [(name, *_plain(call)) for call in calls]
        told["pages"][name] = time_openings(page, usual)
        # A run at 100 million takes long, and may be ended before it can say everything.
        print(f"{name}: {json.dumps(told['pages'][name])}", file=sys.stderr, flush=True)
        if given.all_time:
            forget_answers()
            began = time.perf_counter()
            page(whole)
            told["all time"][name] = time.perf_counter() - began
    told["memory_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (home / "calls.json").write_text(json.dumps(told.pop("calls"), default=str))
    return told


def ask_peer(home: Path, _: argparse.Namespace) -> dict[str, Any]:
    """Put the questions that were noted to plain DuckDB."""
    open_home(home)
    import duckdb

    import bench.dashboards_pages as _pages  # noqa: F401 - it registers the texts
    from privet.catalogue.uses import Use
    from privet.events.engine import MEMORY_LIMIT, THREADS
    from privet.events.statements import find_statement

    connections = {}
    for use in (Use.ANALYTICS, Use.MARKETING, Use.INSTRUCTION):
        connection = duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY_LIMIT})
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(
            f"CREATE VIEW events AS SELECT * FROM read_parquet('{home}/lake/day=*/*.parquet', "
            f"hive_partitioning = true, hive_types = {{'day': DATE}}) WHERE (uses & {use}) <> 0"
        )
        _make_rollup_views(connection)
        connections[use.value] = connection
    pages: dict[str, float] = defaultdict(float)
    processor: dict[str, float] = defaultdict(float)
    for page, name, use_value, params in json.loads((home / "calls.json").read_text()):
        text = find_statement(name).text
        began, used = time.perf_counter(), time.process_time()
        connections[use_value].execute(text, _typed(params) or None).fetchall()
        pages[page] += time.perf_counter() - began
        processor[page] += time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"pages": dict(pages), "processor": dict(processor), "memory_megabytes": peak}


def _make_rollup_views(connection: Any) -> None:
    from privet.events.rollups import find_rollup, rollup_names

    for name in rollup_names():
        connection.execute(f"CREATE VIEW {name} AS {find_rollup(name).text}")


PARTS: dict[str, Callable[[Path, argparse.Namespace], dict[str, Any]]] = {
    "make": lambda home, given: make_lake(home, given.events, days=given.days),
    "roll": lambda home, _: make_rollups(home),
    "ours": ask_ours,
    "peer": ask_peer,
    "ask once": ask_once,
    "visit": visit,
}


def _record_queries() -> list[tuple[str, int, dict[str, Any], float]]:
    """Let every question of insight be noted with the seconds it took."""
    import bench.dashboards_pages as pages
    from privet.events.query import query
    from privet.insight import working_out

    calls: list[tuple[str, int, dict[str, Any], float]] = []

    def noted(
        name: str, /, *, use: Any, scope: Any, by: str,
        is_whole: bool = False, is_unhurried: bool = False, **params: Any,
    ) -> Any:  # fmt: skip
        began = time.perf_counter()
        how = {"is_whole": is_whole, "is_unhurried": is_unhurried}
        found = query(name, use=use, scope=scope, by=by, **how, **params)
        calls.append((name, use.value, params, time.perf_counter() - began))
        return found

    working_out.query = noted  # type: ignore[assignment]
    pages.query = noted  # type: ignore[assignment]
    return calls


def _plain(call: tuple[str, int, dict[str, Any], float]) -> tuple[str, int, dict[str, Any]]:
    name, use, params, _ = call
    return name, use, params


def _typed(params: dict[str, Any]) -> dict[str, Any]:
    """Days as days again."""
    return {
        name: date.fromisoformat(value) if name in ("start", "end") else value
        for name, value in params.items()
    }


def _withdraw() -> None:
    from privet.catalogue.uses import Use
    from privet.events.lake import default_lake
    from privet.events.models import Withholding
    from privet.events.service import withhold

    if Withholding.objects.exists():
        return
    lake = default_lake()
    held = lake.store.read(lake.files()[0].path, ["subject"])["subject"].unique().to_pylist()
    withhold(subjects=held[:WITHDRAWN], uses=Use.ANALYTICS, by="bench")


def _sum_up(runs: dict[int, dict[str, Any]]) -> dict[str, Any]:
    largest = max(runs)
    pages, peer = runs[largest]["ours"]["pages"], runs[largest]["peer"]
    slowest = {
        f"slowest_{way.replace(' ', '_')}_seconds": round(
            max(page[way]["seconds"] for page in pages.values()), 3
        )
        for way in WAYS
    }
    return {
        "bench": "dashboards",
        "events_millions": largest,
        **slowest,
        "largest_growth": round(max(_growth(runs).values(), default=0), 2) or None,
        "memory_megabytes": round(runs[largest]["ours"]["memory_megabytes"]),
        "ratio": round(sum(peer["processor"].values()) / _processor(pages), 2) if peer else None,
        "peer": "DuckDB over the same Parquet, without gate and rollups",
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
    }


def _processor(pages: dict[str, Any]) -> float:
    """All pages' processor seconds, which neighbours on the machine change less than the clock."""
    return sum(float(page[ANEW]["processor"]) for page in pages.values())


def _growth(runs: dict[int, dict[str, Any]]) -> dict[str, float]:
    """By page: the power of the size with which its processor seconds grow; 1 is as the data."""
    if len(runs) < 2:
        return {}
    small, large = sorted(runs)[-2:]
    before, after = (runs[size]["ours"]["pages"] for size in (small, large))
    return {
        name: math.log(page[ANEW]["processor"] / before[name][ANEW]["processor"])
        / math.log(large / small)
        for name, page in after.items()
    }


def _print_pages(runs: dict[int, dict[str, Any]]) -> None:
    growth = _growth(runs)
    for size in sorted(runs):
        ours, peer = runs[size]["ours"], runs[size]["peer"]
        print(f"{f'{size} M, seconds':18}{''.join(f'{way:>16}' for way in WAYS)}{'processor':>11}")
        for name, page in ours["pages"].items():
            line = "".join(f"{page[way]['seconds']:16.3f}" for way in WAYS)
            line += f"{page[ANEW]['processor']:11.2f}"
            line += f"  peer {peer['processor'][name]:.2f}" if peer else ""
            line += f"  growth {growth[name]:.2f}" if growth and size == max(runs) else ""
            line += f"  all time {ours['all time'][name]:.2f}" if ours["all time"] else ""
            slowest = max(ours["queries"][name], key=lambda one: one[1])
            print(f"{name:18}{line}  slowest query {slowest[0]} {slowest[1]:.2f}")
        said = f"; peer {peer['memory_megabytes']:.0f} MB" if peer else ""
        print(f"memory {ours['memory_megabytes']:.0f} MB{said}")


def _run_part(part: str, home: Path, given: list[str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.dashboards", "--part", part, "--home", str(home)]
    done = subprocess.run(
        [*command, *given], check=True, stdout=subprocess.PIPE, text=True,
        env=os.environ | dict(environ(home)),
    )  # fmt: skip
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@contextmanager
def _homes(arguments: argparse.Namespace) -> Iterator[Path]:
    """Where the lakes are made: a given directory is kept, and what is in it used again."""
    if arguments.keep:
        yield arguments.keep
        return
    with tempfile.TemporaryDirectory(prefix="privet-bench-") as home:
        yield Path(home)


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=SIZES, help="millions of events, as 1,10")
    parser.add_argument("--days", type=int, default=DAYS, help="over so many days")
    parser.add_argument("--keep", type=Path, help="make the lakes here, and use them again")
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--warm", action="store_true", help="what a visitor waits for, too")
    parser.add_argument("--all-time", action="store_true", help="ask for all days once, too")
    parser.add_argument("--part", choices=tuple(PARTS))
    parser.add_argument("--home", type=Path)
    parser.add_argument("--events", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    main()
