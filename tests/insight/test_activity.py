"""Who was active when, put to a real lake."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from statistics import median

import pytest

from privet.catalogue.uses import Use
from privet.events.query import Scope
from privet.events.service import release, restrict, withhold
from privet.insight.activity import LENGTHS, show_activity
from privet.insight.activity_results import CohortLine, EnrolmentLine
from privet.insight.rules import Grain, Period, last_days, start_of
from privet.kernel.clock import FixedClock
from tests.events.rows import NOON
from tests.insight import kit
from tests.insight.expected import (
    QUESTION,
    YESTERDAY,
    agreed,
    happenings,
    shown,
    shown_subjects,
)
from tests.population import BRAMBLE, HEDGE, Learner, end_of_yesterday

ENROLLED = "edx.course.enrollment.activated"


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


def test_one_event_has_no_sessions_hours_or_enrolments(filled: list[Learner]) -> None:
    found = show_activity(replace(QUESTION, event="page_view"), compares=True)
    who = {one.subject for one in happenings(filled) if one.name == "page_view"}
    assert found.totals.learners == shown_subjects(who)
    assert found.totals.sessions is None
    assert found.totals_before is not None
    assert (found.hours, found.lengths, found.enrolments, found.cohorts) == ((), (), (), ())


def test_hours_count_the_learners_of_each_hour_of_the_week(filled: list[Learner]) -> None:
    expected = defaultdict(set)
    for one in happenings(filled):
        expected[one.time.weekday(), one.time.hour].add(one.subject)
    hours = show_activity(QUESTION, compares=False).hours
    assert len(hours) == 7 * 24
    for line in hours:
        assert line.learners == shown_subjects(expected[line.weekday, line.hour])


def test_sessions_are_sorted_by_their_length(filled: list[Learner]) -> None:
    times = defaultdict(list)
    for one in happenings(filled):
        times[one.subject, one.session].append(one.time)
    seconds = {key: (max(all_) - min(all_)).total_seconds() for key, all_ in times.items()}
    found = show_activity(QUESTION, compares=False)
    assert found.totals.session_seconds == median(map(int, seconds.values()))
    for line in found.lengths:
        who = {key[0] for key, length in seconds.items() if _class(length) == line.length}
        assert line.learners == shown_subjects(who)


@pytest.mark.usefixtures("empty_home")
def test_the_length_of_the_only_session_among_many_learners_is_no_median() -> None:
    """What a server tells has no session: the others' acts say nothing of how long one lasts."""
    acts = [kit.enrol(8_000_000_000 + number * 7_919, session=0) for number in range(40)]
    kit.keep(*acts, *(kit.event("page_view", at=NOON + timedelta(seconds=n)) for n in (0, 77)))
    totals = show_activity(kit.QUESTION, compares=False).totals
    assert totals.learners > 30
    assert totals.session_seconds is None


def _class(seconds: float) -> int:
    return sum(seconds >= end for end in LENGTHS)


def test_enrolments_are_counted_by_course_and_mode(filled: list[Learner]) -> None:
    courses = defaultdict(set)
    for one in happenings(filled):
        if one.name == ENROLLED:
            courses[one.course].add(one.subject)
    found = show_activity(QUESTION, compares=False)
    assert {line.course: line.enrolled for line in found.enrolments} == {
        course: shown_subjects(who) for course, who in courses.items()
    }
    assert {line.mode for line in found.enrolments} == {"audit"}
    assert [line.share for line in found.enrolments] == [0.0] * len(courses)
    assert found.totals.enrolled == shown_subjects(set().union(*courses.values()))
    assert found.totals.completed == 0


@pytest.mark.usefixtures("empty_home")
def test_a_mode_is_that_of_the_last_enrolment_of_a_day_too() -> None:
    hour = timedelta(hours=1)
    for subject, modes in enumerate((("audit", "verified"), ("verified", "audit")), start=5):
        kit.keep(*(
            kit.enrol(subject, at=NOON + place * hour, detail={"mode": mode})
            for place, mode in enumerate(modes)
        ))  # fmt: skip
    rows = kit.exact("activity_enrolments")
    assert {row["last_mode"]: row["enrolled_key"] for row in rows} == {"verified": 5, "audit": 6}


@pytest.mark.usefixtures("empty_home")
def test_who_changes_the_mode_is_counted_in_the_new_one() -> None:
    later = NOON + timedelta(hours=1)
    change = "edx.course.enrollment.mode_changed"
    kit.keep(
        kit.enrol(5, detail={"mode": "audit"}),
        kit.event(change, 5, at=later, detail={"mode": "verified"}, uses=kit.ACTS),
    )
    rows = kit.exact("activity_enrolments")
    assert [(row["last_mode"], row["enrolled_key"]) for row in rows] == [("verified", 5)]


@pytest.mark.usefixtures("empty_home")
@pytest.mark.parametrize("modes", [("audit", "verified"), ("verified", "audit")])
def test_of_two_modes_of_one_moment_it_is_the_same_one_each_time(modes: tuple[str, ...]) -> None:
    for mode in modes:
        kit.keep(kit.enrol(5, detail={"mode": mode}))
    rows = kit.exact("activity_enrolments")
    assert [(row["last_mode"], row["enrolled_key"]) for row in rows] == [("verified", 5)]


def test_cohorts_are_those_who_first_enrolled_in_a_week(filled: list[Learner]) -> None:
    weeks: dict[int, date] = {}
    active = defaultdict(set)
    for one in sorted(happenings(filled), key=lambda one: one.time):
        week = start_of(one.time.date(), Grain.WEEK)
        active[week].add(one.subject)
        if one.name == ENROLLED:
            weeks.setdefault(one.subject, week)
    for line in show_activity(QUESTION, compares=False).cohorts:
        cohort = {subject for subject, week in weeks.items() if week == line.cohort}
        later = active[line.cohort + line.later * timedelta(days=7)]
        assert line.enrolled == shown_subjects(cohort)
        assert line.learners == shown_subjects(cohort & later)
        assert line.share == min(1, line.learners / line.enrolled)


def test_cohorts_of_long_periods_are_months(filled: list[Learner]) -> None:
    long = Period(first=YESTERDAY - timedelta(days=120), last=YESTERDAY)
    cohorts = show_activity(replace(QUESTION, period=long), compares=False).cohorts
    assert {line.cohort.day for line in cohorts} == {1}


def test_a_grain_can_be_asked_for(filled: list[Learner]) -> None:
    found = show_activity(replace(QUESTION, asked_grain=Grain.MONTH), compares=True)
    assert {bucket.point.day for bucket in found.buckets} == {1}
    assert len(found.buckets) == len(found.buckets_before)


def test_nobody_of_nobody_is_no_share() -> None:
    assert CohortLine(cohort=YESTERDAY, later=1, enrolled=0, learners=0).share is None
    line = EnrolmentLine(course="", institution="", mode="", enrolled=0, completed=3, through=0)
    assert line.share is None


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
