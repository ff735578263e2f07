"""Counting decisions: each person once in a cell, by the last word, with the key for the noise."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from privet.catalogue.uses import Choice
from privet.consent.ledger import Control
from privet.consent.rates import (
    By,
    Wanted,
    count_decisions,
    first_decision_day,
    published_texts,
)
from privet.consent.rules import ALL_CHOICES
from privet.consent.service import record_objection
from privet.kernel.clock import FixedClock
from tests.consent.kit import ALICE, ALL_NO, ALL_YES, BOB, NOW, VISITOR, answers, decide

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WANTED = Wanted(start=NOW - DAY, end=NOW + 3 * DAY)


def count(wanted: Wanted = WANTED):
    return count_decisions(wanted, point_of=lambda day: day)


def key_of(key: bytes) -> int:
    return int.from_bytes(key[:4], "big")


def test_an_empty_ledger_has_no_cells_and_no_first_day():
    assert (count(), first_decision_day()) == ({}, None)


def test_each_person_counts_once_by_the_last_decision():
    decide(ALICE, ALL_YES)
    decide(BOB, ALL_YES)
    decide(ALICE, answers(no=Choice.TARGETING), clock=FixedClock(NOW + DAY))
    tally = count()[By.ALL, ""]
    assert tally.deciders.people == 2
    assert tally.allowed[Choice.PERFORMANCE].people == 2
    assert tally.allowed[Choice.TARGETING].people == 1
    assert tally.allowed[Choice.TARGETING].key == key_of(BOB.key or b"")


def test_the_key_of_a_cell_is_the_sum_of_its_peoples_keys():
    decide(ALICE, ALL_YES)
    decide(BOB, ALL_NO)
    tally = count()[By.ALL, ""]
    assert tally.deciders.key == key_of(ALICE.key or b"") + key_of(BOB.key or b"")
    assert tally.allowed[Choice.RESEARCH].key == key_of(ALICE.key or b"")


def test_over_time_a_person_counts_on_each_day_on_which_they_decided():
    decide(ALICE, ALL_YES)
    decide(ALICE, ALL_NO, clock=FixedClock(NOW + DAY))
    cells = count()
    first, then = (cells[By.TIME, date(2026, 11, 21 + n)] for n in (0, 1))
    assert (first.allowed[Choice.RESEARCH].people, then.allowed[Choice.RESEARCH].people) == (1, 0)


def test_days_fall_together_as_they_are_told_to():
    decide(ALICE, ALL_YES)
    decide(BOB, ALL_YES, clock=FixedClock(NOW + DAY))
    cells = count_decisions(WANTED, point_of=lambda day: day.replace(day=1))
    assert cells[By.TIME, date(2026, 11, 1)].deciders.people == 2


def test_visitors_without_a_number_count_each():
    for _ in range(3):
        decide(VISITOR, ALL_NO, control=Control.REJECT_ALL)
    assert count()[By.ALL, ""].deciders.people == 3


def test_decisions_are_told_apart_by_regime_language_version_control_and_signal():
    decide(ALICE, ALL_YES, gpc=True)
    decide(replace(BOB, country="US"), ALL_NO, control=Control.REJECT_ALL)
    cells = {cell: tally.deciders.people for cell, tally in count().items()}
    assert cells[By.REGIME, "opt_in"] == cells[By.REGIME, "opt_out"] == 1
    assert cells[By.CONTROL, "choose"] == cells[By.CONTROL, "reject_all"] == 1
    assert cells[By.SIGNAL, True] == cells[By.SIGNAL, False] == 1
    assert cells[By.LANGUAGE, "en"] == cells[By.VERSION, 1] == 2


def test_the_signal_narrows_what_counts_as_allowed():
    decide(ALICE, ALL_YES, gpc=True)
    allowed = count()[By.ALL, ""].allowed
    assert (allowed[Choice.SALE_SHARING].people, allowed[Choice.RESEARCH].people) == (0, 1)


@pytest.mark.parametrize(
    "narrowed",
    [
        {"regime": "opt_out"},
        {"language": "es"},
        {"version": 2},
        {"start": NOW + DAY},
        {"end": NOW},
    ],
)
def test_what_is_not_asked_for_is_not_counted(narrowed):
    decide(ALICE, ALL_YES)
    assert count(replace(WANTED, **narrowed)) == {}


def test_what_is_no_decision_is_not_counted():
    from privet.catalogue.uses import Use

    record_objection(who=ALICE, uses=Use.PERSONALISATION, by="learner", clock=FixedClock(NOW))
    assert count() == {}


def test_versions_and_languages_are_those_that_were_published():
    decide(ALICE, ALL_YES)
    assert published_texts() == ((1,), ("en", "es"))
    assert first_decision_day() == NOW.date()
    assert int(ALL_CHOICES) == 63
