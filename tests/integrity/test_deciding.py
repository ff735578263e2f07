"""What people do with a case: review, reply, two decisions, appeal, the record of it."""

from datetime import timedelta
from typing import Any

import pytest

from privet.accounts.models import Subject
from privet.accounts.rules import NotAllowedError
from privet.audit.models import Record
from privet.integrity.case_acts import Officer, officer_of
from privet.integrity.case_rules import (
    ActKind,
    NoCaseError,
    Outcome,
    SamePersonError,
    State,
    Verdict,
    WhyError,
    WrongStateError,
)
from privet.integrity.case_views import (
    find_case,
    find_own_case,
    list_cases,
    list_own_cases,
)
from privet.integrity.deciding import (
    answer_appeal,
    appeal_case,
    decide_case,
    open_names,
    reply_to_case,
    review_case,
)
from privet.integrity.models import Case
from privet.post.models import Mail
from tests.integrity.cast import (
    BRAMBLE,
    MALLORY,
    NOW,
    TERMS,
    WEEK,
    WHY,
    keep,
    make_officer,
    run,
)
from tests.integrity.room import REPLY, Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return Room()


class TestReview:
    """The first review, without names."""

    def test_going_on_tells_the_learner_and_begins_their_time(self, room: Room) -> None:
        room.told()
        assert (room.state, room.case.told, room.case.is_mailed) == (State.TOLD, NOW, True)
        assert room.case.reply_until == NOW + TERMS.reply
        assert room.case.lapses == NOW + TERMS.reply + TERMS.lapse

    def test_ending_it_tells_nobody(self, room: Room) -> None:
        room.do(review_case, room.bob, Verdict.DISMISS)
        assert (room.state, room.outcome) == (State.CLOSED, Outcome.NOT_PURSUED)
        assert not Mail.objects.exists()

    def test_a_second_review_is_refused(self, room: Room) -> None:
        room.told()
        with pytest.raises(WrongStateError):
            room.do(review_case, room.carol, Verdict.DISMISS)
        assert room.state == State.TOLD

    def test_it_needs_a_reason(self, room: Room) -> None:
        with pytest.raises(WhyError):
            review_case(
                case_id=room.case.pk, officer=room.bob, verdict=Verdict.HOLDS, why="sure",
                clock=room.clock, terms=TERMS,
            )  # fmt: skip

    def test_the_reason_stays_with_the_case_and_out_of_the_chain(self, room: Room) -> None:
        room.told()
        assert room.case.acts.get(kind=ActKind.REVIEWED).why == WHY
        record = Record.objects.get(act="integrity.case_reviewed")
        assert (record.by, record.why) == (room.bob.by, "")

    def test_the_terms_of_the_installation_hold_if_none_are_given(self, room: Room) -> None:
        review_case(
            case_id=room.case.pk, officer=room.bob, verdict=Verdict.HOLDS, why=WHY,
            clock=room.clock,
        )  # fmt: skip
        room.case.refresh_from_db()
        assert room.case.reply_until == NOW + 3 * WEEK


class TestReach:
    """Who may know of a case at all."""

    def test_an_officer_of_another_institution_finds_none(self, room: Room) -> None:
        dan = make_officer("dan", BRAMBLE)
        assert find_case(case_id=room.case.pk, officer=dan, clock=room.clock) is None
        assert list_cases(officer=dan, is_open=True, clock=room.clock) == []
        with pytest.raises(NoCaseError):
            room.do(review_case, dan)

    def test_an_officer_finds_none_about_themselves(self, room: Room) -> None:
        Subject.objects.filter(pk=MALLORY).update(account_id=room.bob.account_id)
        assert find_case(case_id=room.case.pk, officer=room.bob, clock=room.clock) is None
        with pytest.raises(NoCaseError):
            room.do(review_case, room.bob)

    def test_a_learner_is_no_officer(self, room: Room) -> None:
        with pytest.raises(NotAllowedError):
            officer_of(account_id=room.account.pk, grants=())

    def test_another_learner_finds_none(self, room: Room) -> None:
        room.told()
        clock = room.clock
        assert find_own_case(case_id=room.case.pk, learner=room.mallory, clock=clock) is None
        with pytest.raises(NoCaseError):
            room.say(reply_to_case, who=room.mallory)

    def test_a_case_that_nobody_has_looked_at_is_not_shown_to_its_learner(self, room: Room) -> None:
        assert list_own_cases(learner=room.alice, clock=room.clock) == []
        room.told()
        (shown,) = list_own_cases(learner=room.alice, clock=room.clock)
        assert (shown.id, shown.steps) == (room.case.pk, {ActKind.REPLIED})


