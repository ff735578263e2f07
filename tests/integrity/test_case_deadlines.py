"""What time does to cases by itself, once and not twice."""

import pytest

from privet.integrity.case_deadlines import pass_deadlines
from privet.integrity.case_rules import ActKind, Outcome, State, Verdict, WrongStateError
from privet.integrity.case_views import count_waiting, find_case, list_cases, list_own_cases
from privet.integrity.deciding import decide_case, review_case
from privet.integrity.models import Case
from privet.kernel.clock import FixedClock
from privet.post.models import Mail
from tests.integrity.cast import (
    ALICE,
    NOW,
    TERMS,
    WEEK,
    WHY,
    make_institutions,
    make_learner,
    make_officer,
    open_one,
)
from tests.integrity.room import Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return Room()


def _pass(room: Room) -> tuple[int, int]:
    done = pass_deadlines(clock=room.clock, terms=TERMS)
    room.case.refresh_from_db()
    return done.moved, done.forgotten


def test_nothing_is_due_on_the_first_day(room: Room) -> None:
    assert _pass(room) == (0, 0)


def test_a_case_that_nobody_reviews_closes_for_the_learner(room: Room) -> None:
    room.clock.advance(TERMS.lapse)
    assert _pass(room) == (1, 0)
    assert (room.state, room.outcome) == (State.CLOSED, Outcome.LAPSED)
    assert not Mail.objects.exists()
    assert _pass(room) == (0, 0)


def test_when_the_time_to_reply_is_over_two_decide(room: Room) -> None:
    room.told()
    room.clock.advance(TERMS.reply)
    assert _pass(room) == (1, 0)
    assert room.state == State.DECIDING
    assert _pass(room) == (0, 0)


def test_if_nobody_decides_it_closes_for_the_learner_who_is_told(room: Room) -> None:
    room.deciding()
    room.clock.advance(TERMS.lapse)
    assert _pass(room) == (1, 0)
    assert room.outcome == Outcome.LAPSED
    assert Mail.objects.latest("pk").kind == "integrity_closed_ends"


def test_without_an_appeal_it_closes_as_it_was_decided(room: Room) -> None:
    room.upheld()
    room.clock.advance(TERMS.appeal)
    assert _pass(room) == (1, 0)
    assert (room.outcome, Mail.objects.latest("pk").kind) == (
        Outcome.UPHELD, "integrity_closed_holds",
    )  # fmt: skip


def test_an_appeal_that_nobody_answers_closes_for_the_learner(room: Room) -> None:
    room.appealed()
    room.clock.advance(TERMS.lapse)
    _pass(room)
    assert room.outcome == Outcome.LAPSED


def test_a_page_shows_the_state_that_time_brought_before_the_worker_came_by(room: Room) -> None:
    room.told()
    room.clock.advance(TERMS.reply)
    seen = find_case(case_id=room.case.pk, officer=room.bob, clock=room.clock)
    assert seen is not None
    assert seen.state is State.DECIDING
    assert ActKind.DECIDED in seen.steps


def test_whoever_is_late_twice_finds_a_case_that_has_closed_for_the_learner(room: Room) -> None:
    room.told()
    room.clock.advance(TERMS.reply + TERMS.lapse)
    (line,) = list_cases(officer=room.bob, is_open=True, clock=room.clock)
    assert (line.state, line.outcome, line.is_mine) == (State.CLOSED, Outcome.LAPSED, False)
    assert count_waiting(officer=room.bob, clock=room.clock) == 0
    with pytest.raises(WrongStateError):
        room.do(decide_case, room.bob)
    assert _pass(room) == (1, 0)
    assert (room.state, room.outcome) == (State.CLOSED, Outcome.LAPSED)
    kinds = [act.kind for act in room.case.acts.order_by("pk")]
    assert kinds[-2:] == [ActKind.REPLY_TIME_OVER, ActKind.CLOSED]


def test_what_holds_is_not_told_as_nothing_before_the_worker_came_by(room: Room) -> None:
    room.upheld()
    room.clock.advance(TERMS.appeal)
    (own,) = list_own_cases(learner=room.alice, clock=room.clock)
    assert (own.state, own.outcome) == (State.CLOSED, Outcome.UPHELD)
    seen = find_case(case_id=room.case.pk, officer=room.erin, clock=room.clock)
    assert seen is not None
    assert (seen.outcome, seen.steps) == (Outcome.UPHELD, {ActKind.HANDED_OVER})


def test_what_nobody_has_looked_at_is_not_shown_to_its_learner_when_it_lapses(room: Room) -> None:
    room.clock.advance(TERMS.lapse)
    assert list_own_cases(learner=room.alice, clock=room.clock) == []
    _pass(room)
    assert list_own_cases(learner=room.alice, clock=room.clock) == []


def test_evidence_and_texts_are_deleted_after_their_time_and_a_line_stays(room: Room) -> None:
    room.closed()
    room.clock.advance(TERMS.keep)
    assert _pass(room) == (0, 1)
    case = Case.objects.get()
    assert (case.main, case.evidence, case.reply, case.appeal) == (None, None, "", "")
    assert not case.accounts.exists()
    assert set(case.acts.values_list("why", flat=True)) == {""}
    assert set(case.acts.values_list("person", flat=True)) == {None}
    assert set(case.acts.values_list("by", flat=True)) == {"", "learner", "worker"}
    assert (case.kind, case.outcome) == ("immediate", Outcome.UPHELD_ON_APPEAL)
    assert _pass(room) == (0, 0)


def test_who_opened_it_by_hand_is_deleted_with_it(room: Room) -> None:
    room.closed()
    Case.objects.update(opened_by=room.bob.by)
    room.clock.advance(TERMS.keep)
    _pass(room)
    assert Case.objects.get().opened_by == ""


def test_what_was_deleted_is_shown_to_officers_as_a_line_and_to_the_learner_not(
    room: Room,
) -> None:
    room.closed()
    room.clock.advance(TERMS.keep)
    _pass(room)
    (line,) = list_cases(officer=room.bob, is_open=False, clock=room.clock)
    assert (line.outcome, line.due) == (Outcome.UPHELD_ON_APPEAL, None)
    seen = find_case(case_id=line.id, officer=room.bob, clock=room.clock)
    assert seen is not None
    assert (seen.evidence, seen.steps) == (None, frozenset())
    assert list_own_cases(learner=room.alice, clock=room.clock) == []


def test_the_settings_hold_if_no_terms_are_given() -> None:
    clock = FixedClock(NOW)
    make_institutions()
    make_learner("alice", ALICE)
    case = open_one(clock)
    review_case(
        case_id=case.pk, officer=make_officer("bob"), verdict=Verdict.HOLDS, why=WHY, clock=clock
    )
    clock.advance(3 * WEEK)
    assert pass_deadlines(clock=clock).moved == 1
