"""Rollups in the background: made when a day has settled, removed when nothing reads them."""

from datetime import timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from privet.catalogue.uses import Use
from privet.events import rollups
from privet.events.compaction import compact
from privet.events.engine import Engine
from privet.events.erased import ErasedMarks
from privet.events.erasure import Erasing, run_erasure_pass
from privet.events.lake import Lake
from privet.events.personal_data import EventsHolder
from privet.events.proof import prove
from privet.events.rollup_build import (
    find_due,
    make,
    measure_progress,
    refresh_rollups,
)
from privet.events.rollup_files import list_rollup, rollup_paths
from privet.events.rollups import find_rollup
from privet.events.service import erase_subjects, withhold
from privet.events.tombstones import mark_of_person
from privet.events.upkeep import run_daily_pass
from privet.holder import Person
from privet.kernel.clock import FixedClock
from privet.kernel.crypto import KeyRing
from tests.events.rolling import acts, files_of, roll_up
from tests.events.rows import ALICE, ANALYTICS, BOB, NOON, TODAY, row, table

pytestmark = pytest.mark.django_db
PAST = NOON - timedelta(days=9)


@pytest.fixture
def places(lake: Lake, tmp_path: Path) -> Erasing:
    return Erasing(
        lake=lake, log=tmp_path / "log", quarantine=tmp_path / "quarantine",
        keys=KeyRing(tmp_path / "keys"),
    )  # fmt: skip


def erase(places: Erasing, *subjects: int) -> None:
    erase_subjects(subjects=subjects, person_keys=[b"a" * 16], by="test",
                   clock=places.lake.clock, keys=places.keys)  # fmt: skip


def held_in(paths: list[Path]) -> set[int]:
    return {s for path in paths for s in pq.read_table(path)["subject"].to_pylist()}


def test_a_day_is_made_when_it_has_settled(lake: Lake, clock: FixedClock) -> None:
    lake.append(table(row(ALICE)))
    assert refresh_rollups(lake) == 0
    clock.advance(timedelta(minutes=3))
    assert refresh_rollups(lake) == 2
    assert refresh_rollups(lake) == 0


def test_the_newest_days_come_first(lake: Lake, clock: FixedClock) -> None:
    lake.append(table(*(row(ALICE, at=NOON - timedelta(days=day)) for day in (7, 0, 3))))
    clock.advance(timedelta(minutes=3))
    days = [max(due.digests) for due in find_due(lake)]
    assert days == sorted(days, reverse=True)
    assert days[0] == TODAY


def test_a_day_that_is_being_written_is_made_of_what_was_merged(
    lake: Lake, clock: FixedClock
) -> None:
    for _ in range(24):
        lake.append(table(*(row(n) for n in range(1, 20))))
    compact(lake)
    clock.advance(timedelta(minutes=3))
    lake.append(table(row(ALICE)))
    assert refresh_rollups(lake) == 2
    assert len(acts(lake)) == 20


def test_a_file_is_sorted_readable_to_its_owner_alone_and_says_what_it_is(
    lake: Lake, clock: FixedClock
) -> None:
    lake.append(table(*(row(n, course=f"c{n % 3}") for n in range(9, 0, -1))))
    roll_up(lake, clock)
    (path,) = files_of(lake)
    rows = pq.read_table(path)
    order = list(zip(*(rows[c].to_pylist() for c in ("institution", "course", "subject")),
                     strict=True))  # fmt: skip
    assert order == sorted(order)
    assert path.stat().st_mode & 0o077 == 0
    assert path.name.startswith(f"{TODAY}.{TODAY}.")
    (file,) = list_rollup(lake.rollups, "day_acts")
    assert file.days[TODAY].rows == rows.num_rows == 9


def test_days_that_will_lie_together_are_made_together(lake: Lake, clock: FixedClock) -> None:
    lake.append(table(*(row(at=NOON - timedelta(days=day)) for day in range(9, 16))))
    assert roll_up(lake, clock) == 2
    (file,) = list_rollup(lake.rollups, "day_acts")
    assert len(file.days) == 7


