"""A withdrawal acts at once, backwards, on every path: one test for each use and each way out."""

import time
from datetime import timedelta

import pytest

from privet.accounts.models import Account, ExternalId, Site, Subject
from privet.accounts.registry import create_site
from privet.accounts.service import keys_of
from privet.accounts.subjects import subjects_for
from privet.catalogue.registry import EVENTS
from privet.catalogue.uses import ALL_USES, CHOICE_USES, Choice, Use
from privet.collector.gate import decide as gate_of_collector
from privet.consent.mailing import drop_refused, put_marketing_mail
from privet.consent.rules import ALL_CHOICES, gate, regate
from privet.consent.service import Who, record_objection, record_restriction, record_signal
from privet.consent.snapshot import Snapshot, SnapshotPoller
from privet.events.query import register_queries
from privet.events.record import Actor
from privet.insight.recommend import Off, why_off
from privet.kernel.clock import FixedClock
from privet.post.models import Mail
from privet.post.service import put_mail
from tests.consent.kit import ALICE, ALL_YES, BOB, NOW, answers, decide, here
from tests.events.rows import make_lake, row, subjects_seen, table

register_queries("tests.events.sql")
pytestmark = pytest.mark.django_db
CLOCK = FixedClock(NOW)
LATER = FixedClock(NOW + timedelta(minutes=1))
BY_USE = [(choice, use) for choice, use in CHOICE_USES.items()]
IDS = [str(choice.name) for choice, _ in BY_USE]


@pytest.fixture
def lake(tmp_path):
    """A year of Alice and Bob, each row open to every use."""
    alice, bob = subjects_for([Actor(ALICE.key), Actor(BOB.key)])
    lake = make_lake(tmp_path, CLOCK)
    past = NOW - timedelta(days=30)
    rows = [row(who, uses=int(ALL_USES), at=past) for who in (alice, bob)]
    lake.append(table(*rows))
    return lake


def people_seen(lake, use: Use) -> int:
    """How many people the view shows for a use, through the one way of reading."""
    return len(subjects_seen(lake, use))


def withdraw(choice: Choice) -> None:
    decide(ALICE, answers(no=choice), clock=LATER)


@pytest.mark.parametrize(("choice", "use"), BY_USE, ids=IDS)
def test_the_lake_hides_the_use_of_past_rows_in_the_next_query(lake, choice, use):
    decide(ALICE, ALL_YES)
    decide(BOB, ALL_YES)
    assert people_seen(lake, use) == 2
    withdraw(choice)
    assert people_seen(lake, use) == 1


@pytest.mark.parametrize(("choice", "use"), BY_USE, ids=IDS)
def test_the_other_uses_are_seen_as_before(lake, choice, use):
    decide(ALICE, ALL_YES)
    decide(BOB, ALL_YES)
    withdraw(choice)
    assert [people_seen(lake, other) for other in Use if other is not use] == [2] * 7


@pytest.mark.parametrize(("choice", "use"), BY_USE, ids=IDS)
def test_collector_and_loader_obey_it_after_one_poll(choice, use):
    snapshot = Snapshot(keys=here().ring, clock=CLOCK)
    decide(ALICE, ALL_YES)
    snapshot.refresh()
    before = snapshot.in_force(ALICE.key, NOW)
    assert before.choices & choice
    withdraw(choice)
    snapshot.refresh()
    after = snapshot.in_force(ALICE.key, NOW)
    assert not after.choices & choice
    for event in EVENTS.values():
        if event.needs is not None and event.needs == choice:
            assert gate(event, before) > 0
            assert gate(event, after) == 0
            assert regate(event, after, int(ALL_USES)) == 0
            assert gate_of_collector(event.name, after, False, True).uses == 0
        if use is not Use.MARKETING:
            assert not gate(event, after) & use


