"""What dashboards ask, put to a real lake."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from privet.catalogue.uses import Use
from privet.events.query import Scope
from privet.events.service import release, restrict, withhold
from privet.events.statements import find_statement, registered_names
from privet.insight import service
from privet.insight.rules import Grain, Period, last_days
from privet.insight.service import Question
from privet.kernel.clock import FixedClock
from privet.kernel.config import Config
from tests.population import BRAMBLE, HEDGE, STATISTICS, Learner, end_of_yesterday

YESTERDAY = end_of_yesterday().date() - timedelta(days=1)
QUESTION = Question(period=last_days(50, today=YESTERDAY), scope=Scope(), by="test")


def _agreed(learners: list[Learner]) -> int:
    return sum(learner.agrees for learner in learners)


def test_the_span_is_that_of_the_events(filled: list[Learner]) -> None:
    span = service.find_span(scope=Scope(), by="test")
    assert span is not None
    assert span.first >= YESTERDAY - timedelta(days=57)
    assert span.last <= YESTERDAY


def test_an_empty_lake_has_no_span(empty_home: Config) -> None:
    assert service.find_span(scope=Scope(), by="test") is None


def test_options_are_the_chosen_institutions_courses(filled: list[Learner]) -> None:
    everywhere = service.find_options(QUESTION)
    assert HEDGE in everywhere.institutions
    at_hedge = service.find_options(replace(QUESTION, institution=HEDGE))
    assert STATISTICS in at_hedge.courses
    assert set(at_hedge.courses) <= set(everywhere.courses)
    assert at_hedge.institutions == everywhere.institutions


def test_a_scope_hides_other_institutions_altogether(filled: list[Learner]) -> None:
    scoped = replace(QUESTION, scope=Scope(institutions=frozenset({BRAMBLE})))
    assert service.find_options(scoped).institutions == (BRAMBLE,)
    found = service.show_activity(replace(scoped, institution=HEDGE), compares=False)
    assert found.totals.events == 0
    assert found.totals.session_seconds is None


def test_activity_counts_who_agreed(filled: list[Learner]) -> None:
    found = service.show_activity(QUESTION, compares=False)
    assert found.totals.learners == _agreed(filled)
    assert found.totals.events == sum(bucket.events for bucket in found.buckets)
    assert found.totals.events == sum(line.events for line in found.events)
    assert found.totals.session_seconds
    assert found.totals_before is None
    assert found.buckets_before == ()


def test_days_without_events_are_there_with_nothing(filled: list[Learner]) -> None:
    later = Period(first=YESTERDAY + timedelta(days=10), last=YESTERDAY + timedelta(days=12))
    found = service.show_activity(replace(QUESTION, period=later), compares=False)
    assert [bucket.events for bucket in found.buckets] == [0, 0, 0]


@pytest.mark.parametrize("days", [7, 93, 400, 900])
def test_what_it_is_compared_with_has_as_many_points(days: int, filled: list[Learner]) -> None:
    period = last_days(days, today=YESTERDAY)
    found = service.show_activity(replace(QUESTION, period=period), compares=True)
    assert len(found.buckets) == len(found.buckets_before)
    assert found.totals_before is not None


def test_weeks_add_up_to_the_days(filled: list[Learner]) -> None:
    long = Period(first=YESTERDAY - timedelta(days=99), last=YESTERDAY)
    assert long.grain is Grain.WEEK
    found = service.show_activity(replace(QUESTION, period=long), compares=False)
    assert sum(bucket.events for bucket in found.buckets) == found.totals.events


def test_one_event_can_be_asked_for(filled: list[Learner]) -> None:
    found = service.show_activity(replace(QUESTION, event="page_view"), compares=False)
    assert [line.name for line in found.events] == ["page_view"]


def test_places_and_technique_count_learners(filled: list[Learner]) -> None:
    places = service.show_places(QUESTION)
    assert sum(line.learners for line in places.countries) == _agreed(filled)
    assert places.regions == ()
    assert {line.name for line in places.kinds} >= {"residential", "mobile"}
    assert places.operators[0].asn
    technique = service.show_technique(QUESTION)
    assert sum(line.learners for line in technique.devices) == _agreed(filled)
    assert technique.browsers
    assert technique.systems


def test_coverage_is_the_share_of_those_who_worked(filled: list[Learner]) -> None:
    coverage = service.measure_coverage(QUESTION)
    assert (coverage.seen, coverage.everybody) == (_agreed(filled), len(filled))
    assert coverage.share == _agreed(filled) / len(filled)


def test_without_coursework_there_is_no_share(empty_home: Config) -> None:
    assert service.measure_coverage(QUESTION).share is None


def test_a_withdrawal_lowers_the_figures_and_the_coverage(filled: list[Learner]) -> None:
    withhold(subjects=[filled[0].subject], uses=Use.ANALYTICS, by="test")
    assert service.show_activity(QUESTION, compares=False).totals.learners == _agreed(filled) - 1
    coverage = service.measure_coverage(QUESTION)
    assert (coverage.seen, coverage.everybody) == (_agreed(filled) - 1, len(filled))


def test_a_new_grant_does_not_bring_back_the_past(filled: list[Learner]) -> None:
    withhold(subjects=[filled[0].subject], uses=Use.ANALYTICS, by="test")
    now = FixedClock(end_of_yesterday())
    release(subjects=[filled[0].subject], uses=Use.ANALYTICS, by="test", clock=now)
    assert service.show_activity(QUESTION, compares=False).totals.learners == _agreed(filled) - 1


def test_a_restricted_learner_is_in_no_figure(filled: list[Learner]) -> None:
    restrict(subjects=[filled[0].subject], by="test")
    assert service.show_activity(QUESTION, compares=False).totals.learners == _agreed(filled) - 1


def test_every_query_of_the_room_is_accepted() -> None:
    for name in registered_names():
        assert find_statement(name).text


def test_a_period_of_the_far_past_is_empty(filled: list[Learner]) -> None:
    old = Period(first=date(2001, 1, 1), last=date(2001, 1, 7))
    assert service.show_activity(replace(QUESTION, period=old), compares=True).courses == ()
