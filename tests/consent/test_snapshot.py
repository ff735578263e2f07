"""The snapshot: fast, fresh, and closed when it is not."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from privet.accounts.facts import Algorithm
from privet.accounts.models import ApiKey
from privet.accounts.registry import (
    add_identity_key,
    create_api_key,
    create_site,
    revoke_api_key,
    set_origins,
)
from privet.catalogue.uses import ESSENTIAL, Choice, Use
from privet.consent.cookies import CONSENT_DAYS
from privet.consent.models import Standing as Row
from privet.consent.personal_data import ConsentHolder
from privet.consent.rules import UNDECIDED
from privet.consent.service import record_objection
from privet.consent.snapshot import STALE_AFTER, Snapshot, SnapshotPoller
from privet.events.record import Actor
from privet.holder import Person
from privet.kernel.clock import FixedClock
from privet.kernel.config import read_config
from privet.kernel.crypto import KeyRing
from tests.accounts.kit import SECRET
from tests.consent.kit import ALICE, ALL_NO, BOB, NOW, answers, decide, key_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    return FixedClock(NOW)


@pytest.fixture
def snapshot(clock):
    return Snapshot(keys=KeyRing(read_config().keys), clock=clock)


def test_a_decision_is_seen_after_a_refresh(snapshot):
    snapshot.refresh()
    assert snapshot.standing(ALICE.key) is None
    outcome = decide(ALICE, answers(yes=Choice.PERFORMANCE))
    snapshot.refresh()
    assert snapshot.standing(ALICE.key) == outcome.standing
    assert snapshot.in_force(ALICE.key, NOW) == outcome.standing
    assert len(snapshot) == 1


def test_a_withdrawal_is_seen_after_a_refresh(snapshot):
    decide(ALICE)
    snapshot.refresh()
    decide(ALICE, ALL_NO, clock=FixedClock(NOW + timedelta(days=1)))
    snapshot.refresh()
    assert snapshot.standing(ALICE.key).choices == 0


def test_nothing_new_costs_two_queries(snapshot, django_assert_num_queries):
    decide(ALICE)
    snapshot.refresh()
    with django_assert_num_queries(2):
        snapshot.refresh()


def test_only_what_is_new_is_read_and_an_overlap_again(clock):
    narrow, wide = (
        Snapshot(keys=KeyRing(read_config().keys), clock=clock, overlap=n) for n in (0, 10)
    )
    decide(ALICE)
    for snapshot in (narrow, wide):
        snapshot.refresh()
    Row.objects.update(choices=0)  # Behind the ledger's back, so without a new sequence.
    decide(BOB)
    for snapshot in (narrow, wide):
        snapshot.refresh()
    assert narrow.standing(ALICE.key).choices == 63
    assert wide.standing(ALICE.key).choices == 0
    assert len(narrow) == len(wide) == 2


def test_people_who_allow_the_same_share_one_standing(snapshot):
    decide(ALICE)
    decide(BOB)
    snapshot.refresh()
    assert snapshot.standing(ALICE.key) is snapshot.standing(BOB.key)


def test_before_the_first_refresh_everybody_is_undecided(snapshot):
    decide(ALICE)
    assert snapshot.is_stale(NOW)
    assert snapshot.in_force(ALICE.key, NOW) is UNDECIDED


def test_when_it_is_older_than_five_seconds_everybody_is_undecided(snapshot):
    decide(ALICE)
    snapshot.refresh()
    assert not snapshot.is_stale(NOW + STALE_AFTER)
    late = NOW + STALE_AFTER + timedelta(microseconds=1)
    assert snapshot.is_stale(late)
    assert snapshot.in_force(ALICE.key, late) is UNDECIDED


def test_who_is_unknown_is_undecided(snapshot):
    snapshot.refresh()
    assert snapshot.in_force(ALICE.key, NOW) is UNDECIDED


def test_a_decision_is_void_on_the_day_it_expires(snapshot, clock):
    decide(ALICE)
    clock.advance(timedelta(days=CONSENT_DAYS - 1))
    snapshot.refresh()
    assert snapshot.standing(ALICE.key).decided
    clock.advance(timedelta(days=1))
    snapshot.refresh()
    assert snapshot.standing(ALICE.key) == UNDECIDED


def test_an_objection_without_a_decision_is_known_and_never_expires(snapshot, clock):
    record_objection(who=ALICE, uses=Use.SECURITY, by="a", clock=clock)
    clock.advance(timedelta(days=9_999))
    snapshot.refresh()
    standing = snapshot.standing(ALICE.key)
    assert (standing.decided, standing.uses) == (False, ESSENTIAL & ~Use.SECURITY)


def test_of_an_actors_keys_the_most_restrictive_counts(snapshot):
    decide(ALICE)
    decide(BOB, ALL_NO)
    snapshot.refresh()
    nobody = key_of("nobody")
    assert snapshot.standing_of(Actor(ALICE.key, (BOB.key,))).choices == 0
    assert snapshot.standing_of(Actor(nobody, (BOB.key,))).choices == 0
    assert snapshot.standing_of(Actor(ALICE.key, (nobody,))) == snapshot.standing(ALICE.key)
    assert snapshot.standing_of(Actor(nobody)) is None


def test_an_erased_person_is_gone_after_a_refresh(snapshot):
    decide(ALICE)
    decide(BOB)
    snapshot.refresh()
    person = Person(account_id=None, subjects=frozenset(), person_keys=frozenset({ALICE.key}))
    ConsentHolder().erase([person], by="worker")
    snapshot.refresh()
    assert snapshot.standing(ALICE.key) is None
    assert snapshot.standing(BOB.key) is not None


def test_sites_are_known_and_changes_are_seen(snapshot):
    create_site(slug="hedgerow", name="Hedgerow", origins=["https://a.example"], by="operator")
    snapshot.refresh()
    assert snapshot.sites["hedgerow"].origins == {"https://a.example"}
    set_origins(site="hedgerow", origins=["https://b.example"], by="operator")
    snapshot.refresh()
    assert snapshot.sites["hedgerow"].origins == {"https://b.example"}


def test_an_api_key_speaks_for_its_site_until_it_is_revoked(snapshot, clock):
    create_site(slug="hedgerow", name="Hedgerow", origins=[], by="operator")
    key = create_api_key(site="hedgerow", name="grader", by="operator")
    snapshot.refresh()
    assert snapshot.source_of_key(key).source == "api:hedgerow"
    assert snapshot.source_of_key(key + "x") is None
    revoke_api_key(key_id=ApiKey.objects.get().pk, by="operator", clock=clock)
    snapshot.refresh()
    assert snapshot.source_of_key(key) is None


class TickingClock(FixedClock):
    """A clock that moves on by two seconds whenever somebody looks at it."""

    def now(self):
        self.advance(timedelta(seconds=2))
        return super().now()


def test_while_everything_is_read_anew_the_facts_do_not_grow_stale():
    clock = TickingClock(NOW)
    snapshot = Snapshot(keys=KeyRing(read_config().keys), clock=clock, chunk=1)
    for name in ("a", "b", "c", "d"):
        decide(replace(ALICE, key=key_of(name)))
    snapshot.refresh()
    person = Person(account_id=None, subjects=frozenset(), person_keys=frozenset({key_of("a")}))
    ConsentHolder().erase([person], by="worker")
    before = FixedClock.now(clock)
    snapshot.refresh()
    assert snapshot.read_at > before + timedelta(seconds=4)
    assert len(snapshot) == 3


# --- The thread ---


def wait_for(condition, *, seconds=300):
    deadline = datetime.now(UTC) + timedelta(seconds=seconds)
    pause = threading.Event()
    while not condition():
        assert datetime.now(UTC) < deadline
        pause.wait(0.01)


@pytest.mark.django_db(transaction=True)
def test_the_poller_sees_a_decision_by_itself():
    snapshot = Snapshot(keys=KeyRing(read_config().keys))
    poller = SnapshotPoller(snapshot, interval_seconds=0.01)
    assert poller.start(wait_seconds=300)
    try:
        decide(replace(ALICE, key=key_of("polled")), ALL_NO)
        wait_for(lambda: snapshot.standing(key_of("polled")) is not None)
        wait_for(lambda: not snapshot.is_stale(datetime.now(UTC)))
    finally:
        poller.stop()


@pytest.mark.django_db(transaction=True)
def test_the_poller_outlives_a_database_that_fails():
    snapshot = Snapshot(keys=KeyRing(read_config().keys))
    poller = SnapshotPoller(snapshot, interval_seconds=0.01)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE consent_head RENAME TO consent_head_away")
    try:
        assert not poller.start(wait_seconds=0.1)
        assert snapshot.is_stale(datetime.now(UTC))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE consent_head_away RENAME TO consent_head")
    try:
        wait_for(lambda: not snapshot.is_stale(datetime.now(UTC)))
    finally:
        poller.stop()


@pytest.mark.django_db(transaction=True)
def test_the_poller_outlives_a_key_that_cannot_be_opened(tmp_path):
    site = create_site(slug="hedgerow", name="Hedgerow", origins=[], by="operator")
    add_identity_key(
        site="hedgerow", kid="k1", algorithm=Algorithm.HS256, key=SECRET,
        keys=KeyRing(tmp_path / "others"), by="operator",
    )  # fmt: skip
    snapshot = Snapshot(keys=KeyRing(tmp_path / "ours"))
    poller = SnapshotPoller(snapshot, interval_seconds=0.01)
    assert not poller.start(wait_seconds=0.1)
    assert snapshot.is_stale(datetime.now(UTC))
    site.delete()
    try:
        wait_for(lambda: not snapshot.is_stale(datetime.now(UTC)))
    finally:
        poller.stop()
