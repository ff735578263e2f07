"""Findings are held against the registry."""

from dataclasses import replace

import pytest

from privet.consent.registry import read_registry
from privet.consent.scan.compare import compare
from privet.consent.scan.shapes import DriftKind, Found, Kind, Report, SetBy, State, Step
from privet.consent.technologies import Technology
from tests.consent.scan.kit import REGISTRY

ENTRIES = read_registry([REGISTRY]).technologies
FOUND = Found(
    step=Step.NO_ACTION,
    third_party_cookies=True,
    decision_state=State.UNDECIDED,
    kind=Kind.COOKIE,
    name="perf_cookie",
    domain="school.test",
    page="http://school.test/",
    party="first",
    set_by=SetBy.SCRIPT,
    first_seen_ms=1,
    lifetime_declared="P10D",
)


def _judge(found: Found, entries: tuple[Technology, ...] = ENTRIES) -> Found:
    report = Report(urls=(), browser="", found=(found,))
    judged = compare(
        report, technologies=entries, own_hosts=("school.test",), suggest=lambda _: "perhaps"
    )
    return judged.found[0]


@pytest.mark.parametrize(
    ("state", "drift"),
    [
        (State.UNDECIDED, (DriftKind.WRONG_CATEGORY,)),
        (State.REJECTED, (DriftKind.WRONG_CATEGORY,)),
        (State.SIGNALLED, (DriftKind.WRONG_CATEGORY,)),
        (State.ONLY_FUNCTIONALITY, (DriftKind.WRONG_CATEGORY,)),
        (State.ONLY_TARGETING, (DriftKind.WRONG_CATEGORY,)),
        (State.ONLY_PERFORMANCE, ()),
        (State.ACCEPTED, ()),
        (State.WITHDRAWN, (DriftKind.AFTER_WITHDRAWAL,)),
    ],
)
def test_a_category_is_right_only_where_it_was_allowed(
    state: State, drift: tuple[DriftKind, ...]
) -> None:
    assert _judge(replace(FOUND, decision_state=state)).drift == drift


def test_what_is_left_after_withdrawal_is_drift_although_it_was_allowed() -> None:
    left = replace(FOUND, decision_state=State.ACCEPTED, is_left=True)
    assert _judge(left).drift == (DriftKind.AFTER_WITHDRAWAL,)


def test_what_is_necessary_may_stay() -> None:
    kept = replace(FOUND, name="h_only", lifetime_declared="session", is_left=True)
    assert _judge(kept).drift == ()


@pytest.mark.parametrize(
    ("name", "declared", "is_wrong"),
    [
        ("h_long", "P30D", False),
        ("h_long", "P31D", False),
        ("h_long", "P33D", True),
        ("h_long", "P2D", False),
        ("h_long", "session", False),
        ("h_only", "P1D", True),
        ("h_only", "", False),
        ("h_long", "for ever", True),
    ],
)
def test_only_a_longer_lifetime_is_drift(name: str, declared: str, is_wrong: bool) -> None:
    drift = _judge(replace(FOUND, name=name, lifetime_declared=declared)).drift
    assert (DriftKind.WRONG_LIFETIME in drift) is is_wrong


def test_an_unknown_cookie_is_drift_with_a_suggestion() -> None:
    judged = _judge(replace(FOUND, name="other"))
    assert (judged.drift, judged.suggestion) == ((DriftKind.UNREGISTERED,), "perhaps")


def test_an_unknown_cookie_after_withdrawal_is_both() -> None:
    judged = _judge(replace(FOUND, name="other", is_left=True))
    assert judged.drift == (DriftKind.UNREGISTERED, DriftKind.AFTER_WITHDRAWAL)


def test_a_request_to_the_sites_own_hosts_is_told_and_no_drift() -> None:
    own = replace(FOUND, kind=Kind.PIXEL, name="/a.gif", domain="img.school.test")
    assert _judge(own).drift == ()
    assert _judge(replace(own, party="third")).drift == (DriftKind.UNREGISTERED,)


def test_a_report_with_a_fault_says_so() -> None:
    assert Report(urls=(), browser="", found=(_judge(replace(FOUND, name="other")),)).has_drift
