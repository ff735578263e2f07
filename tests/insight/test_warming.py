"""Answers are worked out before somebody waits for them, and obey everybody all the same."""

import logging
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from time import monotonic
from typing import Any

import pytest

from privet.catalogue.uses import Use
from privet.events.compaction import compact
from privet.events.erasure import run_erasure_pass
from privet.events.lake import default_lake
from privet.events.service import erase_subjects, withhold
from privet.insight.answering import AnswerPoint
from privet.insight.answers import begin_noting
from privet.insight.asking import ANSWERER
from privet.insight.lately import AGE, remember
from privet.insight.lately_file import write_lately
from privet.insight.warming import BACKS_OFF, EVERY, FILE, WarmPoint, make_warmer
from privet.insight.working_out import MOST_CHANGED
from privet.kernel.clock import FixedClock, SystemClock
from privet.kernel.config import Config
from tests.events.rows import NOON
from tests.insight.held import (
    PATIENCE_SECONDS,
    Held,
    active,
    anew,
    helped,
    people_of,
    question,
    without_rows,
)
from tests.insight.kit import COURSE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_a_page")]
OTHER = "course-v1:Hedge+Other+2026"
MINUTE = timedelta(minutes=1)
WORKED_OUT = AnswerPoint.WORKED_OUT


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON + timedelta(hours=1))


@pytest.fixture
def held(transactional_db: None, empty_home: Config, clock: FixedClock) -> Iterator[Held]:
    """Twenty learners were active, and a helper has found nothing to do."""
    active(people_of(20))
    with helped(empty_home.home, clock) as one:
        yield one


def ask(held: Held, **days: int) -> list[dict[str, Any]]:
    return held.answerer.answer(question(**days))


def let_come(held: Held) -> None:
    """Others are active in another course, a minute later."""
    held.clock.advance(MINUTE)
    active(people_of(20, first=8_200_000_000), course=OTHER)


def wait_until(holds: Callable[[], bool]) -> None:
    pause, end = threading.Event(), monotonic() + PATIENCE_SECONDS
    while not holds():
        assert monotonic() < end
        pause.wait(0.01)


def of_course(rows: list[dict[str, Any]], course: str = COURSE) -> list[dict[str, Any]]:
    return [row for row in rows if row["course"] == course]


def test_who_asks_for_what_is_due_gets_what_is_kept_and_learns_from_when_it_is(
    held: Held,
) -> None:
    asked_at, before = held.clock.now(), ask(held)
    let_come(held)
    noted = begin_noting()
    assert ask(held) == before
    assert noted.behind == asked_at


def test_what_is_due_is_worked_out_meanwhile(held: Held) -> None:
    ask(held)
    let_come(held)
    ask(held)
    assert WORKED_OUT in held.do_a_round()
    noted = begin_noting()
    with without_rows():
        after = ask(held)
    assert after == anew(question(), held.clock)
    assert of_course(after, OTHER)
    assert noted.behind is None


def test_without_a_helper_it_is_worked_out_at_once(held: Held) -> None:
    ask(held)
    let_come(held)
    held.stop()
    assert of_course(ask(held), OTHER)


def test_who_withdraws_is_not_in_what_lags(held: Held) -> None:
    before = ask(held)
    let_come(held)
    withhold(subjects=people_of(9), uses=Use.ANALYTICS, by="test")
    lagging = ask(held)
    assert not of_course(lagging, OTHER)
    assert lagging != before
    assert lagging == of_course(anew(question(), held.clock))


def test_nor_if_its_files_were_merged_with_what_came(held: Held) -> None:
    ask(held)
    let_come(held)
    assert compact(default_lake(), thoroughly=True)
    withhold(subjects=people_of(9), uses=Use.ANALYTICS, by="test")
    lagging = ask(held)
    assert lagging == of_course(anew(question(), held.clock))


def test_who_withdraws_while_it_is_worked_out_is_not_in_it_and_it_is_kept(held: Held) -> None:
    ask(held)
    let_come(held)
    ask(held)
    held.go_on_until(WORKED_OUT)
    withhold(subjects=people_of(9), uses=Use.ANALYTICS, by="test")
    held.go_on_until(WarmPoint.DONE)
    expected = anew(question(), held.clock)
    with without_rows():
        assert ask(held) == expected


def test_who_is_erased_while_it_is_worked_out_is_not_in_it(held: Held) -> None:
    ask(held)
    let_come(held)
    ask(held)
    held.go_on_until(WORKED_OUT)
    erase_subjects(subjects=people_of(9), person_keys=[], by="test")
    assert run_erasure_pass(by="test")
    held.go_on_until(WarmPoint.DONE)
    assert ask(held) == anew(question(), held.clock)


def test_after_an_erasure_nothing_from_before_is_shown(held: Held) -> None:
    ask(held)
    erase_subjects(subjects=people_of(9), person_keys=[], by="test")
    assert run_erasure_pass(by="test")
    assert ask(held) == anew(question(), held.clock)


