"""What sets a cookie is read as RFC 6265bis says."""

import pytest

from privet.consent.scan.set_cookie import effective_period, period_of, read_set_cookie

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("line", "lifetime"),
    [
        ("a=1", "session"),
        ("a=1; Max-Age=864000", "P10D"),
        ("a=1; max-age=20", "PT20S"),
        ("a=1; Max-Age=0", "P0D"),
        ("a=1; Max-Age=-5", "P0D"),
        ("a=1; Max-Age=soon", "session"),
        ("a=1; Expires=Mon, 25 Jan 2027 08:00:00 GMT", "P10D"),
        ("a=1; Expires=Mon, 25-Jan-2027 08:00:00 GMT", "P10D"),
        ("a=1; Expires=never", "session"),
        ("a=1; Max-Age=60; Expires=Mon, 25 Jan 2027 08:00:00 GMT", "PT1M"),
    ],
)
def test_a_lifetime_is_read(line: str, lifetime: str) -> None:
    found = read_set_cookie(line, now=NOW)
    assert found is not None
    assert found.lifetime == lifetime


def test_the_attributes_are_read_whatever_their_case() -> None:
    found = read_set_cookie("a=b=c; DOMAIN=.School.test; path=/x; httponly; Partitioned", now=NOW)
    assert found is not None
    assert (found.name, found.domain, found.path) == ("a", "school.test", "/x")
    assert (found.is_http_only, found.is_partitioned, found.is_deletion) == (True, True, False)


def test_a_line_without_a_sign_is_a_value_without_a_name() -> None:
    found = read_set_cookie("alone", now=NOW)
    assert found is not None
    assert found.name == ""


def test_nothing_is_no_cookie() -> None:
    assert read_set_cookie("=; Path=/", now=NOW) is None


def test_a_past_date_deletes() -> None:
    found = read_set_cookie("a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", now=NOW)
    assert found is not None
    assert found.is_deletion


@pytest.mark.parametrize(
    ("seconds", "said"), [(7200, "PT2H"), (90, "PT90S"), (172_800, "P2D"), (0, "P0D")]
)
def test_a_period_is_told_in_the_largest_whole_unit(seconds: float, said: str) -> None:
    assert period_of(seconds) == said


def test_no_lifetime_is_longer_than_400_days() -> None:
    assert effective_period(800 * 86_400) == "P400D"
