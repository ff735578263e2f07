"""Notices served: records of their own, in the same chain, to which decisions are linked."""

from datetime import timedelta

import pytest
from django.db import connection

from privet.consent.ledger import Layer, Place, find_faults
from privet.consent.models import AppendOnlyError, Decision, Served
from privet.consent.notices import current_words
from privet.consent.served import (
    LONGEST_OPEN,
    find_served,
    note_served,
    read_shown,
    sign_shown,
)
from privet.kernel.clock import FixedClock
from tests.consent.kit import ALICE, BOB, NOW, VISITOR, decide, here

pytestmark = pytest.mark.django_db
CLOCK = FixedClock(NOW)
LATER = FixedClock(NOW + timedelta(minutes=3))


def token(site: str = "hedgerow") -> str:
    return sign_shown(
        site=site, notice=current_words("en", clock=CLOCK).shown, place=Place.BANNER,
        layer=Layer.BANNER, registry="7", ring=here().ring, clock=CLOCK,
    )  # fmt: skip


def shown(text: str, *, at: FixedClock = LATER):
    return read_shown(text, site="hedgerow", ring=here().ring, clock=at)


def note(who=ALICE, **more: str):
    return note_served(
        who=who, shown=current_words("es", clock=CLOCK).shown, layer=Layer.BANNER,
        place=Place.ENROLMENT, clock=CLOCK, **more,
    )  # fmt: skip


def test_a_notice_at_enrolment_is_a_record_of_course_and_institution():
    record_id = note(institution="hill", course="bees-101")
    record = Served.objects.get()
    assert record.record_id == record_id
    assert (record.place, record.institution, record.course) == ("enrolment", "hill", "bees-101")
    assert (record.language, record.served) == ("es", NOW)
    assert list(find_faults()) == []


def test_a_decision_is_linked_to_what_was_served_before_it():
    decide(ALICE, served=shown(token()), clock=LATER)
    decision = Decision.objects.get()
    served = find_served(decision)
    assert served is not None
    assert (served.served, served.time) == (NOW, LATER.now())
    assert (served.notice_digest, served.registry) == (decision.notice_digest, "7")
    assert served.sequence < decision.sequence
    assert list(find_faults()) == []


def test_a_decision_can_name_a_record_that_was_written_before():
    record_id = note()
    decide(ALICE, served_id=record_id)
    found = find_served(Decision.objects.get())
    assert found is not None
    assert found.record_id == record_id


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
