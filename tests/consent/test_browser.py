"""A decision in a browser: who gets which cookie, and who gets none that names them."""

from datetime import timedelta
from importlib.resources import files

import pytest

from privet.accounts.facts import SiteFacts
from privet.catalogue.uses import NO_CHOICES, Choice
from privet.consent.browser import (
    Browser,
    SetCookies,
    cookies_of_state,
    decide_as_learner,
    decide_as_visitor,
    join_browser,
    read_browser,
)
from privet.consent.cookies import CONSENT_DAYS, CookieFault, day_of, read_consent, read_visitor
from privet.consent.models import Decision, Standing
from privet.consent.registry import match
from privet.consent.service import state_of
from tests.consent.kit import ALICE, ALL_NO, ALL_YES, NOW, VISITOR, answers, ask, decide, here

pytestmark = pytest.mark.django_db
SITE = SiteFacts(slug="hedgerow", name="Hedgerow", origins=frozenset())
P = Choice.PERFORMANCE


def visit(said, browser=None, *, at=None, **more):
    at = at or here()
    asked = ask(said, clock=at.clock, **more)
    return decide_as_visitor(
        browser=browser or Browser(), site=SITE, who=VISITOR, asked=asked, here=at
    )


def browser_with(cookies: SetCookies, *, at=None) -> Browser:
    """The browser after an answer that set these cookies."""
    parts = [f"privet_consent={cookies.consent}"] if cookies.consent else []
    parts += [f"privet_visitor={cookies.visitor}"] if cookies.visitor else []
    return read_browser("; ".join(parts), site="hedgerow", here=at or here())


def consent_in(cookies: SetCookies):
    at = here()
    return read_consent(
        cookies.consent or "", site="hedgerow", keys=at.cookie_keys, now=at.clock.now()
    )


def visitor_in(cookies: SetCookies):
    at = here()
    return read_visitor(
        cookies.visitor or "", site="hedgerow", keys=at.cookie_keys, now=at.clock.now()
    )


def test_a_refuser_gets_no_number_and_a_cookie_like_everybody_elses():
    _, first = visit(ALL_NO)
    _, second = visit(ALL_NO)
    assert first.visitor is None
    assert first.ends_visitor
    assert first.consent == second.consent
    assert not Standing.objects.exists()
    assert set(Decision.objects.values_list("person_key", flat=True)) == {None}


def test_who_allows_to_be_observed_gets_a_number():
    outcome, cookies = visit(answers(yes=P))
    assert consent_in(cookies).choices == P
    visitor = visitor_in(cookies)
    [row] = Standing.objects.all()
    assert bytes(row.person_key) == visitor.person_key(here().ring.link_key())
    assert outcome.record_id is not None


@pytest.mark.parametrize("choice", [Choice.FUNCTIONALITY, Choice.MARKETING_MAIL, Choice.RESEARCH])
def test_another_choice_alone_gives_no_number(choice):
    _, cookies = visit(answers(yes=choice))
    assert (cookies.visitor, cookies.ends_visitor) == (None, True)
    assert consent_in(cookies).choices == choice


@pytest.mark.parametrize("choice", list(Choice))
def test_a_number_goes_with_the_category_under_which_it_is_registered(choice):
    _, before = visit(answers(yes=P))
    _, after = decide_as_learner(
        browser=browser_with(before), site=SITE, who=ALICE, asked=ask(answers(yes=choice)),
        by="learner", here=here(),
    )  # fmt: skip
    entry = match("privet_visitor", "cookie")
    assert consent_in(after).choices == choice
    assert after.ends_visitor == (choice is not entry.category.choice)
    assert (after.visitor is not None) == (choice is entry.category.choice)


def test_what_the_operator_registers_more_strictly_is_given_later(tmp_path, monkeypatch):
    monkeypatch.setenv("PRIVET_HOME", str(tmp_path))
    text = (files("privet.consent") / "registry_data" / "platform.toml").read_text()
    (tmp_path / "registry.toml").write_text(text.replace('"performance"', '"targeting"'))
    _, cookies = visit(answers(yes=P))
    assert cookies.visitor is None


def test_a_visitor_keeps_number_and_first_day_over_decisions():
    _, cookies = visit(answers(yes=P))
    later = here()
    later.clock.advance(timedelta(days=40))
    _, again = visit(answers(yes=P), browser_with(cookies), at=later)
    assert visitor_in(again) == visitor_in(cookies)


