"""The table: files that Privet writes, commits on the version that was looked at."""

import json
import threading
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable

from privet.events.errors import CommitConflictError, LakeBusyError
from privet.events.lake import Lake, default_lake
from privet.events.schema import lake_schema
from privet.events.turns import Turns
from privet.kernel.clock import FixedClock
from tests.events import children
from tests.events.rows import ALICE, BOB, NOON, TODAY, all_rows, make_lake, row, table


def test_what_is_appended_can_be_read_by_any_reader_of_delta(lake: Lake) -> None:
    lake.append(table(row(), row(BOB, at=NOON - timedelta(days=1))))
    delta = DeltaTable(lake.store.location)
    rows = pa.table(delta.to_pyarrow_dataset().to_table())
    assert sorted(rows["subject"].to_pylist()) == [ALICE, BOB]
    assert set(rows["day"].to_pylist()) == {TODAY, TODAY - timedelta(days=1)}


def test_a_lake_that_was_never_written_to_is_empty(lake: Lake) -> None:
    assert lake.files() == []
    assert lake.version() == -1
    assert lake.count() == 0


def test_each_day_is_a_directory(lake: Lake) -> None:
    days = [NOON - timedelta(days=n) for n in (2, 0, 1, 2)]
    lake.append(table(*(row(at=day) for day in days)))
    assert sorted((f.day, f.rows) for f in lake.files()) == [
        (TODAY - timedelta(days=2), 2), (TODAY - timedelta(days=1), 1), (TODAY, 1),
    ]  # fmt: skip
    assert all(f.path.startswith(f"day={f.day}/") for f in lake.files())


def test_the_tables_log_names_no_pseudonym(lake: Lake) -> None:
    lake.append(table(row()))
    with lake.turn() as turn:
        turn.checkpoint()
    log = Path(lake.store.location) / "_delta_log"
    assert str(ALICE) not in "".join(p.read_text() for p in log.glob("*.json"))
    checkpoint = pa.parquet.read_table(next(log.glob("*.checkpoint.parquet")))
    assert str(ALICE) not in json.dumps(checkpoint.to_pylist(), default=str)


def test_a_commit_says_which_segments_are_in_it(lake: Lake) -> None:
    with lake.turn() as turn:
        assert turn.last_loaded("log-1") == -1
        turn.commit(add=lake.write_days(table(row())), loaded={"log-1": 7, "log-2": 3})
    with lake.turn() as turn:
        assert (turn.last_loaded("log-1"), turn.last_loaded("log-2")) == (7, 3)


def test_a_commit_beside_another_writer_writes_nothing(lake: Lake, tmp_path: Path) -> None:
    lake.append(table(row()))
    stranger = Lake(lake.store.location, locks=tmp_path / "other-locks", clock=FixedClock(NOON))
    with lake.turn() as turn:
        stranger.append(table(row(BOB)))
        with pytest.raises(CommitConflictError, match="Try again"):
            turn.commit(add=lake.write_days(table(row())))
    assert lake.count() == 2
    assert lake.append(table(row())) == 3


def test_a_reader_whose_log_was_cleaned_up_opens_the_table_anew(lake: Lake, tmp_path: Path) -> None:
    reader = Lake(lake.store.location, locks=tmp_path / "locks")
    lake.append(table(row()))
    assert reader.count() == 1
    for _ in range(3):
        lake.append(table(row()))
    with lake.turn() as turn:
        turn.checkpoint()
    log = Path(lake.store.location) / "_delta_log"
    for path in sorted(log.glob("*.json"))[:-1]:
        path.unlink()
    assert reader.count() == 4


def test_a_second_writer_waits_for_its_turn(lake: Lake) -> None:
    order: list[str] = []
    inside, started = threading.Event(), threading.Event()

    def second() -> None:
        started.set()
        with lake.turn():
            order.append("second")

    with lake.turn():
        thread = threading.Thread(target=second)
        thread.start()
        assert started.wait(300)
        inside.wait(0.05)
        order.append("first")
    thread.join(300)
    assert order == ["first", "second"]


