"""Files that came of others by merging alone are known, and no others."""

from datetime import timedelta

import pytest

from privet.events.compaction import compact
from privet.events.lake import Lake
from privet.events.lineage import MOST_COMMITS, Lineage
from privet.events.rewriting import rewrite
from privet.events.sweeping import shorten_log
from privet.kernel.clock import FixedClock
from tests.events.rows import ALICE, BOB, NOON, row, table


@pytest.fixture
def clock() -> FixedClock:
    """The day of the rows is over, so that it becomes one file."""
    return FixedClock(NOON + timedelta(days=3))


@pytest.fixture
def lineage(lake: Lake) -> Lineage:
    """It looks for the first time when two files are there."""
    append(lake, 2)
    known = Lineage(lake.store)
    known.learn(lake.version())
    return known


def append(lake: Lake, times: int = 1) -> None:
    for _ in range(times):
        lake.append(table(row(ALICE, at=NOON), row(BOB, at=NOON)))


def paths(lake: Lake) -> frozenset[str]:
    return frozenset(file.path for file in lake.files())


def merge(lake: Lake, lineage: Lineage) -> None:
    """One file of all."""
    compact(lake, thoroughly=True)
    lineage.learn(lake.version())


def change(lake: Lake, lineage: Lineage) -> None:
    """Write all rows anew, as a pass does that takes some."""
    rewrite(lake, concerns=lambda _: True, change=lambda _, rows: rows)
    lineage.learn(lake.version())


def test_files_that_are_there_are_their_own(lake: Lake, lineage: Lineage) -> None:
    assert lineage.follow(paths(lake), paths(lake)) == paths(lake)


def test_merged_files_are_followed_to_what_came_of_them(lake: Lake, lineage: Lineage) -> None:
    before = paths(lake)
    merge(lake, lineage)
    assert len(paths(lake)) == 1
    assert lineage.follow(before, paths(lake)) == paths(lake)


def test_they_are_followed_as_often_as_they_are_merged(lake: Lake, lineage: Lineage) -> None:
    append(lake)
    lineage.learn(lake.version())
    before = paths(lake)
    merge(lake, lineage)
    merged = paths(lake)
    append(lake)
    merge(lake, lineage)
    assert lineage.follow(before, merged) == merged
    # What came later is in the file now, so it does not have the same rows.
    assert lineage.follow(before, paths(lake)) == merged


def test_files_that_were_merged_with_later_ones_stay(lake: Lake, lineage: Lineage) -> None:
    before = paths(lake)
    append(lake)
    merge(lake, lineage)
    assert lineage.follow(before, paths(lake)) == before
    assert {file.path for file in lineage.merged_away(before)} == before
    assert {file.day for file in lineage.merged_away(before)} == {NOON.date()}


def test_files_that_were_not_merged_were_not_merged_away(lake: Lake, lineage: Lineage) -> None:
    assert lineage.merged_away(paths(lake)) == []


def test_where_rows_were_changed_nothing_can_be_followed(lake: Lake, lineage: Lineage) -> None:
    before = paths(lake)
    change(lake, lineage)
    assert lineage.follow(before, paths(lake)) is None


@pytest.mark.parametrize("with_later", [False, True])
def test_nor_where_they_were_changed_after_they_were_merged(
    lake: Lake, lineage: Lineage, with_later: bool
) -> None:
    before = paths(lake)
    if with_later:
        append(lake)
    merge(lake, lineage)
    change(lake, lineage)
    assert lineage.follow(before, paths(lake)) is None


def test_what_the_log_does_not_say_any_more_is_unknown(lake: Lake, lineage: Lineage) -> None:
    before = paths(lake)
    compact(lake, thoroughly=True)
    append(lake)
    with lake.turn() as turn:
        turn.checkpoint()
    assert shorten_log(lake, grace=timedelta(0))
    lineage.learn(lake.version())
    assert lineage.follow(before, paths(lake)) is None
    assert lineage.follow(paths(lake), paths(lake)) == paths(lake)


def test_an_entry_of_the_log_that_cannot_be_read_says_nothing(lake: Lake, lineage: Lineage) -> None:
    before = paths(lake)
    compact(lake, thoroughly=True)
    after, root = paths(lake), lake.store.local
    assert root
    (root / f"_delta_log/{lake.version():020d}.json").write_text('{"add": {"path')
    lineage.learn(lake.version())
    assert lineage.follow(before, after) is None


def test_who_has_not_looked_for_long_knows_nothing_of_before(lake: Lake, lineage: Lineage) -> None:
    before = paths(lake)
    compact(lake, thoroughly=True)
    lineage.learn(lake.version() + MOST_COMMITS)
    assert lineage.follow(before, paths(lake)) is None


def test_a_table_that_was_made_anew_is_another_one(lake: Lake, lineage: Lineage) -> None:
    before = paths(lake)
    merge(lake, lineage)
    lineage.learn(0)
    assert lineage.follow(before, paths(lake)) is None


def test_merges_of_long_ago_are_forgotten(lake: Lake) -> None:
    append(lake, 2)
    small = Lineage(lake.store, most=2)
    small.learn(lake.version())
    first = paths(lake)
    merge(lake, small)
    assert small.follow(first, paths(lake)) == paths(lake)
    append(lake)
    second = paths(lake)
    merge(lake, small)
    assert small.follow(second, paths(lake)) == paths(lake)
    assert small.follow(first, paths(lake)) is None
