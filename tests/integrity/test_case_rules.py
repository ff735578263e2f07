"""What a case goes through, as pure functions."""

from datetime import timedelta
from pathlib import Path

import pytest

from privet.integrity.case_rules import (
    STATES_FOR,
    ActKind,
    Dates,
    Outcome,
    SamePersonError,
    State,
    Verdict,
    WhyError,
    WrongStateError,
    check_may_answer,
    check_may_decide,
    check_state,
    held_until,
    joint_verdict,
    next_by_time,
    read_why,
    stand_by,
    terms_of,
)
from privet.kernel.config import read_config
from tests.integrity.cast import NOW, WEEK

DATES = Dates(reply_until=NOW + WEEK, appeal_until=NOW + 2 * WEEK, lapses=NOW + 12 * WEEK)
NONE = Dates(reply_until=None, appeal_until=None, lapses=NOW + 12 * WEEK)
JUST = timedelta(microseconds=1)


def test_it_holds_only_if_both_say_so() -> None:
    holds, dismiss = Verdict.HOLDS, Verdict.DISMISS
    assert joint_verdict([holds, holds]) is holds
    assert joint_verdict([holds, dismiss]) is dismiss
    assert joint_verdict([dismiss, dismiss]) is dismiss


def test_one_decision_decides_nothing() -> None:
    assert joint_verdict([Verdict.HOLDS]) is None
    assert joint_verdict([]) is None


def test_nobody_decides_twice() -> None:
    check_may_decide(7, deciders={8})
    with pytest.raises(SamePersonError):
        check_may_decide(7, deciders={7, 8})


def test_an_appeal_is_answered_by_somebody_who_had_no_part() -> None:
    check_may_answer(9, involved={7, 8})
    with pytest.raises(SamePersonError):
        check_may_answer(8, involved={7, 8})


@pytest.mark.parametrize("act", list(STATES_FOR))
@pytest.mark.parametrize("state", list(State))
def test_an_act_is_allowed_in_its_states_and_in_no_other(act: ActKind, state: State) -> None:
    if state in STATES_FOR[act]:
        check_state(act, state)
    else:
        with pytest.raises(WrongStateError):
            check_state(act, state)


def test_names_stay_closed_before_the_learner_was_told() -> None:
    assert State.OPENED not in STATES_FOR[ActKind.NAMES_OPENED]


def test_names_can_be_opened_only_while_the_case_is_being_judged() -> None:
    judged = {State.TOLD, State.DECIDING, State.APPEALED}
    assert STATES_FOR[ActKind.NAMES_OPENED] == judged


@pytest.mark.parametrize(
    ("state", "after", "expected"),
    [
        (State.OPENED, 12 * WEEK - JUST, None),
        (State.OPENED, 12 * WEEK, (State.CLOSED, Outcome.LAPSED)),
        (State.TOLD, WEEK - JUST, None),
        (State.TOLD, WEEK, (State.DECIDING, None)),
        (State.DECIDING, 12 * WEEK - JUST, None),
        (State.DECIDING, 12 * WEEK, (State.CLOSED, Outcome.LAPSED)),
        (State.UPHELD, 2 * WEEK - JUST, None),
        (State.UPHELD, 2 * WEEK, (State.CLOSED, Outcome.UPHELD)),
        (State.APPEALED, 12 * WEEK - JUST, None),
        (State.APPEALED, 12 * WEEK, (State.CLOSED, Outcome.LAPSED)),
        (State.CLOSED, 100 * WEEK, None),
    ],
)
def test_time_alone_moves_a_case(state: State, after: timedelta, expected: object) -> None:
    assert next_by_time(state, DATES, NOW + after) == expected


def test_time_takes_a_case_two_steps_if_nobody_came_by_for_so_long() -> None:
    lapsed = (State.CLOSED, Outcome.LAPSED)
    assert stand_by(State.TOLD, DATES, NOW) == []
    assert stand_by(State.TOLD, DATES, NOW + WEEK) == [(State.DECIDING, None)]
    assert stand_by(State.TOLD, DATES, NOW + 12 * WEEK) == [(State.DECIDING, None), lapsed]


@pytest.mark.parametrize("state", [State.TOLD, State.UPHELD])
def test_a_period_that_was_not_set_does_not_end(state: State) -> None:
    assert next_by_time(state, NONE, NOW + 100 * WEEK) is None


@pytest.mark.parametrize("state", list(State))
def test_each_open_case_holds_until_a_date_and_a_closed_one_holds_nothing(state: State) -> None:
    until = held_until(state, DATES)
    expected = {State.CLOSED: None, State.UPHELD: DATES.appeal_until}
    assert until == expected.get(state, DATES.lapses)


def test_a_reason_says_something_and_not_a_book() -> None:
    assert read_why("  x" * 10 + "\r\n\r\nand more  ") == "x" + "  x" * 9 + "\n\nand more"
    assert read_why("not a \x00 word of it is lost") == "not a  word of it is lost"
    for text in ("", " " * 50, "\x00" * 50, "too short", "x" * 2001):
        with pytest.raises(WhyError):
            read_why(text)


def test_the_bounds_of_a_reason_are_reasons_themselves() -> None:
    assert read_why("12345", shortest=5, longest=5) == "12345"
    for text in ("1234", "123456"):
        with pytest.raises(WhyError):
            read_why(text, shortest=5, longest=5)


def test_the_terms_are_the_installations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIVET_CASE_REPLY_WEEKS", "5")
    terms = terms_of(read_config())
    assert (terms.reply, terms.appeal) == (5 * WEEK, 3 * WEEK)
    assert (terms.lapse, terms.keep) == (12 * WEEK, 26 * WEEK)


def test_the_diagram_of_the_documentation_has_each_state_and_each_outcome() -> None:
    page = Path(__file__).parents[2] / "docs/explanation/integrity-cases.md"
    drawn = page.read_text("utf-8").partition("```mermaid")[2].partition("```")[0]
    steps = [line.split(":") for line in drawn.splitlines() if "-->" in line]
    reached = {step[0].split("-->")[1].strip() for step in steps}
    assert reached == {state.value for state in State}
    ends = [step[1].strip().split(",")[0] for step in steps if "--> closed" in step[0]]
    assert set(ends) == {outcome.value for outcome in Outcome}
