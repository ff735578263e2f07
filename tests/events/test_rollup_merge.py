"""Days that are over are put together, and stay readable one by one."""

from datetime import date, timedelta

import pytest

from privet.events.compaction import compact
from privet.events.lake import Lake
from privet.events.rollup_files import list_rollup
from privet.events.rollup_merge import QUARTER, WEEK, find_merges, merge, span_of
from privet.events.service import withhold
from privet.kernel.clock import FixedClock
from tests.events.rolling import acts, answers, files_of, roll_up, subjects_rolled_up
from tests.events.rows import ALICE, ANALYTICS, BOB, CAROL, NOON, TODAY, row, table


def settle(lake: Lake, clock: FixedClock) -> None:
    while roll_up(lake, clock):
        pass


@pytest.mark.parametrize(
    ("day", "first", "length"),
    [
        (TODAY, TODAY, 1),
        (date(2026, 9, 13), date(2026, 9, 13), 1),
        (date(2026, 9, 6), date(2026, 8, 31), WEEK),
        (date(2026, 8, 31), date(2026, 8, 31), WEEK),
        (date(2026, 1, 1), date(2025, 12, 1), QUARTER),
    ],
)
def test_a_day_lies_in_a_week_when_that_is_over_and_in_a_quarter_later(
    day: date, first: date, length: int
) -> None:
    assert span_of(day, TODAY) == (first, length)
    assert span_of(first, TODAY) == (first, length)


@pytest.mark.django_db
class TestMerged:
    @pytest.fixture
    def full(self, lake: Lake, clock: FixedClock) -> Lake:
        """A lake of 20 days, rolled up and put together."""
        days = [NOON - timedelta(days=day) for day in range(20)]
        lake.append(table(*(row(who, at=at) for at in days for who in (ALICE, BOB))))
        settle(lake, clock)
        return lake

    def test_many_days_lie_in_few_files(self, full: Lake) -> None:
        files = list_rollup(full.rollups, "day_acts")
        assert sum(len(file.days) for file in files) == 20
        assert len(files) == 11
        assert len(acts(full)) == 40

    def test_nothing_is_put_together_twice(self, full: Lake) -> None:
        assert find_merges(full) == []

    def test_a_period_that_cuts_a_week_has_its_days_alone(self, full: Lake) -> None:
        start = TODAY - timedelta(days=17)
        by_rollup, by_events = answers(full, "acts", start=start, end=start)
        assert by_rollup == by_events
        assert {found[0] for found in by_rollup} == {start}

    def test_a_withdrawal_is_seen_at_once(self, full: Lake) -> None:
        withhold(subjects=[ALICE], uses=ANALYTICS, by="test")
        assert subjects_rolled_up(full) == {BOB}

    def test_a_day_that_changed_is_read_from_elsewhere_until_it_is_put_in_again(
        self, full: Lake, clock: FixedClock
    ) -> None:
        changed = NOON - timedelta(days=16)
        before = files_of(full)
        full.append(table(row(CAROL, at=changed)))
        compact(full, thoroughly=True)
        assert len(acts(full)) == 41
        assert files_of(full) == before
        settle(full, clock)
        assert len(acts(full)) == 41
        assert find_merges(full) == []

    def test_a_merge_that_is_no_longer_wanted_is_not_done(
        self, lake: Lake, clock: FixedClock
    ) -> None:
        from privet.events.rollup_build import find_due, make

        for day in range(12, 15):
            lake.append(table(row(ALICE, at=NOON - timedelta(days=day))))
            clock.advance(timedelta(minutes=3))
            for due in find_due(lake):
                make(lake, due)
        wanted = find_merges(lake)
        assert [merge(lake, one) for one in wanted] == [True] * len(wanted)
        assert [merge(lake, one) for one in wanted] == [False] * len(wanted)
        assert wanted
