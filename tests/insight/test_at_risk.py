"""Learners at risk: the rule's three conditions, its bounds, and the list of people."""

from datetime import timedelta

import pytest

from privet.accounts.models import Account, Subject
from privet.audit.models import Record
from privet.catalogue.uses import Use
from privet.events.query import Scope
from privet.events.service import restrict, withhold
from privet.insight.asking import Question
from privet.insight.at_risk import (
    MOST_LISTED,
    AtRiskLine,
    AtRiskList,
    AtRiskRule,
    count_at_risk,
    list_at_risk,
    read_rule,
)
from privet.insight.looking import Looker, LookKind, ReasonError
from privet.insight.models import Look
from privet.insight.rules import Period
from privet.kernel.clock import FixedClock
from tests.events.rows import ALICE, BOB, CAROL, NOON, TODAY
from tests.insight.kit import (
    ACTS,
    COURSE,
    SERVER_ONLY,
    Row,
    check,
    days_ago,
    enrol,
    event,
    exact,
    keep,
)

pytestmark = pytest.mark.usefixtures("empty_home")
RULE = AtRiskRule()
TESS = Looker(account_id=40, role="tutor", institutions=frozenset({"hedge-university"}))
CLOCK = FixedClock(NOON)
WHY = "To offer help before the exam"
GONE = "edx.course.enrollment.deactivated"
DONE = "edx.certificate.created"


def _exact(rule: AtRiskRule = RULE) -> dict[str, int]:
    rows = exact("at_risk_courses", days_away=rule.days_away, pass_share=rule.pass_share)
    if not rows:
        return {}
    return {name: rows[0][name] for name in ("learners", "failing", "away", "at_risk")}


def _risky(subject: int = ALICE) -> list[Row]:
    return [enrol(subject, at=days_ago(20)), check(0, subject, at=days_ago(9))]


def test_enrolled_failing_and_away_are_at_risk() -> None:
    keep(*_risky())
    assert _exact() == {"learners": 1, "failing": 1, "away": 1, "at_risk": 1}


def test_each_condition_alone_is_not_enough() -> None:
    keep(
        # Alice is away and passes, Bob fails and is there, Carol is not enrolled.
        enrol(at=days_ago(20)), check(2, at=days_ago(9)),
        enrol(BOB, at=days_ago(20)), check(0, BOB),
        check(0, CAROL, at=days_ago(9)),
    )  # fmt: skip
    assert _exact() == {"learners": 2, "failing": 1, "away": 1, "at_risk": 0}


def test_who_tried_nothing_has_few_points() -> None:
    keep(enrol(at=days_ago(20)))
    assert _exact()["at_risk"] == 1


def test_the_number_of_days_is_reached_on_its_day() -> None:
    keep(enrol(at=days_ago(7)), enrol(BOB, at=days_ago(6)))
    assert _exact()["away"] == 1


def test_half_of_the_points_are_enough() -> None:
    keep(enrol(at=days_ago(20)), check(1, at=days_ago(9)))
    assert _exact()["failing"] == 0
    assert _exact(AtRiskRule(pass_percent=60))["failing"] == 1


@pytest.mark.parametrize(("name", "enrolled"), [(GONE, False), (DONE, False), ("page_view", True)])
def test_who_left_or_finished_is_not_at_risk(name: str, enrolled: bool) -> None:
    keep(*_risky(), event(name, at=days_ago(8)))
    assert (_exact().get("learners", 0) == 1) is enrolled


def test_who_came_back_is_enrolled_again() -> None:
    keep(*_risky(), event(GONE, at=days_ago(15)), enrol(at=days_ago(10)))
    assert _exact()["at_risk"] == 1


def test_who_came_back_on_the_day_they_left_is_enrolled_again() -> None:
    """The count and the list go by the moment, not by the day."""
    hour = timedelta(hours=1)
    keep(enrol(at=days_ago(20)), event(GONE, at=days_ago(9), uses=ACTS))
    keep(enrol(at=days_ago(9) + hour))
    assert _exact()["at_risk"] == 1
    keep(enrol(BOB, at=days_ago(9)), event(GONE, BOB, at=days_ago(9) + hour, uses=ACTS))
    assert _exact()["at_risk"] == 1


def test_what_is_shown_is_protected_and_looks_back_beyond_the_period() -> None:
    many = [8_000_000_000 + number * 7_919 for number in range(60)]
    keep(*(enrol(subject, at=days_ago(200)) for subject in many))
    period = Period(first=TODAY - timedelta(days=6), last=TODAY)
    question = Question(period=period, scope=Scope(), by="test")
    (line,) = count_at_risk(question, rule=RULE)
    assert isinstance(line, AtRiskLine)
    assert line.course == COURSE
    assert abs(line.at_risk - 60) <= 5
    keep(enrol(ALICE, course="course-v1:Small+S1+2026", at=days_ago(200)))
    assert {found.at_risk for found in count_at_risk(question, rule=RULE)} & {1, 2} == set()


