"""Regimes and ages of digital consent, by country."""

import pytest

from privet.consent.places import (
    AGES_OF_CONSENT,
    REGIMES,
    Regime,
    age_of_consent,
    regime_of,
)

AGES = {
    13: "BE DK EE FI LV MT PT SE GB US",
    14: "AT BG CY ES IT LT",
    15: "CZ FR GR",
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


def test_the_united_states_are_known_to_be_opt_out():
    assert regime_of("US") is Regime.OPT_OUT
    assert regime_of("us", default="opt_in") is Regime.OPT_OUT


@pytest.mark.parametrize("country", ["ES", "BR", "ZZ"])
def test_all_others_are_opt_in_whatever_the_site_says_of_unknown_places(country):
    assert regime_of(country, default="opt_out") is Regime.OPT_IN


def test_an_unknown_place_is_opt_in_unless_the_site_says_otherwise():
    assert regime_of("") is Regime.OPT_IN
    assert regime_of("", default="opt_out") is Regime.OPT_OUT
