"""What programs may ask: the dashboards' own figures, protected, and nothing else."""

from datetime import date

import pytest

from privet.catalogue.uses import Use
from privet.events.errors import QueryError
from privet.events.query import Scope
from privet.insight.activity import show_activity
from privet.insight.reports import as_record, askable, question_of, read_days, report
from tests.population import BRAMBLE, POETRY, STATISTICS, end_of_yesterday

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("filled")]


def question(scope: Scope | None = None, **given: str):
    last = end_of_yesterday().date()
    first = date.fromordinal(last.toordinal() - 27)
    return question_of(first=first, last=last, given=given, scope=scope or Scope(), by="test")


def test_a_report_tells_what_the_page_tells():
    asked = question(course=STATISTICS)
    found = report("activity_totals", asked, given={"course": STATISTICS})
    [row] = found.rows
    assert row["learners"] == show_activity(asked, compares=False).totals.learners > 0


def test_no_question_on_the_list_names_a_person_or_an_event():
    assert askable()
    for one in askable():
        assert not {"subject", "session", "event_id"} & set(one.parameters), one.name


def test_every_question_is_answered_and_no_answer_has_a_column_of_a_person():
    for one in askable():
        given = dict.fromkeys(one.needs, "none")
        try:
            found = report(one.name, question(), given=given)
        except QueryError as error:
            # A number was wanted, or another use: advertisements are read under marketing.
            assert "cannot take" in error.what or "is made for" in error.what, one.name  # noqa: PT017
            continue
        assert not {"subject", "session", "event_id", "sealed"} & set(found.columns), one.name
        assert not [name for name in found.columns if name.endswith(("_key", "_top"))], one.name


def test_a_grain_is_days_unless_said():
    by_day = report("activity_over_time", question(), given={})
    by_month = report("activity_over_time", question(), given={"grain": "month"})
    assert len(by_month.rows) < len(by_day.rows)


def test_a_report_stays_in_its_scope():
    scope = Scope(institutions=frozenset({BRAMBLE}))
    found = report("activity_by_course", question(scope), given={})
    assert {row["course"] for row in found.rows} == {POETRY}


@pytest.mark.parametrize(
    ("name", "given", "problem"),
    [
        ("nothing", {}, "no question"),
        ("span", {}, "no question"),
        ("activity_totals", {"subject": "5"}, "does not take subject"),
        ("activity_over_time", {"grain": "fortnight"}, "cannot take"),
    ],
)
def test_what_cannot_be_answered_is_said(name, given, problem):
    with pytest.raises(QueryError, match=problem):
        report(name, question(), given=given)


@pytest.mark.parametrize("use", [Use.INSTRUCTION, Use.SECURITY, Use.ANALYTICS | Use.MARKETING])
def test_figures_are_not_given_for_another_use(use):
    with pytest.raises(QueryError, match="analytics or for marketing only"):
        report("activity_totals", question(), use=use, given={})


def test_an_answer_says_of_what_share_of_learners_it_tells():
    record = as_record(report("activity_over_time", question(), given={}))
    assert 0 < record["learners_seen_share"] < 1
    assert record["columns"] == list(record["rows"][0])
    assert record["rows"][0]["point"] == record["from"]


@pytest.mark.parametrize("days", [("yesterday", "2026-10-01"), ("2026-10-02", "2026-10-01")])
def test_days_that_are_none_are_refused(days):
    with pytest.raises(QueryError):
        read_days(*days)