def test_many_rows_are_written_in_parts(lake: Lake, clock: FixedClock) -> None:
    rows = table(row())
    many = pa.concat_tables([rows] * 130_000).combine_chunks()
    subjects = pa.array(range(1, 130_001), pa.int64())
    many = many.set_column(many.schema.get_field_index("subject"), "subject", subjects)
    lake.append(many.cast(rows.schema))
    roll_up(lake, clock)
    (path,) = files_of(lake)
    assert pq.read_metadata(path).num_row_groups == 2
    assert len(acts(lake)) == 130_000


def test_a_file_that_goes_while_it_is_listed_is_no_fault(lake: Lake, clock: FixedClock) -> None:
    lake.append(table(row()))
    roll_up(lake, clock)
    gone = files_of(lake)[0].with_name(f"{TODAY}.{TODAY}.{'0' * 12}.{'1' * 12}.parquet")
    gone.symlink_to(lake.rollups / "nowhere")
    assert len(list_rollup(lake.rollups, "day_acts")) == 1
    assert len(acts(lake)) == 1


def test_large_days_are_made_in_parts(lake: Lake, clock: FixedClock) -> None:
    lake.append(table(*(row(at=NOON - timedelta(days=day)) for day in range(9, 16))))
    clock.advance(timedelta(minutes=3))
    sizes = [len(due.digests) for due in find_due(lake, rows_at_once=2)]
    assert sorted(sizes, reverse=True) == [2] * 6 + [1] * 2


def test_the_work_goes_on_where_it_stopped(lake: Lake, clock: FixedClock) -> None:
    lake.append(table(*(row(at=NOON - timedelta(days=day)) for day in range(4))))
    clock.advance(timedelta(minutes=3))
    assert refresh_rollups(lake, should_stop=lambda: True) == 0
    assert refresh_rollups(lake, at_most_seconds=0) == 1
    assert measure_progress(lake).ready == 1
    assert measure_progress(lake).wanted == 8
    assert refresh_rollups(lake) == 7
    assert measure_progress(lake).ready == 8


def test_two_workers_make_a_file_once(lake: Lake, clock: FixedClock) -> None:
    lake.append(table(row()))
    clock.advance(timedelta(minutes=3))
    both = find_due(lake), find_due(lake)
    assert [make(lake, due) for due in both[0]] == [True, True]
    assert [make(lake, due) for due in both[1]] == [False, False]
    assert len(rollup_paths(lake.rollups)) == 2


def test_what_was_rewritten_meanwhile_is_not_made(lake: Lake, clock: FixedClock) -> None:
    lake.append(table(row(at=PAST), row(BOB, at=PAST)))
    lake.append(table(row(at=PAST)))
    clock.advance(timedelta(minutes=3))
    due = find_due(lake)
    compact(lake, thoroughly=True)
    assert not any(make(lake, one) for one in due)
    assert rollup_paths(lake.rollups) == []


def test_a_file_of_the_lake_that_is_gone_ends_only_this_attempt(
    lake: Lake, clock: FixedClock
) -> None:
    lake.append(table(row()))
    clock.advance(timedelta(minutes=3))
    (Path(lake.store.location) / lake.files()[0].path).unlink()
    assert refresh_rollups(lake) == 0
    assert rollup_paths(lake.rollups) == []


def test_what_fits_no_more_and_drafts_are_removed(lake: Lake, clock: FixedClock) -> None:
    lake.append(table(row(at=PAST)))
    lake.append(table(row(BOB, at=PAST)))
    roll_up(lake, clock)
    left = files_of(lake)[0].with_name(".draft-1-dead")
    left.write_bytes(b"half")
    elsewhere = lake.rollups / "of_yesteryear" / files_of(lake)[0].name
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(files_of(lake)[-1].read_bytes())
    before = set(rollup_paths(lake.rollups))
    compact(lake, thoroughly=True)
    roll_up(lake, clock)
    after = set(rollup_paths(lake.rollups))
    assert before & after == set()
    assert len(after) == 2


def test_a_text_that_changed_is_made_anew(lake: Lake, clock: FixedClock) -> None:
    lake.append(table(row()))
    roll_up(lake, clock)
    made = files_of(lake)
    text = find_rollup("day_acts").text + "-- said otherwise\n"
    changed = rollups.check_rollup("day_acts", text)
    assert acts(lake)
    from privet.events.rollup_files import fitting, mark_of, split_days

    days = split_days(lake.files())
    assert fitting(lake.rollups, changed, days) == {}
    assert mark_of(changed) != mark_of(find_rollup("day_acts"))
    assert files_of(lake) == made


