"""Answers that are kept: never across a withdrawal, a scope, or a file that went away."""

import contextvars
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any

import duckdb
import pytest

from privet.catalogue.uses import Use
from privet.events.lake import default_lake
from privet.events.query import Scope
from privet.events.service import (
    erase_subjects,
    release,
    restrict,
    unrestrict,
    withhold,
)
from privet.events.standing import Standing
from privet.insight.answers import BEHIND, Answer, Answers, Noted, begin_noting
from privet.insight.asking import ask, forget_answers
from privet.insight.rules import Period
from privet.kernel.config import Config
from tests.events.rows import row, table
from tests.insight.expected import QUESTION
from tests.population import BRAMBLE, Learner

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ONE = Standing(sequence=1, files=frozenset({"a", "b"}))
MORE = Standing(sequence=1, files=frozenset({"a", "b", "c"}))
OTHER = Standing(sequence=1, files=frozenset({"a", "c"}))
HIDDEN = Standing(sequence=2, files=ONE.files)


def answer(*, standing: Standing = ONE, rows: int = 1) -> Answer:
    return Answer(rows=({"learners": 7},) * rows, standing=standing, at=NOW)


def holding(*, standing: Standing = ONE) -> Answers:
    answers = Answers()
    assert find(answers, standing) is None
    answers.keep("key", answer(standing=standing))
    return answers


def find(answers: Answers, standing: Standing, *, later: timedelta = timedelta(0),
         is_running: bool = False, key: str = "key") -> list[dict[str, Any]] | None:  # fmt: skip
    return answers.find(key, standing, now=NOW + later, is_running=is_running)


def test_an_answer_is_given_again_while_nothing_changes() -> None:
    assert find(holding(), ONE, later=timedelta(days=9)) == [{"learners": 7}]


def test_what_is_given_may_be_changed_by_who_gets_it() -> None:
    answers = holding()
    given = find(answers, ONE)
    assert given
    given[0].clear()
    assert find(answers, ONE) == [{"learners": 7}]


def test_another_question_has_no_answer() -> None:
    assert find(holding(), ONE, key="other") is None


def test_after_somebody_was_hidden_nothing_is_kept_at_all() -> None:
    answers = holding()
    assert find(answers, HIDDEN, is_running=True) is None
    assert find(answers, ONE, is_running=True) is None


def test_an_answer_that_was_asked_for_before_somebody_was_hidden_is_not_kept() -> None:
    answers = holding()
    assert find(answers, HIDDEN) is None
    answers.keep("key", answer(standing=ONE))
    assert find(answers, ONE) is None


def test_new_events_end_an_answer_about_days_that_are_over() -> None:
    assert find(holding(), MORE) is None


def test_about_today_an_answer_may_be_a_minute_behind_and_says_so() -> None:
    noted = begin_noting()
    assert find(holding(), MORE, later=BEHIND, is_running=True) == [{"learners": 7}]
    assert noted.behind == NOW


def test_an_answer_that_knows_all_files_is_not_behind() -> None:
    noted = begin_noting()
    find(holding(), ONE, later=BEHIND, is_running=True)
    assert noted.behind is None


def test_after_a_minute_new_events_are_looked_at() -> None:
    late = BEHIND + timedelta(microseconds=1)
    assert find(holding(), MORE, later=late, is_running=True) is None


def test_a_clock_that_was_set_back_makes_nothing_younger() -> None:
    assert find(holding(), MORE, later=timedelta(seconds=-1), is_running=True) is None


def test_a_file_that_went_away_ends_an_answer_at_once() -> None:
    assert find(holding(), OTHER, is_running=True) is None


def test_the_oldest_answer_is_noted() -> None:
    noted = Noted()
    for seconds in (5, 3, 4):
        noted.note(NOW + timedelta(seconds=seconds))
    assert noted.behind == NOW + timedelta(seconds=3)


def test_outside_a_page_nobody_notes_ages() -> None:
    found = contextvars.Context().run(lambda: find(holding(), MORE, later=BEHIND, is_running=True))
    assert found == [{"learners": 7}]


def test_memory_is_bounded_and_the_longest_unasked_goes_first() -> None:
    answers = Answers(most_values=130)
    find(answers, ONE)
    for key in ("first", "second"):
        answers.keep(key, answer())
    find(answers, ONE, key="first")
    answers.keep("third", answer())
    kept = [key for key in ("first", "second", "third") if find(answers, ONE, key=key)]
    assert kept == ["first", "third"]


def test_an_answer_larger_than_all_memory_is_not_kept() -> None:
    answers = Answers(most_values=130)
    find(answers, ONE)
    answers.keep("key", answer(rows=200))
    assert find(answers, ONE) is None


def test_keeping_anew_takes_the_place_of_the_old() -> None:
    answers = Answers(most_values=130)
    find(answers, ONE)
    for _ in range(5):
        answers.keep("key", answer())
    answers.keep("other", answer())
    assert find(answers, ONE)


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    forget_answers()
    yield
    forget_answers()


@contextmanager
def without_rows() -> Iterator[None]:
    """For a while the rows are away behind the table's back: only a kept answer knows them."""
    root = default_lake().store.local
    assert root
    away = [path.rename(path.with_suffix(".away")) for path in root.glob("day=*/*.parquet")]
    try:
        yield
    finally:
        for path in away:
            path.rename(path.with_suffix(".parquet"))


def subjects_of(people: list[Learner]) -> list[int]:
    return [one.subject for one in people]


def learners(**more: Any) -> int:
    (row,) = ask("coursework_learners_shown", QUESTION.__class__(**(vars(QUESTION) | more)))
    return int(row["learners"])


def test_the_same_question_is_worked_out_once(filled: list[Learner]) -> None:
    before = learners()
    with without_rows():
        assert learners() == before > 0


def test_another_scope_is_another_question(filled: list[Learner]) -> None:
    everywhere = learners()
    assert learners(scope=Scope(institutions=frozenset({BRAMBLE}))) < everywhere


def test_other_days_are_another_question(filled: list[Learner]) -> None:
    everybody = learners()
    first = QUESTION.period.first
    assert learners(period=Period(first=first, last=first)) < everybody


def test_a_withdrawal_is_seen_by_the_very_next_question(filled: list[Learner]) -> None:
    assert learners() > 0
    withhold(subjects=subjects_of(filled), uses=Use.ANALYTICS, by="test")
    assert learners() == 0


def test_a_restriction_is_seen_at_once_and_so_is_its_end(filled: list[Learner]) -> None:
    before = learners()
    restrict(subjects=subjects_of(filled), by="test")
    assert learners() == 0
    unrestrict(subjects=subjects_of(filled), by="test")
    assert learners() == before


def test_an_erasure_is_seen_at_once(filled: list[Learner]) -> None:
    assert learners() > 0
    erase_subjects(subjects=subjects_of(filled), person_keys=[], by="test")
    assert learners() == 0


@pytest.mark.parametrize("change", [withhold, release])
def test_any_change_of_who_is_hidden_ends_all_answers(
    filled: list[Learner], change: Callable[..., None]
) -> None:
    learners()
    change(subjects=[1], uses=Use.ANALYTICS, by="test")
    with without_rows(), pytest.raises(duckdb.IOException):
        learners()


def test_new_rows_on_a_day_that_is_over_are_seen_at_once(empty_home: Config) -> None:
    assert learners() == 0
    noon = datetime.combine(QUESTION.period.last, time(12), UTC)
    both = int(Use.ANALYTICS | Use.INSTRUCTION)
    default_lake().append(table(*(row(n, at=noon, uses=both) for n in range(1, 101))))
    assert learners() > 0
