"""What a visitor waits for a page that is in use, when something has happened that makes it due.

Each page is opened once in one process and written down as asked; a second process starts, as after
a restart, and works them out by itself. Then pages are opened:

- started: once that is done;
- new files: minutes later, when events of the last day have come;
- leaving: the same, and a learner of these days has withdrawn since;
- merged: when the small files have been merged.
"""

import argparse
import json
import resource
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Any

from bench.dashboards_home import LAST_DAY, open_home

USUAL_DAYS = 28
LATER = timedelta(minutes=20)
NEW_FILES = 24
"""So many are merged into one."""
NEW_ROWS = 500
"""In each of them; a segment's worth at some hundred events a second."""
_TIMES = 3
_LONGEST_SECONDS = 3000
Waits = dict[str, dict[str, float]]


class Shifted:
    """A clock that goes, on the last day of the lake."""

    def __init__(self) -> None:
        begins = datetime.combine(LAST_DAY, time_of_day(12), UTC)
        self._by = begins - datetime.now(UTC)

    def now(self) -> datetime:
        """The moment."""
        return datetime.now(UTC) + self._by

    def advance(self, by: timedelta) -> None:
        """Let some time be over."""
        self._by += by


def ask_once(home: Path, _: argparse.Namespace) -> dict[str, Any]:
    """Open each page with nothing kept; the seconds of each. They are written down as asked."""
    open_home(home)
    from privet.insight.asking import ANSWERER
    from privet.insight.lately_file import write_lately
    from privet.insight.warming import FILE

    ANSWERER.clock = Shifted()
    told = {name: _seconds(opening) for name, opening in _openings().items()}
    write_lately(home / FILE, ANSWERER.lately.listed())
    return {"anew": told, "memory_megabytes": _peak_megabytes()}


def visit(home: Path, _: argparse.Namespace) -> dict[str, Any]:
    """By page and way: the seconds that a visitor waits, and what the work beside it took."""
    helper = _Helper(home)
    began, used = time.perf_counter(), time.process_time()
    helper.wait()
    warmed = {
        "seconds": time.perf_counter() - began, "processor": time.process_time() - used,
        "memory_megabytes": _peak_megabytes(),
    }  # fmt: skip
    _tell("warmed", warmed)
    waits: dict[str, Waits] = {"started": _open_all("started")}
    _let_come(helper, NEW_FILES)
    waits["new files"] = helper.during(lambda: _open_all("new files"))
    _let_come(helper, 1)
    waits["leaving"] = helper.during(_open_all_as_somebody_leaves)
    helper.during(_merge)
    waits["merged"] = _open_all("merged")
    helper.stop()
    return {
        "warmed": warmed, "waits": waits, "failures": helper.failures,
        "memory_megabytes": _peak_megabytes(),
    }  # fmt: skip


def print_waits(size: int, asked: dict[str, Any], told: dict[str, Any]) -> None:
    """A line for each page: the seconds of the first opening in each way, and the worst of all."""
    ways = told["waits"]
    titles = ["not kept", *ways, "worst"]
    print(f"{f'{size} M, waits':18}{''.join(f'{title:>12}' for title in titles)}")
    for name, seconds in asked["anew"].items():
        worst = max(way[name]["worst"] for way in ways.values())
        shown = [seconds, *(way[name]["first"] for way in ways.values()), worst]
        print(f"{name:18}{''.join(f'{one:12.3f}' for one in shown)}")
    print(f"beside: {json.dumps(told['warmed'])}; failures {told['failures']}", flush=True)


class _Helper:
    """The thread that works answers out, and when it has no more to do."""

    def __init__(self, home: Path) -> None:
        open_home(home)
        from privet.insight.asking import ANSWERER
        from privet.insight.warming import FILE, Warmer, WarmPoint

        self.clock = ANSWERER.clock = Shifted()
        self._done = threading.Event()

        def reach(point: WarmPoint) -> None:
            if point is WarmPoint.DONE:
                self._done.set()

        self._warmer = Warmer(ANSWERER, file=home / FILE, reach=reach)
        self._warmer.start()

    @property
    def failures(self) -> int:
        return self._warmer.failures

    def wait(self) -> None:
        """Until it has done all it finds to do from now on."""
        self._done.clear()
        if not self._done.wait(_LONGEST_SECONDS):
            raise TimeoutError

    def during(self, work: Callable[[], Any]) -> Any:
        """Let something happen, and let the helper do what it makes due."""
        found = work()
        self.wait()
        return found

    def stop(self) -> None:
        """End it."""
        self._warmer.stop()


def _openings() -> dict[str, Callable[[], None]]:
    from bench.dashboards_pages import PAGES, question_of
    from privet.insight.answers import begin_noting
    from privet.insight.rules import Period

    usual = question_of(Period(first=LAST_DAY - timedelta(days=USUAL_DAYS - 1), last=LAST_DAY))

    def opening(name: str) -> Callable[[], None]:
        def open_page() -> None:
            begin_noting()
            PAGES[name](usual)

        return open_page

    return {name: opening(name) for name in PAGES}


def _open_all(way: str) -> Waits:
    """By page: the first, median and worst of openings, and how often it told its age."""
    from privet.insight.answers import noted_here

    waits: Waits = {}
    for name, opening in _openings().items():
        seconds, lagged = [], 0
        for _ in range(_TIMES):
            seconds.append(_seconds(opening))
            lagged += noted_here().behind is not None
        waits[name] = {
            "first": seconds[0], "seconds": sorted(seconds)[_TIMES // 2], "worst": max(seconds),
            "lagged": lagged,
        }  # fmt: skip
    _tell(way, waits)
    return waits


def _open_all_as_somebody_leaves() -> Waits:
    from bench.dashboards_openings import WITHDRAWN_USES, learners_of
    from privet.events.service import withhold

    leaving = learners_of(LAST_DAY - timedelta(days=USUAL_DAYS - 1), LAST_DAY)
    withhold(subjects=[next(leaving)], uses=WITHDRAWN_USES, by="bench")
    return _open_all("leaving")


def _let_come(helper: _Helper, files: int) -> None:
    """Events of the last day that look like others of it, and a while passes."""
    from privet.events.lake import default_lake

    lake = default_lake()
    one = next(file for file in lake.files() if file.day == LAST_DAY and file.rows > NEW_ROWS)
    rows = lake.store.read(one.path)
    for number in range(files):
        some = rows.slice(number * NEW_ROWS % (len(rows) - NEW_ROWS), NEW_ROWS)
        with lake.turn() as turn:
            turn.commit(add=[lake.store.write(some, day=LAST_DAY, level=0)])
    helper.clock.advance(LATER)


def _merge() -> None:
    """The small files of the last day; that day is not over yet."""
    from privet.events.compaction import compact
    from privet.events.lake import default_lake

    default_lake().clock = Shifted()
    if not compact(default_lake()):
        raise RuntimeError


def _tell(what: str, found: object) -> None:
    """A run at 100 million takes long, and may be ended before it can say everything."""
    print(f"{what}: {json.dumps(found)}", file=sys.stderr, flush=True)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
