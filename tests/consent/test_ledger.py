"""The ledger: a chain in which every change, removal and re-ordering shows."""

from hashlib import sha256

import pytest
from django.db import connection

from privet.consent.ledger import GENESIS, commit_to, find_faults, hold_head
from privet.consent.models import (
    AppendOnlyError,
    Decision,
    Head,
    Notice,
    NoticeText,
    OccasionText,
)
from privet.consent.occasions.service import sign_up_notice
from privet.kernel.clock import SystemClock
from tests.consent.kit import ALICE, ALL_NO, BOB, MINOR, decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def records():
    for who in (ALICE, BOB, MINOR):
        decide(who)
    return list(Decision.objects.order_by("sequence"))


def test_an_empty_ledger_is_whole():
    assert list(find_faults()) == []
    hold_head()
    assert list(find_faults()) == []


def test_each_record_follows_the_one_before(records):
    assert [bytes(r.before) for r in records] == [GENESIS, *(bytes(r.digest) for r in records[:2])]
    assert [r.sequence for r in records] == [1, 2, 3]
    assert list(find_faults()) == []


@pytest.mark.parametrize(
    "change",
    [
        {"granted": 0},
        {"in_force": 1},
        {"time": "2020-01-01T00:00:00Z"},
        {"gpc": True},
        {"language": "es"},
        {"control": "accept_all"},
        {"objected": 2},
    ],
)
def test_a_changed_record_shows(records, change):
    Decision.objects.filter(sequence=2).update(**change)
    assert list(find_faults()) == ["Record 2 was changed."]


def test_a_record_that_names_another_notice_shows(records):
    Decision.objects.filter(sequence=2).update(notice_digest="0" * 64)
    assert list(find_faults()) == [
        "Record 2 was changed.",
        "The words of the notice 000000000000 are missing.",
    ]


def test_changed_words_of_a_notice_show(records):
    text = NoticeText.objects.get(language="es")
    NoticeText.objects.filter(pk=text.pk).update(words=text.words.replace("e", "é", 1))
    assert list(find_faults()) == [f"The words of the notice {text.digest[:12]} were changed."]


def test_words_of_a_notice_that_were_put_in_the_place_of_others_show(records):
    digest = records[0].notice_digest
    NoticeText.objects.filter(digest=digest).update(words="{}", digest=sha256(b"{}").hexdigest())
    assert list(find_faults()) == [f"The words of the notice {digest[:12]} are missing."]


def test_changed_words_of_a_notice_at_sign_up_show():
    shown = sign_up_notice("en", clock=SystemClock()).shown
    OccasionText.objects.update(words="{}")
    assert list(find_faults()) == [f"The words of the notice {shown.digest[:12]} were changed."]


def test_a_record_given_to_somebody_else_shows(records):
    Decision.objects.filter(sequence=2).update(person_key=ALICE.key)
    assert list(find_faults()) == ["The person of record 2 was changed."]


def test_a_record_given_to_somebody_else_without_its_salt_shows(records):
    Decision.objects.filter(sequence=2).update(person_key=ALICE.key, salt=None)
    assert list(find_faults()) == ["The person of record 2 was changed."]


def test_a_ledger_whose_end_was_taken_away_shows(records):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM consent_head")
    assert list(find_faults()) == ["The end of the ledger is not written down."]


def test_a_ledger_that_was_taken_away_whole_shows(records):
    with connection.cursor() as cursor:
        for table in ("consent_decision", "consent_served", "consent_head"):
            cursor.execute(f"DELETE FROM {table}")
    assert list(find_faults()) == ["The end of the ledger is not written down."]


def test_records_cut_off_an_end_that_was_written_anew_show(records):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM consent_decision WHERE sequence = 3")
    Head.objects.update(sequence=2, digest=records[1].digest)
    assert list(find_faults()) == ["Choices are in force whose records are missing at the end."]


def test_a_record_that_was_put_behind_the_end_shows(records):
    last = Head.objects.get()
    decide(ALICE, ALL_NO)
    Head.objects.update(sequence=last.sequence, digest=last.digest)
    assert list(find_faults()) == ["Records stand behind the end."]


def test_what_is_added_while_the_ledger_is_walked_is_no_fault(records):
    faults = find_faults()
    walking = Decision.objects.filter(sequence=1)
    walking.update(granted=0)
    assert next(faults) == "Record 1 was changed."
    decide(ALICE, ALL_NO)
    decide(BOB, ALL_NO)
    assert list(faults) == []


def test_a_removed_record_shows(records):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM consent_decision WHERE sequence = 2")
    assert list(find_faults()) == ["Record 3 does not follow the one before it."]


def test_records_cut_off_the_end_show(records):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM consent_decision WHERE sequence = 3")
    assert list(find_faults()) == ["Records are missing at the end."]


def test_a_forgotten_person_leaves_the_chain_whole(records):
    Decision.objects.filter(sequence=2).update(
        person_key=None, account_id=None, salt=None, by="erased"
    )
    assert list(find_faults()) == []


def test_the_commitment_is_salted_and_tells_key_and_account_apart():
    one = commit_to(b"k" * 16, 7, b"salt")
    assert one != commit_to(b"k" * 16, 7, b"pepper")
    assert one != commit_to(b"k" * 16, None, b"salt")
    assert one != commit_to(None, 7, b"salt")


def test_records_and_notices_can_be_added_and_never_changed(records):
    for record in (records[0], Notice.objects.get(), NoticeText.objects.first()):
        with pytest.raises(AppendOnlyError):
            record.save()
        with pytest.raises(AppendOnlyError):
            record.delete()


def test_numbers_are_given_once_and_without_gaps(records):
    decide(ALICE, ALL_NO)
    assert list(Decision.objects.order_by("sequence").values_list("sequence", flat=True)) == [
        1, 2, 3, 4,
    ]  # fmt: skip
    assert Head.objects.get().sequence == 4