@pytest.mark.parametrize(
    ("days", "percent", "rule"),
    [
        ("", "", (7, 50)), ("14", "60", (14, 60)), ("0", "0", (3, 10)), ("999", "999", (60, 90)),
        ("-5", "x", (7, 50)), ("99999999999", "5", (60, 10)), ("٣", "½", (7, 50)),
    ],
)  # fmt: skip
def test_the_rules_numbers_stay_within_their_bounds(
    days: str, percent: str, rule: tuple[int, int]
) -> None:
    found = read_rule(days=days, percent=percent)
    assert (found.days_away, found.pass_percent) == rule


def _account(subject: int, name: str) -> int:
    account = Account.objects.create_user(name=name)
    Subject.objects.create(pk=subject, person=subject, account=account)
    return account.pk


def _list(looker: Looker = TESS, rule: AtRiskRule = RULE, why: str = WHY) -> AtRiskList:
    return list_at_risk(course=COURSE, last=TODAY, rule=rule, why=why, looker=looker, clock=CLOCK)


def test_each_person_on_the_list_has_a_look_on_record() -> None:
    account = _account(ALICE, "Alice")
    keep(*_risky(), *_risky(BOB))
    found = _list()
    assert [person.person.name for person in found.people] == ["Alice"]
    assert (found.unnamed, found.further) == (1, 0)
    (look,) = Look.objects.all()
    assert (look.account_id, look.kind, look.why, look.viewer) == (account, LookKind.LIST, WHY, 40)
    record = Record.objects.get(act="insight.list_learners")
    assert (record.seq, record.why) == (look.act, WHY)
    assert record.about == {"looks": 1, "account": account, "course": COURSE}


def test_the_list_is_made_of_what_the_server_recorded_for_teaching() -> None:
    _account(ALICE, "Alice")
    # A page that a browser saw yesterday is for analytics, and is not looked at here.
    keep(
        enrol(at=days_ago(20), uses=SERVER_ONLY), check(0, at=days_ago(9), uses=SERVER_ONLY),
        event("page_view", at=days_ago(1)),
    )  # fmt: skip
    (person,) = _list().people
    assert (person.last_day, person.problems, person.share) == (days_ago(9).date(), 1, 0)


def test_who_tried_nothing_has_no_share() -> None:
    _account(ALICE, "Alice")
    keep(enrol(at=days_ago(20)))
    (person,) = _list().people
    assert (person.problems, person.share) == (0, None)


def test_an_answer_to_no_known_problem_is_in_neither_the_list_nor_the_count() -> None:
    _account(ALICE, "Alice")
    right = {"grade": 2, "max_grade": 2, "success": "correct"}
    keep(*_risky(), event("problem_check", at=days_ago(9), detail=right, uses=ACTS))
    (person,) = _list().people
    assert (person.problems, person.share) == (1, 0)
    assert _exact()["at_risk"] == 1


def test_those_beyond_the_list_are_all_counted() -> None:
    first = 10_000
    keep(*(enrol(first + number, at=days_ago(20)) for number in range(501)))
    assert _list() == AtRiskList(people=(), further=0, unnamed=501)


@pytest.mark.parametrize("name", [GONE, DONE])
def test_who_left_or_finished_is_not_listed(name: str) -> None:
    _account(ALICE, "Alice")
    keep(*_risky(), event(name, at=days_ago(8), uses=SERVER_ONLY))
    assert _list().people == ()


def test_the_list_obeys_the_rule() -> None:
    _account(ALICE, "Alice")
    keep(enrol(at=days_ago(20)), check(1, at=days_ago(9)))
    assert _list().people == ()
    assert len(_list(rule=AtRiskRule(pass_percent=60)).people) == 1
    assert _list(rule=AtRiskRule(pass_percent=60, days_away=10)).people == ()


def test_staff_of_another_institution_list_nobody() -> None:
    _account(ALICE, "Alice")
    keep(*_risky())
    carol = Looker(account_id=41, role="tutor", institutions=frozenset({"bramble-college"}))
    assert _list(carol) == AtRiskList(people=(), further=0, unnamed=0)


def test_who_is_restricted_is_not_listed_and_who_only_withdrew_from_analytics_is() -> None:
    _account(ALICE, "Alice")
    _account(BOB, "Bob")
    keep(*_risky(), *_risky(BOB))
    restrict(subjects=[ALICE], by="test")
    withhold(subjects=[BOB], uses=Use.ANALYTICS, by="test")
    assert [person.person.name for person in _list().people] == ["Bob"]


def test_a_long_list_ends_and_says_so() -> None:
    for number in range(MOST_LISTED + 3):
        _account(9_000_000_000 + number, "Somebody")
    keep(*(enrol(9_000_000_000 + n, at=days_ago(20)) for n in range(MOST_LISTED + 3)))
    found = _list()
    assert (len(found.people), found.further) == (MOST_LISTED, 3)
    assert Look.objects.count() == MOST_LISTED


def test_without_a_reason_nothing_is_listed_and_nothing_is_on_record() -> None:
    _account(ALICE, "Alice")
    keep(*_risky())
    with pytest.raises(ReasonError):
        _list(why="because")
    assert not Look.objects.exists()
