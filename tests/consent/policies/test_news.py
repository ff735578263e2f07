"""Changed policies are announced for some days, to who has not seen them."""

from datetime import timedelta

import pytest

from privet.consent.policies.document import PolicyKind
from privet.consent.policies.models import PolicySeen
from privet.consent.policies.news import find_news, list_in_force, note_seen
from privet.kernel.clock import Clock, FixedClock
from tests.consent.policies.kit import CLOCK, NOON, publish

pytestmark = pytest.mark.django_db
ALICE, BOB = 1, 2


def _versions(account_id: int | None = None, *, clock: Clock = CLOCK) -> list[tuple[str, int]]:
    news = find_news(days=30, clock=clock, account_id=account_id)
    return [(one.kind.value, one.version) for one in news]


def _see(version: int, account_id: int = ALICE) -> None:
    note_seen(kind=PolicyKind.COOKIES, version=version, account_id=account_id, clock=CLOCK)


def test_a_first_version_changes_nothing_and_is_not_announced():
    publish("a")
    assert _versions() == []


def test_a_changed_policy_is_announced_in_its_last_version_alone():
    for base in range(3):
        publish(*"abc"[: base + 1], base=base)
    assert _versions() == [("cookies", 3)]


def test_after_the_days_of_the_setting_it_is_announced_no_more():
    publish("a")
    publish("b", base=1)
    assert _versions(clock=FixedClock(NOON + timedelta(days=29))) == [("cookies", 2)]
    assert _versions(clock=FixedClock(NOON + timedelta(days=30))) == []


def test_who_has_seen_it_is_told_no_more_and_others_are():
    publish("a")
    publish("b", base=1)
    _see(2)
    assert _versions(ALICE) == []
    assert _versions(BOB) == _versions() == [("cookies", 2)]


def test_a_further_version_is_announced_to_who_saw_the_one_before():
    publish("a")
    publish("b", base=1)
    _see(2)
    publish("c", base=2)
    assert _versions(ALICE) == [("cookies", 3)]
    _see(3)
    _see(2)
    assert _versions(ALICE) == []
    assert PolicySeen.objects.get().version == 3


def test_nobody_can_have_seen_a_version_that_is_none():
    publish("a")
    _see(99)
    assert not PolicySeen.objects.exists()


def test_of_each_policy_the_version_in_force_is_told_and_whether_it_is_news():
    assert list_in_force(days=30, clock=CLOCK) == []
    publish("a")
    publish("b", base=1)
    publish("a", kind=PolicyKind.PRIVACY)
    found = {
        one.kind: (one.version, is_news) for one, is_news in list_in_force(days=30, clock=CLOCK)
    }
    assert found == {PolicyKind.COOKIES: (2, True), PolicyKind.PRIVACY: (1, False)}
    later = FixedClock(NOON + timedelta(days=30))
    assert [is_news for _, is_news in list_in_force(days=30, clock=later)] == [False, False]
