"""Regimes and ages of digital consent, by country."""

from datetime import date

import pytest

from privet.consent.places import (
    AGES_OF_CONSENT,
    REGIMES,
    STATE_LAWS,
    Regime,
    age_of_consent,
    find_age,
    find_regime,
    find_state,
    read_rules,
    regime_of,
)

AGES = {
    13: "BE EE FI LV MT PT SE GB US",
    14: "AT BG CY ES IT LT",
    15: "CZ DK FR GR",
    16: "DE HR HU IE LU NL PL RO SK",
}


@pytest.mark.parametrize(
    ("country", "age"), [(c, age) for age, countries in AGES.items() for c in countries.split()]
)
def test_each_country_has_its_age_of_digital_consent(country, age):
    assert age_of_consent(country) == age
    assert age_of_consent(country.lower()) == age


@pytest.mark.parametrize("country", ["", "ZZ", "BR"])
def test_an_unknown_country_has_the_strictest_age(country):
    assert age_of_consent(country) == 16


def test_all_that_is_known_has_a_source_and_a_date():
    for _, source in [*AGES_OF_CONSENT.values(), *REGIMES.values()]:
        assert source.law
        assert source.checked.year >= 2026
        assert source.since <= source.checked
        assert source.link.startswith("https://")


def test_a_rule_holds_from_its_day_on():
    assert age_of_consent("DK", on=date(2023, 12, 31)) == 13
    assert age_of_consent("DK", on=date(2024, 1, 1)) == 15
    assert find_age("DK", on=date(2018, 5, 24)) is None
    assert find_regime("US", on=date(2019, 12, 31)) is None


def test_a_rule_written_down_before_its_day_takes_force_by_itself():
    text = """
        [[age]]
        places = "XA XB"
        age = 13
        since = 2030-01-01
        law = "An act"
        link = "https://law.example"
        checked = 2026-11-01
    """
    [(age, source)] = read_rules(text, "age")["XB"]
    assert (age, source.since) == (13, date(2030, 1, 1))


def test_the_united_states_are_known_to_be_opt_out():
    assert regime_of("US") is Regime.OPT_OUT
    assert regime_of("us", default="opt_in") is Regime.OPT_OUT


@pytest.mark.parametrize("country", ["ES", "BR", "ZZ"])
def test_all_others_are_opt_in_whatever_the_site_says_of_unknown_places(country):
    assert regime_of(country, default="opt_out") is Regime.OPT_IN


def test_an_unknown_place_is_opt_in_unless_the_site_says_otherwise():
    assert regime_of("") is Regime.OPT_IN
    assert regime_of("", default="opt_out") is Regime.OPT_OUT


BINDING = "CA CO CT DE MD MN MT NE NH NJ OR TX"
NOT_BINDING = "IA IN KY RI TN UT VA"


def test_each_state_with_an_act_says_whether_the_signal_binds():
    binding = sorted(law.place for law in STATE_LAWS.values() if law.gpc_since)
    assert binding == [f"US-{state}" for state in BINDING.split()]
    others = sorted(law.place for law in STATE_LAWS.values() if not law.gpc_since)
    assert others == [f"US-{state}" for state in NOT_BINDING.split()]


def test_each_act_has_its_source_and_a_duty_no_older_than_itself():
    for law in STATE_LAWS.values():
        assert law.source.link.startswith("https://")
        assert law.source.law
        assert bool(law.gpc_since) == bool(law.gpc_law)
        assert law.gpc_since is None or law.gpc_since >= law.source.since


def test_a_state_is_found_by_its_code_and_by_its_name():
    assert find_state("US-NH") == find_state("us-nh") == find_state("US/New Hampshire")
    assert find_state("US-NH") is not None


@pytest.mark.parametrize("region", ["", "US-WA", "US/Washington", "GB/Delaware", "CA-ON", "US/"])
def test_a_place_without_such_an_act_has_none(region):
    assert find_state(region) is None


def test_an_act_and_its_duty_hold_from_their_days_on():
    assert find_state("US-OR", on=date(2024, 6, 30)) is None
    oregon = find_state("US-OR", on=date(2024, 7, 1))
    assert oregon is not None
    assert not oregon.binds_signal(date(2025, 12, 31))
    assert oregon.binds_signal(date(2026, 1, 1))
    utah = find_state("US-UT")
    assert utah is not None
    assert not utah.binds_signal(date(2030, 1, 1))
