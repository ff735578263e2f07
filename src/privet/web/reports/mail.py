"""A saved view as a mail: the page's figures and tables for the week that ended."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, resolve, reverse
from django.utils.translation import gettext, override

from privet.accounts.service import Addressee
from privet.insight.rules import Period
from privet.insight.saved_views import View, query_for
from privet.web.components.tables import Table
from privet.web.console.asking import Dashboard
from privet.web.navigation import title_of
from privet.web.permission import Viewer, access_of
from privet.web.words import say_span

_MOST_TABLES = 4
_MOST_ROWS = 8
_BEFORE = "_before"


@dataclass(frozen=True, kw_only=True)
class Composed:
    """A mail that is ready for the outbox."""

    subject: str
    text: str
    html: str


def compose(
    view: View, addressee: Addressee, period: Period, *, public_url: str
) -> Composed | None:
    """The mail of a view over some days, in the view's language.

    What stands in it is what the page shows to this person in this moment, small counts protected
    as there. None if the page does not exist any more, or does not open to them.
    """
    with override(view.language):
        page = _open(view, addressee, query_for(view, period))
        if page is None:
            return None
        context = _context(page, view, period, public_url)
        return Composed(
            subject=gettext("%(view)s: %(days)s")
            % {"view": view.name, "days": say_span(period.first, period.last)},
            text=render_to_string("reports/mail.txt", context),
            html=render_to_string("reports/mail.html", context),
        )


def _open(view: View, addressee: Addressee, query: str) -> Dashboard | None:
    """The page as the person would see it, before it is drawn."""
    try:
        found = resolve(reverse(f"console:{view.page}"))
    except NoReverseMatch:
        return None
    access = access_of(found.func)
    viewer = Viewer(account_id=addressee.account_id, grants=addressee.grants)
    if access is None or not access.allows(viewer):
        return None
    request = HttpRequest()
    request.method = "GET"
    request.GET = QueryDict(query)
    request.viewer = viewer  # type: ignore[attr-defined]
    page = found.func(request)
    return page if isinstance(page, Dashboard) else None


def _context(page: Dashboard, view: View, period: Period, public_url: str) -> dict[str, Any]:
    said = page.context_data or {}
    link = f"{public_url}{reverse(f'console:{view.page}')}?{query_for(view, period)}"
    return {
        "name": view.name,
        "title": title_of(view.page),
        "scope_words": said.get("scope_words", ""),
        "coverage": said.get("coverage"),
        "figures": said.get("figures", ()),
        "compares": any(figure.change is not None for figure in said.get("figures", ())),
        "tables": [_shortened(table) for table in _worth_showing(page.tables)],
        "is_empty": said.get("is_empty", False),
        "link": link,
        "reports_link": f"{public_url}{reverse('console:reports')}",
    }


def _worth_showing(tables: Sequence[Table]) -> list[Table]:
    return [table for table in tables if table.rows][:_MOST_TABLES]


def _shortened(table: Table) -> tuple[Table, int]:
    """The first rows without what was before, which a phone has no room for; how many are left."""
    left = max(0, len(table.rows) - _MOST_ROWS)
    places = [
        place for place, column in enumerate(table.columns) if not column.key.endswith(_BEFORE)
    ]
    rows = tuple(tuple(row[place] for place in places) for row in table.rows[:_MOST_ROWS])
    columns = tuple(table.columns[place] for place in places)
    return replace(table, columns=columns, rows=rows, can_sort=False), left
