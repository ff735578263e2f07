"""Every figure is the same whether rollups are ready, half ready or not there at all."""

from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from math import isclose
from pathlib import Path
from typing import Any

import pytest

from privet.catalogue.uses import Use
from privet.events.lake import Lake
from privet.events.query import Scope, query
from privet.events.rollup_build import measure_progress, refresh_rollups
from privet.events.rollups import find_rollup
from privet.events.service import release, withhold
from privet.events.statements import find_statement, registered_names
from privet.kernel.clock import FixedClock
from privet.kernel.config import read_config
from privet.kernel.crypto import KeyRing
from privet.network.service import open_network
from privet.simulate.service import Means, simulate_into_lake, want

pytestmark = pytest.mark.django_db
LAST = date(2026, 9, 14)
FIRST = LAST - timedelta(days=20)
NOW = datetime(2026, 9, 15, 12, tzinfo=UTC)
GIVEN: dict[str, Any] = {
    "start": FIRST, "end": LAST, "grain": "week", "days_away": 7, "pass_share": 0.5,
    "began": NOW - timedelta(days=20), "ended": NOW, "experiment": "next-unit-link",
    "outcome": "link_click", "target": ".*", "search": "search", "social": "social",
}  # fmt: skip


def answer(lake: Lake, name: str) -> list[tuple[Any, ...]]:
    statement = find_statement(name)
    uses = {find_rollup(table).use for table in statement.reads - {"events"}} or {Use.ANALYTICS}
    given = {key: GIVEN.get(key, "") for key in statement.parameters}
    found = query(name, use=min(uses), scope=Scope(), by="test", lake=lake, **given)
    return sorted(found.rows, key=repr)


def answers(lake: Lake, names: list[str]) -> dict[str, list[tuple[Any, ...]]]:
    return {name: answer(lake, name) for name in names}


def same(one: Any, other: Any) -> bool:
    """Equal, but for the last digits of sums of fractions."""
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=1e-9)
    return bool(one == other)


def test_every_figure_is_the_same_with_and_without_rollups(tmp_path: Path) -> None:
    clock = FixedClock(NOW)
    lake = Lake(str(tmp_path / "lake"), locks=tmp_path / "locks", clock=clock)
    means = Means(keys=KeyRing(tmp_path / "keys"), network=open_network(read_config()))
    wanted = want(learners=120, seed=3, days=21, courses=2, last_day=LAST)
    simulate_into_lake(wanted, lake=lake, means=means, by="test", is_linked=False)
    (first, *_) = lake.files()
    people = lake.store.read(first.path, ["subject"])["subject"].unique().to_pylist()
    ours = {path.name.removesuffix(".sql") for path in files("privet.insight.sql").iterdir()}
    names = [
        name
        for name in registered_names()
        if name in ours and find_statement(name).reads - {"events"}
    ]
    assert len(names) > 30
    bare = answers(lake, names)
    clock.advance(timedelta(minutes=3))
    while refresh_rollups(lake):
        pass
    progress = measure_progress(lake)
    assert progress.ready == progress.wanted > 100
    for name, rows in answers(lake, names).items():
        assert same(rows, bare[name]), name
    withhold(subjects=people[:20], uses=Use.ANALYTICS, by="test", clock=clock)
    release(subjects=people[10:20], uses=Use.ANALYTICS, by="test", clock=clock)
    ready = answers(lake, names)
    away = lake.rollups.rename(tmp_path / "away")
    assert away.is_dir()
    for name, rows in answers(lake, names).items():
        assert same(rows, ready[name]), name
    assert ready != bare
