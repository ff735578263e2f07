"""Cookies of a decision and of a visitor: whatever is wrong with one, it is no consent."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.catalogue.uses import Choice
from privet.consent.cookies import (
    CONSENT_DAYS,
    VISITOR_DAYS,
    ConsentCookie,
    CookieFault,
    CookieKeys,
    VisitorCookie,
    _sign,
    cookie_value,
    day_of,
    new_visitor,
    read_consent,
    read_visitor,
    sign_consent,
    sign_visitor,
    visitor_key,
)
from privet.consent.places import Regime
from privet.consent.rules import ALL_CHOICES
from privet.kernel.crypto import KeyRing

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
KEYS = CookieKeys(consent=b"c" * 32, visitor=b"v" * 32)
REFUSAL = ConsentCookie(
    site="hedgerow", choices=Choice(0), notice=3, day=day_of(NOW), gpc=False, regime=Regime.OPT_IN
)
VISITOR = new_visitor("hedgerow", now=NOW)


def read(value, *, site="hedgerow", now=NOW):
    return read_consent(value, site=site, keys=KEYS, now=now)


@given(
    st.builds(
        ConsentCookie,
        site=st.just("hedgerow"),
        choices=st.integers(0, 63).map(Choice),
        notice=st.integers(1, 10_000),
        day=st.integers(day_of(NOW) - CONSENT_DAYS + 1, day_of(NOW)),
        gpc=st.booleans(),
        regime=st.sampled_from(Regime),
        of_learner=st.booleans(),
    )
)
def test_a_decision_comes_back_as_it_was_signed(cookie):
    assert read(sign_consent(cookie, keys=KEYS)) == cookie


def test_a_page_can_read_the_decision_without_a_key():
    body = sign_consent(replace(REFUSAL, choices=Choice.PERFORMANCE), keys=KEYS).partition(".")[0]
    said = json.loads(base64.urlsafe_b64decode(body + "=="))
    assert said == {
        "site": "hedgerow",
        "choices": 1,
        "notice": 3,
        "time": day_of(NOW) * 86_400,
        "gpc": 0,
        "regime": "opt_in",
        "of": "visitor",
    }


def test_two_refusers_of_one_day_carry_the_same_cookie():
    later = replace(REFUSAL, day=day_of(NOW + timedelta(hours=11)))
    assert sign_consent(REFUSAL, keys=KEYS) == sign_consent(later, keys=KEYS)


def test_a_decision_tells_what_its_visitor_allows():
    standing = replace(REFUSAL, choices=Choice.PERFORMANCE, gpc=True).standing()
    assert (standing.choices, standing.decided, standing.gpc) == (1, True, True)
    assert standing.uses == 1 | 2 | 4 | 8
    assert standing.expires_day == REFUSAL.day + CONSENT_DAYS
    assert REFUSAL.decided == datetime(2026, 11, 21, tzinfo=UTC)


def test_a_decision_signed_by_mallory_is_forged():
    mallory = CookieKeys(consent=b"m" * 32, visitor=b"m" * 32)
    yes = replace(REFUSAL, choices=ALL_CHOICES)
    assert read(sign_consent(yes, keys=mallory)) is CookieFault.FORGED


def test_a_decision_with_changed_choices_is_forged():
    other = sign_consent(replace(REFUSAL, choices=ALL_CHOICES), keys=KEYS).partition(".")[0]
    signature = sign_consent(REFUSAL, keys=KEYS).partition(".")[2]
    assert read(f"{other}.{signature}") is CookieFault.FORGED


def test_a_visitors_cookie_is_no_decision():
    assert read(sign_visitor(VISITOR, keys=KEYS)) is CookieFault.FORGED


def test_a_decision_of_another_site_is_none():
    value = sign_consent(REFUSAL, keys=KEYS)
    assert read(value, site="orchard") is CookieFault.FOREIGN_SITE


def test_a_decision_is_stale_after_six_months():
    value = sign_consent(REFUSAL, keys=KEYS)
    assert read(value, now=NOW + timedelta(days=CONSENT_DAYS - 1)) == REFUSAL
    assert read(value, now=NOW + timedelta(days=CONSENT_DAYS)) is CookieFault.STALE


def test_a_decision_of_tomorrow_is_none():
    value = sign_consent(REFUSAL, keys=KEYS)
    assert read(value, now=NOW - timedelta(days=1)) is CookieFault.FUTURE


@pytest.mark.parametrize(
    "value", ["", ".", "abc", "é.é", "a" * 1025 + ".b", "x.y.z", "\x00.\x00", "{}.{}"]
)
def test_a_value_that_nobody_signed_is_no_decision(value):
    assert isinstance(read(value), CookieFault)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"site": "hedgerow"},
        {"site": "hedgerow", "choices": "x", "notice": 1, "time": 1, "gpc": 0, "regime": "opt_in"},
        {"site": "hedgerow", "choices": 1, "notice": 1, "time": "x", "gpc": 0, "regime": "opt_in"},
        {"site": "hedgerow", "choices": 1, "notice": 1, "time": 1, "gpc": 0, "regime": "none"},
    ],
)
def test_a_signed_value_of_another_form_is_malformed(payload):
    assert read(_sign(payload, KEYS.consent)) is CookieFault.MALFORMED
    assert (
        read_visitor(_sign(payload, KEYS.visitor), site="hedgerow", keys=KEYS, now=NOW)
        is CookieFault.MALFORMED
    )


def test_a_signed_list_is_malformed():
    assert read(_sign([1], KEYS.consent)) is CookieFault.MALFORMED


def test_signed_bytes_that_are_no_json_are_malformed():
    from privet.consent.cookies import _encode, _signature

    body = _encode(b"\xff\xfe")
    assert read(f"{body}.{_encode(_signature(body, KEYS.consent))}") is CookieFault.MALFORMED


@given(st.text())
def test_no_text_makes_the_reader_fail(text):
    assert isinstance(read(text), CookieFault)
    assert isinstance(read_visitor(text, site="hedgerow", keys=KEYS, now=NOW), CookieFault)


def test_a_visitors_number_comes_back_and_leads_to_a_key_of_its_own():
    value = sign_visitor(VISITOR, keys=KEYS)
    found = read_visitor(value, site="hedgerow", keys=KEYS, now=NOW)
    assert found == VISITOR
    assert isinstance(found, VisitorCookie)
    assert found.person_key(b"k" * 32) == visitor_key(b"k" * 32, "hedgerow", VISITOR.visitor_id)


def test_no_two_visitors_have_one_number():
    assert new_visitor("hedgerow", now=NOW).visitor_id != VISITOR.visitor_id


def test_a_visitors_number_ends_after_thirteen_months():
    value = sign_visitor(VISITOR, keys=KEYS)
    late = NOW + timedelta(days=VISITOR_DAYS)
    assert read_visitor(value, site="hedgerow", keys=KEYS, now=late) is CookieFault.STALE


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("", None),
        ("other=1", None),
        ("a=1; privet_consent=x; b=2", "x"),
        ('privet_consent="x"', "x"),
        ("privet_consent=x; privet_consent=x", "x"),
        ("privet_consent=x; privet_consent=y", CookieFault.DUPLICATE),
        ("xprivet_consent=x", None),
        ("privet_consent=", ""),
    ],
)
def test_one_value_is_taken_from_a_header_and_two_are_none(header, value):
    assert cookie_value(header, "privet_consent") == value


def test_the_two_cookies_have_keys_of_their_own(tmp_path):
    keys = CookieKeys.of(KeyRing(tmp_path))
    assert keys.consent != keys.visitor
    assert keys == CookieKeys.of(KeyRing(tmp_path))


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_cookie_remembers_whether_a_yes_was_confirmed_against_the_signal(confirmed):
    cookie = replace(REFUSAL, choices=Choice.TARGETING, confirmed=confirmed)
    assert read(sign_consent(cookie, keys=KEYS)).confirmed is confirmed
