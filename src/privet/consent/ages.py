"""From a birth year to an age group."""

from datetime import date

from privet.consent.places import ADULT_AGE, age_of_consent
from privet.consent.rules import AgeGroup

_OLDEST = 130


def age_group(birth_year: int | None, *, country: str, today: date) -> AgeGroup:
    """The age group on a day; a birth year means 31 December, the latest birthday in it.

    A year that cannot be true (of the future, or 130 years ago) tells nothing.
    """
    if birth_year is None:
        return AgeGroup.UNKNOWN
    age = full_years(birth_year, today=today)
    if not 0 <= age < _OLDEST:
        return AgeGroup.UNKNOWN
    if age < age_of_consent(country, on=today):
        return AgeGroup.CHILD
    return AgeGroup.MINOR if age < ADULT_AGE else AgeGroup.ADULT


def full_years(birth_year: int, *, today: date) -> int:
    """Whole years since 31 December of the birth year."""
    has_had_birthday = (today.month, today.day) == (12, 31)
    return today.year - birth_year - (0 if has_had_birthday else 1)
