"""A case's copy of the evidence: letters, explanations that fit, what is missing."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.integrity.evidence import (
    Evidence,
    Explanation,
    Gap,
    explanations_of,
    gaps_of,
    letters_for,
    make_evidence,
    read_evidence,
)
from privet.integrity.findings import DetectorKind, Finding
from tests.integrity.cast import ALICE, MALLORY, a_finding, an_item

LETTERS = {MALLORY: "A", ALICE: "B"}


def _copied(finding: Finding, *beside: Finding, certificate: bool | None = None) -> Evidence:
    letters = dict(zip(finding.subjects, letters_for(len(finding.subjects)), strict=True))
    return make_evidence(finding, letters=letters, beside=beside, has_certificate=certificate)


def _explained(**said: Any) -> set[Explanation]:
    return set(explanations_of(_copied(a_finding(**said))))


def _lagging(seconds: float, number: int = 12) -> tuple[Any, ...]:
    return tuple(an_item(place, dt=seconds) for place in range(number))


@given(st.integers(0, 2000))
def test_letters_are_all_different(number: int) -> None:
    assert len(set(letters_for(number))) == number


def test_letters_go_on_after_z() -> None:
    assert letters_for(28)[24:] == ("Y", "Z", "AA", "AB")


def test_no_pseudonym_is_in_the_copy() -> None:
    text = msgspec.json.encode(_copied(a_finding(), a_finding(DetectorKind.CLOSE_SUBMITTERS)))
    assert str(MALLORY).encode() not in text
    assert str(ALICE).encode() not in text


def test_the_copy_is_read_as_it_was_written() -> None:
    evidence = _copied(a_finding())
    assert read_evidence(msgspec.json.decode(msgspec.json.encode(evidence))) == evidence
    assert read_evidence(None) is None


def test_what_it_is_about_comes_last_and_what_opened_it_first() -> None:
    evidence = _copied(a_finding(), a_finding(DetectorKind.CLOSE_SUBMITTERS))
    assert evidence.main == "B"
    assert evidence.opening.kind is DetectorKind.IMMEDIATE
    assert [line.source for line in evidence.lines] == ["A"] * 12


def test_a_supporting_group_shows_only_the_accounts_of_the_case() -> None:
    group = a_finding(DetectorKind.CLOSE_SUBMITTERS, subjects=(MALLORY, ALICE, 9999))
    evidence = make_evidence(a_finding(), letters=LETTERS, beside=[group])
    assert evidence.fired[1].letters == ("A", "B")


def test_few_accounts_behind_an_address_may_be_a_household() -> None:
    assert Explanation.HOUSEHOLD in _explained(ip_degree=2)
    assert Explanation.HOUSEHOLD not in _explained(ip_degree=6)
    assert Explanation.HOUSEHOLD not in _explained(shared_network=False, ip_degree=0)


@pytest.mark.parametrize(
    ("said", "fits"),
    [
        ({"ip_degree": 6}, True),
        ({"ip_degree": 2}, False),
        ({"ip_degree": 2, "network_kinds": ("education",)}, True),
        ({"ip_degree": 2, "network_kinds": ("mobile",)}, True),
        ({"shared_network": False, "ip_degree": 0}, False),
    ],
)
def test_a_crowded_network_is_one(said: dict[str, Any], fits: bool) -> None:
    assert (Explanation.SHARED_NETWORK in _explained(**said)) is fits


def test_who_is_now_first_now_second_may_study_together() -> None:
    assert Explanation.STUDYING_TOGETHER not in _explained(n=12, x=12)
    assert Explanation.STUDYING_TOGETHER in _explained(n=14, x=12)
    beside = _copied(a_finding(), a_finding(DetectorKind.CLOSE_SUBMITTERS))
    assert Explanation.STUDYING_TOGETHER in explanations_of(beside)


def test_minutes_fit_help_and_hours_fit_beginning_anew() -> None:
    assert not _explained(items=_lagging(20)) & {Explanation.TUTOR, Explanation.RETAKER}
    assert Explanation.TUTOR in _explained(items=_lagging(300))
    found = _explained(items=_lagging(8 * 3600))
    assert Explanation.RETAKER in found
    assert Explanation.TUTOR not in found


def test_seconds_may_be_clocks() -> None:
    assert Explanation.CLOCKS in _explained(items=_lagging(3))
    assert Explanation.CLOCKS not in _explained(items=_lagging(20))
    assert Explanation.CLOCKS not in _explained(items=())


def test_a_weak_q_may_be_chance_and_a_relay_may_be_anywhere() -> None:
    assert Explanation.CHANCE in _explained(q=0.005)
    assert Explanation.CHANCE not in _explained(q=0.001)
    assert Explanation.HIDDEN_NETWORK in _explained(network_kinds=("relay",))
    assert Explanation.HIDDEN_NETWORK not in _explained(network_kinds=("residential",))


def test_a_shared_account_has_explanations_of_its_own() -> None:
    shared = {"subjects": (ALICE,), "shared_network": False, "ip_degree": 0}
    at_once = _explained(kind=DetectorKind.SHARING_CONCURRENCY, **shared)
    assert at_once == {Explanation.HOUSEHOLD, Explanation.REMOTE_COMPUTER}
    travel = _explained(kind=DetectorKind.SHARING_TRAVEL, **shared | {"network_kinds": ("mobile",)})
    assert travel == {Explanation.SHARED_NETWORK, Explanation.REMOTE_COMPUTER}


def _missing(certificate: bool | None = True, **said: Any) -> set[Gap]:
    return set(gaps_of(_copied(a_finding(**said), certificate=certificate)))


def test_it_is_said_that_nobody_knows_who_sat_there() -> None:
    assert Gap.WHO_SAT_THERE in _missing()


def test_addresses_that_are_not_known_are_told_from_such_that_differ() -> None:
    unknown = _missing(shared_network=False, ip_degree=0, network_kinds=())
    apart = _missing(shared_network=False, ip_degree=0)
    assert Gap.NO_ADDRESSES in unknown
    assert Gap.NO_SHARED_ADDRESS not in unknown
    assert Gap.NO_SHARED_ADDRESS in apart
    assert not _missing() & {Gap.NO_ADDRESSES, Gap.NO_SHARED_ADDRESS}


def test_few_items_are_said() -> None:
    assert Gap.FEW_ITEMS in _missing(x=9, n=9)
    assert Gap.FEW_ITEMS not in _missing(x=10, n=10)


def test_a_certificate_is_there_or_not_or_not_known() -> None:
    both = {Gap.NO_CERTIFICATE, Gap.CERTIFICATE_UNKNOWN}
    assert _missing(certificate=True) & both == set()
    assert _missing(certificate=False) & both == {Gap.NO_CERTIFICATE}
    assert _missing(certificate=None) & both == {Gap.CERTIFICATE_UNKNOWN}


def test_wrong_answers_that_agree_are_not_missing() -> None:
    beside = a_finding(DetectorKind.ANSWER_COPYING)
    assert Gap.ANSWERS_NOT_ALIKE in _missing()
    assert Gap.ANSWERS_NOT_ALIKE not in gaps_of(_copied(a_finding(), beside))


def test_a_chance_that_was_not_reckoned_is_said() -> None:
    assert Gap.NO_CHANCE in _missing(p=1.0)
    assert Gap.NO_CHANCE not in _missing(p=0.01)


def test_of_a_shared_account_nothing_is_missing_that_belongs_to_copying() -> None:
    finding = replace(
        a_finding(DetectorKind.SHARING_TRAVEL, shared_network=False, network_kinds=()),
        subjects=(ALICE,), x=12,
    )  # fmt: skip
    assert gaps_of(_copied(finding)) == [Gap.WHO_SAT_THERE]
