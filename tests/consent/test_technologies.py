"""What an entry covers, how long it really lives, and which of two categories asks more."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.consent.technologies import (
    Category,
    Party,
    Technology,
    TechnologyError,
    TechnologyKind,
    check_technology,
    effective_lifetime,
    find_match,
    is_weaker,
    is_within,
    lifetime_seconds,
    names_meet,
    overlaps,
    stricter,
)

GA = Technology(
    name="_ga_*",
    kind=TechnologyKind.COOKIE,
    setter="Google Analytics",
    party=Party.FIRST,
    lifetime="P2Y",
    category=Category.PERFORMANCE,
    purpose={"en": "Counts visits.", "es": "Cuenta las visitas."},
    vendor="Google",
    data=("user.device.cookie_id",),
)
PIXEL = replace(GA, name="/tr*", kind=TechnologyKind.PIXEL, party=Party.THIRD, host="facebook.com")


@pytest.mark.parametrize(
    ("declared", "effective"),
    [
        ("session", "session"),
        ("P395D", "P395D"),
        ("P400D", "P400D"),
        ("P401D", "P400D"),
        ("P2Y", "P400D"),
        ("P13M", "P13M"),
        ("P14M", "P400D"),
        ("P10000DT1H", "P400D"),
        ("PT30M", "PT30M"),
        ("unlimited", "P400D"),
    ],
)
def test_a_cookie_lives_400_days_at_most(declared, effective):
    assert replace(GA, lifetime=declared).effective_lifetime == effective


def test_storage_lives_as_long_as_it_says():
    assert effective_lifetime("local_storage", "P5Y") == "P5Y"
    assert effective_lifetime("local_storage", "unlimited") == "unlimited"


@pytest.mark.parametrize(
    "wrong", ["", "P", "PT", "P1DT", "2 years", "P1D ", "P-1D", "P1H", "Session"]
)
def test_a_lifetime_that_is_no_period_is_refused(wrong):
    with pytest.raises(TechnologyError):
        lifetime_seconds(wrong)


def test_only_session_is_session():
    assert replace(GA, lifetime="session").is_session
    assert not GA.is_session


def test_a_pattern_covers_its_family_and_nothing_else():
    assert GA.is_pattern
    assert find_match("_ga_ABC", "cookie", among=[GA]) is GA
    assert find_match("_ga", "cookie", among=[GA]) is None
    assert find_match("_GA_ABC", "cookie", among=[GA]) is None
    assert find_match("x_ga_ABC", "cookie", among=[GA]) is None


def test_signs_of_other_pattern_languages_are_letters():
    assert find_match("ax", "cookie", among=[replace(GA, name="a.")]) is None
    assert find_match("a[1]", "cookie", among=[replace(GA, name="a[1]")]) is not None


def test_a_cookie_is_no_storage_item():
    assert find_match("_ga_ABC", "local_storage", among=[GA]) is None


def test_an_entry_without_a_host_covers_only_the_sites_own():
    own = ["hedgerow.example"]
    assert find_match("_ga_A", "cookie", "www.hedgerow.example", among=[GA], own_hosts=own) is GA
    assert find_match("_ga_A", "cookie", "", among=[GA], own_hosts=own) is GA
    assert find_match("_ga_A", "cookie", "tracker.example", among=[GA], own_hosts=own) is None


def test_an_entry_with_a_host_covers_its_subdomains():
    assert find_match("/tr", "pixel", "www.facebook.com", among=[PIXEL]) is PIXEL
    assert find_match("/tr", "pixel", "notfacebook.com", among=[PIXEL]) is None
    assert find_match("/tr", "pixel", "", among=[PIXEL]) is None


def test_the_most_exact_entry_counts():
    exact = replace(GA, name="_ga_ABC")
    longer = replace(GA, name="_ga_A*")
    assert find_match("_ga_ABC", "cookie", among=[GA, longer, exact]) is exact
    assert find_match("_ga_AXX", "cookie", among=[GA, longer, exact]) is longer


def test_of_equal_entries_the_one_that_asks_more_counts():
    loose = replace(GA, category=Category.NECESSARY)
    assert find_match("_ga_A", "cookie", among=[loose, GA]) is GA
    assert find_match("_ga_A", "cookie", among=[GA, loose]) is GA


def test_hosts_are_compared_without_dot_port_and_capitals():
    assert is_within(".Hedgerow.example:8000", "hedgerow.example")
    assert not is_within("example", "hedgerow.example")


@pytest.mark.parametrize(
    ("category", "than", "weaker"),
    [
        ("necessary", "necessary", False),
        ("necessary", "performance", True),
        ("necessary", "targeting", True),
        ("performance", "functionality", True),
        ("functionality", "performance", True),
        ("performance", "targeting", True),
        ("targeting", "performance", False),
        ("functionality", "necessary", False),
    ],
)
def test_a_category_is_weaker_when_it_asks_less_or_something_else(category, than, weaker):
    assert is_weaker(Category(category), Category(than)) is weaker


@given(st.sampled_from(Category), st.sampled_from(Category))
def test_the_stricter_of_two_is_weaker_than_neither(one, other):
    found = stricter(one, other)
    assert found == stricter(other, one)
    assert not is_weaker(found, one)
    assert not is_weaker(found, other)


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("_ga", "_ga", True),
        ("_ga", "_gb", False),
        ("_ga*", "_ga_X", True),
        ("_ga*", "*_X", True),
        ("a*c", "ab", False),
        ("abc*", "abd*", False),
        ("abc*", "ab*", True),
        ("***abc", "abc", True),
    ],
)
def test_two_patterns_overlap_when_a_name_fits_both(one, other, meet):
    assert overlaps(replace(GA, name=one), replace(GA, name=other)) is meet
    assert overlaps(replace(GA, name=other), replace(GA, name=one)) is meet


@given(st.text("ab*", max_size=6), st.text("ab", max_size=6))
def test_a_name_that_fits_a_pattern_overlaps_with_it(pattern, name):
    assert overlaps(replace(GA, name=pattern), replace(GA, name=name)) is bool(
        replace(GA, name=pattern).fits_name(name)
    )


def test_entries_of_other_kinds_or_hosts_do_not_overlap():
    assert not overlaps(GA, replace(GA, kind=TechnologyKind.LOCAL_STORAGE))
    assert not overlaps(replace(GA, host="a.example"), replace(GA, host="b.example"))
    assert overlaps(replace(GA, host="a.b.example"), replace(GA, host="b.example"))
    assert overlaps(replace(GA, host="b.example"), replace(GA, host="a.b.example"))
    assert overlaps(replace(GA, host="a.example"), GA)


def test_a_complete_entry_is_taken():
    check_technology(GA)
    check_technology(PIXEL)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"name": " "}, "lacks"),
        ({"vendor": ""}, "lacks"),
        ({"purpose": {"en": "Counts."}}, "lacks"),
        ({"name": "n" * 201}, "longer"),
        ({"setter": "s" * 501}, "longer"),
        ({"name": "a*"}, "too much"),
        ({"host": "https://a.example/x"}, "bare name"),
        ({"party": Party.THIRD}, "at which host"),
        ({"data": ("everything",)}, "fideslang"),
        ({"lifetime": "long"}, "lifetime"),
    ],
)
def test_an_entry_that_does_not_say_what_it_must_is_refused(change, what):
    with pytest.raises(TechnologyError, match=what):
        check_technology(replace(GA, **change))


def test_who_reads_no_known_language_reads_english():
    assert GA.says("es") == "Cuenta las visitas."
    assert GA.says("fr") == "Counts visits."


def test_each_category_but_the_necessary_waits_for_a_choice():
    assert [one.choice is None for one in Category] == [True, False, False, False]


def test_patterns_of_the_longest_names_are_compared():
    assert not names_meet("a" * 198 + "*z", "*" * 199 + "y")
    assert names_meet("a" * 198 + "*y", "*" * 199 + "y")
