"""Questions are answered from what is kept, with whoever helps and without."""

from datetime import UTC, datetime, timedelta

import pytest

from privet.catalogue.uses import Use
from privet.events.service import withhold
from privet.insight.answering import Answerer, AnswerPoint
from privet.insight.answers import Noted, begin_noting
from privet.insight.lately import MOST
from privet.kernel.clock import FixedClock
from privet.kernel.config import Config
from tests.events.rows import NOON
from tests.insight.held import active, anew, people_of, question, without_rows

pytestmark = pytest.mark.usefixtures("on_a_page")


@pytest.fixture
def clock(empty_home: Config) -> FixedClock:
    """An hour after twenty learners were active."""
    active(people_of(20))
    return FixedClock(NOON + timedelta(hours=1))


def leave() -> None:
    withhold(subjects=people_of(9), uses=Use.ANALYTICS, by="test")


def test_what_was_worked_out_in_no_hurry_is_without_those_who_withdrew_meanwhile(
    clock: FixedClock,
) -> None:
    answerer = Answerer(clock=clock, reach=lambda _: leave())
    assert answerer.bring_on(question())
    answerer.be_helped(is_helped=lambda: False, call=lambda: None)
    expected = anew(question(), clock)
    begin_noting()
    with without_rows():
        assert answerer.answer(question()) == expected


def test_somebody_who_waits_gets_what_was_found(clock: FixedClock) -> None:
    reached: list[AnswerPoint] = []
    answerer = Answerer(clock=clock, reach=reached.append)
    assert answerer.answer(question()) == anew(question(), clock)
    assert reached == [AnswerPoint.WORKED_OUT]


def test_what_is_known_is_not_worked_out_in_no_hurry(clock: FixedClock) -> None:
    answerer = Answerer(clock=clock)
    answerer.answer(question())
    with without_rows():
        assert not answerer.bring_on(question())


def test_without_leave_nothing_is_worked_out(clock: FixedClock) -> None:
    assert not Answerer(clock=clock).bring_on(question(), may_work=False)


def test_nothing_is_due_where_nobody_helps(clock: FixedClock) -> None:
    answerer = Answerer(clock=clock, quick=timedelta(0))
    answerer.answer(question())
    active(people_of(3, first=8_200_000_000))
    clock.advance(timedelta(minutes=1))
    answerer.answer(question())
    assert answerer.next_due() is None


def test_what_is_asked_twice_is_due_once(clock: FixedClock) -> None:
    called: list[bool] = []
    answerer = Answerer(clock=clock, quick=timedelta(0))
    answerer.be_helped(is_helped=lambda: True, call=lambda: called.append(True))
    answerer.answer(question())
    active(people_of(3, first=8_200_000_000))
    clock.advance(timedelta(minutes=1))
    for _ in range(2):
        answerer.answer(question())
    due = answerer.next_due()
    assert due
    assert due.key == question().key
    assert answerer.next_due() is None
    assert called


@pytest.mark.parametrize(("others", "lags"), [(MOST - 1, False), (MOST, True)])
def test_what_failed_does_not_lag_until_too_many_failed(
    clock: FixedClock, others: int, lags: bool
) -> None:
    answerer = Answerer(clock=clock, quick=timedelta(0))
    answerer.be_helped(is_helped=lambda: True, call=lambda: None)
    before = answerer.answer(question())
    active(people_of(20, first=8_200_000_000))
    clock.advance(timedelta(minutes=1))
    answerer.give_up(question())
    for number in range(others):
        answerer.give_up(question(days=number + 1))
    assert (answerer.answer(question()) == before) is lags


def test_what_is_quickly_worked_out_is_not_remembered(clock: FixedClock) -> None:
    for quick, number in ((timedelta(0), 1), (timedelta(days=1), 0)):
        answerer = Answerer(clock=clock, quick=quick)
        answerer.answer(question())
        assert len(answerer.lately.listed()) == number


def test_what_is_forgotten_is_worked_out_anew(clock: FixedClock) -> None:
    answerer = Answerer(clock=clock, quick=timedelta(0))
    before = answerer.answer(question())
    answerer.forget()
    assert not answerer.lately.listed()
    active(people_of(20, first=8_200_000_000))
    assert answerer.answer(question()) == anew(question(), clock) != before


def test_a_moment_of_another_day_is_written_with_the_day() -> None:
    noted = Noted()
    noted.note(datetime.now(UTC))
    assert noted.form == "H:i:s"
    noted.note(datetime(2026, 6, 1, 12, tzinfo=UTC))
    assert noted.form == "j M Y, H:i:s"
