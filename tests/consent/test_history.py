"""What somebody decided, read for them."""

import pytest

from privet.catalogue.uses import Choice
from privet.consent.history import read_history
from privet.consent.ledger import Control, Kind, Layer
from privet.consent.notices import current_words
from privet.consent.rules import ALL_CHOICES, Answers
from privet.consent.service import Asked, Who, record_decision
from privet.kernel.clock import SystemClock

ALICE, BOB = b"a" * 16, b"b" * 16
CLOCK = SystemClock()


def _decide(key: bytes, granted: Choice, account_id: int | None = None) -> None:
    asked = Asked(
        answers=Answers(asked=ALL_CHOICES, granted=granted),
        shown=current_words("en", clock=CLOCK).shown,
        control=Control.CHOOSE,
        layer=Layer.CENTRE,
    )
    who = Who(site="hedgerow", key=key, account_id=account_id)
    record_decision(who=who, asked=asked, by="test", clock=CLOCK)


@pytest.mark.django_db
def test_the_newest_decision_comes_first() -> None:
    _decide(ALICE, Choice.PERFORMANCE)
    _decide(ALICE, Choice(0))
    found = read_history(account_id=None, keys=[ALICE])
    assert [decided.in_force for decided in found] == [Choice(0), Choice.PERFORMANCE]
    assert {decided.kind for decided in found} == {Kind.DECISION}


@pytest.mark.django_db
def test_nobody_reads_anothers_decisions() -> None:
    _decide(ALICE, Choice.PERFORMANCE)
    _decide(BOB, Choice.RESEARCH, account_id=7)
    assert len(read_history(account_id=None, keys=[ALICE])) == 1
    assert len(read_history(account_id=7, keys=[])) == 1
    assert read_history(account_id=None, keys=[]) == ()
