"""Grading is pure: the same answer is always worth the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.grading import (
    Problem,
    ProblemKind,
    Progress,
    can_show_answer,
    can_submit,
    grade,
    is_empty,
)


def make(kind: ProblemKind, *answers: str, tolerance: float = 0) -> Problem:
    return Problem(
        id="p",
        kind=kind,
        question="?",
        answers=answers,
        explanation=".",
        options=("a", "b", "c"),
        points=2,
        tolerance=tolerance,
    )


@pytest.mark.parametrize(
    ("typed", "points"),
    [
        ("1600", 2),
        ("1,600", 2),
        ("1 600", 2),
        (" 1600.0 ", 2),
        ("1600 %", 2),
        ("1601", 0),
        ("sixteen hundred", 0),
        ("", 0),
        ("nan", 0),
        ("inf", 0),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, points: float) -> None:
    assert grade(make(ProblemKind.NUMBER, "1600"), [typed]) == points


@pytest.mark.parametrize(("typed", "points"), [("2,5", 2), ("2.59", 2), ("2.61", 0)])
def test_a_number_is_right_within_its_tolerance(typed: str, points: float) -> None:
    assert grade(make(ProblemKind.NUMBER, "2.5", tolerance=0.1), [typed]) == points


def test_a_real_minus_sign_is_a_minus() -> None:
    assert grade(make(ProblemKind.NUMBER, "-3"), ["\N{MINUS SIGN}3"]) == 2


def test_no_number_at_all_is_wrong() -> None:
    assert grade(make(ProblemKind.NUMBER, "3"), []) == 0


@pytest.mark.parametrize(("typed", "points"), [("Pleacher", 2), (" a PLEACHER ", 2), ("stem", 0)])
def test_case_and_spaces_of_a_text_do_not_matter(typed: str, points: float) -> None:
    assert grade(make(ProblemKind.TEXT, "pleacher", "a pleacher"), [typed]) == points


def test_no_text_at_all_is_wrong() -> None:
    assert grade(make(ProblemKind.TEXT, "x"), []) == 0


@pytest.mark.parametrize(("chosen", "points"), [(["a"], 2), (["b"], 0), ([], 0), (["a", "b"], 0)])
def test_of_one_choice_exactly_one_is_right(chosen: list[str], points: float) -> None:
    assert grade(make(ProblemKind.ONE, "a"), chosen) == points


@pytest.mark.parametrize(
    ("chosen", "points"), [(["a", "b"], 2), (["b", "a"], 2), (["a"], 0), (["a", "b", "c"], 0)]
)
def test_of_many_all_right_ones_and_no_other_are_needed(chosen: list[str], points: float) -> None:
    assert grade(make(ProblemKind.MANY, "a", "b"), chosen) == points


@given(st.text())
def test_whatever_is_typed_is_graded_without_failing(typed: str) -> None:
    for kind in ProblemKind:
        assert grade(make(kind, "7"), [typed]) in {0, 2}


@pytest.mark.parametrize(
    ("progress", "is_open"),
    [
        (Progress(), True),
        (Progress(attempts=2), True),
        (Progress(attempts=3), False),
        (Progress(attempts=1, shown=True), False),
        (Progress(attempts=1, earned=2), False),
    ],
)
def test_a_problem_closes_when_right_shown_or_out_of_attempts(
    progress: Progress, is_open: bool
) -> None:
    assert can_submit(make(ProblemKind.ONE, "a"), progress) is is_open


def test_the_answer_is_for_those_who_have_tried() -> None:
    assert not can_show_answer(Progress())
    assert can_show_answer(Progress(attempts=1))


def test_spaces_are_no_answer() -> None:
    assert is_empty([])
    assert is_empty(["  ", "\n"])
    assert not is_empty(["", "x"])
