"""Names, letters and the institution's text: who learns what of a case, and when."""

from datetime import timedelta

import pytest

from privet.accounts.models import Account, Subject
from privet.audit.models import Record
from privet.integrity.case_deadlines import pass_deadlines
from privet.integrity.case_rules import (
    ActKind,
    SamePersonError,
    Verdict,
    WrongStateError,
)
from privet.integrity.case_views import (
    find_case,
    list_case_looks,
    names_open_to,
)
from privet.integrity.deciding import (
    decide_case,
    hand_over,
    open_names,
    reply_to_case,
    review_case,
)
from privet.post.models import Mail
from tests.integrity.cast import (
    ALICE,
    BRAMBLE,
    COURSE,
    HEDGE,
    MALLORY,
    NOW,
    TERMS,
    WHY,
    make_officer,
)
from tests.integrity.room import Room

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> Room:
    return Room()


class TestNames:
    """Names are opened deliberately, for some minutes, and those named read it."""

    def test_before_the_learner_was_told_they_stay_closed(self, room: Room) -> None:
        with pytest.raises(WrongStateError):
            room.do(open_names, room.carol, None)

    def test_they_open_to_who_asked_and_to_nobody_else(self, room: Room) -> None:
        room.told().do(open_names, room.carol, None)
        names = names_open_to(case_id=room.case.pk, officer=room.carol, clock=room.clock)
        assert {letter: found.name for letter, found in names.items()} == {
            "A": "Mallory", "B": "Alice",
        }  # fmt: skip
        assert names_open_to(case_id=room.case.pk, officer=room.bob, clock=room.clock) == {}
        dan = make_officer("dan", BRAMBLE)
        assert names_open_to(case_id=room.case.pk, officer=dan, clock=room.clock) == {}

    def test_they_close_after_some_minutes(self, room: Room) -> None:
        room.told().do(open_names, room.carol, None)
        room.clock.advance(timedelta(minutes=15))
        assert names_open_to(case_id=room.case.pk, officer=room.carol, clock=room.clock) == {}

    def test_who_has_decided_needs_them_no_more(self, room: Room) -> None:
        room.deciding().do(decide_case, room.bob)
        with pytest.raises(SamePersonError):
            room.do(open_names, room.bob, None)
        case = find_case(case_id=room.case.pk, officer=room.bob, clock=room.clock)
        assert case is not None
        assert case.steps == set()

    def test_each_whose_name_it_is_reads_it(self, room: Room) -> None:
        room.told().do(open_names, room.carol, None)
        for subject in (ALICE, MALLORY):
            (look,) = list_case_looks(subjects=[subject])
            assert (look.why, look.viewer, look.institution) == (
                WHY, room.carol.account_id, HEDGE,
            )  # fmt: skip
        assert Record.objects.get(act="integrity.case_names_opened").why == WHY

    def test_the_texts_way_to_the_institution_is_a_look_at_one_alone(self, room: Room) -> None:
        room.closed().do(hand_over, room.carol, None)
        assert len(list_case_looks(subjects=[ALICE])) == 1
        assert list_case_looks(subjects=[MALLORY]) == []


class TestHandingOver:
    """Only what holds goes to the institution, and only as words."""

    def test_a_case_that_holds_names_its_account(self, room: Room) -> None:
        found = room.closed().do(hand_over, room.carol, None)
        assert found.email == "alice@learner.example"

    def test_it_can_be_handed_over_once_it_is_closed(self, room: Room) -> None:
        room.closed()
        case = find_case(case_id=room.case.pk, officer=room.bob, clock=room.clock)
        assert case is not None
        assert case.steps == {ActKind.HANDED_OVER}

    def test_a_case_that_was_dismissed_gives_nothing(self, room: Room) -> None:
        room.do(review_case, room.bob, Verdict.DISMISS)
        with pytest.raises(WrongStateError):
            room.do(hand_over, room.carol, None)
        case = find_case(case_id=room.case.pk, officer=room.carol, clock=room.clock)
        assert case is not None
        assert case.steps == set()

    def test_an_open_case_gives_nothing(self, room: Room) -> None:
        room.upheld()
        with pytest.raises(WrongStateError):
            room.do(hand_over, room.carol, None)


class TestLetters:
    """The learner is written to in plain words, without any evidence."""

    def test_each_turn_has_a_letter(self, room: Room) -> None:
        room.closed()
        kinds = list(Mail.objects.order_by("pk").values_list("kind", flat=True))
        assert kinds == ["integrity_told", "integrity_upheld", "integrity_closed_holds"]

    def test_a_dismissal_says_that_nothing_is_held_against_them(self, room: Room) -> None:
        room.deciding()
        room.do(decide_case, room.bob, Verdict.DISMISS)
        room.do(decide_case, room.carol, Verdict.DISMISS)
        mail = Mail.objects.latest("pk")
        assert (mail.kind, mail.account_id) == ("integrity_closed_ends", room.account.pk)
        assert "nothing is held against you" in mail.text

    def test_a_letter_has_the_day_and_the_way_and_no_evidence(self, room: Room) -> None:
        room.told()
        mail = Mail.objects.get()
        assert "until 23 November 2026" in mail.text
        assert f"https://privet.example.org/privacy/integrity/{room.case.pk}" in mail.text
        for word in (COURSE, "H101", "immediate", "answers", "account A"):
            assert word not in mail.subject + mail.text

    @pytest.mark.parametrize(
        ("locale", "until"),
        [("", "23 November 2026, 23:40 UTC"), ("es", "23 de noviembre de 2026, 23:40 UTC")],
    )
    def test_it_says_the_hour_too_since_a_day_does_not_end_everywhere_at_once(
        self, locale: str, until: str
    ) -> None:
        room = Room(locale=locale)
        room.clock.advance(timedelta(hours=14, minutes=40))
        room.told()
        assert f" {until}." in Mail.objects.get().text

    def test_it_is_in_the_learners_language(self) -> None:
        room = Room(locale="es")
        room.told()
        assert "23 de Noviembre de 2026".lower() in Mail.objects.get().text.lower()

    def test_who_has_no_address_is_not_written_to_and_that_is_known(self) -> None:
        room = Room(mail=False)
        room.upheld()
        assert not Mail.objects.exists()
        assert not room.case.is_mailed

    def test_an_address_that_is_none_stops_no_step(self, room: Room) -> None:
        Account.objects.filter(pk=room.account.pk).update(email="alice")
        room.upheld()
        assert not Mail.objects.exists()
        assert not room.case.is_mailed

    def test_a_letter_that_was_given_up_is_known(self, room: Room) -> None:
        room.told()
        pass_deadlines(clock=room.clock, terms=TERMS)
        room.case.refresh_from_db()
        assert room.case.is_mailed
        Mail.objects.update(due=None, fault="550")
        pass_deadlines(clock=room.clock, terms=TERMS)
        room.case.refresh_from_db()
        assert not room.case.is_mailed

    def test_a_letter_that_went_out_later_counts_again(self, room: Room) -> None:
        room.told()
        Mail.objects.update(due=None, fault="550")
        pass_deadlines(clock=room.clock, terms=TERMS)
        room.say(reply_to_case)
        room.do(decide_case, room.bob)
        room.do(decide_case, room.carol)
        Mail.objects.filter(kind="integrity_upheld").update(due=None, sent=NOW)
        pass_deadlines(clock=room.clock, terms=TERMS)
        room.case.refresh_from_db()
        assert room.case.is_mailed

    def test_whom_nobody_knows_is_not_written_to(self, room: Room) -> None:
        Subject.objects.filter(pk=ALICE).delete()
        room.told()
        assert not room.case.is_mailed
