"""One record by its number or its receipt: what was recorded, served, and whether it is whole."""

import json
from typing import Any

import pytest
from django.db import connection

from privet.audit.models import Record
from privet.catalogue.uses import Choice
from privet.consent.ledger import Layer, Place
from privet.consent.look_up import Look, NoNumberError, look_up
from privet.consent.models import Decision, Head, NoticeText, Served
from privet.consent.notices import current_words
from privet.consent.personal_data import ConsentHolder
from privet.consent.receipt_check import UnreadableReceiptError
from privet.consent.receipts import make_receipt
from privet.consent.served import read_shown, sign_shown
from privet.holder import Person
from privet.kernel.clock import FixedClock
from privet.kernel.config import read_config
from tests.consent.kit import ALICE, ALL_NO, BOB, NOW, VISITOR, answers, decide, here

pytestmark = pytest.mark.django_db
CLOCK = FixedClock(NOW)


@pytest.fixture
def record() -> Decision:
    """Bob, Alice after a notice that was served, Bob again: record 3 is Alice's."""
    decide(BOB)
    words = current_words("en", clock=CLOCK)
    token = sign_shown(
        site="hedgerow", notice=words.shown, place=Place.BANNER, layer=Layer.BANNER,
        ring=here().ring, clock=CLOCK, registry="1 abc",
    )  # fmt: skip
    shown = read_shown(token, site="hedgerow", ring=here().ring, clock=CLOCK)
    outcome = decide(ALICE, answers(yes=Choice.PERFORMANCE, no=Choice.TARGETING), served=shown)
    decide(BOB, ALL_NO)
    return Decision.objects.get(record_id=outcome.record_id)


def look(**given: str) -> Look:
    return look_up(by="account:9", ring=here().ring, clock=CLOCK, **given)


def receipt_of(record: Decision) -> dict[str, Any]:
    return make_receipt(record.record_id, ring=here().ring, config=read_config(), clock=CLOCK)


def test_a_number_finds_what_was_decided_and_what_had_been_served(record):
    found = look(number=f" {record.record_id} ").found
    assert found is not None
    assert found.decision is not None
    assert found.served is not None
    assert found.decision.granted == Choice.PERFORMANCE
    assert found.decision.asked == Choice.PERFORMANCE | Choice.TARGETING
    assert (found.served.place, found.served.registry) == ("banner", "1 abc")
    assert found.served.title == json.loads(NoticeText.objects.get(language="en").words)["title"]
    assert (found.faults, found.is_linked) == ((), True)


def test_the_number_of_a_notice_finds_that(record):
    served = Served.objects.get()
    found = look(number=str(served.record_id)).found
    assert found is not None
    assert found.decision is None
    assert found.served is not None
    assert found.served.record_id == served.record_id


def test_the_answer_never_says_whose_it_is(record):
    said = repr(look(number=str(record.record_id)))
    assert (ALICE.key or b"").hex() not in said
    assert repr(ALICE.key) not in said
    assert str(bytes(record.salt or b"")) not in said


def test_a_visitors_record_leads_to_nobody_and_has_no_notice():
    outcome = decide(VISITOR, ALL_NO)
    found = look(number=str(outcome.record_id)).found
    assert found is not None
    assert (found.is_linked, found.served) == (False, None)


def test_an_erased_persons_record_is_whole_and_leads_to_nobody(record):
    person = Person(
        account_id=None, subjects=frozenset(), person_keys=frozenset({ALICE.key or b""})
    )
    ConsentHolder().erase([person], by="test")
    found = look(number=str(record.record_id)).found
    assert found is not None
    assert (found.faults, found.is_linked) == ((), False)


def test_a_sound_receipt_verifies(record):
    found = look(receipt=json.dumps(receipt_of(record)))
    assert (found.record_id, found.receipt_faults) == (record.record_id, ())
    assert look(number=str(record.record_id)).receipt_faults is None


def test_an_altered_receipt_does_not(record):
    receipt = receipt_of(record)
    receipt["processing"]["purposes"][0]["granted"] = False
    assert look(receipt=json.dumps(receipt)).receipt_faults


def test_a_ledger_that_changed_after_the_receipt_shows_both(record):
    text = json.dumps(receipt_of(record))
    Decision.objects.filter(pk=record.pk).update(granted=0)
    found = look(receipt=text)
    assert found.receipt_faults == ("The ledger says something else than the receipt.",)
    assert found.found is not None
    assert found.found.faults == ("The record was changed after it was written.",)


def test_a_receipt_of_another_ledger_is_not_found(record):
    text = json.dumps(receipt_of(record))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM consent_decision WHERE sequence = 3")
    found = look(receipt=text)
    assert found.found is None
    assert found.receipt_faults == ("The ledger has no record of that number.",)


def test_neighbours_that_were_removed_or_cut_off_show(record):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM consent_decision WHERE sequence = 4")
    cut = look(number=str(record.record_id)).found
    assert cut is not None
    assert cut.faults == ("The records after it are missing.",)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM consent_served")
    found = look(number=str(record.record_id)).found
    assert found is not None
    assert "The record does not follow the one before it." in found.faults


def test_changed_words_of_its_notice_show(record):
    NoticeText.objects.filter(digest=record.notice_digest).update(words='{"title": "Another"}')
    found = look(number=str(record.record_id)).found
    assert found is not None
    assert found.faults == ("The words of its notice are not those that it names.",)


def test_a_neighbour_that_does_not_follow_shows(record):
    Decision.objects.filter(sequence=4).update(before=bytes(32))
    found = look(number=str(record.record_id)).found
    assert found is not None
    assert found.faults == ("The record after it does not follow it.",)


def test_the_last_record_of_a_ledger_without_its_end_shows(record):
    Head.objects.all().delete()
    last = Decision.objects.get(sequence=4)
    found = look(number=str(last.record_id)).found
    assert found is not None
    assert found.faults == ("The records after it are missing.",)


def test_each_look_is_audited_found_or_not(record):
    look(number=str(record.record_id))
    unknown = "00000000-0000-4000-8000-000000000000"
    assert look(number=unknown).found is None
    acts = Record.objects.filter(act="consent.look_up").order_by("seq")
    assert [(act.by, act.about) for act in acts] == [
        ("account:9", {"record": str(record.record_id), "found": 1}),
        ("account:9", {"record": unknown, "found": 0}),
    ]


@pytest.mark.parametrize("number", ["", "alice", "1", "'; drop table --", "0" * 500])
def test_what_is_no_number_is_refused(number):
    with pytest.raises(NoNumberError):
        look(number=number)


@pytest.mark.parametrize("text", [" ", "{}", "[1]", "no json", '{"format": "privet-receipt-2"}'])
def test_what_is_no_receipt_is_refused(text):
    with pytest.raises(UnreadableReceiptError):
        look(receipt=text)


@pytest.mark.parametrize("header", [None, [], {}, {"record_id": 7}, {"record_id": "x"}])
def test_a_receipt_without_its_number_is_refused(header):
    with pytest.raises(NoNumberError):
        look(receipt=json.dumps({"format": "privet-receipt-1", "header": header}))