class TestReply:
    """The learner is heard."""

    def test_a_reply_lets_two_decide(self, room: Room) -> None:
        room.deciding()
        assert (room.state, room.case.reply) == (State.DECIDING, REPLY)

    def test_a_second_reply_is_refused(self, room: Room) -> None:
        room.deciding()
        with pytest.raises(WrongStateError):
            room.say(reply_to_case, "Another one.")
        assert room.case.reply == REPLY

    def test_a_late_reply_is_refused_even_before_the_worker_came_by(self, room: Room) -> None:
        room.told()
        room.clock.advance(TERMS.reply)
        with pytest.raises(WrongStateError):
            room.say(reply_to_case)

    def test_without_a_reply_two_decide_when_the_time_is_over(self, room: Room) -> None:
        room.told()
        room.clock.advance(TERMS.reply - timedelta(seconds=1))
        with pytest.raises(WrongStateError):
            room.do(decide_case, room.bob)
        room.clock.advance(timedelta(seconds=1))
        room.do(decide_case, room.bob)
        assert room.state == State.DECIDING
        assert room.case.acts.filter(kind=ActKind.REPLY_TIME_OVER).exists()

    def test_an_empty_reply_or_a_book_is_none(self, room: Room) -> None:
        room.told()
        for text in (" ", "x" * 10_001):
            with pytest.raises(WhyError):
                room.say(reply_to_case, text)

    def test_what_was_replied_is_not_in_the_chain(self, room: Room) -> None:
        room.deciding()
        record = Record.objects.get(act="integrity.case_replied")
        assert (record.by, record.about, record.why) == (
            room.alice.by, {"case": room.case.pk}, "",
        )  # fmt: skip


class TestDecision:
    """Two different people."""

    def test_both_must_say_that_it_holds(self, room: Room) -> None:
        room.upheld()
        assert (room.state, room.outcome) == (State.UPHELD, "")
        assert room.case.appeal_until == NOW + TERMS.appeal

    def test_if_they_do_not_agree_it_is_dismissed(self, room: Room) -> None:
        room.deciding()
        room.do(decide_case, room.bob)
        room.do(decide_case, room.carol, Verdict.DISMISS)
        assert (room.state, room.outcome) == (State.CLOSED, Outcome.DISMISSED)

    def test_one_dismissal_waits_for_the_other(self, room: Room) -> None:
        room.deciding().do(decide_case, room.bob, Verdict.DISMISS)
        assert room.state == State.DECIDING
        room.do(decide_case, room.carol)
        assert room.outcome == Outcome.DISMISSED

    def test_the_same_person_twice_is_refused(self, room: Room) -> None:
        room.deciding().do(decide_case, room.bob)
        with pytest.raises(SamePersonError):
            room.do(decide_case, room.bob)
        assert room.case.acts.filter(kind=ActKind.DECIDED).count() == 1

    def test_a_third_is_too_late(self, room: Room) -> None:
        room.upheld()
        with pytest.raises(WrongStateError):
            room.do(decide_case, room.erin)

    def test_neither_sees_what_the_other_said_before_both_have(self, room: Room) -> None:
        room.deciding().do(decide_case, room.bob, Verdict.DISMISS)
        seen = _decisions(room, room.carol)
        assert [(one.verdict, one.why) for one in seen] == [("", "")]
        assert [one.verdict for one in _decisions(room, room.bob)] == ["dismiss"]
        own = find_own_case(case_id=room.case.pk, learner=room.alice, clock=room.clock)
        assert own is not None
        assert [one.verdict for one in own.history if one.kind is ActKind.DECIDED] == [""]
        room.do(decide_case, room.carol)
        assert [one.verdict for one in _decisions(room, room.carol)] == ["dismiss", "holds"]

    def test_who_has_decided_is_not_asked_again(self, room: Room) -> None:
        room.deciding().do(decide_case, room.bob)
        (for_bob,) = list_cases(officer=room.bob, is_open=True, clock=room.clock)
        (for_carol,) = list_cases(officer=room.carol, is_open=True, clock=room.clock)
        assert (for_bob.is_mine, for_carol.is_mine) == (False, True)


