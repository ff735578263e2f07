"""How long a decision takes to be in force: in the ledger, in the collector, in the lake's view.

Run it: ``make bench NAME=decision``. Everything is the product's own: SQLite as it is set up, the
poller at its own interval, the lake's view, the collector's gate. No peer knows such a path: beside
the figures stands how many times they are within their limits.
"""

import json
import os
import platform
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles
from typing import Any

DECISIONS = 400
EFFECTS = 25
WRITERS = 4
ROWS = 20_000
LIMIT_MS = 1_000
"""Until collector and lake obey a decision."""
LIMIT_GATE_US = 2


def main() -> None:
    """Measure in an installation that is made for it and thrown away."""
    with tempfile.TemporaryDirectory() as directory:
        os.environ["PRIVET_HOME"] = directory
        os.environ["DJANGO_SETTINGS_MODULE"] = "privet.web.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        found = _measure(Path(directory))
        for name, figures in found.items():
            print(f"{name:26}{json.dumps(figures)}")
        print(json.dumps(_sum_up(found)))


def _measure(home: Path) -> dict[str, Any]:
    from bench.collector_gate import gate_microseconds

    return {
        "one_writer": _decisions(writers=1),
        f"{WRITERS}_writers": _decisions(writers=WRITERS),
        "queries_a_decision": _queries(),
        "decision_to_collector_ms": _to_collector(),
        "decision_to_lake_view_ms": _to_lake(home),
        "gate_us_per_event": gate_microseconds(),
    }


def _sum_up(found: dict[str, Any]) -> dict[str, Any]:
    slowest = max(found[f"decision_to_{place}_ms"]["max"] for place in ("collector", "lake_view"))
    times_within = {
        "effect": round(LIMIT_MS / slowest, 1),
        "gate": round(LIMIT_GATE_US / found["gate_us_per_event"], 1),
    }
    machine = f"{platform.machine()}, {os.cpu_count()} cores"
    return {
        "bench": "decision", "ratio": None, "peer": None, "times_within_limit": times_within,
        **found, "machine": machine,
    }  # fmt: skip


def _decide(name: str, *, yes: bool) -> None:
    from privet.consent.ledger import Control, Layer
    from privet.consent.notices import current_words
    from privet.consent.rules import ALL_CHOICES, Answers
    from privet.consent.service import Asked, record_decision
    from privet.kernel.clock import SystemClock

    clock = SystemClock()
    asked = Asked(
        answers=Answers(ALL_CHOICES, ALL_CHOICES if yes else type(ALL_CHOICES)(0)),
        shown=current_words("en", clock=clock).shown,
        control=Control.CHOOSE,
        layer=Layer.BANNER,
    )
    record_decision(who=_who(name), asked=asked, by="learner", clock=clock)


def _who(name: str) -> Any:
    from privet.consent.person import Who
    from privet.kernel.config import read_config
    from privet.kernel.crypto import KeyRing, person_key

    link = KeyRing(read_config().keys).link_key()
    return Who(site="s", key=person_key(link, "s", name), birth_year=1990, country="ES")


def _decisions(*, writers: int) -> dict[str, float]:
    def one(number: int) -> float:
        began = time.perf_counter()
        _decide(f"{writers}-{number}", yes=True)
        return (time.perf_counter() - began) * 1e3

    _decide("first", yes=True)
    began = time.perf_counter()
    with ThreadPoolExecutor(writers) as pool:
        took = list(pool.map(one, range(DECISIONS)))
    seconds = time.perf_counter() - began
    return {
        "per_second": round(DECISIONS / seconds, 1),
        "median_ms": round(median(took), 1),
        "p99_ms": round(quantiles(took, n=100)[98], 1),
    }


def _queries() -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        _decide("counted", yes=True)
    return len(seen)


def _to_collector() -> dict[str, float]:
    """From the call of the decision until the poller's snapshot knows it."""
    from privet.consent.snapshot import Snapshot, SnapshotPoller
    from privet.kernel.config import read_config
    from privet.kernel.crypto import KeyRing

    snapshot = Snapshot(keys=KeyRing(read_config().keys))
    poller = SnapshotPoller(snapshot)
    poller.start()
    key = _who("collector").key

    def allows() -> bool:
        standing = snapshot.standing(key)
        return standing is not None and standing.choices > 0

    try:
        return _alternate("collector", allows)
    finally:
        poller.stop()


def _to_lake(home: Path) -> dict[str, float]:
    """From the call of the withdrawal until a query no longer shows the person's rows."""
    from privet.accounts.subjects import subjects_for
    from privet.events.record import Actor
    from privet.kernel.clock import SystemClock

    took = []
    clock = SystemClock()
    names = [f"lake-{number}" for number in range(EFFECTS)]
    subjects = subjects_for([Actor(_who(name).key) for name in names])
    lake = _fill(home, subjects)
    for name in names:
        _decide(name, yes=True)
    left = len(_seen(lake))
    for name in names:
        began = clock.now()
        _decide(name, yes=False)
        while len(_seen(lake)) >= left:
            pass
        took.append((clock.now() - began).total_seconds() * 1e3)
        left -= 1
    return {"median": round(median(took), 1), "max": round(max(took), 1)}


def _fill(home: Path, subjects: Any) -> Any:
    from tests.events.rows import row, table

    from privet.catalogue.uses import Use
    from privet.events.lake import Lake
    from privet.events.query import register_queries

    register_queries("tests.events.sql")
    lake = Lake(str(home / "lake"), locks=home / "locks")
    each = ROWS // len(subjects)
    lake.append(
        table(*(row(who, uses=int(Use.ANALYTICS)) for who in subjects for _ in range(each)))
    )
    return lake


def _seen(lake: Any) -> set[int]:
    from tests.events.rows import subjects_seen

    return subjects_seen(lake)


def _alternate(name: str, allows: Callable[[], bool]) -> dict[str, float]:
    took = []
    for number in range(EFFECTS):
        yes = number % 2 == 0
        began = time.perf_counter()
        _decide(name, yes=yes)
        while allows() is not yes:
            time.sleep(0.001)
        took.append((time.perf_counter() - began) * 1e3)
    return {"median": round(median(took), 1), "max": round(max(took), 1)}


if __name__ == "__main__":
    main()
