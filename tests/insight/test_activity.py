"""Who was active when, put to a real lake."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from privet.catalogue.uses import Use
from privet.events.query import Scope
from privet.events.service import release, restrict, withhold
from privet.insight.activity import show_activity
from privet.insight.rules import Period, last_days
from privet.kernel.clock import FixedClock
from tests.insight.expected import QUESTION, YESTERDAY, agreed, shown
from tests.population import BRAMBLE, HEDGE, Learner, end_of_yesterday


def test_activity_counts_who_agreed(filled: list[Learner]) -> None:
    found = show_activity(QUESTION, compares=False)
    assert found.totals.learners == shown(agreed(filled))
    assert found.totals.events
    assert found.totals_before is None
    assert found.buckets_before == ()


def test_a_scope_hides_other_institutions_altogether(filled: list[Learner]) -> None:
    scope = Scope(institutions=frozenset({BRAMBLE}))
    found = show_activity(replace(QUESTION, scope=scope, institution=HEDGE), compares=False)
    assert found.totals.events == 0
    assert found.totals.session_seconds is None


def test_days_without_events_are_there_with_nothing(filled: list[Learner]) -> None:
    later = Period(first=YESTERDAY + timedelta(days=10), last=YESTERDAY + timedelta(days=12))
    found = show_activity(replace(QUESTION, period=later), compares=False)
    assert [bucket.events for bucket in found.buckets] == [0, 0, 0]


@pytest.mark.parametrize("days", [7, 93, 400, 900])
def test_what_it_is_compared_with_has_as_many_points(days: int, filled: list[Learner]) -> None:
    period = last_days(days, today=YESTERDAY)
    found = show_activity(replace(QUESTION, period=period), compares=True)
    assert len(found.buckets) == len(found.buckets_before)
    assert found.totals_before is not None


def test_one_event_can_be_asked_for(filled: list[Learner]) -> None:
    found = show_activity(replace(QUESTION, event="page_view"), compares=False)
    assert [line.name for line in found.events] == ["page_view"]


def test_a_withdrawal_takes_the_learner_out(filled: list[Learner]) -> None:
    withhold(subjects=[filled[0].subject], uses=Use.ANALYTICS, by="test")
    found = show_activity(QUESTION, compares=False)
    assert found.totals.learners == shown(agreed(filled)[1:])


def test_a_new_grant_does_not_bring_back_the_past(filled: list[Learner]) -> None:
    withhold(subjects=[filled[0].subject], uses=Use.ANALYTICS, by="test")
    now = FixedClock(end_of_yesterday())
    release(subjects=[filled[0].subject], uses=Use.ANALYTICS, by="test", clock=now)
    found = show_activity(QUESTION, compares=False)
    assert found.totals.learners == shown(agreed(filled)[1:])


def test_a_restricted_learner_is_in_no_figure(filled: list[Learner]) -> None:
    restrict(subjects=[filled[0].subject], by="test")
    found = show_activity(QUESTION, compares=False)
    assert found.totals.learners == shown(agreed(filled)[1:])


def test_a_period_of_the_far_past_is_empty(filled: list[Learner]) -> None:
    old = Period(first=date(2001, 1, 1), last=date(2001, 1, 7))
    assert show_activity(replace(QUESTION, period=old), compares=True).courses == ()
