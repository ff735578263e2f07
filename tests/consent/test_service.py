"""Decisions, joins, objections, restrictions: what is recorded, in force, and hidden."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from privet.accounts.models import Subject
from privet.accounts.subjects import subjects_for
from privet.audit.models import Record
from privet.catalogue.uses import ALL_USES, ESSENTIAL, NO_CHOICES, Choice, Use
from privet.consent.cookies import CONSENT_DAYS, ConsentCookie, day_of, visitor_key
from privet.consent.ledger import Control, Kind, Layer, find_faults
from privet.consent.models import Decision, Standing
from privet.consent.notices import current_words
from privet.consent.places import Regime
from privet.consent.rules import ALL_CHOICES, GPC_CHOICES, AgeGroup
from privet.consent.service import (
    ConsentError,
    confirmable,
    end_objection,
    join_visitor,
    lift_restriction,
    preview,
    record_objection,
    record_restriction,
    record_signal,
    settle_state,
    state_of,
)
from privet.events.models import Restriction, Withholding
from privet.events.record import Actor
from privet.kernel.clock import FixedClock
from tests.consent.kit import (
    ALICE,
    ALL_NO,
    ALL_YES,
    BOB,
    MINOR,
    NOW,
    VISITOR,
    answers,
    ask,
    decide,
    here,
    key_of,
)

pytestmark = pytest.mark.django_db
P, F, T = Choice.PERFORMANCE, Choice.FUNCTIONALITY, Choice.TARGETING
MAIL, SALE = Choice.MARKETING_MAIL, Choice.SALE_SHARING
REQUEST = UUID("00000000-0000-4000-8000-000000000001")


def clock_after(**time: int) -> FixedClock:
    return FixedClock(NOW + timedelta(**time))


def pseudonym(who) -> int:
    return subjects_for([Actor(who.key)])[0]


def hidden(who, *, still: bool = True) -> Use:
    rows = Withholding.objects.filter(subject=pseudonym(who), until__isnull=still)
    return Use(sum(rows.values_list("use", flat=True)))


# --- A decision ---


def test_a_decision_is_in_force_and_in_the_ledger():
    outcome = decide(ALICE, answers(yes=P, no=F | T))
    assert outcome.standing.choices == P
    assert outcome.standing.uses == ESSENTIAL | Use.ANALYTICS
    row = Standing.objects.get()
    assert (bytes(row.person_key), row.choices, row.uses) == (ALICE.key, P, outcome.standing.uses)
    assert not list(find_faults())


def test_the_record_says_what_was_decided_on_which_words_and_with_what():
    shown = current_words("es", clock=FixedClock(NOW)).shown
    outcome = decide(
        ALICE, answers(yes=P, no=T), shown=shown, control=Control.CHOOSE,
        layer=Layer.PREFERENCES, institution="hedge-university",
    )  # fmt: skip
    record = Decision.objects.get(record_id=outcome.record_id)
    assert (record.kind, record.control, record.layer) == ("decision", "choose", "preferences")
    assert (record.asked, record.granted, record.in_force) == (P | T, P, P)
    assert record.in_force_before is None
    assert (record.notice_version, record.notice_digest) == (shown.version, shown.digest)
    assert (record.language, record.site) == ("es", "hedgerow")
    assert record.institution == "hedge-university"
    assert (record.regime, record.age, record.gpc) == ("opt_in", "adult", False)
    assert record.time == NOW
    assert bytes(record.person_key) == ALICE.key


def test_the_audit_act_stands_with_the_record_and_names_nobody():
    outcome = decide(ALICE)
    act = Record.objects.get(act="consent.decision")
    assert act.about == {"record": str(outcome.record_id), "site": "hedgerow"}
    assert act.by == "learner"


def test_a_second_decision_says_what_was_before():
    decide(ALICE, answers(yes=P))
    outcome = decide(ALICE, answers(no=P), clock=clock_after(days=1))
    record = Decision.objects.get(record_id=outcome.record_id)
    assert (record.in_force_before, record.in_force) == (P, 0)


def test_what_was_not_asked_keeps_its_earlier_answer():
    decide(ALICE, answers(yes=P | MAIL, no=F | T))
    outcome = decide(ALICE, answers(yes=F, no=P), clock=clock_after(days=1))
    assert outcome.standing.choices == F | MAIL


def test_the_same_decision_on_the_same_day_is_one_record():
    first = decide(ALICE)
    again = decide(ALICE, clock=clock_after(hours=1))
    assert again.record_id is None
    assert again.standing == first.standing
    assert Decision.objects.count() == 1


def test_the_same_decision_on_another_day_begins_its_six_months_anew():
    decide(ALICE)
    again = decide(ALICE, clock=clock_after(days=30))
    assert again.record_id is not None
    assert again.standing.expires_day == day_of(NOW) + 30 + CONSENT_DAYS


def test_a_repeated_request_is_answered_and_recorded_once():
    first = decide(ALICE, ALL_YES, request_id=REQUEST)
    decide(ALICE, ALL_NO, clock=clock_after(days=1))
    again = decide(ALICE, ALL_YES, request_id=REQUEST, clock=clock_after(days=2))
    assert again.record_id == first.record_id
    assert Decision.objects.count() == 2


def test_a_yes_that_is_sent_again_after_the_withdrawal_is_answered_with_the_withdrawal():
    decide(ALICE, ALL_YES, request_id=REQUEST)
    decide(ALICE, ALL_NO, clock=clock_after(minutes=1))
    late = decide(ALICE, ALL_YES, request_id=REQUEST, clock=clock_after(minutes=2))
    assert late.standing.choices == NO_CHOICES


def test_a_repeated_request_of_nobody_is_answered_and_recorded_once():
    from privet.consent.service import record_decision

    clock = FixedClock(NOW)
    asked = ask(ALL_NO, request_id=REQUEST)
    first, again = (
        record_decision(who=VISITOR, asked=asked, by="visitor", clock=clock) for _ in range(2)
    )
    assert first.record_id == again.record_id


def test_another_persons_request_id_is_a_conflict():
    decide(ALICE, ALL_YES, request_id=REQUEST)
    with pytest.raises(ConsentError):
        decide(BOB, ALL_YES, request_id=REQUEST)


def test_a_request_id_with_another_decision_is_a_conflict():
    decide(ALICE, ALL_YES, request_id=REQUEST)
    with pytest.raises(ConsentError):
        decide(ALICE, ALL_NO, request_id=REQUEST)


def test_an_erased_persons_request_id_belongs_to_nobody():
    decide(ALICE, ALL_YES, request_id=REQUEST)
    Decision.objects.update(person_key=None)
    with pytest.raises(ConsentError):
        decide(ALICE, ALL_YES, request_id=REQUEST)


def test_nobodys_refusal_is_recorded_and_linked_to_no_one():
    outcome = decide(VISITOR, ALL_NO)
    record = Decision.objects.get(record_id=outcome.record_id)
    assert (record.person_key, record.account_id) == (None, None)
    assert not Standing.objects.exists()


def test_a_decision_tells_nothing_of_a_person_beyond_the_keyed_hash():
    decide(replace(ALICE, account_id=7))
    said = str(list(Decision.objects.values())) + str(list(Standing.objects.values()))
    assert "alice" not in said


# --- GPC, age, place ---


def test_with_gpc_targeting_and_sale_are_refused_whatever_is_asked_and_that_is_said():
    outcome = decide(ALICE, ALL_YES, gpc=True)
    assert outcome.standing.choices == ALL_CHOICES & ~GPC_CHOICES
    assert outcome.refused_by_gpc == GPC_CHOICES
    record = Decision.objects.get()
    assert record.gpc
    assert record.granted == ALL_CHOICES


def test_a_repeated_request_with_gpc_says_again_what_was_refused():
    decide(ALICE, ALL_YES, gpc=True, request_id=REQUEST)
    again = decide(ALICE, ALL_YES, gpc=True, request_id=REQUEST)
    assert again.refused_by_gpc == GPC_CHOICES


def test_a_repeated_request_names_the_one_yes_that_was_not_confirmed_again():
    decide(ALICE, answers(yes=T, no=SALE), gpc=True, confirmed=True)
    first, again = (
        decide(ALICE, answers(yes=T | F | SALE), gpc=True, request_id=REQUEST) for _ in range(2)
    )
    assert first.record_id == again.record_id is not None
    assert first.refused_by_gpc == again.refused_by_gpc == SALE


def test_what_gpc_refused_stays_refused_until_a_yes_is_confirmed_against_it():
    decide(ALICE, ALL_YES, gpc=True)
    silent = decide(ALICE, answers(no=F), clock=clock_after(days=1))
    assert not silent.standing.choices & GPC_CHOICES
    elsewhere = decide(ALICE, answers(yes=T), clock=clock_after(days=2))
    assert not elsewhere.standing.choices & T
    assert elsewhere.refused_by_gpc == T
    confirmed = decide(ALICE, answers(yes=T), clock=clock_after(days=3), confirmed=True)
    assert confirmed.standing.choices & GPC_CHOICES == T
    assert confirmed.refused_by_gpc == NO_CHOICES


def test_a_conflict_is_named_again_when_the_same_is_said_on_the_same_day():
    decide(ALICE, ALL_YES, gpc=True)
    again = decide(ALICE, ALL_YES, gpc=True)
    assert again.record_id is None
    assert again.refused_by_gpc == GPC_CHOICES


def test_a_yes_against_the_signal_stands_in_the_ledger_though_it_changes_nothing():
    decide(ALICE, ALL_YES)
    record_signal(who=ALICE, by="account:1", clock=FixedClock(NOW))
    said = [decide(ALICE, answers(yes=T)) for _ in range(2)]
    assert [outcome.refused_by_gpc for outcome in said] == [T, T]
    assert said[1].record_id is None
    record = Decision.objects.get(record_id=said[0].record_id)
    assert (record.kind, record.gpc, record.confirmed) == ("decision", True, False)
    assert (record.granted & T, record.in_force & T) == (T, 0)


def test_a_yes_that_was_taken_back_and_is_said_again_against_the_signal_is_recorded():
    decide(ALICE, answers(yes=T | SALE), gpc=True, confirmed=True)
    decide(ALICE, answers(no=SALE))
    again = decide(ALICE, answers(yes=SALE))
    assert again.refused_by_gpc == SALE
    assert again.record_id is not None


def test_signal_and_confirmation_both_stand_in_the_ledger():
    decide(ALICE, ALL_YES, gpc=True)
    decide(ALICE, answers(yes=T), gpc=True, confirmed=True)
    said = [(r.gpc, r.confirmed) for r in Decision.objects.order_by("sequence")]
    assert said == [(True, False), (True, True)]


def test_what_was_confirmed_stays_until_it_is_taken_back():
    decide(ALICE, answers(yes=T), gpc=True, confirmed=True)
    kept = decide(ALICE, answers(yes=F), gpc=True, clock=clock_after(days=1))
    assert kept.standing.choices & T
    decide(ALICE, answers(no=T), gpc=True, clock=clock_after(days=2))
    again = decide(ALICE, answers(yes=T), gpc=True, clock=clock_after(days=3))
    assert not again.standing.choices & T


def test_a_confirmed_yes_confirms_no_other_yes_against_the_signal():
    decide(ALICE, answers(yes=T, no=SALE), gpc=True, confirmed=True)
    more = decide(ALICE, answers(yes=T | SALE), gpc=True, clock=clock_after(days=1))
    assert more.standing.choices & GPC_CHOICES == T
    assert more.refused_by_gpc == confirmable(more) == SALE


def test_a_confirmation_covers_what_was_answered_and_not_what_was_said_before_the_signal():
    decide(ALICE, answers(yes=T))
    outcome = decide(ALICE, answers(yes=SALE), gpc=True, confirmed=True, clock=clock_after(days=1))
    assert outcome.standing.choices & GPC_CHOICES == SALE


def test_what_was_confirmed_stays_when_another_choice_is_refused_once_more():
    decide(ALICE, answers(yes=T, no=SALE), gpc=True, confirmed=True)
    again = decide(ALICE, answers(yes=T | F, no=SALE), gpc=True, clock=clock_after(days=1))
    assert again.standing.choices & GPC_CHOICES == T


def test_silence_is_no_yes_against_the_signal_where_silence_would_be_enough():
    american = replace(ALICE, country="US")
    outcome = decide(american, answers(yes=T), gpc=True, confirmed=True)
    assert outcome.standing.choices & GPC_CHOICES == T


def test_confirming_without_a_signal_confirms_nothing():
    outcome = decide(ALICE, answers(yes=T), confirmed=True)
    assert not outcome.state.confirmed
    assert record_signal(who=ALICE, by="learner", clock=FixedClock(NOW)).standing.choices == 0


def test_the_signal_of_one_browser_holds_for_the_whole_account():
    decide(ALICE, ALL_YES)
    outcome = record_signal(who=ALICE, by="account:1", clock=FixedClock(NOW))
    assert outcome.standing.choices == ALL_CHOICES & ~GPC_CHOICES
    record = Decision.objects.get(record_id=outcome.record_id)
    assert (record.kind, record.gpc) == ("signal", True)


def test_the_signal_is_remembered_of_who_has_not_decided_and_recorded_once():
    first = record_signal(who=ALICE, by="account:1", clock=FixedClock(NOW))
    assert first.state.gpc
    assert record_signal(who=ALICE, by="account:1", clock=FixedClock(NOW)).record_id is None
    assert not decide(ALICE, ALL_YES).standing.choices & GPC_CHOICES


def test_a_minor_who_accepts_all_is_neither_targeted_nor_sold():
    outcome = decide(MINOR)
    assert outcome.state.age is AgeGroup.MINOR
    assert outcome.standing.choices == ALL_CHOICES & ~(T | SALE)


def test_who_travels_to_an_opt_out_place_has_no_more_in_force_than_before():
    decide(ALICE, answers(yes=P))
    outcome = decide(replace(ALICE, country="US"), answers(no=MAIL), clock=clock_after(days=1))
    assert outcome.state.regime is Regime.OPT_OUT
    assert outcome.standing.choices == P


def test_in_an_opt_out_place_silence_is_no_refusal_once_somebody_decides():
    outcome = decide(replace(ALICE, country="US"), answers(no=SALE))
    assert outcome.standing.choices == P | F | T


def test_a_platform_that_corrects_a_birth_year_narrows_what_is_in_force():
    decide(ALICE, ALL_YES)
    child = replace(ALICE, birth_year=2020)
    outcome = decide(child, answers(no=MAIL), clock=clock_after(days=1))
    assert outcome.standing.uses == ESSENTIAL


def test_a_birth_year_that_a_platform_corrects_is_in_force_for_every_door_at_once():
    subject = pseudonym(ALICE)
    decide(ALICE, ALL_YES)
    child = replace(ALICE, birth_year=2020)
    state = settle_state(who=child, by="learner", clock=clock_after(days=1))
    row = Standing.objects.get(person_key=ALICE.key)
    assert (state.age, row.uses, row.choices) == (AgeGroup.CHILD, ESSENTIAL, 0)
    assert Decision.objects.order_by("-sequence")[0].kind == Kind.AGE
    assert Withholding.objects.filter(subject=subject, use=Use.ANALYTICS).exists()
    assert settle_state(who=child, by="learner", clock=clock_after(days=1)) == state
    assert Decision.objects.count() == 2


def test_silence_that_was_enough_in_one_place_is_not_in_force_in_another():
    decide(replace(ALICE, country="US"), answers(yes=F, no=SALE))
    state = settle_state(who=ALICE, by="learner", clock=clock_after(days=1))
    row = Standing.objects.get(person_key=ALICE.key)
    assert (state.regime, row.choices) == (Regime.OPT_IN, F)
    assert Decision.objects.order_by("-sequence")[0].kind == Kind.PLACE


def test_settling_what_is_as_it_was_records_nothing():
    assert settle_state(who=ALICE, by="learner", clock=FixedClock(NOW)).answers is None
    decide(MINOR, ALL_YES)
    grown = replace(MINOR, birth_year=1990, country="US")
    assert settle_state(who=grown, by="learner", clock=FixedClock(NOW)).age is AgeGroup.ADULT
    later = clock_after(days=CONSENT_DAYS)
    assert settle_state(who=MINOR, by="learner", clock=later).answers is None
    assert Decision.objects.count() == 1


def test_growing_up_never_opens_what_was_refused_to_a_minor():
    decide(MINOR, ALL_YES)
    later = clock_after(days=CONSENT_DAYS - 1)
    grown = replace(MINOR, birth_year=2000)
    outcome = decide(grown, answers(yes=P), clock=later)
    assert outcome.state.age is AgeGroup.ADULT
    assert not outcome.standing.choices & T


def test_who_returns_to_the_same_place_is_who_they_were():
    decide(ALICE, answers(yes=P))
    assert decide(replace(ALICE, country=""), answers(yes=F)).standing.choices == P | F


def test_a_decision_older_than_six_months_answers_nothing_any_more():
    decide(ALICE, ALL_YES)
    outcome = decide(ALICE, answers(no=F), clock=clock_after(days=CONSENT_DAYS))
    assert outcome.standing.choices == 0


def test_preview_tells_what_would_be_in_force_and_records_nothing():
    standing = preview(who=VISITOR, asked=ask(ALL_YES), clock=FixedClock(NOW))
    assert standing.choices == ALL_CHOICES & ~(T | SALE)
    assert not Decision.objects.exists()


def test_the_state_of_somebody_unknown_is_none_and_an_expired_one_is_undecided():
    assert state_of(ALICE.key, clock=FixedClock(NOW)) is None
    decide(ALICE)
    assert state_of(ALICE.key, clock=FixedClock(NOW)).answers == ALL_YES
    later = state_of(ALICE.key, clock=clock_after(days=CONSENT_DAYS))
    assert later.answers is None


# --- The lake ---


def test_a_withdrawal_hides_its_use_of_the_past_at_once():
    pseudonym(ALICE)
    decide(ALICE, ALL_YES)
    decide(ALICE, answers(no=P), clock=clock_after(days=1))
    assert hidden(ALICE) == Use.ANALYTICS


def test_a_new_grant_acts_forward_only():
    pseudonym(ALICE)
    decide(ALICE, ALL_NO)
    decide(ALICE, answers(yes=P), clock=clock_after(days=1))
    ended = Withholding.objects.get(subject=pseudonym(ALICE), use=Use.ANALYTICS)
    assert ended.until == NOW + timedelta(days=1)


def test_a_first_refusal_hides_what_was_imported_on_anothers_word():
    pseudonym(ALICE)
    decide(ALICE, ALL_NO)
    assert hidden(ALICE) == ALL_USES & ~ESSENTIAL


def test_a_first_grant_hides_nothing_that_it_allows():
    pseudonym(ALICE)
    decide(ALICE, ALL_YES)
    assert hidden(ALICE) == Use(0)


def test_who_withdraws_targeting_is_hidden_from_marketing_though_mail_goes_on():
    pseudonym(ALICE)
    decide(ALICE, ALL_YES)
    outcome = decide(ALICE, answers(no=T), clock=clock_after(days=1))
    assert outcome.standing.uses & Use.MARKETING
    assert hidden(ALICE) == Use(0)
    assert hidden(ALICE, still=False) == Use.MARKETING


def test_all_pseudonyms_of_a_person_are_hidden_together():
    other = replace(ALICE, key=key_of("alice-by-number"))
    subjects_for([Actor(ALICE.key), Actor(other.key)])
    subjects_for([Actor(ALICE.key, (other.key,))])
    decide(ALICE, ALL_NO)
    assert hidden(other) == hidden(ALICE) == ALL_USES & ~ESSENTIAL
    assert Standing.objects.count() == 2
    assert set(Standing.objects.values_list("choices", flat=True)) == {0}


def test_bob_is_not_touched_by_alices_decision():
    pseudonym(BOB)
    decide(ALICE, ALL_NO)
    assert hidden(BOB) == Use(0)


def test_who_has_no_row_in_the_lake_needs_no_hiding():
    decide(ALICE, ALL_NO)
    assert not Withholding.objects.exists()
    assert not Subject.objects.exists()


# --- A visitor signs in ---


def cookie(choices: Choice, **more) -> ConsentCookie:
    values = {
        "site": "hedgerow", "choices": choices, "notice": 1, "day": day_of(NOW), "gpc": False,
        "regime": Regime.OPT_IN,
    }  # fmt: skip
    return ConsentCookie(**(values | more))


def join(who=ALICE, *, brought: ConsentCookie, visitor: bytes | None = None, at=None):
    clock = at or clock_after(hours=1)
    return join_visitor(who=who, visitor_key=visitor, cookie=brought, by="learner", clock=clock)


def test_an_undecided_learner_takes_over_what_they_decided_as_a_visitor():
    outcome = join(brought=cookie(P | F))
    assert outcome.standing.choices == P | F
    record = Decision.objects.get()
    assert (record.kind, record.in_force_before) == (Kind.JOIN, None)
    assert Record.objects.filter(act="consent.join").exists()


def test_of_two_decisions_the_most_restrictive_is_in_force():
    decide(ALICE, answers(yes=P | MAIL, no=F | T))
    outcome = join(brought=cookie(P | F))
    assert outcome.standing.choices == P


def test_a_refusing_visitor_makes_a_refusing_learner():
    decide(ALICE, ALL_YES)
    assert join(brought=cookie(NO_CHOICES)).standing.choices == 0


def test_a_visitors_refusal_binds_a_learner_of_whom_only_an_objection_is_known():
    pseudonym(ALICE)
    record_objection(who=ALICE, uses=Use.INTEGRITY, by="learner", clock=FixedClock(NOW))
    outcome = join(brought=cookie(NO_CHOICES))
    assert outcome.standing.decided
    assert Decision.objects.filter(kind=Kind.JOIN).exists()
    assert Use.ANALYTICS in hidden(ALICE)


def test_a_visitor_who_says_what_has_expired_of_the_learner_says_it_anew():
    decide(ALICE, answers(yes=P, no=ALL_CHOICES & ~P))
    later = clock_after(days=CONSENT_DAYS + 1)
    outcome = join(brought=cookie(P, day=day_of(later.now())), at=later)
    assert outcome.standing.decided
    assert not outcome.state.is_expired(later.now())
    assert Standing.objects.get().expires > later.now().date()


def test_a_visitor_who_allows_more_changes_nothing_and_is_not_recorded():
    first = decide(ALICE, answers(yes=P, no=F | T))
    outcome = join(brought=cookie(ALL_CHOICES))
    assert outcome.record_id is None
    assert outcome.standing == first.standing
    assert Decision.objects.count() == 1


def test_a_visitors_gpc_goes_with_them():
    outcome = join(brought=cookie(P, gpc=True))
    assert outcome.state.gpc


def test_a_visitor_with_a_number_brings_the_answers_of_the_ledger():
    key = visitor_key(here().ring.link_key(), "hedgerow", "v1")
    decide(replace(VISITOR, key=key), answers(yes=P | MAIL, no=F))
    outcome = join(brought=cookie(P), visitor=key)
    assert outcome.standing.choices == P | MAIL


def test_what_did_not_count_of_a_visitor_of_unknown_age_does_not_come_to_count_on_signing_in():
    key = visitor_key(here().ring.link_key(), "hedgerow", "v1")
    as_visitor = decide(replace(VISITOR, key=key), ALL_YES).standing.choices
    assert not as_visitor & (T | SALE)
    assert join(brought=cookie(Choice(as_visitor)), visitor=key).standing.choices == as_visitor


def test_a_visitors_silence_sells_nobody_who_signs_in_where_silence_would_be_enough():
    key = visitor_key(here().ring.link_key(), "hedgerow", "v1")
    american = replace(ALICE, country="US")
    decide(replace(VISITOR, key=key, country="US"), answers(yes=P))
    assert join(american, brought=cookie(P), visitor=key).standing.choices == P


def test_a_visitor_of_whom_the_ledger_knows_nothing_brings_the_cookie():
    key = visitor_key(here().ring.link_key(), "hedgerow", "v1")
    assert join(brought=cookie(P), visitor=key).standing.choices == P


def test_a_visitor_brings_a_decision_and_never_a_history():
    key = visitor_key(here().ring.link_key(), "hedgerow", "v1")
    visitor, learner = subjects_for([Actor(key), Actor(ALICE.key)])
    join(brought=cookie(P), visitor=key)
    people = dict(Subject.objects.values_list("pk", "person"))
    assert people[visitor] != people[learner]


def test_the_learners_own_age_and_place_count_after_joining():
    outcome = join(MINOR, brought=cookie(ALL_CHOICES))
    assert outcome.standing.choices == ALL_CHOICES & ~(T | SALE)


def test_a_join_hides_what_the_learner_no_longer_allows():
    pseudonym(ALICE)
    decide(ALICE, ALL_YES)
    join(brought=cookie(ALL_CHOICES & ~P))
    assert hidden(ALICE) == Use.ANALYTICS


# --- Objection and restriction ---


def test_an_objection_ends_its_use_and_hides_the_past():
    pseudonym(ALICE)
    decide(ALICE, ALL_YES)
    outcome = record_objection(
        who=ALICE, uses=Use.INTEGRITY, by="account:1", clock=clock_after(days=1), why="unfair"
    )
    assert not outcome.standing.uses & Use.INTEGRITY
    assert hidden(ALICE) == Use.INTEGRITY
    act = Record.objects.get(act="consent.objection")
    assert (act.by, act.why) == ("account:1", "unfair")


def test_an_objection_is_possible_before_any_decision():
    outcome = record_objection(who=ALICE, uses=Use.SECURITY, by="a", clock=FixedClock(NOW))
    assert not outcome.standing.decided
    assert outcome.standing.uses == ESSENTIAL & ~Use.SECURITY


def test_an_objection_outlives_decisions():
    record_objection(who=ALICE, uses=Use.SECURITY, by="a", clock=FixedClock(NOW))
    assert not decide(ALICE, ALL_YES).standing.uses & Use.SECURITY


def test_an_objection_twice_is_one():
    for _ in range(2):
        outcome = record_objection(who=ALICE, uses=Use.SECURITY, by="a", clock=FixedClock(NOW))
    assert outcome.record_id is None
    assert Decision.objects.count() == 1


def test_an_ended_objection_lets_the_use_resume_from_then_on():
    pseudonym(ALICE)
    record_objection(who=ALICE, uses=Use.SECURITY, by="a", clock=FixedClock(NOW))
    outcome = end_objection(
        who=ALICE, uses=Use.SECURITY, by="account:2", clock=clock_after(days=1), why="compelling"
    )
    assert outcome.standing.uses == ESSENTIAL
    assert hidden(ALICE) == Use(0)
    assert hidden(ALICE, still=False) == Use.SECURITY


def test_an_objection_to_suggestions_hides_what_was_imported_before_any_decision():
    pseudonym(ALICE)
    record_objection(who=ALICE, uses=Use.PERSONALISATION, by="a", clock=FixedClock(NOW))
    assert hidden(ALICE) == Use.PERSONALISATION


@pytest.mark.parametrize("uses", [Use(0), Use.INSTRUCTION, Use.ANALYTICS | Use.SECURITY])
@pytest.mark.parametrize("verb", [record_objection, end_objection])
def test_only_a_legitimate_interest_can_be_objected_to(uses, verb):
    with pytest.raises(ConsentError):
        verb(who=ALICE, uses=uses, by="a", clock=FixedClock(NOW))
    assert not Decision.objects.exists()


def test_a_restriction_stops_all_but_the_essential_and_the_lake_keeps_and_hides():
    subject = pseudonym(ALICE)
    decide(ALICE, ALL_YES)
    outcome = record_restriction(who=ALICE, by="account:1", clock=clock_after(days=1))
    assert outcome.standing.uses == ESSENTIAL
    assert Restriction.objects.filter(pk=subject).exists()
    assert hidden(ALICE) == Use(0)


def test_a_lifted_restriction_gives_back_what_was_decided():
    subject = pseudonym(ALICE)
    before = decide(ALICE, ALL_YES)
    record_restriction(who=ALICE, by="a", clock=clock_after(days=1))
    outcome = lift_restriction(who=ALICE, by="a", clock=clock_after(days=2))
    assert outcome.standing.choices == before.standing.choices
    assert not Restriction.objects.filter(pk=subject).exists()


def test_a_restriction_twice_is_one():
    record_restriction(who=ALICE, by="a", clock=FixedClock(NOW))
    assert record_restriction(who=ALICE, by="a", clock=FixedClock(NOW)).record_id is None


def test_what_is_decided_under_a_restriction_counts_when_it_is_lifted():
    pseudonym(ALICE)
    decide(ALICE, ALL_YES)
    record_restriction(who=ALICE, by="a", clock=clock_after(days=1))
    decide(ALICE, answers(no=P), clock=clock_after(days=2))
    assert hidden(ALICE) == Use.ANALYTICS
    outcome = lift_restriction(who=ALICE, by="a", clock=clock_after(days=3))
    assert not outcome.standing.choices & P


def test_a_failure_on_the_way_leaves_nothing_behind():
    """All of a change stands in one transaction: the last step fails, nothing stands."""
    pseudonym(ALICE)
    broken = FixedClock(NOW)
    with pytest.raises(ConsentError):
        decide_and_fail(broken)
    assert not Decision.objects.exists()
    assert not Standing.objects.exists()
    assert not Record.objects.filter(act__startswith="consent.decision").exists()


def decide_and_fail(clock):
    from django.db import transaction

    with transaction.atomic():
        decide(ALICE, ALL_NO, clock=clock)
        raise ConsentError("x", remedy="y")
