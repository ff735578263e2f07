"""Uses are bits with names, and each stands on a basis for a time."""

import pytest

from privet.catalogue.uses import (
    ALL_USES,
    CHOICE_USES,
    ESSENTIAL,
    TERMS,
    Basis,
    Choice,
    Use,
    parse_uses,
    use_names,
)  # fmt: skip


def test_names_and_bits_are_the_same_thing_both_ways() -> None:
    assert parse_uses(",".join(use_names(ALL_USES))) == ALL_USES


def test_uses_are_read_in_any_case_with_spaces_or_commas() -> None:
    assert parse_uses("Analytics, research security") == (
        Use.ANALYTICS | Use.RESEARCH | Use.SECURITY
    )


def test_a_use_that_does_not_exist_is_refused() -> None:
    with pytest.raises(KeyError):
        parse_uses("analytics,curiosity")


def test_nothing_is_no_use() -> None:
    assert parse_uses("") == Use(0)
    assert use_names(Use(0)) == []


def test_what_is_not_essential_stands_on_consent() -> None:
    assert {use for use in Use if TERMS[use].basis is Basis.CONSENT} == {
        use for use in Use if use not in ESSENTIAL
    }


def test_each_choice_opens_a_use_that_is_not_essential() -> None:
    assert set(CHOICE_USES) == set(Choice)
    assert not any(use & ESSENTIAL for use in CHOICE_USES.values())


def test_what_stands_on_a_legitimate_interest_can_be_objected_to() -> None:
    assert {use for use in Use if TERMS[use].can_be_objected_to} == {Use.SECURITY, Use.INTEGRITY}


def test_a_retention_is_written_as_an_iso_period() -> None:
    assert TERMS[Use.ANALYTICS].retention == "P13M"