def test_an_erasure_takes_the_rollups_of_what_it_rewrites(
    lake: Lake, clock: FixedClock, places: Erasing
) -> None:
    lake.append(table(row(ALICE), row(BOB), row(BOB, at=PAST)))
    roll_up(lake, clock)
    assert held_in(rollup_paths(lake.rollups)) == {ALICE, BOB}
    erase(places, ALICE)
    done = run_erasure_pass(by="test", places=places)
    assert done is not None
    assert done.proof.holds
    assert done.proof.rollups_decoded == 2
    assert held_in(rollup_paths(lake.rollups)) == {BOB}


def test_the_proof_decodes_rollups_and_drafts(
    lake: Lake, clock: FixedClock, places: Erasing
) -> None:
    lake.append(table(row(ALICE), row(BOB)))
    roll_up(lake, clock)
    one = files_of(lake)[0]
    draft = one.with_name(".draft-9-9")
    draft.write_bytes(one.read_bytes())
    marks = ErasedMarks(places.keys)

    def found() -> int:
        return prove(lake, subjects={ALICE}, marks=marks, log=places.log,
                     quarantine=places.quarantine).found  # fmt: skip

    assert found() == 1 + 3
    for path in (*files_of(lake), *files_of(lake, "day_steps")):
        path.unlink()
    assert found() == 1


def test_the_proof_finds_a_third_person_named_in_a_rollup(
    lake: Lake, clock: FixedClock, places: Erasing
) -> None:
    lake.append(table(row(BOB, page_path=(b"a" * 16).hex()), row(BOB, page_path="/")))
    roll_up(lake, clock)
    erase(places, ALICE)
    marks = ErasedMarks(places.keys)
    assert marks.has_person(b"a" * 16)
    assert mark_of_person(places.keys, b"a" * 16)
    proof = prove(lake, subjects={ALICE}, marks=marks, log=places.log,
                  quarantine=places.quarantine)  # fmt: skip
    assert proof.found == 1


def test_the_daily_pass_takes_the_rollups_of_what_it_rewrites(
    lake: Lake, clock: FixedClock, places: Erasing
) -> None:
    lake.append(table(row(ALICE, uses=int(ANALYTICS | Use.SECURITY)), row(BOB, at=PAST)))
    roll_up(lake, clock)
    withhold(subjects=[ALICE], uses=ANALYTICS, by="test")
    run_daily_pass(lake=lake, keys=places.keys, sealed_days=30)
    assert held_in(rollup_paths(lake.rollups)) == {BOB}


def test_the_holder_names_rollups_and_looks_into_them(
    lake: Lake, clock: FixedClock, places: Erasing
) -> None:
    holder = EventsHolder(places)
    lake.append(table(row(ALICE), row(BOB)))
    roll_up(lake, clock)
    one = files_of(lake)[0]
    alice = Person(account_id=None, subjects=frozenset({ALICE}), person_keys=frozenset({b"a" * 16}))
    assert any("day_acts" in kept.what for kept in holder.describe())
    copy = one.read_bytes()
    holder.erase([alice], by="test")
    assert holder.verify([alice])
    one.write_bytes(copy)
    assert not holder.verify([alice])


def test_the_engine_reaches_the_rollups_and_nothing_beside_them(tmp_path: Path) -> None:
    for name in ("lake", "rollups", "rollups-of-others"):
        (tmp_path / name).mkdir()
        pq.write_table(table(row()), tmp_path / name / "one.parquet")
    engine = Engine(tmp_path / "lake", tmp_path / "rollups", spill=tmp_path / "spill")
    with engine.connection() as connection:
        connection.execute(f"SELECT * FROM '{tmp_path}/rollups/one.parquet'")
        for around in ("rollups-of-others/", "rollups/../rollups-of-others/", "rollups/../"):
            with pytest.raises(duckdb.Error):
                connection.execute(f"SELECT * FROM '{tmp_path}/{around}one.parquet'").fetchall()
