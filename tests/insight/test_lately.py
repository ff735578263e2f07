"""What was asked lately is remembered without who asked, and only for a while."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from privet.catalogue.uses import Use
from privet.events.query import Scope
from privet.events.statements import find_statement
from privet.insight.lately import AGE, BY, MOST, Lately, Remembered, remember
from privet.insight.noise import Noise
from privet.insight.working_out import Asked
from tests.events.rows import NOON, TODAY

NOISE = Noise(bytes(32))
TOMORROW = TODAY + timedelta(days=1)
WEEK = timedelta(days=7)


def asked(name: str = "activity_over_time", *, end: date = TODAY, **params: Any) -> Asked:
    statement = find_statement(name)
    given = dict.fromkeys(statement.parameters, "") | {"start": end - WEEK, "end": end}
    return Asked(
        statement=statement, use=Use.ANALYTICS, scope=Scope(), by="account:7",
        params=given | params, noise=NOISE,
    )  # fmt: skip


def remembered(one: Asked, *, moves_on: bool = False) -> Remembered:
    found = remember(one, today=TODAY, moves_on=moves_on)
    assert found
    return found


@pytest.mark.parametrize("moves_on", [False, True])
def test_what_is_remembered_is_the_same_question_but_for_who_asked(moves_on: bool) -> None:
    again = remembered(asked(), moves_on=moves_on).asked_on(TODAY, NOISE)
    assert again
    assert again.key == asked().key
    assert again.by == BY


def test_days_up_to_today_move_on() -> None:
    again = remembered(asked(), moves_on=True).asked_on(TOMORROW, NOISE)
    assert again
    assert (again.params["start"], again.params["end"]) == (TOMORROW - WEEK, TOMORROW)


def test_other_days_stay() -> None:
    again = remembered(asked()).asked_on(TOMORROW, NOISE)
    assert again
    assert again.key == asked().key


def test_what_names_a_moment_is_another_question_each_time() -> None:
    assert remember(asked(grain=NOON), today=TODAY, moves_on=False) is None
    assert remember(asked(end=NOON), today=TODAY, moves_on=False) is None


def test_a_query_that_is_no_more_is_not_asked() -> None:
    gone = replace(remembered(asked()), name="gone")
    assert gone.asked_on(TODAY, NOISE) is None


def test_a_query_that_takes_other_parameters_now_is_not_asked() -> None:
    one = remembered(asked())
    other = replace(one, params=(*one.params, ("colour", "red")))
    assert other.asked_on(TODAY, NOISE) is None


def lately_of(count: int) -> tuple[Lately, list[Remembered]]:
    lately = Lately()
    listed = [remembered(asked(course=str(number))) for number in range(count)]
    for number, one in enumerate(listed):
        lately.note(one, NOON + timedelta(seconds=number))
    return lately, listed


def test_the_last_comes_first() -> None:
    lately, listed = lately_of(3)
    assert list(lately.listed()) == listed[::-1]
    lately.note(listed[0], NOON + timedelta(minutes=1))
    assert list(lately.listed()) == [listed[0], listed[2], listed[1]]


def test_only_so_many_are_remembered() -> None:
    lately, listed = lately_of(MOST + 1)
    assert list(lately.listed()) == listed[:0:-1]


def test_after_days_without_being_asked_one_is_forgotten() -> None:
    lately, (first, second) = lately_of(2)
    lately.take_over({}, NOON + AGE)
    assert list(lately.listed()) == [second, first]
    lately.take_over({}, NOON + AGE + timedelta(seconds=1))
    assert list(lately.listed()) == [second]


def test_of_two_times_the_later_counts_and_none_is_to_come() -> None:
    lately, (one,) = lately_of(1)
    for when, counted in ((-1, 0), (5, 5), (90, 60)):
        given = {one: NOON + timedelta(seconds=when)}
        lately.take_over(given, NOON + timedelta(minutes=1))
        assert lately.listed() == {one: NOON + timedelta(seconds=counted)}


def test_what_is_to_be_forgotten_is() -> None:
    lately, _ = lately_of(2)
    lately.forget()
    assert lately.listed() == {}


def test_a_moment_is_no_day() -> None:
    assert isinstance(NOON, datetime)
    assert remember(asked(start=NOON), today=TODAY, moves_on=True) is None
