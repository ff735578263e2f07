"""The regime of a visitor in words, with its source."""

from datetime import date

from privet.consent.explained import explain_regime
from privet.consent.places import Regime

TODAY = date(2026, 11, 22)


def test_a_known_place_is_explained_with_its_law():
    said = explain_regime("es", on=TODAY)
    assert (said.regime, said.country, said.age) == (Regime.OPT_IN, "ES", 14)
    assert said.source is not None
    assert "2002/58" in said.source.law
    assert said.age_source is not None
    assert said.words[0].startswith("Opt-in")
    assert "law of your country" in said.words[1]
    assert "14" in said.words[2]


def test_an_opt_out_place_says_that_nothing_is_on_before_a_decision():
    said = explain_regime("US", on=TODAY)
    assert said.regime is Regime.OPT_OUT
    assert "Before you decide, nothing is on." in said.words[0]


def test_a_place_that_is_not_on_the_list_gets_the_strictest_and_says_so():
    said = explain_regime("ZZ", default="opt_out", on=TODAY)
    assert (said.regime, said.age) == (Regime.OPT_IN, 16)
    assert said.source is said.age_source is None
    assert "strictest" in said.words[1]


def test_who_has_no_place_gets_the_sites_word_for_them():
    said = explain_regime("", default="opt_out", on=TODAY)
    assert said.regime is Regime.OPT_OUT
    assert "do not know where you are" in said.words[1]


def test_the_signal_is_named_whatever_the_place():
    for country in ("", "ES", "US", "ZZ"):
        assert "Global Privacy Control" in explain_regime(country, on=TODAY).words[-1]


def test_a_known_state_is_named_with_its_act_and_its_duty():
    said = explain_regime("US", region="US-CO", on=TODAY)
    assert said.state is not None
    assert said.source == said.state.source
    assert "Colorado" in said.words[1]
    assert "6-1-1306" in said.words[3]


def test_a_state_without_the_duty_obeys_the_signal_all_the_same():
    said = explain_regime("US", region="US-VA", on=TODAY)
    assert "Virginia" in said.words[1]
    assert "obeyed everywhere" in said.words[3]


def test_a_state_that_is_not_known_or_has_no_act_is_treated_as_the_strictest():
    unknown, without = (explain_regime("US", region=r, on=TODAY) for r in ("", "US-WA"))
    assert "do not know your state" in unknown.words[1]
    assert "no privacy act on our list" in without.words[1]
    assert unknown.state is without.state is None
    assert unknown.regime is without.regime is Regime.OPT_OUT
    assert unknown.source is not None


def test_a_region_of_another_country_says_nothing():
    said = explain_regime("GB", region="US-CO", on=TODAY)
    assert said.state is None
    assert "law of your country" in said.words[1]
