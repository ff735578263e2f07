"""Answers that are kept: never across a withdrawal, a scope, or a file that went away."""

import contextvars
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

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
from privet.insight.answers import (
    BEHIND,
    LAG,
    OUTDATED,
    QUICK,
    WORTH,
    Answer,
    Answers,
    Noted,
    begin_noting,
)
from privet.insight.asking import ask, forget_answers
from privet.insight.protection import shape_of
from privet.insight.rules import Period
from privet.insight.sums import Sums
from privet.kernel.config import Config
from tests.events.rows import row, table
from tests.insight.expected import QUESTION, agreed, shown_subjects
from tests.insight.held import without_rows
from tests.population import BRAMBLE, Learner

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ONE = Standing(sequence=1, files=frozenset({"a", "b"}))
MORE = Standing(sequence=1, files=frozenset({"a", "b", "c"}))
OTHER = Standing(sequence=1, files=frozenset({"a", "c"}))
HIDDEN = Standing(sequence=2, files=ONE.files)
LONG = BEHIND
"""So long took an answer that may be as old as any."""


SUMS = Sums(shape_of(["learners", "learners_key"], frozenset()), {})


def answer(*, standing: Standing = ONE, rows: int = 1, sums: Sums | None = None,
           took: timedelta = LONG) -> Answer:  # fmt: skip
    said = ({"learners": 7},) * rows
    return Answer(rows=said, standing=standing, at=NOW, took=took, sums=sums)


def holding(*, standing: Standing = ONE, sums: Sums | None = None,
            took: timedelta = LONG) -> Answers:  # fmt: skip
    answers = Answers()
    assert find(answers, standing) is None
    answers.keep("key", answer(standing=standing, sums=sums, took=took))
    return answers


def find(answers: Answers, standing: Standing, *, later: timedelta = timedelta(0),
         is_running: bool = False, may_lag: bool = False,
         key: str = "key") -> list[dict[str, Any]] | None:  # fmt: skip
    found = answers.find(key, standing, now=NOW + later, is_running=is_running, may_lag=may_lag)
    return found.told() if found else None


def find_outdated(answers: Answers, standing: Standing, *,
                  is_running: bool = False, may_lag: bool = False) -> Answer | None:  # fmt: skip
    return answers.find_outdated("key", standing, now=NOW, is_running=is_running, may_lag=may_lag)


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


def test_after_somebody_was_hidden_no_answer_is_given_as_it_is() -> None:
    answers = holding()
    assert find(answers, HIDDEN, is_running=True) is None


def test_an_answer_without_its_sums_is_forgotten_when_somebody_is_hidden() -> None:
    answers = holding()
    find(answers, HIDDEN)
    assert find_outdated(answers, HIDDEN) is None
    assert find(answers, ONE) is None


def test_an_answer_with_its_sums_can_be_brought_up_to_date() -> None:
    answers = holding(sums=SUMS)
    find(answers, HIDDEN)
    outdated = find_outdated(answers, HIDDEN)
    assert outdated
    assert outdated.sums is SUMS


def test_what_nobody_asks_for_after_somebody_was_hidden_is_forgotten_soon() -> None:
    answers = holding(sums=SUMS)
    find(answers, HIDDEN)
    find(answers, HIDDEN, later=OUTDATED)
    assert find_outdated(answers, HIDDEN)
    find(answers, HIDDEN, later=OUTDATED + timedelta(microseconds=1))
    assert find_outdated(answers, HIDDEN) is None


def test_after_a_quiet_time_somebody_who_is_hidden_ends_no_other_answer() -> None:
    answers = holding(sums=SUMS)
    for _ in range(2):
        find(answers, HIDDEN, later=2 * OUTDATED)
    assert find_outdated(answers, HIDDEN)


def test_where_somebody_is_hidden_all_the_time_only_what_nobody_asks_for_is_forgotten() -> None:
    answers = holding(sums=SUMS)
    find(answers, HIDDEN)
    answers.keep("key", answer(standing=HIDDEN, sums=SUMS))
    again = Standing(sequence=3, files=ONE.files)
    for minutes in (9, 12):
        find(answers, again, later=timedelta(minutes=minutes))
    assert find_outdated(answers, again)
    find(answers, again, later=timedelta(minutes=20))
    assert find_outdated(answers, again) is None


def test_what_was_brought_up_to_date_stays() -> None:
    answers = holding(sums=SUMS)
    find(answers, HIDDEN)
    answers.keep("key", answer(standing=HIDDEN, sums=SUMS))
    assert find(answers, HIDDEN, later=2 * OUTDATED)


def test_an_answer_that_holds_is_not_brought_up_to_date() -> None:
    assert find_outdated(holding(sums=SUMS), ONE) is None


def test_an_answer_of_other_files_cannot_be_brought_up_to_date_and_is_forgotten() -> None:
    answers = holding(sums=SUMS)
    other = Standing(sequence=2, files=MORE.files)
    find(answers, other)
    assert find_outdated(answers, other) is None
    assert find(answers, ONE) is None


def test_an_answer_about_today_can_be_brought_up_to_date_though_events_came_since() -> None:
    answers = holding(sums=SUMS)
    other = Standing(sequence=2, files=MORE.files)
    find(answers, other, is_running=True)
    assert find_outdated(answers, other, is_running=True)


