"""How much of what is kept still serves something: what is hidden counts for nothing at once."""

from datetime import timedelta
from pathlib import Path

import pytest

from privet.catalogue.uses import Use
from privet.events.lake import Lake
from privet.events.personal_data import count_by_event, count_in_use
from privet.events.service import release, withhold
from privet.kernel.clock import FixedClock
from tests.events.rows import ALICE, BOB, NOON, make_lake, row, table

pytestmark = pytest.mark.django_db
BOTH = Use.ANALYTICS | Use.RESEARCH


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    found = make_lake(tmp_path)
    found.append(table(row(ALICE, uses=int(BOTH)), row(BOB, uses=int(BOTH))))
    return found


def test_without_a_withdrawal_it_is_all_that_is_kept(lake: Lake) -> None:
    assert count_in_use([ALICE], lake=lake) == count_by_event([ALICE], lake=lake)
    assert count_in_use([ALICE], lake=lake) == [("page_view", BOTH, 1)]


def test_what_was_withdrawn_serves_nothing_though_it_is_still_there(lake: Lake) -> None:
    withhold(subjects=[ALICE], uses=Use.ANALYTICS, by="test")
    assert count_in_use([ALICE], lake=lake) == [("page_view", Use.RESEARCH, 1)]
    withhold(subjects=[ALICE], uses=Use.RESEARCH, by="test")
    assert count_in_use([ALICE], lake=lake) == [("page_view", Use(0), 1)]
    assert count_by_event([ALICE], lake=lake) == [("page_view", BOTH, 1)]


def test_a_new_grant_brings_nothing_back_and_lets_new_rows_serve(lake: Lake) -> None:
    withhold(subjects=[ALICE], uses=BOTH, by="test")
    release(subjects=[ALICE], uses=BOTH, by="test", clock=FixedClock(NOON + timedelta(hours=1)))
    lake.append(table(row(ALICE, at=NOON + timedelta(hours=2), uses=int(BOTH))))
    assert sorted(count_in_use([ALICE], lake=lake)) == [
        ("page_view", Use(0), 1),
        ("page_view", BOTH, 1),
    ]


def test_anothers_withdrawal_hides_nothing_of_mine(lake: Lake) -> None:
    withhold(subjects=[BOB], uses=BOTH, by="test")
    assert count_in_use([ALICE], lake=lake) == [("page_view", BOTH, 1)]
