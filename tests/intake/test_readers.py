"""Readers beside a loader and the upkeep, each in a process of its own, lose nothing."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from subprocess import Popen

import pytest

from privet.catalogue.uses import Use
from privet.events.query import Scope, query, register_queries
from privet.kernel.clock import SystemClock, to_micros
from privet.kernel.config import Config
from tests.intake import loading_child
from tests.intake.loading import batch, entry, make_config, make_lake, write

pytestmark = pytest.mark.django_db
register_queries("tests.events.sql")
OLD, ROUNDS, EACH = 100, 12, 25
_COLUMNS = ("session",)


@contextmanager
def running(home: Path, what: str) -> Iterator[Popen[str]]:
    child = loading_child.start(home, what)
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def read_sessions(config: Config) -> Callable[[], list[int]]:
    """Reads the numbers of all events that analytics may see, by one handle of the lake."""
    lake = make_lake(config, SystemClock())
    today = SystemClock().now().date()

    def read() -> list[int]:
        found = query(
            "all_columns", use=Use.ANALYTICS, scope=Scope(), by="test", lake=lake,
            start=today - timedelta(days=400), end=today,
        )  # fmt: skip
        place = found.columns.index("session")
        return [row[place] for row in found.rows]

    return read


def test_the_daily_pass_and_vacuum_beside_a_running_loader_lose_no_reader(tmp_path: Path) -> None:
    loading_child.make_home(tmp_path / "home")
    config = make_config(tmp_path / "home")
    now = SystemClock().now()
    about_to_expire, fresh = to_micros(now - timedelta(days=380)), to_micros(now)
    write(config, batch(*(entry(-n, at=about_to_expire) for n in range(1, OLD + 1))))
    with running(config.home, "-") as loader:
        assert loader.stdout is not None
        assert loader.stdout.readline() == "idle\n"
        read = read_sessions(config)
        assert sorted(read()) == list(range(-OLD, 0))
        removed: list[int] = []
        with running(config.home, loading_child.PASS) as upkeep:
            watcher = threading.Thread(target=_watch, args=(upkeep, removed))
            watcher.start()
            known: set[int] = set()
            for number in range(1, ROUNDS + 1):
                first = number * EACH
                write(config, batch(*(entry(n, at=fresh) for n in range(first, first + EACH))))
                passes = len(removed)
                while len(removed) < passes + 1 and upkeep.poll() is None:
                    found = read()
                    assert len(found) == len(set(found)), "an event is there twice"
                    assert known <= set(found), "a reader lost events that it had seen"
                    known = {n for n in found if n > 0}
            assert (upkeep.poll(), loader.poll()) == (None, None)
        watcher.join()
        assert loader.stdout.readline() == "idle\n"
        while not len(set(read())) >= ROUNDS * EACH:
            loader.stdout.readline()
    assert sum(removed) == OLD, "the pass removed something else than what had expired"
    assert sorted(read()) == list(range(EACH, (ROUNDS + 1) * EACH))


def _watch(upkeep: "Popen[str]", removed: list[int]) -> None:
    assert upkeep.stdout is not None
    removed += []
    for line in upkeep.stdout:
        removed.append(int(line))
