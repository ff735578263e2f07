"""Numbers, times and places in words, in both languages."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override

from privet.web import words

THIN = "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "said"), [("en", "12,480"), ("es", "12\N{NO-BREAK SPACE}480")]
)
def test_numbers_are_grouped_as_the_language_does(language: str, said: str) -> None:
    with override(language):
        assert words.say_number(12480) == said


@pytest.mark.parametrize(
    ("value", "places", "said"),
    [(7.894, 1, "7.9"), (5.882, 1, "5.9"), (0.996, 2, "1.00"), (2.5, 2, "2.50"), (-0.04, 1, "0.0")],
)
def test_decimals_are_rounded_to_the_nearest(value: float, places: int, said: str) -> None:
    assert words.say_decimal(value, places) == said


def test_whole_numbers_are_rounded_to_the_nearest() -> None:
    assert [words.say_number(value) for value in (1999.6, 1.2)] == ["2,000", "1"]


def test_what_is_unknown_is_a_dash() -> None:
    unknown = [say(None) for say in (words.say_number, words.say_share, words.say_seconds)]
    assert [*unknown, words.say_size(None), words.say_moment(None)] == [words.NOTHING] * 5


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.714, f"71{THIN}%"), (0, f"0{THIN}%"), (0.004, f"<{THIN}1{THIN}%"), (1, f"100{THIN}%")],
)
def test_a_share_is_a_whole_percentage(share: float, said: str) -> None:
    assert words.say_share(share) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (59, "59 s"), (1380, "23 min"), (3900, "1 h 5 min"), (300_000, "3 days")],
)
def test_a_length_of_time_is_said_in_human_units(seconds: float, said: str) -> None:
    assert words.say_seconds(seconds) == said


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, f"0{THIN}B"), (2300, f"2{THIN}kB"), (5e9, f"5{THIN}GB"), (7e12, f"7{THIN}TB")],
)
def test_a_size_is_said_in_its_unit(size: float, said: str) -> None:
    assert words.say_size(size) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 10, 1), date(2026, 10, 28), "1\N{EN DASH}28 October 2026"),
        (date(2026, 9, 1), date(2026, 10, 28), "1 September \N{EN DASH} 28 October 2026"),
        (date(2025, 9, 1), date(2026, 1, 2), "1 September 2025 \N{EN DASH} 2 January 2026"),
        (date(2026, 9, 1), date(2026, 9, 1), "1 September 2026"),
    ],
)
def test_a_span_says_once_what_both_ends_share(first: date, last: date, said: str) -> None:
    assert words.say_span(first, last) == said


def test_days_and_months_are_said_in_words() -> None:
    assert words.say_long_day(date(2026, 10, 3)) == "Saturday 3 October 2026"
    assert words.say_short_day(date(2026, 10, 3)) == "3 Oct"
    assert words.say_month(date(2026, 10, 1)) == "October 2026"


def test_a_moment_has_its_zone_beside_it() -> None:
    assert words.say_moment(datetime(2026, 10, 3, 8, 5, tzinfo=UTC)) == "3 Oct 2026, 08:05 UTC"
    assert words.say_time(datetime(2026, 10, 3, 8, 5, 7, tzinfo=UTC)) == "08:05:07"


def test_periods_are_said_in_years_where_they_are_whole() -> None:
    assert [words.say_months(n) for n in (1, 13, 12, 60)] == [
        "1 month", "13 months", "1 year", "5 years",
    ]  # fmt: skip


def test_countries_have_names_in_both_languages_and_numbers() -> None:
    assert words.say_country("DE") == "Germany"
    with override("es"):
        assert words.say_country("DE") == "Alemania"
    assert words.country_number("DE") == "276"


def test_a_code_that_is_no_country_stays_a_code() -> None:
    assert words.say_country("QQ") == "QQ"
    assert words.country_number("QQ") == ""


def test_an_event_that_is_not_listed_keeps_its_name() -> None:
    assert words.say_event("page_view") == "You opened a page"
    assert words.say_event("nothing_like_it") == "nothing_like_it"


def test_staff_read_what_a_learner_reads_as_a_quotation() -> None:
    assert words.quote_event("page_view") == "“You opened a page”"
    assert words.quote_event("nothing_like_it") == ""
