"""The published table, cell by cell, and the gate that applies it to every event."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.catalogue.registry import EVENTS
from privet.catalogue.spec import Origin
from privet.catalogue.uses import ALL_USES, CHOICE_USES, ESSENTIAL, NO_CHOICES, Choice, Use
from privet.consent.places import Regime
from privet.consent.rules import (
    ALL_CHOICES,
    GPC_CHOICES,
    NO_USES,
    OBJECTABLE,
    TABLE,
    UNDECIDED,
    AgeGroup,
    Answers,
    Cell,
    Circumstances,
    allowed_choices,
    gate,
    narrow,
    permitted,
    regate,
    uses_of_choices,
    void_decision,
)

ALL_YES = Answers(asked=ALL_CHOICES, granted=ALL_CHOICES)
ALL_NO = Answers(asked=ALL_CHOICES, granted=NO_CHOICES)
SILENT = Answers(asked=NO_CHOICES, granted=NO_CHOICES)
ADULT = Circumstances(age=AgeGroup.ADULT)

W, Y, U, N = Cell.WITHOUT_CONSENT, Cell.IF_CHOSEN, Cell.UNLESS_REFUSED, Cell.NEVER
IN, OUT = Regime.OPT_IN, Regime.OPT_OUT
# What the law and the design say, written down a second time and in another way than the table:
# for each use and choice the cells of unknown age, child, minor, adult in each regime.
EXPECTED = {
    (Use.INSTRUCTION, None, IN): [W, W, W, W],
    (Use.INSTRUCTION, None, OUT): [W, W, W, W],
    (Use.SECURITY, None, IN): [W, W, W, W],
    (Use.SECURITY, None, OUT): [W, W, W, W],
    (Use.INTEGRITY, None, IN): [W, W, W, W],
    (Use.INTEGRITY, None, OUT): [W, W, W, W],
    (Use.ANALYTICS, Choice.PERFORMANCE, IN): [Y, N, Y, Y],
    (Use.ANALYTICS, Choice.PERFORMANCE, OUT): [Y, N, Y, U],
    (Use.PERSONALISATION, Choice.FUNCTIONALITY, IN): [Y, N, Y, Y],
    (Use.PERSONALISATION, Choice.FUNCTIONALITY, OUT): [Y, N, Y, U],
    (Use.MARKETING, Choice.TARGETING, IN): [N, N, N, Y],
    (Use.MARKETING, Choice.TARGETING, OUT): [N, N, N, U],
    (Use.MARKETING, Choice.MARKETING_MAIL, IN): [Y, N, Y, Y],
    (Use.MARKETING, Choice.MARKETING_MAIL, OUT): [Y, N, Y, Y],
    (Use.RESEARCH, Choice.RESEARCH, IN): [Y, N, Y, Y],
    (Use.RESEARCH, Choice.RESEARCH, OUT): [Y, N, Y, Y],
    (Use.SHARING, Choice.SALE_SHARING, IN): [N, N, N, Y],
    (Use.SHARING, Choice.SALE_SHARING, OUT): [N, N, N, U],
}
CELLS = [
    (use, choice, regime, age, cells[place])
    for (use, choice, regime), cells in EXPECTED.items()
    for place, age in enumerate(AgeGroup)
]
NAMED = [f"{c[0].name}-{c[1].name if c[1] else 'none'}-{c[2]}-{c[3]}" for c in CELLS]
ROWS = {(row.use, row.choice): row for row in TABLE}


def test_the_table_has_a_row_for_every_use_and_choice_and_no_other():
    assert set(ROWS) == {(use, choice) for use, choice, _ in EXPECTED}
    assert {row.use for row in TABLE} == set(Use)
    assert {row.choice for row in TABLE} - {None} == set(Choice)
    assert all(CHOICE_USES[row.choice] == row.use for row in TABLE if row.choice is not None)


@pytest.mark.parametrize(("use", "choice", "regime", "age", "cell"), CELLS, ids=NAMED)
def test_each_cell_says_what_was_published(use, choice, regime, age, cell):
    assert ROWS[use, choice].cells[regime, age] is cell


@pytest.mark.parametrize(("use", "choice", "regime", "age", "cell"), CELLS, ids=NAMED)
def test_each_cell_is_obeyed_for_yes_for_no_for_silence_and_before_a_decision(
    use, choice, regime, age, cell
):
    circumstances = Circumstances(regime=regime, age=age)
    if choice is None:
        given_to = [None, ALL_NO, SILENT, ALL_YES]
        assert all(permitted(a, circumstances).uses & use for a in given_to)
        return
    yes = Answers(asked=choice, granted=choice)
    no = Answers(asked=choice, granted=NO_CHOICES)
    assert bool(permitted(yes, circumstances).choices & choice) is (cell in (Y, U))
    assert bool(permitted(yes, circumstances).uses & use) is (cell in (Y, U))
    assert not permitted(no, circumstances).choices & choice
    assert bool(permitted(SILENT, circumstances).choices & choice) is (cell is U)
    assert not permitted(None, circumstances).choices & choice


@pytest.mark.parametrize(("use", "choice", "regime", "age", "cell"), CELLS, ids=NAMED)
def test_each_cell_is_narrowed_by_gpc_as_published(use, choice, regime, age, cell):
    with_gpc = permitted(ALL_YES, Circumstances(regime=regime, age=age, gpc=True))
    if choice in (Choice.TARGETING, Choice.SALE_SHARING):
        assert not with_gpc.choices & choice
    else:
        without = permitted(ALL_YES, Circumstances(regime=regime, age=age))
        assert with_gpc.choices & (choice or 0) == without.choices & (choice or 0)


@pytest.mark.parametrize("regime", Regime)
@pytest.mark.parametrize("age", AgeGroup)
@pytest.mark.parametrize("gpc", [False, True])
def test_undecided_is_not_a_decision_in_any_regime(regime, age, gpc):
    standing = permitted(None, Circumstances(regime=regime, age=age, gpc=gpc))
    assert (standing.uses, standing.choices, standing.decided) == (int(ESSENTIAL), 0, False)


@pytest.mark.parametrize("regime", Regime)
def test_a_child_is_left_with_essentials_whatever_was_clicked(regime):
    standing = permitted(ALL_YES, Circumstances(regime=regime, age=AgeGroup.CHILD))
    assert (standing.uses, standing.choices) == (int(ESSENTIAL), 0)


def test_who_says_nothing_about_their_place_and_age_gets_the_strictest():
    assert Circumstances() == (Regime.OPT_IN, AgeGroup.UNKNOWN, False, False)


def test_uses_on_a_legitimate_interest_and_suggestions_can_be_objected_to():
    assert OBJECTABLE == Use.SECURITY | Use.INTEGRITY | Use.PERSONALISATION


def test_who_objects_to_suggestions_keeps_the_choice_that_remembers_how_they_like_the_site():
    standing = permitted(
        Answers(ALL_CHOICES, ALL_CHOICES), Circumstances(), objected=Use.PERSONALISATION
    )
    assert Choice.FUNCTIONALITY in Choice(standing.choices)
    assert Use.PERSONALISATION not in Use(standing.uses)


def test_an_objection_takes_its_use_away_and_no_other():
    standing = permitted(ALL_YES, ADULT, objected=Use.INTEGRITY)
    assert standing.uses == int(ALL_USES & ~Use.INTEGRITY)


def test_an_objection_to_a_use_of_another_basis_takes_nothing_away():
    assert permitted(ALL_YES, ADULT, objected=Use.INSTRUCTION).uses == int(ALL_USES)


def test_an_objection_counts_before_any_decision():
    standing = permitted(None, ADULT, objected=Use.SECURITY)
    assert standing.uses == int(ESSENTIAL & ~Use.SECURITY)
    assert not standing.decided


def test_a_restriction_leaves_the_essential_uses_alone():
    standing = permitted(ALL_YES, ADULT, restricted=True)
    assert (standing.uses, standing.choices) == (int(ESSENTIAL), 0)
    assert standing.decided
    assert standing.restricted


def test_only_a_decision_expires():
    assert permitted(ALL_YES, ADULT, expires_day=9).expires_day == 9
    assert permitted(None, ADULT, expires_day=9).expires_day == 0
    assert permitted(ALL_YES, ADULT).expires_day == 0


def test_two_choices_open_marketing_each_alone():
    assert uses_of_choices(Choice.TARGETING) == Use.MARKETING
    assert uses_of_choices(Choice.MARKETING_MAIL) == Use.MARKETING
    assert uses_of_choices(NO_CHOICES) == NO_USES


# --- The gate ---

PAGE, AD, MAIL, SUBMISSION = (
    EVENTS[name] for name in ("page_view", "ad_seen", "mail_open", "problem_check")
)


def standing_for(*choices: Choice, gpc: bool = False):
    granted = Choice(sum(choices))
    return permitted(Answers(ALL_CHOICES, granted), Circumstances(age=AgeGroup.ADULT, gpc=gpc))


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
@pytest.mark.parametrize("standing", [UNDECIDED, standing_for()], ids=["undecided", "refuser"])
def test_who_has_not_agreed_is_observed_by_no_browser_and_no_mail(event, standing):
    uses = gate(event, standing)
    assert uses & ~int(ESSENTIAL) == 0
    if event.origin is not Origin.SERVER:
        assert uses == 0


def test_a_refusers_submission_serves_instruction_security_and_integrity_alone():
    assert gate(SUBMISSION, standing_for()) == int(ESSENTIAL)


def test_performance_opens_a_page_view_for_analytics_and_nothing_else():
    assert gate(PAGE, standing_for(Choice.PERFORMANCE)) == Use.ANALYTICS


def test_an_advertisement_needs_targeting_even_if_mail_opens_marketing():
    assert gate(AD, standing_for(Choice.MARKETING_MAIL)) == 0
    assert gate(AD, standing_for(Choice.TARGETING)) == Use.MARKETING


def test_a_mail_is_followed_only_by_agreement_to_mail():
    assert gate(MAIL, standing_for(Choice.TARGETING, Choice.PERFORMANCE)) == 0
    agreed = standing_for(Choice.MARKETING_MAIL, Choice.PERFORMANCE)
    assert gate(MAIL, agreed) == Use.MARKETING | Use.ANALYTICS


def test_gpc_on_the_request_stops_advertising_and_sale():
    standing = standing_for(*Choice)
    assert gate(AD, standing) == Use.MARKETING | Use.SHARING
    assert gate(AD, standing, gpc=True) == 0
    assert gate(EVENTS["edx.course.enrollment.activated"], standing, gpc=True) & Use.SHARING == 0


def test_gpc_on_the_request_leaves_what_the_person_agreed_to_by_mail():
    standing = standing_for(*Choice)
    assert gate(MAIL, standing, gpc=True) == Use.MARKETING | Use.ANALYTICS


def test_gpc_closes_marketing_when_targeting_alone_had_opened_it():
    standing = standing_for(Choice.TARGETING, Choice.PERFORMANCE)
    assert gate(AD, standing, gpc=True) == 0


def test_gpc_leaves_first_party_analytics_alone():
    standing = standing_for(Choice.PERFORMANCE)
    assert gate(PAGE, standing, gpc=True) == Use.ANALYTICS


standings = st.builds(
    permitted,
    st.none() | st.builds(Answers, *[st.integers(0, 63).map(Choice)] * 2),
    st.builds(Circumstances, st.sampled_from(Regime), st.sampled_from(AgeGroup), st.booleans()),
    objected=st.integers(0, 255).map(Use),
    restricted=st.booleans(),
    expires_day=st.integers(0, 30_000),
)
events = st.sampled_from(list(EVENTS.values()))


@given(events, standings, st.booleans())
def test_the_gate_never_lets_through_what_event_or_person_do_not_allow(event, standing, gpc):
    uses = gate(event, standing, gpc)
    assert uses & ~int(event.uses) == 0
    assert uses & ~standing.uses == 0


@given(events, standings)
def test_gpc_only_ever_narrows(event, standing):
    assert gate(event, standing, gpc=True) & ~gate(event, standing) == 0


@given(standings, standings)
def test_of_two_decisions_nothing_is_in_force_that_one_of_them_refuses(one, other):
    both = narrow(one, other)
    for standing in (one, other):
        if standing.decided:
            assert both.choices & ~standing.choices == 0
            assert both.uses & ~standing.uses == 0
        assert standing.objected & ~both.objected == 0
    assert both == narrow(other, one)


def test_who_has_not_decided_takes_nothing_from_who_has():
    agreed = standing_for(Choice.PERFORMANCE)._replace(expires_day=7)
    assert narrow(UNDECIDED, agreed) == agreed


def test_of_two_decisions_the_first_expiry_counts():
    one, other = (standing_for()._replace(expires_day=day) for day in (20, 10))
    assert narrow(one, other).expires_day == 10


@pytest.mark.parametrize("is_first", [True, False])
def test_a_restriction_of_either_holds_for_both(is_first):
    agreed = standing_for(Choice.PERFORMANCE)
    restricted = permitted(None, ADULT, restricted=True)
    found = narrow(restricted, agreed) if is_first else narrow(agreed, restricted)
    assert found.restricted
    assert (found.uses, found.choices) == (int(ESSENTIAL), 0)


@pytest.mark.parametrize("is_first", [True, False])
def test_the_signal_of_either_holds_for_both(is_first):
    one, other = standing_for(), standing_for(gpc=True)
    assert (narrow(other, one) if is_first else narrow(one, other)).gpc


def test_a_yes_against_gpc_counts_for_both_only_if_each_decision_confirmed_it():
    confirmed = standing_for(Choice.SALE_SHARING)._replace(confirmed=True)
    assert narrow(confirmed, confirmed).confirmed
    assert narrow(confirmed, UNDECIDED).confirmed
    assert not narrow(confirmed, standing_for(Choice.SALE_SHARING)).confirmed
    assert not narrow(UNDECIDED, UNDECIDED).confirmed


def test_two_who_have_not_decided_are_undecided():
    assert narrow(UNDECIDED, UNDECIDED) == UNDECIDED


def test_an_expired_decision_keeps_objection_and_restriction():
    standing = permitted(ALL_YES, ADULT, objected=Use.SECURITY, restricted=True, expires_day=3)
    void = void_decision(standing)
    assert void.uses == int(ESSENTIAL & ~Use.SECURITY)
    assert (void.choices, void.decided, void.restricted) == (0, False, True)


# --- The loader's second look ---


def test_the_loader_leaves_the_rows_of_people_of_whom_nothing_is_recorded():
    assert regate(SUBMISSION, None, 127) == 127


def test_the_loader_takes_what_a_decision_refuses_meanwhile():
    assert regate(PAGE, standing_for(), int(PAGE.uses)) == 0
    assert regate(SUBMISSION, standing_for(), int(SUBMISSION.uses)) == int(ESSENTIAL)


def test_the_loader_never_adds_a_use_that_the_door_did_not_allow():
    assert regate(PAGE, standing_for(*Choice), int(Use.ANALYTICS)) == Use.ANALYTICS


def test_the_loader_obeys_the_objection_of_somebody_undecided():
    standing = permitted(None, ADULT, objected=Use.INTEGRITY)
    assert regate(SUBMISSION, standing, 127) == 127 & ~int(Use.INTEGRITY)


def test_the_loader_leaves_somebody_restricted_and_undecided_the_essentials():
    assert regate(SUBMISSION, permitted(None, ADULT, restricted=True), 127) == int(ESSENTIAL)


def test_allowed_choices_of_nothing_are_nothing():
    assert allowed_choices(ALL_NO, ADULT) == NO_CHOICES
    assert Choice.TARGETING | Choice.SALE_SHARING == GPC_CHOICES
