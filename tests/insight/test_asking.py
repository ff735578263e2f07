"""Questions, their options, and how much of the whole they show."""

from dataclasses import replace
from datetime import timedelta

import pytest

from privet.catalogue.uses import Use
from privet.events.errors import QueryError
from privet.events.query import Scope
from privet.events.service import withhold
from privet.events.statements import find_statement, registered_names
from privet.insight.asking import ask, find_options, find_span, measure_coverage
from privet.kernel.config import Config
from tests.insight.expected import QUESTION, YESTERDAY, agreed, shown
from tests.population import BRAMBLE, HEDGE, STATISTICS, Learner


def test_the_span_is_that_of_the_events(filled: list[Learner]) -> None:
    span = find_span(scope=Scope(), by="test")
    assert span is not None
    assert span.first >= YESTERDAY - timedelta(days=57)
    assert span.last <= YESTERDAY


def test_an_empty_lake_has_no_span(empty_home: Config) -> None:
    assert find_span(scope=Scope(), by="test") is None


def test_options_are_the_chosen_institutions_courses(filled: list[Learner]) -> None:
    everywhere = find_options(QUESTION)
    assert HEDGE in everywhere.institutions
    at_hedge = find_options(replace(QUESTION, institution=HEDGE))
    assert STATISTICS in at_hedge.courses
    assert set(at_hedge.courses) <= set(everywhere.courses)
    assert at_hedge.institutions == everywhere.institutions


def test_a_scope_hides_other_institutions_altogether(filled: list[Learner]) -> None:
    scoped = replace(QUESTION, scope=Scope(institutions=frozenset({BRAMBLE})))
    assert find_options(scoped).institutions == (BRAMBLE,)


def test_further_lists_are_looked_up_where_asked_for(filled: list[Learner]) -> None:
    further = find_options(QUESTION, further=("country", "device", "mode", "network_kind")).further
    assert set(further["device"]) == {"desktop", "mobile"}
    assert set(further["mode"]) == {"audit"}
    assert set(further) == {"country", "device", "mode", "network_kind"}


def test_coverage_is_the_share_of_those_who_worked(filled: list[Learner]) -> None:
    coverage = measure_coverage(QUESTION)
    assert (coverage.seen, coverage.everybody) == (shown(agreed(filled)), shown(filled))
    assert coverage.share == coverage.seen / coverage.everybody


def test_without_coursework_there_is_no_share(empty_home: Config) -> None:
    assert measure_coverage(QUESTION).share is None


def test_a_withdrawal_changes_the_coverage(filled: list[Learner]) -> None:
    withhold(subjects=[filled[0].subject], uses=Use.ANALYTICS, by="test")
    coverage = measure_coverage(QUESTION)
    assert (coverage.seen, coverage.everybody) == (shown(agreed(filled)[1:]), shown(filled))


def test_a_question_for_a_query_that_lacks_a_parameter_is_refused(filled: list[Learner]) -> None:
    with pytest.raises(QueryError, match="needs grain"):
        ask("activity_over_time", QUESTION)


def test_every_query_of_the_room_is_accepted() -> None:
    for name in registered_names():
        assert find_statement(name).text
