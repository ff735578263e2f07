"""Machines that share a lake take turns by a row of the database."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.db.models import QuerySet

from privet.events import lease as lease_module
from privet.events.errors import LakeBusyError
from privet.events.lease import SharedLease
from privet.events.models import Lease
from privet.kernel.clock import FixedClock
from tests.events.rows import NOON

pytestmark = pytest.mark.django_db


def test_a_lease_is_held_by_one_and_let_go_at_the_end(clock: FixedClock) -> None:
    mine, other = SharedLease(clock), SharedLease(clock, patience_seconds=0.01)
    with mine.held("turn"):
        assert Lease.objects.get().until == NOON + lease_module.LASTS
        with pytest.raises(LakeBusyError, match="hangs"), other.held("turn"):
            pass
        with other.held("rewrite"):
            pass
    with other.held("turn"):
        pass
    assert not Lease.objects.exists()


def test_who_died_loses_the_lease_after_a_minute(clock: FixedClock) -> None:
    Lease.objects.create(name="turn", holder="dead", until=NOON + timedelta(seconds=60))
    clock.advance(timedelta(seconds=61))
    with SharedLease(clock).held("turn"):
        assert Lease.objects.get().holder != "dead"


@pytest.mark.django_db(transaction=True)
def test_a_lease_is_renewed_while_it_is_held(
    clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease_module, "LASTS", timedelta(seconds=0.06))
    renewed = threading.Event()
    with SharedLease(clock).held("turn"):
        clock.advance(timedelta(hours=1))
        for _ in range(6000):
            if Lease.objects.get().until > NOON + timedelta(minutes=59):
                renewed.set()
                break
            renewed.wait(0.02)
    assert renewed.is_set()


@pytest.mark.django_db(transaction=True)
def test_a_renewal_that_fails_once_is_made_in_the_next_round(
    clock: FixedClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(lease_module, "LASTS", timedelta(seconds=0.06))
    rounds: list[object] = []
    again = threading.Event()
    update = QuerySet.update

    def update_or_fail(rows: QuerySet[Lease], **values: object) -> int:
        rounds.append(values)
        if len(rounds) == 1:
            raise DatabaseError("the disk is full")
        changed = update(rows, **values)
        again.set()
        return changed

    monkeypatch.setattr(QuerySet, "update", update_or_fail)
    with SharedLease(clock).held("turn"):
        assert again.wait(300)
    assert "was not renewed: DatabaseError" in caplog.text