def test_who_waits_too_long_for_a_turn_is_told_so(tmp_path: Path) -> None:
    impatient = Turns(tmp_path, patience_seconds=0.02)
    with Turns(tmp_path).turn(), pytest.raises(LakeBusyError, match="hangs"), impatient.turn():
        pass


def test_turns_alternate_however_busy_one_writer_is(tmp_path: Path) -> None:
    turns, taken = Turns(tmp_path), []
    stop = threading.Event()

    def busy() -> None:
        while not stop.is_set():
            with turns.turn():
                taken.append("busy")

    thread = threading.Thread(target=busy)
    thread.start()
    try:
        for _ in range(5):
            with turns.turn():
                taken.append("rare")
    finally:
        stop.set()
        thread.join(300)
    assert taken.count("rare") == 5


def test_a_torn_last_commit_is_taken_away(lake: Lake, tmp_path: Path) -> None:
    lake.append(table(row()))
    lake.append(table(row(BOB)))
    last = Path(lake.store.location) / "_delta_log" / f"{2:020d}.json"
    last.write_bytes(last.read_bytes()[:40])
    again = make_lake(tmp_path)
    again.append(table(row(BOB)))
    assert [found["subject"] for found in all_rows(again)] == [ALICE, BOB]


def test_a_torn_checkpoint_is_taken_away(lake: Lake, tmp_path: Path) -> None:
    lake.append(table(row()))
    with lake.turn() as turn:
        turn.checkpoint()
    log = Path(lake.store.location) / "_delta_log"
    checkpoint = next(log.glob("*.checkpoint.parquet"))
    checkpoint.write_bytes(checkpoint.read_bytes()[:100])
    again = make_lake(tmp_path)
    again.append(table(row(BOB)))
    assert again.count() == 2
    assert not checkpoint.exists()


@pytest.mark.parametrize("content", [b"", b'{"version":', b"[1]"])
def test_a_torn_hint_at_the_checkpoint_is_taken_away(
    lake: Lake, tmp_path: Path, content: bytes
) -> None:
    lake.append(table(row()))
    with lake.turn() as turn:
        turn.checkpoint()
    hint = Path(lake.store.location) / "_delta_log" / "_last_checkpoint"
    hint.write_bytes(content)
    again = make_lake(tmp_path)
    again.append(table(row(BOB)))
    assert again.count() == 2


def test_a_column_that_the_catalogue_gained_is_added_to_the_table(tmp_path: Path) -> None:
    old = lake_schema()
    fewer = pa.schema([f for f in old if f.name not in ("device", "campaign")])
    DeltaTable.create(str(tmp_path / "lake"), fewer, partition_by=["day"])
    lake = make_lake(tmp_path)
    lake.append(table(row()))
    assert set(DeltaTable(lake.store.location).schema().to_arrow().names) == set(old.names)


@pytest.mark.django_db
def test_the_lake_may_lie_behind_a_url(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    lake = Lake(f"file://{tmp_path}/far", locks=tmp_path / "locks", clock=FixedClock(NOON))
    lake.append(table(row(), row(BOB, at=NOON - timedelta(days=1))))
    assert lake.store.local is None
    assert [found["subject"] for found in all_rows(lake)] == [BOB, ALICE]
    assert lake.store.remove(["day=2026-09-15/none.parquet"]) == 0


def test_the_default_lake_is_the_installations() -> None:
    assert default_lake() is default_lake()


def test_two_processes_write_and_none_loses_a_row(tmp_path: Path) -> None:
    writers = [children.start("append", tmp_path, str(number), "10") for number in (1, 2)]
    for writer in writers:
        writer.communicate(timeout=600)
    assert [writer.returncode for writer in writers] == [0, 0]
    lake = make_lake(tmp_path)
    assert sorted(found["subject"] for found in all_rows(lake)) == [1] * 10 + [2] * 10
    assert lake.version() == 20
