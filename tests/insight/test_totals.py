"""Anonymous page totals: each file is added once, small sums stay hidden, old ones go."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from privet.events.page_totals import Cell, write_spool
from privet.insight.models import FoldedSpool, PageTotal
from privet.insight.rules import Period
from privet.insight.totals import (
    as_far_as_kept,
    first_day,
    fold_spools,
    forget_old_totals,
    show_totals,
)
from privet.kernel.clock import FixedClock

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 21)
VIEW = Cell(DAY, "hedgerow", "/courses/x", "ES", "desktop")
PERIOD = Period(first=date(2026, 11, 20), last=DAY)


def views() -> int:
    return sum(PageTotal.objects.values_list("views", flat=True))


def test_files_are_added_up_and_go(tmp_path: Path):
    write_spool(tmp_path, "a", {VIEW: 3})
    write_spool(tmp_path, "b", {VIEW: 4, VIEW._replace(page="/"): 1})
    assert fold_spools(tmp_path) == 2
    assert sorted(PageTotal.objects.values_list("page", "views")) == [("/", 1), ("/courses/x", 7)]
    assert list(tmp_path.iterdir()) == []
    assert not FoldedSpool.objects.exists()


def test_a_file_that_a_crash_left_is_not_added_twice(tmp_path: Path):
    path = write_spool(tmp_path, "a", {VIEW: 3})
    left = path.read_bytes()
    fold_spools(tmp_path)
    path.write_bytes(left)
    FoldedSpool.objects.create(name=path.name)
    assert fold_spools(tmp_path) == 0
    assert (views(), path.exists()) == (3, False)


def test_without_a_directory_there_is_nothing_to_add(tmp_path: Path):
    assert fold_spools(tmp_path / "none") == 0


def fill(tmp_path: Path, **numbers: int) -> None:
    cells = {VIEW._replace(page=f"/{page}"): number for page, number in numbers.items()}
    write_spool(tmp_path, "a", cells)
    fold_spools(tmp_path)


def test_what_is_small_is_not_shown_and_the_rest_is_rounded(tmp_path: Path):
    fill(tmp_path, many=43, some=12, few=9)
    found = show_totals(PERIOD)
    assert [(one.name, one.views) for one in found.pages] == [("/many", 45), ("/some", 10)]
    assert (found.views, found.countries[0].views, found.devices[0].name) == (65, 65, "desktop")


def test_days_without_a_view_are_zero_and_days_with_few_are_left_out(tmp_path: Path):
    fill(tmp_path, few=9)
    assert [day.views for day in show_totals(PERIOD).days] == [0, None]
    assert show_totals(PERIOD).views == 0


def test_other_days_and_other_sites_are_not_among_them(tmp_path: Path):
    fill(tmp_path, many=40)
    earlier = Period(first=date(2026, 11, 1), last=date(2026, 11, 20))
    assert show_totals(earlier).pages == ()
    assert show_totals(PERIOD, site="elsewhere").pages == ()
    assert show_totals(PERIOD, site="hedgerow").views == 40
    assert first_day() == DAY


def test_what_is_older_than_25_months_goes():
    for day in (date(2024, 9, 30), date(2024, 10, 1)):
        PageTotal.objects.create(day=day, site="s", page="/", views=10)
    clock = FixedClock(datetime(2026, 11, 21, tzinfo=UTC))
    assert forget_old_totals(clock=clock) == 1
    assert first_day() == date(2024, 10, 1)


def test_days_whose_totals_are_gone_are_not_said_to_have_none():
    oldest = date(2024, 10, 1)
    every = Period(first=date(1926, 1, 1), last=DAY)
    assert as_far_as_kept(every, today=DAY) == Period(first=oldest, last=DAY)
    assert as_far_as_kept(PERIOD, today=DAY) == PERIOD
    gone = Period(first=date(2000, 1, 1), last=date(2001, 1, 1))
    assert as_far_as_kept(gone, today=DAY) == Period(first=gone.last, last=gone.last)
