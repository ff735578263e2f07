"""The daily pass makes true what the view hides."""

from datetime import timedelta
from pathlib import Path

import pytest

from privet.catalogue.uses import Use
from privet.events.lake import Lake
from privet.events.models import Pass, Withholding
from privet.events.service import release, restrict, withhold
from privet.events.upkeep import last_pass, run_daily_pass
from privet.kernel.clock import FixedClock
from privet.kernel.crypto import KeyRing
from tests.events.rows import (
    ALICE,
    ANALYTICS,
    BOB,
    NOON,
    TODAY,
    all_rows,
    row,
    subjects_seen,
    table,
)

pytestmark = pytest.mark.django_db
ACT = int(Use.INSTRUCTION | Use.SECURITY | Use.ANALYTICS)


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "keys")


def run(lake: Lake, keys: KeyRing) -> dict[str, int]:
    return dict(run_daily_pass(lake=lake, keys=keys, sealed_days=30).counts)


def test_a_withdrawal_is_made_true(lake: Lake, keys: KeyRing) -> None:
    lake.append(table(row(uses=ACT, asn=1, os="Linux"), row(uses=8), row(BOB, uses=8)))
    withhold(subjects=[ALICE], uses=ANALYTICS, by="test")
    counts = run(lake, keys)
    assert counts["rows_removed"] == 1
    assert counts["withholdings_made_true"] == 1
    assert [(r["subject"], r["uses"], r["os"]) for r in all_rows(lake)] == [
        (ALICE, ACT & ~8, "Linux"), (BOB, 8, None),
    ]  # fmt: skip
    assert all_rows(lake)[0]["referrer_host"] is None


def test_a_withdrawal_stays_hidden_after_it_was_made_true(lake: Lake, keys: KeyRing) -> None:
    lake.append(table(row(uses=ACT)))
    withhold(subjects=[ALICE], uses=ANALYTICS, by="test")
    run(lake, keys)
    assert subjects_seen(lake) == set()
    assert subjects_seen(lake, Use.INSTRUCTION) == {ALICE}


def test_rows_up_to_a_new_grant_are_cleared_and_later_ones_stay(
    lake: Lake, keys: KeyRing, clock: FixedClock
) -> None:
    lake.append(table(row(uses=ACT), row(BOB, uses=8)))
    withhold(subjects=[ALICE], uses=ANALYTICS, by="test", clock=clock)
    clock.advance(timedelta(minutes=10))
    release(subjects=[ALICE], uses=ANALYTICS, by="test", clock=clock)
    lake.append(table(row(uses=ACT, at=NOON + timedelta(minutes=20))))
    run(lake, keys)
    assert sorted((r["subject"], r["uses"]) for r in all_rows(lake)) == [
        (ALICE, ACT & ~8), (ALICE, ACT), (BOB, 8),
    ]  # fmt: skip
    assert subjects_seen(lake) == {ALICE, BOB}


def test_a_second_pass_finds_nothing_to_do(lake: Lake, keys: KeyRing) -> None:
    lake.append(table(row(uses=ACT)))
    withhold(subjects=[ALICE], uses=ANALYTICS, by="test")
    run(lake, keys)
    version = lake.version()
    assert run(lake, keys)["files_rewritten"] == 0
    assert lake.version() == version
    assert Pass.objects.count() == 1


def test_only_files_that_hold_the_learner_are_rewritten(lake: Lake, keys: KeyRing) -> None:
    lake.append(table(row(ALICE)))
    lake.append(table(row(BOB)))
    lake.append(table(row(ALICE - 5), row(BOB + 5)))
    withhold(subjects=[ALICE], uses=ANALYTICS, by="test")
    assert run(lake, keys)["files_rewritten"] == 1


def test_a_change_during_the_pass_is_left_to_the_next(lake: Lake, keys: KeyRing) -> None:
    from privet.events import upkeep

    lake.append(table(row(uses=ACT)))
    withhold(subjects=[ALICE], uses=ANALYTICS, by="test")
    before = upkeep.read_uncleared()
    release(subjects=[ALICE], uses=ANALYTICS, by="test")
    assert upkeep._note_cleared(before) == 0
    assert not Withholding.objects.get().is_cleared


def test_expired_uses_are_cleared_and_rows_without_one_removed(lake: Lake, keys: KeyRing) -> None:
    old = NOON - timedelta(days=400)
    lake.append(table(row(uses=ACT, at=old, asn=1), row(uses=8, at=old), row(uses=ACT)))
    counts = run(lake, keys)
    assert counts["rows_removed"] == 1
    assert [(r["uses"], r["asn"]) for r in all_rows(lake)] == [(1, None), (ACT, None)]


def test_a_day_without_rows_left_has_no_file(lake: Lake, keys: KeyRing) -> None:
    lake.append(table(row(uses=8, at=NOON - timedelta(days=500))))
    run(lake, keys)
    assert lake.files() == []


def test_what_is_sealed_goes_with_the_key_of_its_day(lake: Lake, keys: KeyRing) -> None:
    days = [TODAY - timedelta(days=n) for n in (31, 30, 0)]
    for day in days:
        keys.day_key(day)
        lake.append(table(row(uses=2, at=NOON - (TODAY - day), sealed=b"sealed")))
    assert run(lake, keys)["day_keys_destroyed"] == 1
    assert [r["sealed"] for r in all_rows(lake)] == [None, b"sealed", b"sealed"]
    assert [keys.find_day_key(day) is None for day in days] == [True, False, False]


def test_a_restriction_changes_no_file(lake: Lake, keys: KeyRing) -> None:
    lake.append(table(row(uses=ACT)))
    restrict(subjects=[ALICE], by="test")
    assert run(lake, keys)["files_rewritten"] == 0


def test_the_last_pass_can_be_asked_for(lake: Lake, keys: KeyRing) -> None:
    assert last_pass() is None
    run(lake, keys)
    assert last_pass() == (TODAY, NOON)