def test_merging_files_lets_nothing_be_worked_out(held: Held) -> None:
    active(people_of(5))
    before = ask(held)
    held.clock.advance(2 * EVERY)
    assert compact(default_lake(), thoroughly=True)
    noted = begin_noting()
    assert WORKED_OUT not in held.do_a_round()
    assert ask(held) == before
    assert noted.behind is None


def test_what_was_asked_lately_is_worked_out_again_before_somebody_asks(held: Held) -> None:
    ask(held)
    let_come(held)
    held.clock.advance(EVERY)
    assert WORKED_OUT in held.do_a_round()
    with without_rows():
        assert of_course(ask(held), OTHER)


def test_who_withdraws_is_taken_out_soon_of_what_is_in_use(held: Held) -> None:
    ask(held)
    held.do_a_round()
    withhold(subjects=people_of(9), uses=Use.ANALYTICS, by="test")
    held.clock.advance(MINUTE)
    assert WORKED_OUT not in held.do_a_round()
    expected = anew(question(), held.clock)
    begin_noting()
    with without_rows():
        assert ask(held) == expected


def test_what_was_worked_out_a_moment_ago_is_left(held: Held) -> None:
    ask(held)
    let_come(held)
    assert WORKED_OUT not in held.do_a_round()


def test_the_longer_nobody_asked_the_rarer_it_is_worked_out(held: Held) -> None:
    ask(held)
    hours = timedelta(hours=BACKS_OFF)
    held.clock.advance(hours)
    active(people_of(3, first=8_300_000_000))
    assert WORKED_OUT in held.do_a_round()
    held.clock.advance(timedelta(minutes=50))
    active(people_of(3, first=8_400_000_000))
    assert WORKED_OUT not in held.do_a_round()
    held.clock.advance(timedelta(minutes=30))
    assert WORKED_OUT in held.do_a_round()


def test_what_cannot_be_kept_is_not_worked_out_all_the_time(held: Held) -> None:
    ask(held)
    held.clock.advance(timedelta(hours=BACKS_OFF))
    for number, is_worked_out in enumerate((True, False)):
        crowd = people_of(MOST_CHANGED + 1, first=9_000_000_000 + 1000 * number)
        withhold(subjects=crowd, uses=Use.ANALYTICS, by="test")
        assert (WORKED_OUT in held.do_a_round()) == is_worked_out
        held.clock.advance(2 * EVERY)


def test_what_nobody_asks_for_any_more_is_forgotten(held: Held) -> None:
    ask(held)
    held.clock.advance(AGE + MINUTE)
    active(people_of(3, first=8_300_000_000))
    assert held.do_a_round() == [WarmPoint.DONE]


def test_on_the_next_day_what_that_day_will_be_asked_is_there(held: Held) -> None:
    ask(held)
    held.clock.advance(timedelta(days=1))
    active(people_of(20), at=NOON + timedelta(days=1))
    assert WORKED_OUT in held.do_a_round()
    with without_rows():
        assert of_course(ask(held, days=1))


def test_after_a_start_what_was_asked_before_it_is_there(held: Held, empty_home: Config) -> None:
    before = ask(held)
    held.do_a_round()
    held.stop()
    with helped(empty_home.home, held.clock) as started, without_rows():
        assert ask(started) == before


def test_what_another_process_is_asked_is_there_in_this_one(held: Held, empty_home: Config) -> None:
    with helped(empty_home.home, held.clock) as beside:
        before = ask(beside)
        beside.do_a_round()
        held.do_a_round()
        with without_rows():
            assert ask(held) == before


def test_after_a_failure_who_asks_gets_it_worked_out(
    held: Held, caplog: pytest.LogCaptureFixture
) -> None:
    ask(held)
    let_come(held)
    ask(held)
    with without_rows(), caplog.at_level(logging.ERROR):
        held.do_a_round()
    assert held.warmer.failures >= 1
    assert "could not be worked out beforehand" in caplog.text
    assert of_course(ask(held), OTHER)


def test_it_can_be_stopped_in_the_middle_of_a_question(held: Held) -> None:
    ask(held)
    let_come(held)
    ask(held)
    held.go_on_until(WORKED_OUT)
    held.stop()
    assert held.warmer.failures == 0
    assert of_course(ask(held), OTHER)


def test_a_file_that_cannot_be_written_ends_nothing(held: Held, empty_home: Config) -> None:
    (empty_home.home / "lately.json").unlink(missing_ok=True)
    (empty_home.home / "lately.json").mkdir()
    ask(held)
    held.do_a_round()
    assert held.warmer.failures == 1
    (empty_home.home / "lately.json").rmdir()
    held.do_a_round()
    assert (empty_home.home / "lately.json").is_file()


def test_the_warmer_of_an_installation_works_what_stands_in_its_file_out(
    transactional_db: None, empty_home: Config
) -> None:
    active(people_of(20))
    one = remember(question(), today=NOON.date(), moves_on=False)
    assert one
    write_lately(empty_home.home / FILE, {one: SystemClock().now()})
    ANSWERER.forget()
    warmer = make_warmer()
    with without_rows():
        warmer.start()
        try:
            wait_until(lambda: warmer.failures == 1)
        finally:
            warmer.stop()
            ANSWERER.forget()