def test_sums_count_as_what_is_kept() -> None:
    shape = shape_of(["course", "learners", "learners_key"], frozenset({"course"}))
    cells = {(str(n),): {"course": str(n), "learners": 1, "learners_key": 1} for n in range(90)}
    assert answer(sums=Sums(shape, cells)).size == answer().size + 270


def test_an_answer_that_was_asked_for_before_somebody_was_hidden_is_not_kept() -> None:
    answers = holding()
    assert find(answers, HIDDEN) is None
    answers.keep("key", answer(standing=ONE))
    assert find(answers, ONE) is None


def test_new_events_end_an_answer_about_days_that_are_over() -> None:
    assert find(holding(), MORE) is None


def test_about_today_an_answer_may_lag_behind_and_says_so() -> None:
    noted = begin_noting()
    assert find(holding(), MORE, later=BEHIND, is_running=True) == [{"learners": 7}]
    assert noted.behind == NOW


def test_what_is_soon_worked_out_is_soon_worked_out_anew() -> None:
    took = timedelta(milliseconds=50)
    assert find(holding(took=took), MORE, later=WORTH * took, is_running=True)
    late = WORTH * took + timedelta(microseconds=1)
    assert find(holding(took=took), MORE, later=late, is_running=True) is None
    assert find(holding(took=took), ONE, later=late, is_running=True)


def test_an_answer_that_knows_all_files_is_not_behind() -> None:
    noted = begin_noting()
    find(holding(), ONE, later=BEHIND, is_running=True)
    assert noted.behind is None


def test_after_a_quarter_of_an_hour_new_events_are_looked_at() -> None:
    late = BEHIND + timedelta(microseconds=1)
    assert find(holding(), MORE, later=late, is_running=True) is None


def test_a_clock_that_was_set_back_makes_nothing_younger() -> None:
    assert find(holding(), MORE, later=timedelta(seconds=-1), is_running=True) is None


def test_merged_files_end_an_answer_about_days_that_are_over_only() -> None:
    assert find(holding(), OTHER) is None
    assert find(holding(), OTHER, is_running=True)


def test_with_leave_an_answer_that_took_long_may_lag_and_says_so() -> None:
    noted = begin_noting()
    assert find(holding(), MORE, later=LAG, may_lag=True) == [{"learners": 7}]
    assert noted.behind == NOW


def test_no_answer_lags_for_ever() -> None:
    late = LAG + timedelta(microseconds=1)
    assert find(holding(), MORE, later=late, may_lag=True) is None


def test_what_is_quickly_worked_out_does_not_lag() -> None:
    assert find(holding(took=QUICK), MORE, may_lag=True) is None


def test_with_leave_an_answer_that_lags_is_brought_up_to_date() -> None:
    answers = holding(sums=SUMS)
    other = Standing(sequence=2, files=MORE.files)
    find(answers, other, may_lag=True)
    assert find_outdated(answers, other, may_lag=True)


def test_an_answer_whose_files_were_merged_is_that_of_the_merged_file() -> None:
    answers = holding()
    merged = Standing(sequence=1, files=frozenset({"ab"}))
    answers.follow("key", merged, lambda files: merged.files if files == ONE.files else None)
    noted = begin_noting()
    assert find(answers, merged) == [{"learners": 7}]
    assert noted.behind is None


def test_an_answer_of_which_rows_were_changed_neither_lags_nor_is_young() -> None:
    answers = holding()
    answers.follow("key", OTHER, lambda _: None)
    assert find(answers, OTHER, is_running=True, may_lag=True) is None


def test_what_was_kept_meanwhile_is_not_taken_for_what_was_followed() -> None:
    answers = holding()

    def lead(files: frozenset[str]) -> frozenset[str]:
        answers.keep("key", answer(standing=MORE))
        return files

    answers.follow("key", MORE, lead)
    noted = begin_noting()
    assert find(answers, MORE)
    assert noted.behind is None


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


def test_who_only_looks_does_not_ask() -> None:
    answers = Answers(most_values=130)
    find(answers, ONE)
    for key in ("first", "second"):
        answers.keep(key, answer())
    assert answers.find("first", ONE, now=NOW, is_running=False, is_asked=False)
    answers.keep("third", answer())
    assert find(answers, ONE, key="first") is None


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


def test_who_withdraws_is_taken_out_of_what_was_answered(filled: list[Learner]) -> None:
    one = agreed(filled)[0]
    before = shown_subjects(subjects_of(agreed(filled)))
    assert learners() == before
    withhold(subjects=[one.subject], uses=Use.ANALYTICS, by="test")
    left = [learner.subject for learner in agreed(filled) if learner is not one]
    assert learners() == shown_subjects(left)


def test_only_those_are_looked_at_who_were_hidden_or_shown(filled: list[Learner]) -> None:
    before = learners()
    release(subjects=[1], uses=Use.ANALYTICS, by="test")
    with without_rows():
        assert learners() == before


def test_new_rows_on_a_day_that_is_over_are_seen_at_once(empty_home: Config) -> None:
    assert learners() == 0
    noon = datetime.combine(QUESTION.period.last, time(12), UTC)
    both = int(Use.ANALYTICS | Use.INSTRUCTION)
    default_lake().append(table(*(row(n, at=noon, uses=both) for n in range(1, 101))))
    assert learners() > 0