def _decisions(room: Room, officer: Officer) -> list[Any]:
    case = find_case(case_id=room.case.pk, officer=officer, clock=room.clock)
    assert case is not None
    return [one for one in case.history if one.kind is ActKind.DECIDED]


class TestAppeal:
    """A third person answers."""

    @pytest.mark.parametrize(
        ("verdict", "outcome"),
        [
            (Verdict.HOLDS, Outcome.UPHELD_ON_APPEAL),
            (Verdict.DISMISS, Outcome.OVERTURNED),
        ],
    )
    def test_somebody_who_had_no_part_has_the_last_word(
        self, room: Room, verdict: Verdict, outcome: Outcome
    ) -> None:
        room.appealed().do(answer_appeal, room.erin, verdict)
        assert (room.state, room.outcome) == (State.CLOSED, outcome)

    def test_who_had_a_part_is_refused(self, room: Room) -> None:
        room.appealed()
        for officer in (room.bob, room.carol):
            with pytest.raises(SamePersonError):
                room.do(answer_appeal, officer, Verdict.DISMISS)
            with pytest.raises(SamePersonError):
                room.do(open_names, officer, None)
            case = find_case(case_id=room.case.pk, officer=officer, clock=room.clock)
            assert case is not None
            assert case.steps == set()

    def test_it_gives_staff_their_time_anew(self, room: Room) -> None:
        room.upheld()
        room.clock.advance(WEEK)
        room.say(appeal_case)
        assert room.case.lapses == NOW + WEEK + TERMS.lapse

    def test_who_opened_it_by_hand_is_refused_too(self, room: Room) -> None:
        room.appealed()
        room.case.acts.filter(kind=ActKind.OPENED).update(person=room.erin.account_id)
        with pytest.raises(SamePersonError):
            room.do(answer_appeal, room.erin)

    def test_a_late_appeal_is_refused(self, room: Room) -> None:
        room.upheld()
        room.clock.advance(TERMS.appeal)
        with pytest.raises(WrongStateError):
            room.say(appeal_case)

    def test_a_second_answer_is_refused(self, room: Room) -> None:
        room.closed()
        with pytest.raises(WrongStateError):
            room.do(answer_appeal, room.erin, Verdict.DISMISS)
        assert room.outcome == Outcome.UPHELD_ON_APPEAL


def test_what_holds_says_if_the_detectors_would_not_find_it_any_more(room: Room) -> None:
    room.closed()
    keep()
    assert run(room.clock).fell == 0
    room.case.refresh_from_db()
    assert (room.state, room.case.stands) == (State.CLOSED, False)


def test_each_act_of_a_case_is_on_record(room: Room) -> None:
    room.closed()
    acts = Record.objects.filter(act__startswith="integrity.case_").order_by("seq")
    assert [record.act.removeprefix("integrity.case_") for record in acts] == [
        act.kind for act in Case.objects.get().acts.order_by("pk")
    ]
