"""Saved views: kept for one account, mailed once a week where that was asked for."""

from datetime import UTC, date, datetime, timedelta

import pytest

from privet.audit.models import Record
from privet.holder import Erased, Person
from privet.insight.personal_data import InsightHolder
from privet.insight.rules import Period
from privet.insight.saved_views import (
    MOST,
    SavedViewError,
    View,
    claim_week,
    delete_view,
    due_views,
    monday_of,
    query_for,
    save_view,
    set_weekly,
    views_of,
    week_before,
)
from privet.kernel.clock import FixedClock

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 10, 30, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 2, 6, tzinfo=UTC)
BOB, CAROL = 7, 8


@pytest.fixture
def clock():
    return FixedClock(FRIDAY)


def save(clock, *, account=BOB, name="My course", query="course=c1") -> View:
    return save_view(account_id=account, name=name, page="activity", query=query, language="en",
                     by=f"account:{account}", clock=clock)  # fmt: skip


def weekly(clock, view: View, wanted: bool = True) -> bool:
    return set_weekly(account_id=view.account_id, number=view.number, weekly=wanted,
                      by=f"account:{view.account_id}", clock=clock)  # fmt: skip


def test_a_view_is_found_again_by_its_account_alone(clock):
    view = save(clock)
    assert views_of(account_id=BOB) == [view]
    assert views_of(account_id=CAROL) == []
    assert (view.page, view.query, view.is_weekly) == ("activity", "course=c1", False)


def test_a_name_used_again_moves_to_the_new_view(clock):
    first = save(clock)
    second = save(clock, query="course=c2")
    assert views_of(account_id=BOB) == [second]
    assert (first.number, second.query) == (second.number, "course=c2")


def test_two_accounts_may_use_one_name(clock):
    save(clock)
    save(clock, account=CAROL)
    assert len(views_of(account_id=BOB)) == len(views_of(account_id=CAROL)) == 1


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "two\nlines"])
def test_a_view_has_a_name_of_one_line(clock, name):
    with pytest.raises(SavedViewError, match="name"):
        save(clock, name=name)


def test_filters_without_end_are_not_kept(clock):
    with pytest.raises(SavedViewError, match="too many"):
        save(clock, query="c=" + "x" * 2000)


def test_an_account_keeps_so_many_views_and_no_more(clock):
    for number in range(MOST):
        save(clock, name=f"view {number}")
    with pytest.raises(SavedViewError, match="at most"):
        save(clock, name="one more")
    assert save(clock, name="view 0", query="course=c9").query == "course=c9"


def test_an_account_deletes_its_own_views_alone(clock):
    view = save(clock)
    assert not delete_view(account_id=CAROL, number=view.number, by="account:8", clock=clock)
    assert delete_view(account_id=BOB, number=view.number, by="account:7", clock=clock)
    assert views_of(account_id=BOB) == []
    assert Record.objects.filter(act="insight.delete_view").count() == 1


def test_nobody_has_the_views_of_another_mailed(clock):
    view = save(clock)
    assert not set_weekly(
        account_id=CAROL, number=view.number, weekly=True, by="account:8", clock=clock
    )
    assert not views_of(account_id=BOB)[0].is_weekly


def test_the_first_mail_comes_on_the_next_monday_at_six(clock):
    view = save(clock)
    assert weekly(clock, view)
    assert list(due_views(clock=clock)) == []
    assert list(due_views(clock=FixedClock(MONDAY - timedelta(seconds=1)))) == []
    [due] = due_views(clock=FixedClock(MONDAY))
    assert due.number == view.number


def test_a_week_is_claimed_once(clock):
    view = save(clock)
    weekly(clock, view)
    later = FixedClock(MONDAY)
    assert claim_week(number=view.number, clock=later)
    assert not claim_week(number=view.number, clock=later)
    assert list(due_views(clock=later)) == []
    later.advance(timedelta(days=7))
    assert len(list(due_views(clock=later))) == 1


def test_a_view_that_is_not_weekly_is_never_due(clock):
    view = save(clock)
    weekly(clock, view)
    weekly(clock, view, False)
    assert list(due_views(clock=FixedClock(MONDAY))) == []
    acts = Record.objects.order_by("seq").values_list("act", flat=True)
    assert list(acts)[-2:] == ["insight.begin_weekly_mail", "insight.end_weekly_mail"]


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (MONDAY, date(2026, 11, 2)),
        (MONDAY - timedelta(seconds=1), date(2026, 10, 26)),
        (datetime(2026, 11, 8, 23, 59, tzinfo=UTC), date(2026, 11, 2)),
    ],
)
def test_a_week_begins_on_monday_at_six(now, monday):
    assert monday_of(now) == monday


def test_a_mail_tells_of_the_week_that_ended(clock):
    view = save(clock, query="course=c1&from=2026-01-01&to=2026-01-02&sort=x&page=2&compare=none")
    week = week_before(date(2026, 11, 2))
    assert week == Period(first=date(2026, 10, 26), last=date(2026, 11, 1))
    assert query_for(view, week) == "course=c1&compare=none&from=2026-10-26&to=2026-11-01"


class TestHolder:
    """The rights of the person who saved views."""

    def person(self, number: int | None) -> Person:
        return Person(account_id=number, subjects=frozenset(), person_keys=frozenset())

    def test_it_finds_and_exports_the_views_of_one_person(self, clock):
        save(clock)
        save(clock, account=CAROL)
        holder = InsightHolder()
        assert holder.find(self.person(BOB)) == 1
        assert holder.find(self.person(None)) == 0
        assert [said["query"] for said in holder.export(self.person(BOB))] == ["course=c1"]

    def test_it_erases_them(self, clock):
        save(clock)
        save(clock, account=CAROL)
        holder = InsightHolder()
        assert holder.erase([self.person(BOB)], by="account:9") == Erased(records=1)
        assert holder.verify([self.person(BOB)])
        assert not holder.verify([self.person(CAROL)])

    def test_it_corrects_nothing(self):
        assert not InsightHolder().rectify(self.person(BOB), field="name", value="x", by="b")
        assert InsightHolder().describe()
