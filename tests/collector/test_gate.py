"""Step 3: what may be stored, and the reason for what may not, cell by cell."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.catalogue.registry import EVENTS
from privet.catalogue.spec import Origin
from privet.catalogue.uses import ESSENTIAL, Choice, Use
from privet.collector.gate import decide
from privet.collector.reasons import Reason
from privet.consent.rules import ALL_CHOICES, UNDECIDED, Standing, uses_of_choices
from tests.collector.kit import REFUSER, allows

_CHOICES = [Choice(n) for n in range(int(ALL_CHOICES) + 1)]


@pytest.mark.parametrize(
    ("name", "standing", "gpc", "is_server", "reason"),
    [
        ("page_view", UNDECIDED, False, False, Reason.UNDECIDED),
        ("page_view", REFUSER, False, False, Reason.REFUSED),
        ("page_view", allows(restricted=True, uses=0, choices=0), False, False, Reason.RESTRICTED),
        ("made_up", allows(), False, False, Reason.UNLISTED_EVENT),
        ("made_up", allows(), False, True, Reason.UNLISTED_EVENT),
        ("problem_check", allows(), False, False, Reason.NOT_FOR_SOURCE),
        ("ad_seen", allows(Choice.PERFORMANCE), False, False, Reason.NEEDS_CHOICE),
        ("ad_seen", allows(Choice.SALE_SHARING), False, False, Reason.NEEDS_CHOICE),
        ("ad_seen", allows(), True, False, Reason.GPC),
        ("ad_seen", allows(Choice.PERFORMANCE, gpc=True), False, False, Reason.GPC),
        ("page_view", REFUSER, True, False, Reason.REFUSED),
        ("page_view", REFUSER._replace(gpc=True), False, False, Reason.REFUSED),
        (
            "login",
            UNDECIDED._replace(uses=0, objected=int(Use.SECURITY)),
            False,
            True,
            Reason.OBJECTED,
        ),
        (
            "login",
            allows(objected=int(Use.SECURITY), uses=int(Use.ANALYTICS)),
            False,
            True,
            Reason.OBJECTED,
        ),
    ],
)
def test_a_drop_says_why(
    name: str, standing: Standing, gpc: bool, is_server: bool, reason: Reason
) -> None:
    decision = decide(name, standing, gpc, is_server)
    assert decision.reason is reason
    assert decision.uses == 0


def test_a_refusers_submission_serves_the_essential_uses_alone() -> None:
    for standing in (REFUSER, UNDECIDED):
        assert decide("problem_check", standing, False, True).uses == int(ESSENTIAL)


def test_a_signal_takes_sharing_from_an_event_and_leaves_the_rest() -> None:
    with_signal = decide("edx.course.enrollment.activated", allows(), True, True).uses
    without = decide("edx.course.enrollment.activated", allows(), False, True).uses
    assert without & int(Use.SHARING)
    assert with_signal == without & ~int(Use.SHARING)


@pytest.mark.parametrize("gpc", [False, True])
def test_no_observed_event_ever_carries_an_essential_use(gpc: bool) -> None:
    for name, choices, is_server in product(EVENTS, _CHOICES, (False, True)):
        if EVENTS[name].origin is Origin.BROWSER:
            decision = decide(name, allows(choices), gpc, is_server)
            assert not decision.uses & int(ESSENTIAL)


@given(st.sampled_from(sorted(EVENTS)), st.sampled_from(_CHOICES), st.booleans(), st.booleans())
def test_no_use_is_permitted_that_event_or_person_does_not_allow(
    name: str, choices: Choice, gpc: bool, is_server: bool
) -> None:
    decision = decide(name, allows(choices), gpc, is_server)
    allowed = int(uses_of_choices(choices) | ESSENTIAL)
    assert decision.uses & ~(int(EVENTS[name].uses) & allowed) == 0
    assert (decision.uses == 0) == (decision.reason is not None)
