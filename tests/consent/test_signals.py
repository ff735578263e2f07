"""Signals: Global Privacy Control, DNT, Consent Mode v2 and the GPP string."""

import json
from pathlib import Path

import pytest

from privet.catalogue.uses import NO_CHOICES, Choice
from privet.consent.rules import ALL_CHOICES
from privet.consent.signals import (
    UsNat,
    consent_mode,
    consent_mode_default,
    encode_gpp,
    gpc_document,
    read_gpc,
    read_signal,
    usnat_of,
)

GRANTED, DENIED = "granted", "denied"
VECTORS = json.loads(Path(__file__).with_name("gpp_vectors.json").read_text())
ADVERTISING = ("ad_storage", "ad_user_data", "ad_personalization")


@pytest.mark.parametrize("header", ["1", "0,1", " 1 ", "1,1"])
def test_one_exact_1_is_the_signal(header):
    assert read_gpc(header)


@pytest.mark.parametrize("header", ["", "0", "true", "11", "1;", '"1"', "yes"])
def test_anything_else_is_none(header):
    assert not read_gpc(header)


def test_do_not_track_counts_only_where_the_operator_says_so():
    assert read_signal(gpc="", dnt="1", obeys_dnt=True)
    assert not read_signal(gpc="", dnt="1", obeys_dnt=False)
    assert not read_signal(gpc="", dnt="0", obeys_dnt=True)
    assert read_signal(gpc="1", dnt="", obeys_dnt=False)


def test_the_well_known_document_says_that_we_obey():
    assert gpc_document()["gpc"] is True
    assert set(gpc_document()) == {"gpc", "lastUpdate"}


# --- Google Consent Mode v2 ---


def test_by_default_all_but_security_is_denied_and_tags_wait_half_a_second():
    said = consent_mode_default()
    assert said.pop("wait_for_update") == 500
    assert said.pop("security_storage") == GRANTED
    assert set(said.values()) == {DENIED}
    assert len(said) == 6


def test_each_category_grants_its_own():
    assert consent_mode(Choice.PERFORMANCE)["analytics_storage"] == GRANTED
    both = consent_mode(Choice.FUNCTIONALITY)
    assert both["functionality_storage"] == both["personalization_storage"] == GRANTED
    assert both["analytics_storage"] == DENIED


@pytest.mark.parametrize(
    ("choices", "gpc", "confirmed", "expected"),
    [
        (ALL_CHOICES, False, False, GRANTED),
        (ALL_CHOICES, True, False, DENIED),
        (ALL_CHOICES, True, True, GRANTED),
        (ALL_CHOICES & ~Choice.SALE_SHARING, False, False, DENIED),
        (ALL_CHOICES & ~Choice.TARGETING, False, False, DENIED),
    ],
)
def test_advertising_needs_targeting_and_sale_and_no_signal(choices, gpc, confirmed, expected):
    said = consent_mode(choices, gpc=gpc, confirmed=confirmed)
    assert {said[name] for name in ADVERTISING} == {expected}


# --- GPP ---


def test_all_opted_out_with_the_signal_is_the_known_string():
    assert encode_gpp(usnat_of(NO_CHOICES, gpc=True)) == "DBABLA~CVQVAAAAAACA.YA"
    assert encode_gpp(usnat_of(ALL_CHOICES, gpc=True)) == "DBABLA~CVQVAAAAAACA.YA"


def test_sale_not_opted_out_without_the_signal_is_the_known_string():
    section = UsNat(sale_opt_out_notice=1, sale_opt_out=2)
    assert encode_gpp(section) == "DBABLA~CEAgAAAAAACA"


@pytest.mark.parametrize("said", VECTORS, ids=lambda said: said["text"])
def test_every_string_is_that_of_the_reference_library(said):
    notice = said["notice"]
    section = UsNat(
        sharing_notice=notice,
        sale_opt_out_notice=notice,
        sharing_opt_out_notice=notice,
        targeted_advertising_opt_out_notice=notice,
        sale_opt_out=said["sale"],
        sharing_opt_out=said["sharing"],
        targeted_advertising_opt_out=said["targeted"],
        gpc=said["gpc"],
    )
    assert encode_gpp(section) == said["text"]


def test_who_allows_all_has_opted_out_of_nothing():
    section = usnat_of(ALL_CHOICES)
    outs = (section.sale_opt_out, section.sharing_opt_out, section.targeted_advertising_opt_out)
    assert outs == (2, 2, 2)
    confirmed = usnat_of(ALL_CHOICES, gpc=True, confirmed=True)
    assert (confirmed.sale_opt_out, confirmed.gpc) == (2, True)


def test_a_value_beyond_two_bits_is_refused():
    with pytest.raises(ValueError, match="3"):
        encode_gpp(UsNat(sale_opt_out=3))
