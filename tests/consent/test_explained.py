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
