"""Anonymous page totals: what was opened by people who allowed nothing, where that may be counted.

`totals_panel` is the small form of it, which other pages may show.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from privet.accounts.rules import Act
from privet.insight.rules import Period
from privet.insight.totals import (
    LEAST_SHOWN,
    PageTotals,
    Total,
    as_far_as_kept,
    first_day,
    show_totals,
)
from privet.kernel.clock import SystemClock
from privet.kernel.config import read_config
from privet.web.circumstances import DEVICES
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.filters import make_filters, read_narrowing
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.console.asking import respond
from privet.web.permission import everywhere, opens_to
from privet.web.words import Words, say_country, say_short_day, say_span

_PLACES: dict[str, Words] = {
    "opt_out": _("places where the law asks for a way out"),
    "opt_in": _("places where the law asks for consent"),
    "unknown": _("unknown places"),
    "except_gpc": _("but not who sends Global Privacy Control"),
    "except_refused": _("but not who refused"),
}


@opens_to(everywhere(Act.SEE_STATISTICS))
@require_safe
def totals(request: HttpRequest) -> HttpResponse:
    """The page, or one of its tables."""
    today = SystemClock().now().astimezone(UTC).date()
    first = first_day()
    span = Period(first=first, last=today) if first else None
    narrowing = read_narrowing(request.GET, today=today, span=span)
    found = show_totals(as_far_as_kept(narrowing.period, today=today))
    filters = make_filters(narrowing, request.GET, institutions={}, courses=())
    days = _days_chart(found, request)
    tables = [
        _table("pages", gettext("Page"), found.pages),
        _table("countries", gettext("Country"), found.countries, names=say_country),
        _table("devices", gettext("Class of device"), found.devices, names=_device),
    ]
    tables = [table.at(request.GET) for table in tables]
    pages, countries, devices = tables
    context = {
        "is_empty": span is None,
        "where": [_say_place(word) for word in read_config().anonymous_totals],
        "views": found.views,
        "least": LEAST_SHOWN,
        "scope_words": say_span(narrowing.period.first, narrowing.period.last),
        "filters": replace(filters, lists=tuple(one for one in filters.lists if one.is_period)),
        "days": days,
        "pages": pages,
        "countries": countries,
        "devices": devices,
    }
    return respond(request, "console/totals.html", [days.table, *tables], context)


def totals_panel(period: Period) -> dict[str, object]:
    """Values for ``console/totals_panel.html``; show it to who may see all institutions."""
    found = show_totals(period)
    return {"views": found.views, "is_counting": bool(read_config().anonymous_totals)}


def _days_chart(found: PageTotals, request: HttpRequest) -> Chart:
    table = Table(
        name="days",
        caption=gettext("Anonymous views by day (UTC)"),
        columns=(
            Column(key="day", title=gettext("Day"), kind=Kind.DAY),
            Column(key="views", title=gettext("Views"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (Cell(value=line.day, words=say_short_day(line.day)), line.views) for line in found.days
        ),
        can_sort=False,
    ).at(request.GET)
    return Chart(
        title=gettext("Views by day"),
        kind=ChartKind.LINE,
        table=table,
        label="day",
        series=(Series(key="views", name=gettext("Views")),),
        summary=gettext("A line of views by day. The table has each value."),
        how=gettext(
            "Views of pages by people who had not decided, or had refused. Each is added to a "
            "number in memory and forgotten: there is no row, no visitor and no time of day. Days "
            "with too few views are left out, and numbers are rounded to fives."
        ),
    )


def _table(
    name: str, title: str, lines: tuple[Total, ...], names: Callable[[str], str] = str
) -> Table:
    return Table(
        name=name,
        caption=gettext("Anonymous views by: %(what)s") % {"what": title},
        columns=(
            Column(key="name", title=title),
            Column(key="views", title=gettext("Views"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (Cell(value=line.name, words=_words(line.name, names)), line.views) for line in lines
        ),
        sorted_by="views",
        shown=50,
    )


def _words(name: str, names: Callable[[str], str]) -> str:
    if not name:
        return gettext("unknown")
    if name == "*":
        return gettext("all other pages")
    return names(name)


def _say_place(word: str) -> str:
    """A word of the setting, as people say it."""
    return str(_PLACES.get(word) or say_country(word))


def _device(name: str) -> str:
    return str(DEVICES.get(name, name))
