"""Filters: what an address means, and the links to other addresses."""

from datetime import date

import pytest
from django.http import QueryDict

from privet.insight.rules import Period
from privet.web.components.filters import (
    FurtherList,
    Narrowing,
    make_filters,
    read_narrowing,
)

TODAY = date(2026, 11, 21)
SPAN = Period(first=date(2020, 1, 1), last=TODAY)


def _read(query: str, span: Period | None = SPAN) -> Narrowing:
    return read_narrowing(QueryDict(query), today=TODAY, span=span)


def test_without_a_word_the_last_28_days_are_meant() -> None:
    assert _read("").period == Period(first=date(2026, 10, 25), last=TODAY)


def test_a_number_of_days_ends_today() -> None:
    assert _read("days=7").period == Period(first=date(2026, 11, 15), last=TODAY)


def test_all_time_is_the_time_there_are_events_of() -> None:
    assert _read("days=all").period == SPAN
    assert _read("days=all", span=None).period.days == 28


def test_both_ends_can_be_given() -> None:
    assert _read("from=2026-01-05&to=2026-01-09").period.days == 5


@pytest.mark.parametrize(
    "wrong",
    [
        "from=2026-01-05", "from=x&to=y", "from=2026-02-02&to=2026-02-01", "days=-1", "days=²",
        "days=0365009999", "days=36501",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said(wrong: str) -> None:
    found = _read(wrong)
    assert found.fault
    assert found.period.days == 28


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("from=2026-02-02&to=2026-02-01", "The last day is before the first."),
        ("from=2026-02-31&to=2026-03-01", "These days could not be read."),
        ("from=0001-01-01&to=2026-03-01", "Only days from 1970 to 2199 can be shown."),
        ("from=2026-03-01&to=9999-12-31", "Only days from 1970 to 2199 can be shown."),
    ],
)
def test_what_is_wrong_with_the_days_is_said(wrong: str, said: str) -> None:
    assert _read(wrong).fault == f"{said} The last 28 days are shown instead."


@pytest.mark.parametrize("days", ["from=1970-01-01&to=2199-12-31", "days=36500"])
def test_the_furthest_days_can_be_compared_and_drawn(days: str) -> None:
    period = _read(days).period
    assert period.before().days == period.days
    assert len(list(period.points())) > 600


def test_days_that_have_not_come_are_not_asked_about() -> None:
    """In them nobody would be active, and everybody away: neither is known."""
    found = _read("from=2026-11-01&to=2199-12-31")
    assert (found.period, found.fault) == (Period(first=date(2026, 11, 1), last=TODAY), "")


def test_days_of_which_none_has_come_stay_what_they_are() -> None:
    found = _read("from=2026-12-01&to=2026-12-02")
    assert found.period == Period(first=date(2026, 12, 1), last=date(2026, 12, 2))


def test_a_comparison_can_be_switched_off() -> None:
    assert _read("").compares
    assert not _read("compare=none").compares


def test_all_time_is_compared_with_nothing() -> None:
    assert not _read("days=all").compares


def _filters(query: str, *, events: bool = True):  # type: ignore[no-untyped-def]
    return make_filters(
        _read(query),
        QueryDict(query),
        institutions={"hedge": "Hedge University"},
        courses=["S101"],
        events={"page_view": "page_view"} if events else None,
    )


def test_each_filter_says_what_is_chosen() -> None:
    chosen = [one.chosen for one in _filters("institution=hedge&days=7").lists]
    assert chosen == ["Hedge University", "all", "last 7 days", "all", "the days before"]


def test_another_institution_lets_go_of_the_course_and_the_page() -> None:
    options = _filters("course=S101&page=3&days=7").lists[0].options
    assert options[1].link == "?days=7&institution=hedge"


def test_the_form_for_other_days_keeps_the_other_filters() -> None:
    period = _filters("course=S101&days=7&page=2&sort=a.b").lists[2]
    assert period.kept == (("course", "S101"),)


def test_given_days_are_said_in_words() -> None:
    chosen = _filters("from=2026-01-05&to=2026-01-09").lists[2].chosen
    assert chosen == "5\N{EN DASH}9 January 2026"


def test_a_page_without_events_neither_filters_by_them_nor_compares() -> None:
    assert len(_filters("", events=False).lists) == 3


def test_what_was_asked_can_be_cleared() -> None:
    assert _filters("days=7").is_narrowed
    assert not _filters("sort=a.b&page=2").is_narrowed


def test_how_finely_time_is_shown_can_be_chosen() -> None:
    query = "days=28&grain=week"
    grain = make_filters(
        _read(query), QueryDict(query), institutions={}, courses=[], with_grain=True
    ).lists[3]
    assert grain.chosen == "week"
    assert grain.options[0].link == "?days=28&grain=day"


def test_too_fine_a_grain_is_not_offered() -> None:
    query = "days=400"
    grain = make_filters(
        _read(query), QueryDict(query), institutions={}, courses=[], with_grain=True
    ).lists[3]
    assert [option.words for option in grain.options] == ["week", "month"]


def test_a_grain_that_does_not_exist_is_ignored() -> None:
    assert _read("grain=second").grain is None


def test_a_page_can_be_narrowed_by_further_lists() -> None:
    query = QueryDict("device=mobile&mode=audit")
    narrowing = read_narrowing(query, today=TODAY, span=SPAN, further=("device",))
    assert narrowing.further == {"device": "mobile"}
    device = FurtherList(key="device", title="Device", values={"mobile": "phone"})
    (chosen,) = make_filters(narrowing, query, institutions={}, courses=[], further=[device]).lists[
        3:
    ]
    assert (chosen.name, chosen.chosen) == ("Device", "phone")
    assert chosen.options[0].link == "?mode=audit"
