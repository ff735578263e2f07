"""The state of one person over all their keys."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.accounts.subjects import subjects_for
from privet.catalogue.uses import NO_CHOICES, Choice, Use
from privet.consent.cookies import CONSENT_DAYS
from privet.consent.places import Regime
from privet.consent.rules import ALL_CHOICES, AgeGroup, Answers
from privet.consent.state import State, merge, reach_of, read_state, write_state
from privet.events.record import Actor
from tests.consent.kit import ALL_YES, NOW, key_of

A, B, C = key_of("alice"), key_of("alice-2"), key_of("carol")
DECIDED = State(answers=ALL_YES, decided=NOW, birth_year=1990, country="ES", age=AgeGroup.ADULT)
choices = st.integers(0, 63).map(Choice)
states = st.builds(
    State,
    answers=st.none() | st.builds(Answers, choices, choices),
    decided=st.just(NOW),
    gpc=st.booleans(),
    regime=st.sampled_from(Regime),
    objected=st.integers(0, 255).map(Use),
    restricted=st.booleans(),
)


@given(states, states)
def test_nothing_is_in_force_after_merging_that_was_not_in_force_in_each_decision(one, other):
    both = merge(one, other).standing()
    for state in (one, other):
        if state.answers is not None:
            assert both.choices & ~state.standing().choices == 0
        assert both.uses & ~state.standing().uses & 7 == 0


BORN = {
    AgeGroup.UNKNOWN: None, AgeGroup.ADULT: 1990, AgeGroup.MINOR: 2010, AgeGroup.CHILD: 2020
}  # fmt: skip
people = st.builds(
    lambda state, age: replace(state, age=age, birth_year=BORN[age], gpc=False, restricted=False),
    states,
    st.sampled_from(AgeGroup),
)


@given(people, people)
def test_who_is_found_to_be_older_elsewhere_allows_no_more_by_that(one, other):
    both = merge(one, other).standing()
    for state in (one, other):
        if state.answers is not None:
            assert both.choices & ~state.standing().choices == 0


@given(states)
def test_a_frozen_state_has_in_force_what_it_had(state):
    assert state.frozen().standing().choices == state.standing().choices


@given(states)
def test_silence_stays_silence_in_a_frozen_state(state):
    said = state.answers.granted if state.answers else NO_CHOICES
    frozen = state.frozen().answers
    assert not (frozen.granted if frozen else NO_CHOICES) & ~said


def test_who_was_silent_where_that_is_enough_has_said_no_yes_elsewhere():
    silent = Answers(asked=Choice.SALE_SHARING, granted=NO_CHOICES)
    here = replace(DECIDED, answers=silent, regime=Regime.OPT_OUT, country="US")
    assert Choice.PERFORMANCE in Choice(here.standing().choices)
    assert here.in_place("ES", Regime.OPT_IN, NOW).standing().choices == 0
    assert here.in_place("US", Regime.OPT_OUT, NOW).standing() == here.standing()


def test_who_turns_out_to_be_a_minor_has_said_no_yes_by_silence():
    silent = Answers(asked=Choice.SALE_SHARING, granted=Choice.RESEARCH)
    here = replace(DECIDED, answers=silent, regime=Regime.OPT_OUT, country="US")
    minor = here.at_age(2010, "US", NOW)
    assert minor.age is AgeGroup.MINOR
    assert minor.standing().choices == Choice.RESEARCH


@given(states, st.sampled_from(["US", "ES", "DE", ""]), st.none() | st.integers(1920, 2026))
def test_neither_a_place_nor_an_age_ever_opens_anything(state, country, birth_year):
    moved = state.in_place(country, Regime.OPT_OUT, NOW).at_age(birth_year, country, NOW)
    assert moved.standing().choices & ~state.standing().choices == 0


@pytest.mark.parametrize(
    ("one", "other", "group"),
    [
        ((None, AgeGroup.UNKNOWN), (None, AgeGroup.UNKNOWN), AgeGroup.UNKNOWN),
        ((1990, AgeGroup.ADULT), (None, AgeGroup.UNKNOWN), AgeGroup.ADULT),
        ((1990, AgeGroup.ADULT), (2015, AgeGroup.CHILD), AgeGroup.CHILD),
    ],
)
def test_of_two_birth_years_the_later_counts(one, other, group):
    states = [State(birth_year=year, age=age) for year, age in (one, other)]
    assert merge(*states).age is group
    assert merge(*reversed(states)).age is group


def test_merged_states_keep_the_earliest_decision_and_the_oldest_notice():
    older = replace(DECIDED, decided=NOW - timedelta(days=9), notice_version=1)
    newer = replace(DECIDED, notice_version=2)
    both = merge(newer, older)
    assert (both.decided, both.notice_version) == (older.decided, 1)
    assert merge(older, State()).decided == older.decided


def test_merging_in_an_opt_out_place_needs_both_to_be_there():
    there = replace(DECIDED, regime=Regime.OPT_OUT)
    assert merge(there, there).regime is Regime.OPT_OUT
    assert merge(there, DECIDED).regime is Regime.OPT_IN


def test_a_decision_expires_on_the_day():
    assert not DECIDED.is_expired(NOW + timedelta(days=CONSENT_DAYS - 1))
    assert DECIDED.is_expired(NOW + timedelta(days=CONSENT_DAYS))
    assert not State().is_expired(NOW)


def test_without_its_decision_a_state_keeps_the_person():
    state = replace(DECIDED, objected=Use.SECURITY).without_decision()
    assert (state.answers, state.birth_year, state.objected) == (None, 1990, Use.SECURITY)


def test_who_is_where_they_were_is_not_changed():
    assert DECIDED.in_place("ES", Regime.OPT_IN, NOW) is DECIDED
    assert State().frozen() == State()


@pytest.mark.django_db
def test_a_state_is_read_as_it_was_written_for_every_key():
    state = replace(DECIDED, objected=Use.SECURITY, notice_version=4, gpc=True)
    write_state({A, B}, state, sequence=5)
    assert read_state([A]) == read_state([B]) == read_state([A, B]) == state
    assert read_state([C]) is None


@pytest.mark.django_db
def test_a_state_is_written_over_the_one_before():
    write_state({A}, DECIDED, sequence=5)
    refusal = replace(DECIDED, answers=Answers(ALL_CHOICES, NO_CHOICES))
    write_state({A}, refusal, sequence=6)
    assert read_state([A]) == refusal


@pytest.mark.django_db
def test_keys_that_differ_are_read_as_the_strictest():
    write_state({A}, DECIDED, sequence=5)
    write_state({B}, replace(DECIDED, answers=Answers(ALL_CHOICES, Choice.RESEARCH)), sequence=6)
    assert read_state([A, B]).standing().choices == Choice.RESEARCH


@pytest.mark.django_db
def test_a_state_without_decision_is_read_as_undecided():
    write_state({A}, State(objected=Use.SECURITY), sequence=5)
    assert read_state([A]).answers is None


@pytest.mark.django_db
def test_the_reach_of_a_key_is_everything_known_to_be_the_same_person():
    assert reach_of(A).keys == {A}
    assert reach_of(A).subjects == frozenset()
    [one] = subjects_for([Actor(A, (B,))])
    assert reach_of(B).keys == {A, B}
    assert reach_of(B).subjects == {one}
