"""A birth year means 31 December."""

from datetime import date

import pytest

from privet.consent.ages import age_group, full_years
from privet.consent.rules import AgeGroup

NOW = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("birth_year", "today", "years"),
    [
        (2010, date(2026, 12, 30), 15),
        (2010, date(2026, 12, 31), 16),
        (2010, date(2027, 1, 1), 16),
        (2026, date(2026, 12, 31), 0),
    ],
)
def test_everybody_counts_as_born_on_the_last_day_of_the_year(birth_year, today, years):
    assert full_years(birth_year, today=today) == years


@pytest.mark.parametrize(
    ("birth_year", "country", "group"),
    [
        (None, "ES", AgeGroup.UNKNOWN),
        (2012, "ES", AgeGroup.CHILD),
        (2011, "ES", AgeGroup.MINOR),
        (2011, "DE", AgeGroup.CHILD),
        (2011, "", AgeGroup.CHILD),
        (2009, "DE", AgeGroup.MINOR),
        (2008, "DE", AgeGroup.MINOR),
        (2007, "DE", AgeGroup.ADULT),
        (2012, "US", AgeGroup.MINOR),
        (2013, "US", AgeGroup.CHILD),
    ],
)
def test_a_birth_year_and_a_place_make_an_age_group(birth_year, country, group):
    assert age_group(birth_year, country=country, today=NOW) is group


@pytest.mark.parametrize("birth_year", [2027, 2026, 1890])
def test_a_year_that_cannot_be_true_tells_nothing(birth_year):
    assert age_group(birth_year, country="ES", today=NOW) is AgeGroup.UNKNOWN