def test_who_withdraws_loses_the_number_and_the_ledger_knows():
    _, cookies = visit(answers(yes=P))
    _, after = visit(ALL_NO, browser_with(cookies), at=tomorrow())
    assert after.ends_visitor
    assert after.visitor is None
    assert Standing.objects.get().choices == 0
    assert Decision.objects.order_by("-sequence")[0].person_key is not None


def tomorrow():
    at = here()
    at.clock.advance(timedelta(days=1))
    return at


def test_a_refuser_who_repeats_it_today_adds_no_record():
    _, cookies = visit(ALL_NO)
    outcome, again = visit(ALL_NO, browser_with(cookies))
    assert outcome.record_id is None
    assert again == SetCookies()
    assert Decision.objects.count() == 1


def test_a_refuser_who_repeats_it_tomorrow_is_recorded_anew():
    _, cookies = visit(ALL_NO)
    outcome, _ = visit(ALL_NO, browser_with(cookies), at=tomorrow())
    assert outcome.record_id is not None


def test_a_refuser_whose_browser_now_sends_gpc_is_recorded_anew():
    _, cookies = visit(ALL_NO)
    outcome, _ = visit(ALL_NO, browser_with(cookies), gpc=True)
    assert outcome.record_id is not None


def test_a_learners_decision_in_a_browser_is_the_learners():
    at = here()
    outcome, cookies = decide_as_learner(
        browser=Browser(), site=SITE, who=ALICE, asked=ask(ALL_YES), by="learner", here=at
    )
    cookie = consent_in(cookies)
    assert cookie.of_learner
    assert cookie.choices == Choice(outcome.standing.choices)
    assert cookies.visitor is None
    assert not cookies.ends_visitor


def test_a_learner_who_refuses_ends_the_visitors_number_of_this_browser():
    _, before = visit(answers(yes=P))
    _, after = decide_as_learner(
        browser=browser_with(before), site=SITE, who=ALICE, asked=ask(ALL_NO), by="learner",
        here=here(),
    )  # fmt: skip
    assert after.ends_visitor


def test_a_visitors_decision_is_joined_when_they_sign_in():
    _, cookies = visit(answers(yes=P, no=Choice.FUNCTIONALITY))
    outcome, after = join_browser(
        browser=browser_with(cookies), site=SITE, who=ALICE, by="learner", here=here()
    )
    assert outcome.standing.choices == P
    assert consent_in(after).of_learner
    assert state_of(ALICE.key, clock=here().clock).answers.granted == P


def test_a_browser_without_a_decision_brings_none():
    outcome, cookies = join_browser(
        browser=Browser(), site=SITE, who=ALICE, by="learner", here=here()
    )
    assert (outcome, cookies) == (None, SetCookies())


def test_a_learners_own_cookie_is_not_joined_again():
    decide(ALICE, ALL_NO)
    state = state_of(ALICE.key, clock=here().clock)
    cookies = cookies_of_state(state, browser=Browser(), site=SITE, here=here())
    decide(ALICE, ALL_YES, clock=tomorrow().clock)
    outcome, _ = join_browser(
        browser=browser_with(cookies), site=SITE, who=ALICE, by="learner", here=tomorrow()
    )
    assert outcome is None
    assert state_of(ALICE.key, clock=tomorrow().clock).answers == ALL_YES


def test_a_refusing_visitor_without_a_number_joins_as_a_refuser():
    _, cookies = visit(ALL_NO)
    outcome, _ = join_browser(
        browser=browser_with(cookies), site=SITE, who=ALICE, by="learner", here=here()
    )
    assert outcome.standing.choices == NO_CHOICES


def test_every_bad_cookie_is_named_and_ignored():
    _, cookies = visit(answers(yes=P))
    header = f"privet_consent=forged.x; privet_visitor={cookies.visitor}; privet_visitor=other"
    browser = read_browser(header, site="hedgerow", here=here())
    assert browser == Browser(faults=(CookieFault.FORGED, CookieFault.DUPLICATE))
    assert read_browser("", site="hedgerow", here=here()) == Browser()


def test_a_cookie_tells_the_day_and_not_the_hour():
    outcome, cookies = visit(ALL_NO)
    assert consent_in(cookies).day == day_of(NOW)
    assert outcome.standing.expires_day == day_of(NOW) + CONSENT_DAYS
