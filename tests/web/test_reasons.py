"""Each reason for which something is not stored is explained."""

from privet.collector.reasons import DROPS, FIELD_DROPS, REFUSALS
from privet.consent.cookies import CookieFault
from privet.intake.loader_gate import LoadDrop
from privet.web import reasons


def test_every_drop_of_an_event_is_explained() -> None:
    assert set(reasons.EVENTS) == {*DROPS, *CookieFault, *LoadDrop}


def test_every_drop_of_a_field_is_explained() -> None:
    assert set(reasons.FIELDS) == set(FIELD_DROPS)


def test_every_refusal_is_explained() -> None:
    assert set(reasons.REQUESTS) == set(REFUSALS)
