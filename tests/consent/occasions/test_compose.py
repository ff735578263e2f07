"""How a notice says what it says: years where they are whole, choices in their order."""

import pytest

from privet.catalogue.uses import Choice
from privet.consent.notices import choice_name
from privet.consent.occasions import compose
from privet.consent.occasions.compose import tell_sign_up

CHOICES = {choice_name(one): {"name": f"N{int(one)}", "says": "S"} for one in Choice}


@pytest.mark.parametrize(
    ("months", "said"),
    [(1, "kept for 1 month"), (13, "kept for 13 months"), (12, "kept for 1 year"), (60, "5 years")],
)
def test_months_are_said_in_years_where_they_are_whole(months: int, said: str) -> None:
    assert said in compose._kept(months)


def test_choices_stand_in_their_own_order() -> None:
    told = tell_sign_up(language="en", choices=CHOICES)
    [section] = [one for one in told.sections if one.title == "Only if you say yes"]
    assert section.lines == tuple(f"N{int(one)}: S" for one in Choice)


def test_the_notice_as_json_holds_every_section() -> None:
    told = tell_sign_up(language="en", choices=CHOICES)
    said = told.as_json()
    assert [one["title"] for one in said["sections"]] == [one.title for one in told.sections]
