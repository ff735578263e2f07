"""Which evidence outranks which."""

from dataclasses import replace

import pytest

from privet.network.facts import Confidence, NetworkKind
from privet.network.operator_list import Listed
from privet.network.origins import APPLE_RELAY, Origin
from privet.network.records import KindClue
from privet.network.rules import Evidence, judge_kind

EVERYTHING = Evidence(
    is_public=True,
    listed=Listed(kind=NetworkKind.EDUCATION, name="Hedge campus"),
    origin=Origin(NetworkKind.VPN, "Mullvad", Confidence.MEDIUM),
    anonymity=KindClue(NetworkKind.TOR, "is_tor_exit_node"),
    connection=KindClue(NetworkKind.MOBILE, "user_type=cellular"),
    name=KindClue(NetworkKind.HOSTING, "hosting"),
    has_data=True,
)


def test_each_layer_outranks_those_below_it() -> None:
    evidence, seen = EVERYTHING, []
    for layer in ("listed", "anonymity", "origin", "connection", "name"):
        seen.append(judge_kind(evidence).evidence)
        evidence = replace(evidence, **{layer: None})
    seen.append(judge_kind(evidence).evidence)
    seen.append(judge_kind(replace(evidence, has_data=False)).evidence)
    assert seen == [
        "operator:Hedge campus",
        "anonymity:is_tor_exit_node",
        "iporigin:Mullvad",
        "connection:user_type=cellular",
        "organisation:hosting",
        "none:access_provider",
        "none:no_data",
    ]


def test_an_address_that_is_not_public_is_private_whatever_lists_say() -> None:
    evidence = replace(EVERYTHING, listed=None, is_public=False)
    assert judge_kind(evidence).kind is NetworkKind.PRIVATE


def test_the_operator_may_say_what_a_private_address_is() -> None:
    evidence = replace(EVERYTHING, is_public=False)
    assert judge_kind(evidence).kind is NetworkKind.EDUCATION


def test_a_relay_is_a_relay_though_a_list_calls_it_a_vpn() -> None:
    relay = Origin(NetworkKind.RELAY, APPLE_RELAY, Confidence.HIGH)
    evidence = replace(
        EVERYTHING, listed=None, origin=relay, anonymity=KindClue(NetworkKind.VPN, "is_anonymous")
    )
    judgement = judge_kind(evidence)
    assert (judgement.kind, judgement.confidence) == (NetworkKind.RELAY, Confidence.HIGH)


def test_a_relay_in_the_operators_data_goes_before_a_published_range() -> None:
    clue = KindClue(NetworkKind.RELAY, "consumer_privacy_network")
    judgement = judge_kind(replace(EVERYTHING, listed=None, anonymity=clue))
    assert judgement.kind is NetworkKind.RELAY


def test_an_entry_without_a_name_is_evidence_all_the_same() -> None:
    evidence = replace(EVERYTHING, listed=Listed(kind=NetworkKind.VPN))
    assert judge_kind(evidence).evidence == "operator:list"


@pytest.mark.parametrize(
    ("missing", "confidence"),
    [
        ((), Confidence.HIGH),
        (("listed",), Confidence.MEDIUM),
        (("listed", "anonymity", "origin", "connection"), Confidence.LOW),
        (("listed", "anonymity", "origin", "connection", "name"), Confidence.LOW),
    ],
)
def test_confidence_falls_with_the_evidence(
    missing: tuple[str, ...], confidence: Confidence
) -> None:
    evidence = replace(EVERYTHING, **dict.fromkeys(missing))
    assert judge_kind(evidence).confidence is confidence
