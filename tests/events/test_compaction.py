"""Merging: fewer files, the same rows, sorted by learner."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from privet.events import compaction
from privet.events.compaction import FAN, FILE_ROWS, WHOLE_DAY, compact, is_due, plan, target_rows
from privet.events.lake import Lake
from privet.events.query import reader_of
from privet.events.sweeping import GRACE, Sweeper, checkpoint_if_due, shorten_log
from privet.kernel.clock import FixedClock
from tests.events.rows import ALICE, BOB, NOON, TODAY, all_rows, row, table

AGO = NOON - timedelta(days=5)


def _fill(lake: Lake, times: int, at: object = NOON) -> None:
    for number in range(times):
        lake.append(table(row(number % 7 + 1, at=at), row(ALICE, at=at)))  # type: ignore[arg-type]


def test_a_day_that_is_open_is_merged_when_enough_small_files_lie_there(lake: Lake) -> None:
    _fill(lake, FAN - 1)
    assert not is_due(lake.files(), today=TODAY)
    assert compact(lake) == 0
    _fill(lake, 1)
    before = all_rows(lake)
    assert compact(lake) == FAN
    assert all_rows(lake) == before
    (file,) = lake.files()
    assert (file.level, file.rows) == (1, 2 * FAN)


def test_rows_of_a_run_are_sorted_by_learner_and_then_by_time(lake: Lake) -> None:
    _fill(lake, FAN)
    compact(lake)
    rows = lake.store.read(lake.files()[0].path, ["subject", "time"]).to_pylist()
    order = [(r["subject"], r["time"]) for r in rows]
    assert order == sorted(order)


def test_runs_of_one_level_become_one_of_the_next(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "FAN", 3)
    for _ in range(3):
        _fill(lake, 3)
        compact(lake)
    assert {file.level for file in lake.files()} == {1}
    compact(lake)
    assert {file.level for file in lake.files()} == {2}
    assert lake.count() == 18


def test_a_day_that_is_over_becomes_one_run(lake: Lake) -> None:
    _fill(lake, 3, AGO)
    assert compact(lake) == 3
    assert [file.level for file in lake.files()] == [WHOLE_DAY]
    assert compact(lake) == 0


def test_a_few_late_rows_wait_for_the_daily_pass(lake: Lake) -> None:
    lake.append(table(*(row(n + 1, at=AGO) for n in range(100))))
    compact(lake)
    lake.append(table(row(at=AGO)))
    assert compact(lake) == 0
    assert compact(lake, thoroughly=True) == 2
    assert lake.count() == 101


def test_a_merge_ends_early_when_the_worker_stops(lake: Lake) -> None:
    _fill(lake, 3, AGO)
    assert compact(lake, should_stop=lambda: True) == 0


def test_files_are_cut_between_learners(lake: Lake) -> None:
    rows = table(*(row(n // 10 + 1) for n in range(200)))
    files = lake.store.write_cut(rows, day=TODAY, level=1, run="a" * 12, target_rows=32)
    held = [set(lake.store.read(f.path, ["subject"])["subject"].to_pylist()) for f in files]
    assert sum(file.rows for file in files) == 200
    assert len(files) > 3
    assert all(not one & other for n, one in enumerate(held) for other in held[n + 1 :])


def test_a_learner_who_fills_a_file_alone_is_cut_anyway(lake: Lake) -> None:
    rows = table(*(row(BOB) for _ in range(100)))
    files = lake.store.write_cut(rows, day=TODAY, level=1, run="a" * 12, target_rows=30)
    assert [file.rows for file in files] == [30, 30, 40]


def test_a_large_merge_goes_range_by_range(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "MERGED_AT_ONCE", 50)
    monkeypatch.setattr(compaction, "_SAMPLE", 2)
    for part in range(4):
        lake.append(table(*(row(n * 7919 % 101 + part, at=AGO) for n in range(60))))
    before = all_rows(lake)
    compact(lake)
    assert all_rows(lake) == before
    subjects = [lake.store.read(f.path, ["subject"])["subject"].to_pylist() for f in lake.files()]
    spans = sorted((held[0], held[-1]) for held in subjects)
    assert len(spans) > 2
    assert all(one[1] < other[0] for one, other in pairwise(spans))


@pytest.mark.parametrize(
    ("rows", "size"), [(10, FILE_ROWS), (64 * 100_000, 100_000), (10**12, 1_048_576)]
)
def test_files_are_small_but_not_too_many(rows: int, size: int) -> None:
    assert target_rows(rows) == size


def test_the_plan_begins_with_the_oldest_day(lake: Lake) -> None:
    for days in (3, 9, 5):
        _fill(lake, 2, NOON - timedelta(days=days))
    days = [merge.day for merge in plan(lake.files(), today=TODAY)]
    assert days == sorted(days)
    assert len(days) == 3


def test_replaced_files_stay_for_a_while_and_then_go(lake: Lake, clock: FixedClock) -> None:
    _fill(lake, 3, AGO)
    sweeper = Sweeper(lake)
    compact(lake)
    there = {path for path, _ in lake.store.list_files() if path.startswith("day")}
    assert len(there) == 4
    assert sweeper.sweep() == 0
    clock.advance(GRACE)
    assert sweeper.sweep() == 3
    assert {p for p, _ in lake.store.list_files() if p.startswith("day")} == {lake.files()[0].path}


def test_a_file_that_was_named_meanwhile_is_not_swept(lake: Lake, clock: FixedClock) -> None:
    sweeper = Sweeper(lake)
    written = lake.write_days(table(row()))
    assert sweeper.sweep() == 0
    with lake.turn() as turn:
        turn.commit(add=written)
    clock.advance(GRACE)
    assert sweeper.sweep() == 0
    assert lake.count() == 1


def test_a_checkpoint_is_written_every_hundred_commits_and_shortens_the_log(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    from privet.events import sweeping

    monkeypatch.setattr(sweeping, "CHECKPOINT_EVERY", 5)
    written = []
    for _ in range(12):
        lake.append(table(row()))
        with lake.turn() as turn:
            written.append(checkpoint_if_due(lake, turn))
    assert sum(written) == 2
    log = Path(lake.store.location) / "_delta_log"
    assert shorten_log(lake, grace=timedelta(0)) > 5
    assert len(list(log.glob("*.json"))) < 6
    assert lake.count() == 12


@pytest.mark.django_db
def test_compaction_beside_a_reader_changes_nothing_for_it(lake: Lake) -> None:
    _fill(lake, FAN)
    reader = reader_of(lake)

    def work(connection: object, files: list[object]) -> int:
        compact(lake)
        return len(files)

    assert reader.run(work) == FAN  # type: ignore[arg-type]