@pytest.mark.django_db(transaction=True)
def test_a_running_poller_hears_of_each_withdrawal_by_itself():
    decide(ALICE, ALL_YES)
    poller = SnapshotPoller(Snapshot(keys=here().ring))
    assert poller.start(wait_seconds=300)
    try:
        for choice, use in BY_USE:
            assert poller.snapshot.standing(ALICE.key).choices & choice
            withdraw(choice)
            standing = wait_until_without(poller, choice)
            assert not standing.choices & choice
            # Mail and targeting open one use; it ends with the second of them.
            if use is not Use.MARKETING or choice is Choice.MARKETING_MAIL:
                assert not standing.uses & use
    finally:
        poller.stop()


def wait_until_without(poller: SnapshotPoller, choice: Choice):
    """The standing once the poller has heard of it; how fast that is, the bench measures."""
    for _ in range(6000):
        standing = poller.snapshot.standing(ALICE.key)
        if not standing.choices & choice:
            return standing
        time.sleep(0.05)
    raise AssertionError(f"The poller never heard that {choice.name} was withdrawn.")


def test_suggestions_end_with_functionality_and_with_objection_and_restriction():
    assert why_off(decide(ALICE, ALL_YES).standing) is None
    refused = decide(ALICE, answers(no=Choice.FUNCTIONALITY), clock=LATER).standing
    assert why_off(refused) is Off.REFUSED
    decide(BOB, ALL_YES)
    objected = record_objection(who=BOB, uses=Use.PERSONALISATION, by="b", clock=LATER).standing
    assert why_off(objected) is Off.OBJECTED
    restricted = record_restriction(who=BOB, by="b", clock=LATER).standing
    assert why_off(restricted) is Off.RESTRICTED


def test_the_signal_hides_sharing_and_advertising_of_the_past_too(lake):
    decide(ALICE, answers(yes=ALL_CHOICES & ~Choice.MARKETING_MAIL))
    decide(BOB, ALL_YES)
    record_signal(who=ALICE, by="learner", clock=LATER)
    assert [people_seen(lake, use) for use in (Use.SHARING, Use.MARKETING)] == [1, 1]
    assert people_seen(lake, Use.ANALYTICS) == 2


# --- Mail ---


@pytest.fixture
def account():
    """An account of Alice's, for whom the site hedgerow vouches."""
    create_site(slug="hedgerow", name="Hedgerow", origins=["https://h.example"], by="operator")
    [subject] = subjects_for([Actor(ALICE.key)])
    account = Account.objects.create_user(name="Alice", country="ES")
    site = Site.objects.get(slug="hedgerow")
    ExternalId.objects.create(account=account, site=site, external_id="alice")
    Subject.objects.filter(pk=subject).update(account=account)
    assert ALICE.key in keys_of(account.pk)
    return account.pk


def put(account_id: int) -> str | None:
    return put_marketing_mail(
        kind="news", address="alice@example.org", subject="A new course", text="Bees",
        account_id=account_id, clock=CLOCK,
    )  # fmt: skip


def test_nobody_is_written_to_without_a_yes(account):
    assert put(account) is None
    decide(ALICE, answers(yes=Choice.PERFORMANCE))
    assert put(account) is None
    decide(ALICE, answers(yes=Choice.MARKETING_MAIL))
    assert put(account) is not None
    assert Mail.objects.get().kind == "marketing.news"


def test_a_mail_that_waits_does_not_leave_after_a_withdrawal(account):
    decide(ALICE, ALL_YES)
    put(account)
    assert drop_refused(clock=CLOCK) == 0
    withdraw(Choice.MARKETING_MAIL)
    assert drop_refused(clock=LATER) == 1
    mail = Mail.objects.get()
    assert (mail.due, mail.text) == (None, "")


def test_mail_that_needs_no_consent_is_left_alone(account):
    put_mail(
        kind="weekly_report", address="a@example.org", subject="S", text="T", account_id=account
    )
    assert drop_refused(clock=CLOCK) == 0
    assert Mail.objects.get().due is not None


def test_a_person_whom_no_platform_knows_is_not_written_to():
    assert put(4711) is None
    assert Who(site="hedgerow").key is None
