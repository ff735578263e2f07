"""Consent as a holder: found, exported, forgotten, and the chain stays whole."""

import pytest

from privet.audit.models import Record
from privet.consent.ledger import find_faults
from privet.consent.models import Decision, Standing
from privet.consent.personal_data import ConsentHolder
from privet.holder import Erased, Person
from tests.consent.kit import ALICE, ALL_NO, BOB, NOW, answers, decide

pytestmark = pytest.mark.django_db
HOLDER = ConsentHolder()


def person(who, account_id=None) -> Person:
    return Person(account_id=account_id, subjects=frozenset(), person_keys=frozenset({who.key}))


def test_it_says_what_it_keeps_and_why():
    assert all(kept.purpose and kept.retention for kept in HOLDER.describe())


def test_it_finds_standing_and_decisions_of_one_person_alone():
    decide(ALICE)
    decide(BOB)
    assert HOLDER.find(person(ALICE)) == 2
    found = HOLDER.preview(person(ALICE))
    assert {name: count for name, count in found.items() if count} == {"standing": 1, "decision": 1}


def test_it_exports_each_decision_in_words():
    from privet.catalogue.uses import Choice

    decide(ALICE, answers(yes=Choice.RESEARCH, no=Choice.TARGETING))
    [said] = HOLDER.export(person(ALICE))
    assert (said["yes"], said["asked"]) == (["research"], ["targeting", "research"])
    assert (said["time"], said["site"], said["notice"]) == (NOW, "hedgerow", 1)


def test_it_corrects_nothing_since_a_decision_is_changed_by_deciding():
    assert not HOLDER.rectify(person(ALICE), field="granted", value="63", by="account:1")


def test_it_forgets_a_person_and_leaves_the_chain_whole():
    decide(ALICE, ALL_NO)
    decide(BOB)
    assert not HOLDER.verify([person(ALICE)])
    assert HOLDER.erase([person(ALICE)], by="worker") == Erased(records=2)
    assert HOLDER.verify([person(ALICE)])
    assert not HOLDER.verify([person(BOB)])
    forgotten = Decision.objects.get(sequence=1)
    assert (forgotten.person_key, forgotten.salt, forgotten.request_id) == (None, None, None)
    assert Standing.objects.count() == 1
    assert list(find_faults()) == []
    assert Record.objects.filter(act="consent.erase").exists()


def test_it_forgets_by_account_too():
    from dataclasses import replace

    decide(replace(ALICE, account_id=7))
    somebody = Person(account_id=7, subjects=frozenset(), person_keys=frozenset())
    assert HOLDER.find(somebody) == 1
    HOLDER.erase([somebody], by="worker")
    assert Decision.objects.get().account_id is None


def test_what_somebody_decided_can_be_read_newest_first():
    from datetime import timedelta

    from privet.consent.history import read_history
    from privet.consent.ledger import Control
    from privet.kernel.clock import FixedClock

    decide(ALICE)
    decide(ALICE, ALL_NO, clock=FixedClock(NOW + timedelta(days=1)))
    decide(BOB)
    newest, oldest = read_history(account_id=None, keys=[ALICE.key])
    assert (int(newest.in_force), int(oldest.in_force)) == (0, 63)
    assert newest.control is Control.CHOOSE
    assert read_history(account_id=7, keys=[]) == ()


def test_no_row_prints_whom_it_is_about():
    from privet.consent.models import Head, Notice, NoticeText

    decide(ALICE)
    printed = " ".join(
        str(m.objects.first()) for m in (Decision, Standing, Head, Notice, NoticeText)
    )
    assert ALICE.key.hex() not in printed
