"""A home of its own for a bench of the dashboards: a simulated lake, and its rollups."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

from bench.dashboards_repeat import repeat_lake

DAYS = 90
COURSES = 100
LAST_DAY = date(2026, 10, 31)
SIMULATED = 5_000_000
"""More events than that are so many again and again, of other learners."""
EVENTS_A_LEARNER = {90: 60, 365: 71}
"""About so many events of a simulated learner are kept, by the days that are simulated."""


def environ(home: Path) -> Iterator[tuple[str, str]]:
    """The variables under which everything happens in ``home``."""
    yield "PRIVET_HOME", str(home)
    yield "PRIVET_LAKE", str(home / "lake")
    yield "PRIVET_KEYS", str(home / "keys")
    yield "PRIVET_DATABASE_URL", f"sqlite:///{home / 'state.sqlite3'}"
    yield "DJANGO_SETTINGS_MODULE", "privet.web.settings"


def open_home(home: Path) -> None:
    """Make this process one of the installation in ``home``."""
    os.environ |= dict(environ(home))
    import django
    from django.core.management import call_command

    django.setup()
    if not (home / "state.sqlite3").exists():
        call_command("migrate", verbosity=0)


def make_lake(home: Path, events: int, *, days: int = DAYS) -> dict[str, Any]:
    """Fill a lake with about so many events: simulated, and repeated if they are many."""
    open_home(home)
    from privet.events.lake import Lake, default_lake

    began = time.perf_counter()
    lake = default_lake()
    if events <= SIMULATED:
        learners = _simulate(lake, events, days=days)
    else:
        base = home.parent / f"base-{days}"
        source = Lake(str(base / "lake"), locks=base / "locks")
        if not source.files():
            _simulate(source, SIMULATED, days=days)
        times = -(-events // source.count())
        learners = times * _learners(SIMULATED, days)
        repeat_lake(source, lake, times=times)
    files = lake.files()
    return {
        "events": lake.count(), "learners": learners, "files": len(files),
        "megabytes": sum(file.size_bytes for file in files) / 1e6,
        "seconds": time.perf_counter() - began,
    }  # fmt: skip


def _simulate(lake: Any, events: int, *, days: int) -> int:
    """Let learners do about so many things; returns how many learners."""
    from privet.kernel.config import read_config
    from privet.kernel.crypto import KeyRing
    from privet.network.service import open_network
    from privet.simulate.service import Means, simulate_into_lake, want

    config = read_config()
    with ExitStack() as stack:
        network = open_network(config)
        if hasattr(network, "__exit__"):
            stack.enter_context(network)
        report = simulate_into_lake(
            want(learners=_learners(events, days), seed=7, days=days, courses=COURSES,
                 last_day=LAST_DAY),
            lake=lake, means=Means(keys=KeyRing(config.keys), network=network), by="bench",
            is_linked=False,
        )  # fmt: skip
    return report.learners


def _learners(events: int, days: int) -> int:
    return max(1, events // _events_a_learner(days))


def _events_a_learner(days: int) -> int:
    return next((n for most, n in EVENTS_A_LEARNER.items() if days <= most), 71)


def make_rollups(home: Path) -> dict[str, Any]:
    """Bring all rollups up to date, as the worker does in the background."""
    open_home(home)
    from datetime import timedelta

    from privet.events.lake import Lake
    from privet.events.query import register_rollups
    from privet.events.rollup_build import refresh_rollups
    from privet.kernel.clock import FixedClock, SystemClock

    register_rollups("privet.insight.rollups")
    # The files were written just now; in an hour every day has settled.
    later = FixedClock(SystemClock().now() + timedelta(hours=1))
    lake = Lake(str(home / "lake"), locks=home / "locks", clock=later)
    began = time.perf_counter()
    made = 0
    while now := refresh_rollups(lake):
        made += now
    sizes = [path.stat().st_size for path in (home / "rollups").glob("*/*")]
    return {
        "made": made, "megabytes": sum(sizes) / 1e6, "seconds": time.perf_counter() - began,
    }  # fmt: skip
