"""What time and new knowledge change without anybody deciding."""

from dataclasses import replace
from datetime import timedelta

import pytest

from privet.accounts.subjects import subjects_for
from privet.catalogue.uses import ALL_USES, ESSENTIAL, Choice, Use
from privet.consent.cookies import CONSENT_DAYS
from privet.consent.ledger import Kind, find_faults
from privet.consent.models import Decision, Head, Standing
from privet.consent.passing import Passed, follow_links, pass_day
from privet.consent.places import Regime
from privet.consent.rules import AgeGroup
from privet.consent.service import record_objection
from privet.consent.state import State, write_state
from privet.events.models import Withholding
from privet.events.record import Actor
from privet.kernel.clock import FixedClock
from tests.consent.kit import ALICE, ALL_NO, ALL_YES, BOB, MINOR, NOW, answers, decide, key_of

pytestmark = pytest.mark.django_db
ALIAS = key_of("alice-by-number")


def clock_after(**time):
    return FixedClock(NOW + timedelta(**time))


def rows():
    return {bytes(row.person_key): row for row in Standing.objects.all()}


def test_a_decision_of_six_months_ago_is_over():
    decide(ALICE)
    decide(BOB, clock=clock_after(days=1))
    clock = clock_after(days=CONSENT_DAYS)
    assert pass_day(by="worker", clock=clock) == Passed(expired=1, aged=0)
    alice = rows()[ALICE.key]
    assert (alice.decided, alice.choices, alice.uses) == (None, 0, ESSENTIAL)
    assert rows()[BOB.key].choices == 63
    assert Decision.objects.order_by("-sequence")[0].kind == Kind.EXPIRY
    assert pass_day(by="worker", clock=clock) == Passed(expired=0, aged=0)


def test_where_the_operator_shortens_the_period_older_decisions_are_over_too():
    decide(ALICE)
    Standing.objects.update(expires=NOW.date() + timedelta(days=3 * CONSENT_DAYS))
    assert pass_day(by="worker", clock=clock_after(days=CONSENT_DAYS - 1)).expired == 0
    assert pass_day(by="worker", clock=clock_after(days=CONSENT_DAYS)).expired == 1


def test_what_an_expired_decision_allowed_stays_allowed_of_the_past():
    subjects_for([Actor(ALICE.key)])
    decide(ALICE)
    pass_day(by="worker", clock=clock_after(days=CONSENT_DAYS))
    assert not Withholding.objects.exists()


def test_a_person_with_two_keys_expires_once():
    subjects_for([Actor(ALICE.key, (ALIAS,))])
    decide(ALICE)
    passed = pass_day(by="worker", clock=clock_after(days=CONSENT_DAYS))
    assert passed.expired == 1
    assert {row.decided for row in rows().values()} == {None}


def test_who_comes_of_age_is_moved_on_and_nothing_opens_by_itself():
    minor = replace(MINOR, birth_year=2008)
    decide(minor, ALL_YES, clock=FixedClock(NOW.replace(month=12, day=30)))
    clock = FixedClock(NOW.replace(month=12, day=31))
    before = rows()[minor.key].choices
    assert pass_day(by="worker", clock=clock) == Passed(expired=0, aged=1)
    row = rows()[minor.key]
    assert row.age == AgeGroup.ADULT
    assert row.choices == before
    assert not row.choices & (Choice.TARGETING | Choice.SALE_SHARING)
    assert pass_day(by="worker", clock=clock).aged == 0


def test_a_person_with_two_keys_comes_of_age_once():
    minor = replace(MINOR, birth_year=2008)
    subjects_for([Actor(minor.key, (ALIAS,))])
    decide(minor, ALL_YES, clock=FixedClock(NOW.replace(month=12, day=30)))
    assert pass_day(by="worker", clock=FixedClock(NOW.replace(month=12, day=31))).aged == 1


def test_where_the_law_has_become_opt_in_silence_is_enough_no_longer():
    silent = State(
        answers=answers(yes=Choice.RESEARCH, no=Choice.SALE_SHARING), decided=NOW,
        regime=Regime.OPT_OUT, country="ES", birth_year=1990, age=AgeGroup.ADULT,
    )  # fmt: skip
    subjects_for([Actor(ALICE.key)])
    write_state({ALICE.key}, silent, sequence=0)
    assert Choice.PERFORMANCE in Choice(rows()[ALICE.key].choices)
    assert pass_day(by="worker", clock=clock_after(days=1)) == Passed(expired=0, aged=0, moved=1)
    row = rows()[ALICE.key]
    assert (row.regime, row.choices) == (Regime.OPT_IN, Choice.RESEARCH)
    assert Decision.objects.get().kind == Kind.PLACE
    # What was lawful there and then stays so.
    assert not Withholding.objects.exists()
    assert pass_day(by="worker", clock=clock_after(days=1)).moved == 0


def test_a_decision_holds_for_a_key_that_turns_out_to_be_the_same_persons():
    decide(ALICE, ALL_NO)
    subjects_for([Actor(ALIAS)])
    subjects_for([Actor(ALICE.key, (ALIAS,))])
    assert follow_links(by="worker", clock=clock_after(days=1)) == 1
    assert rows()[ALIAS].choices == 0
    assert Decision.objects.order_by("-sequence")[0].kind == Kind.FOLLOW
    assert list(find_faults()) == []


def test_what_was_stored_under_the_other_key_is_hidden_too():
    decide(ALICE, ALL_NO)
    [subject] = subjects_for([Actor(ALIAS)])
    subjects_for([Actor(ALICE.key, (ALIAS,))])
    follow_links(by="worker", clock=clock_after(days=1))
    uses = Withholding.objects.filter(subject=subject).values_list("use", flat=True)
    assert Use(sum(uses)) == ALL_USES & ~ESSENTIAL


def test_of_two_keys_with_decisions_the_most_restrictive_is_in_force_for_both():
    decide(ALICE, answers(yes=Choice.PERFORMANCE | Choice.RESEARCH))
    other = replace(BOB, key=ALIAS)
    decide(other, answers(yes=Choice.PERFORMANCE, no=Choice.RESEARCH))
    subjects_for([Actor(ALICE.key, (ALIAS,))])
    follow_links(by="worker", clock=clock_after(days=1))
    assert {row.choices for row in rows().values()} == {int(Choice.PERFORMANCE)}


def test_an_objection_follows_too():
    record_objection(who=ALICE, uses=Use.INTEGRITY, by="a", clock=FixedClock(NOW))
    subjects_for([Actor(ALICE.key, (ALIAS,))])
    follow_links(by="worker", clock=FixedClock(NOW))
    assert rows()[ALIAS].objected == Use.INTEGRITY


def test_following_twice_changes_nothing_and_costs_little(django_assert_num_queries):
    decide(ALICE)
    subjects_for([Actor(ALICE.key, (ALIAS,))])
    follow_links(by="worker", clock=FixedClock(NOW))
    with django_assert_num_queries(2):
        assert follow_links(by="worker", clock=FixedClock(NOW)) == 0


def test_people_with_one_key_or_without_decision_cost_no_record():
    decide(BOB)
    subjects_for([Actor(BOB.key), Actor(ALICE.key, (ALIAS,))])
    assert follow_links(by="worker", clock=FixedClock(NOW)) == 0
    assert Decision.objects.count() == 1
    assert Head.objects.get().followed > 0


def test_keys_that_agree_already_are_left_alone():
    subjects_for([Actor(ALICE.key, (ALIAS,))])
    decide(ALICE)
    assert follow_links(by="worker", clock=FixedClock(NOW)) == 0
