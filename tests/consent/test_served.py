"""Notices served: records of their own, in the same chain, to which decisions are linked."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from privet.accounts.subjects import subjects_for
from privet.consent.ledger import Layer, Place, find_faults
from privet.consent.models import AppendOnlyError, Decision, Served
from privet.consent.notices import current_words
from privet.consent.served import (
    LONGEST_OPEN,
    ServedToAnotherError,
    find_served,
    note_served,
    read_shown,
    sign_shown,
)
from privet.events.record import Actor
from privet.kernel.clock import FixedClock
from tests.consent.kit import ALICE, BOB, NOW, VISITOR, decide, here, key_of

pytestmark = pytest.mark.django_db
CLOCK = FixedClock(NOW)
ALIAS = key_of("alice-by-number")
LATER = FixedClock(NOW + timedelta(minutes=3))


def token(site: str = "hedgerow") -> str:
    return sign_shown(
        site=site, notice=current_words("en", clock=CLOCK).shown, place=Place.BANNER,
        layer=Layer.BANNER, registry="7", ring=here().ring, clock=CLOCK,
    )  # fmt: skip


def shown(text: str, *, at: FixedClock = LATER):
    return read_shown(text, site="hedgerow", ring=here().ring, clock=at)


def note(who=ALICE, at: FixedClock = CLOCK, **more: str) -> bool:
    """Alice enrols, and brings the word of what she read three minutes before."""
    text = sign_shown(
        site="hedgerow", notice=current_words("es", clock=at).shown, place=Place.ENROLMENT,
        layer=Layer.APP, ring=here().ring, clock=at, **more,
    )  # fmt: skip
    found = shown(text)
    assert found is not None
    return note_served(who=who, shown=found, clock=LATER)


def test_a_notice_at_enrolment_is_a_record_of_course_and_institution():
    assert note(institution="hill", course="bees-101")
    record = Served.objects.get()
    assert (record.place, record.institution, record.course) == ("enrolment", "hill", "bees-101")
    assert (record.language, record.served, record.time) == ("es", NOW, LATER.now())
    assert record.person_key == ALICE.key
    assert list(find_faults()) == []


def test_the_same_word_twice_is_one_record():
    found = shown(token())
    assert found is not None
    assert note_served(who=ALICE, shown=found, clock=LATER)
    assert not note_served(who=ALICE, shown=found, clock=LATER)
    assert Served.objects.count() == 1


def test_the_word_that_one_learner_brought_is_nobody_elses():
    found = shown(token())
    assert found is not None
    assert note_served(who=ALICE, shown=found, clock=LATER)
    with pytest.raises(ServedToAnotherError):
        note_served(who=BOB, shown=found, clock=LATER)
    assert Served.objects.get().person_key == ALICE.key


def test_the_word_is_theirs_under_each_of_their_names():
    found = shown(token())
    assert found is not None
    assert note_served(who=ALICE, shown=found, clock=LATER)
    subjects_for([Actor(ALICE.key, (ALIAS,))])
    assert not note_served(who=replace(ALICE, key=ALIAS), shown=found, clock=LATER)


def test_a_word_for_a_course_with_a_long_name_can_be_read_back():
    course = "курс" * 40
    text = sign_shown(
        site="hedgerow", notice=current_words("en", clock=CLOCK).shown, place=Place.ENROLMENT,
        layer=Layer.APP, ring=here().ring, clock=CLOCK, institution="hill" * 20, course=course,
    )  # fmt: skip
    found = shown(text)
    assert found is not None
    assert found.course == course


def test_a_decision_is_linked_to_what_was_served_before_it():
    decide(ALICE, served=shown(token()), clock=LATER)
    decision = Decision.objects.get()
    served = find_served(decision)
    assert served is not None
    assert (served.served, served.time) == (NOW, LATER.now())
    assert (served.notice_digest, served.registry) == (decision.notice_digest, "7")
    assert served.sequence < decision.sequence
    assert list(find_faults()) == []


def test_a_decision_without_a_notice_says_so():
    decide(ALICE)
    assert find_served(Decision.objects.get()) is None


def test_a_banner_that_is_answered_twice_was_served_once():
    brought = shown(token())
    decide(VISITOR, served=brought)
    decide(ALICE, served=brought)
    assert Served.objects.count() == 1
    assert len({row.notice_served for row in Decision.objects.all()}) == 1


def test_who_only_looks_leaves_no_record():
    token()
    assert not Served.objects.exists()


@pytest.mark.parametrize("bad", ["", ".", "x" * 2000, "é", "e30.AAAA", "e30"])
def test_a_forged_token_names_nothing(bad):
    assert shown(bad) is None


def test_a_changed_token_names_nothing():
    body, _, signature = token().partition(".")
    assert shown(f"{body[:-2]}AA.{signature}") is None


def test_the_token_of_another_site_names_nothing():
    assert shown(token("meadow")) is None


def test_a_page_that_was_open_for_too_long_names_nothing():
    late = FixedClock(NOW + LONGEST_OPEN + timedelta(seconds=1))
    assert shown(token(), at=late) is None


@pytest.mark.parametrize("change", [{"place": "banner"}, {"notice_version": 9}, {"course": "x"}])
def test_a_changed_record_of_a_notice_shows(change):
    note()
    decide(BOB)
    Served.objects.update(**change)
    assert list(find_faults()) == ["Record 1 was changed."]


def test_a_removed_record_of_a_notice_shows():
    note()
    decide(BOB)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM consent_served")
    assert list(find_faults()) == ["Record 2 does not follow the one before it."]


def test_a_record_of_a_notice_is_never_changed():
    note()
    record = Served.objects.get()
    with pytest.raises(AppendOnlyError):
        record.save()
    with pytest.raises(AppendOnlyError):
        record.delete()
