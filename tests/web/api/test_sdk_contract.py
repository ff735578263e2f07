"""The small site of the SDK's journeys says nothing that the real API would not say."""

from typing import Any

from ninja import Schema

from privet.web.api.schemas import (
    AsksAgainOut,
    CategoryOut,
    ChoiceOut,
    CookieOut,
    NoticeOut,
    RegimeOut,
    SignalOut,
    SourceOut,
    StateOut,
)
from tests.journeys.sdk.site import Site
from tests.journeys.sdk.test_sdk_preferences import NEWS


def foreign(said: dict[str, Any], schema: type[Schema]) -> set[str]:
    """The names in an answer that the API's own answer does not have."""
    return set(said) - set(schema.model_fields)


def test_the_state_of_the_small_site_has_only_fields_of_the_real_one():
    said = Site().state(1)
    assert not foreign(said, StateOut)
    assert not foreign(said["notice"], NoticeOut)
    assert not foreign(said["signal"], SignalOut)
    assert not foreign(said["regime_explained"], RegimeOut)
    assert not foreign(said["regime_explained"]["source"], SourceOut)
    assert not foreign(NEWS, AsksAgainOut)
    for category in said["categories"]:
        assert not foreign(category, CategoryOut)
        assert not any(foreign(cookie, CookieOut) for cookie in category["cookies"])
    assert not any(foreign(choice, ChoiceOut) for choice in said["asked"])


def test_its_choices_have_the_names_and_the_order_of_the_real_ones():
    asked = [choice["name"] for choice in Site().state(None)["asked"]]
    assert asked == [
        "performance", "functionality", "targeting", "marketing_mail", "sale_sharing", "research",
    ]  # fmt: skip
