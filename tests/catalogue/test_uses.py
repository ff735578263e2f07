"""Uses are bits with names, and each stands on a basis for a time."""

from datetime import date

import pytest

from privet.catalogue.uses import (
    ALL_USES,
    CHOICE_USES,
    ESSENTIAL,
    TERMS,
    Basis,
    Choice,
    Use,
    UseTerms,
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


def test_the_bits_are_those_that_stored_rows_and_decisions_carry() -> None:
    assert [(use.name, use.value) for use in Use] == [
        ("INSTRUCTION", 1), ("SECURITY", 2), ("INTEGRITY", 4), ("ANALYTICS", 8),
        ("PERSONALISATION", 16), ("MARKETING", 32), ("RESEARCH", 64), ("SHARING", 128),
    ]  # fmt: skip
    assert [(choice.name, choice.value) for choice in Choice] == [
        ("PERFORMANCE", 1), ("FUNCTIONALITY", 2), ("TARGETING", 4), ("MARKETING_MAIL", 8),
        ("SALE_SHARING", 16), ("RESEARCH", 32),
    ]  # fmt: skip
    assert sum(Use) == ALL_USES


def test_uses_are_kept_as_long_as_is_published() -> None:
    assert {use.name: terms.retention_months for use, terms in TERMS.items()} == {
        "INSTRUCTION": 60, "SECURITY": 12, "INTEGRITY": 36, "ANALYTICS": 13,
        "PERSONALISATION": 13, "MARKETING": 13, "RESEARCH": 60, "SHARING": 13,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("months", "day", "ends"),
    [
        (13, date(2026, 11, 23), date(2027, 12, 23)),
        (13, date(2026, 12, 1), date(2028, 1, 1)),
        (12, date(2024, 2, 29), date(2025, 2, 28)),
        (13, date(2027, 1, 31), date(2028, 2, 29)),
        (60, date(2026, 1, 31), date(2031, 1, 31)),
    ],
)
def test_a_retention_ends_on_the_same_day_of_a_later_month_or_its_last(
    months: int, day: date, ends: date
) -> None:
    terms = UseTerms(basis=Basis.CONSENT, retention_months=months)
    assert terms.ends(day) == ends
