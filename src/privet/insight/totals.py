"""Anonymous page totals: the worker adds the collectors' files up, and pages show the sums.

They are about nobody: people who did not decide, or refused, counted by page, country, class of
device and day where the operator's setting lets the collector count them. A sum below
`LEAST_SHOWN` is not shown, and what is shown is rounded to fives, so that the difference of two
sums does not tell of one visit.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.db.models import F, QuerySet, Sum

from privet.events.page_totals import Cell, read_spool, spool_files
from privet.insight.models import FoldedSpool, PageTotal
from privet.insight.rules import Period
from privet.kernel.clock import Clock

LEAST_SHOWN = 10
ROUNDED_TO = 5
KEPT_MONTHS = 25
"""The longest that the CNIL advises for data of audience measurement."""


@dataclass(frozen=True, kw_only=True)
class Total:
    """A page, a country or a class of device, and how many views it had."""

    name: str
    views: int


@dataclass(frozen=True, kw_only=True)
class DayTotal:
    """How many views a day had; none if too few to be shown."""

    day: date
    views: int | None


@dataclass(frozen=True, kw_only=True)
class PageTotals:
    """What is shown of a period."""

    views: int
    days: tuple[DayTotal, ...]
    pages: tuple[Total, ...]
    countries: tuple[Total, ...]
    devices: tuple[Total, ...]


def fold_spools(directory: Path) -> int:
    """Add every file that waits to the table, each exactly once; returns how many there were.

    A file that a crash left behind after its numbers were added is known by its name and goes.
    """
    folded = 0
    for path in spool_files(directory):
        with transaction.atomic():
            _, is_new = FoldedSpool.objects.get_or_create(name=path.name)
            if is_new:
                _add(read_spool(path))
                folded += 1
        path.unlink(missing_ok=True)
    waiting = {path.name for path in spool_files(directory)}
    FoldedSpool.objects.exclude(name__in=waiting).delete()
    return folded


def forget_old_totals(*, clock: Clock) -> int:
    """Delete totals of more than 25 months ago; returns how many cells."""
    oldest = oldest_kept(today=clock.now().date())
    deleted, _ = PageTotal.objects.filter(day__lt=oldest).delete()
    return deleted


def oldest_kept(*, today: date) -> date:
    """The first day whose totals are still kept."""
    months = today.year * 12 + today.month - 1 - KEPT_MONTHS
    return date(months // 12, months % 12 + 1, 1)


def as_far_as_kept(period: Period, *, today: date) -> Period:
    """The days of a period of which there can be totals; of none of them, its last day."""
    first = max(period.first, oldest_kept(today=today))
    return Period(first=min(first, period.last), last=period.last)


def show_totals(period: Period, *, site: str = "") -> PageTotals:
    """The sums of some days, of one site or of all."""
    rows = PageTotal.objects.filter(day__gte=period.first, day__lte=period.last)
    rows = rows.filter(site=site) if site else rows
    by_day = dict(rows.values_list("day").annotate(n=Sum("views")))
    return PageTotals(
        views=_shown(sum(by_day.values())) or 0,
        days=tuple(DayTotal(day=day, views=_shown(by_day.get(day, 0))) for day in _days(period)),
        pages=_totals(rows, "page"),
        countries=_totals(rows, "country"),
        devices=_totals(rows, "device"),
    )


def first_day() -> date | None:
    """The day of the first total; none if nothing was ever counted."""
    return PageTotal.objects.order_by("day").values_list("day", flat=True).first()


def _add(counts: Counter[Cell]) -> None:
    for cell, number in counts.items():
        found, is_new = PageTotal.objects.get_or_create(
            **cell._asdict(), defaults={"views": number}
        )
        if not is_new:
            PageTotal.objects.filter(pk=found.pk).update(views=F("views") + number)


def _totals(rows: QuerySet[PageTotal], key: str) -> tuple[Total, ...]:
    sums: Sequence[tuple[str, int]] = list(rows.values_list(key).annotate(n=Sum("views")))
    shown = [Total(name=name, views=views) for name, n in sums if (views := _shown(n))]
    return tuple(sorted(shown, key=lambda total: (-total.views, total.name)))


def _shown(number: int) -> int | None:
    """The number to the nearest five; none if it is too small, 0 if there was nothing."""
    if 0 < number < LEAST_SHOWN:
        return None
    return ROUNDED_TO * round(number / ROUNDED_TO)


def _days(period: Period) -> list[date]:
    return [date.fromordinal(period.first.toordinal() + n) for n in range(period.days)]
