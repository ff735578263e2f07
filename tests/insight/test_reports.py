"""What programs may ask: the dashboards' own figures, protected, and nothing else."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from privet.catalogue.uses import Use
from privet.events.errors import QueryError
from privet.events.query import Scope
from privet.insight.activity import show_activity
from privet.insight.at_risk import AtRiskRule, count_at_risk
from privet.insight.experiments import (
    Trial,
    define_experiment,
    read_experiment,
    start_experiment,
)
from privet.insight.reports import (
    as_record,
    askable,
    find_askable,
    question_of,
    read_days,
    report,
)
from privet.kernel.clock import FixedClock
from tests.insight.scenes import NOON, shown
from tests.insight.scenes import QUESTION as SCENE
from tests.insight.test_experiment_rules import PLAN
from tests.population import BRAMBLE, POETRY, STATISTICS, end_of_yesterday

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("filled")]


GIVEN = {
    "site": PLAN.site, "experiment": PLAN.key, "days_away": "7", "pass_share": "0.57",
}  # fmt: skip


@pytest.fixture
def experiment() -> Trial:
    """One that runs since before the questions' days."""
    clock = FixedClock(end_of_yesterday() - timedelta(days=60))
    drafted = define_experiment(plan=PLAN, by="test", clock=clock)
    return start_experiment(experiment_id=drafted.id, by="test", clock=clock)


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


@pytest.mark.usefixtures("experiment")
def test_every_question_is_answered_and_no_answer_has_a_column_of_a_person():
    for one in askable():
        given = dict.fromkeys(one.needs, "17") | {
            key: said for key, said in GIVEN.items() if key in one.needs
        }
        use = Use.MARKETING if one.name == "origin_ads" else Use.ANALYTICS
        found = report(one.name, question(), use=use, given=given)
        assert not {"subject", "session", "event_id", "sealed"} & set(found.columns), one.name
        assert not [name for name in found.columns if name.endswith(("_key", "_top"))], one.name


def test_a_grain_is_days_unless_said():
    by_day = report("activity_over_time", question(), given={})
    by_month = report("activity_over_time", question(), given={"grain": "month"})
    assert len(by_month.rows) < len(by_day.rows)


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("origin", "search"), ("origin", "social"), ("experiment_outcomes", "target"),
        ("experiment_outcomes", "outcome"), ("experiment_outcomes", "began"),
        ("experiment_outcomes", "ended"),
    ],
)  # fmt: skip
def test_nobody_singles_learners_out_by_a_pattern_or_a_moment_of_their_choice(name, parameter):
    given = {key: GIVEN[key] for key in find_askable(name).needs} | {parameter: ".*"}
    with pytest.raises(QueryError, match=f"does not take {parameter}"):
        report(name, question(), given=given)


def test_an_experiment_is_told_as_it_was_written_down(scene, on_a_page):
    for learner in range(40):
        form = "link" if learner % 2 else "button"
        scene.act(learner, "experiment_seen", experiment=PLAN.key, variant=form)
        if learner % 4 == 0:
            scene.act(learner, PLAN.outcome, minute=5, page="/courses/statistics")
    scene.load()
    clock = FixedClock(NOON - timedelta(days=1))
    drafted = define_experiment(plan=replace(PLAN, target=""), by="test", clock=clock)
    given = {"site": PLAN.site, "experiment": PLAN.key}
    with pytest.raises(QueryError, match="has begun"):
        report("experiment_outcomes", SCENE, given=given)
    trial = start_experiment(experiment_id=drafted.id, by="test", clock=clock)
    rows = report("experiment_outcomes", SCENE, given=given).rows
    page = read_experiment(SCENE, trial, now=NOON + timedelta(days=6))
    told = {one.variant.name: (one.share.learners, one.share.reached) for one in page.lines}
    assert {row["variant"]: (row["learners"], row["reached"]) for row in rows} == told
    reached = shown(range(0, 40, 4))
    assert told == {
        "link": (shown(range(1, 40, 2)), 0),
        "button": (shown(range(0, 40, 2)), reached),
    }


@pytest.mark.parametrize(
    ("parameter", "wrong"),
    [
        ("days_away", "2"), ("days_away", "7.5"), ("days_away", "x"), ("pass_share", "0.505"),
        ("pass_share", "0.05"), ("pass_share", "nan"), ("pass_share", "inf"),
    ],
)  # fmt: skip
def test_the_rule_of_learners_at_risk_has_the_bounds_of_its_page(parameter, wrong):
    """In finer steps the number at risk would tell what each learner's points are."""
    given = {"days_away": "7", "pass_share": "0.5"} | {parameter: wrong}
    with pytest.raises(QueryError, match=f"{parameter} of this question cannot be"):
        report("at_risk_courses", question(), given=given)


def test_learners_at_risk_are_those_of_the_page():
    said = report("at_risk_courses", question(), given={"days_away": "7", "pass_share": "0.5"})
    assert said.rows
    assert len(said.rows) <= len(count_at_risk(question(), rule=AtRiskRule()))


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


def test_a_question_is_put_under_a_use_that_it_is_answered_for():
    """What only teaching may see is on no list, since it would never be answered."""
    assert "coursework_learners" not in {one.name for one in askable()}
    with pytest.raises(QueryError, match="answered for marketing"):
        report("origin_ads", question(), given={})


@pytest.mark.parametrize("days", [("yesterday", "2026-10-01"), ("2026-10-02", "2026-10-01")])
def test_days_that_are_none_are_refused(days):
    with pytest.raises(QueryError):
        read_days(*days)
