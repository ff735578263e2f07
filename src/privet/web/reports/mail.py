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
from privet.web.components.tables import Column, Table
from privet.web.console.asking import Dashboard
from privet.web.navigation import title_of
from privet.web.permission import Viewer, access_of
from privet.web.templatetags.privet import cell_about, cell_words
from privet.web.words import say_span

_MOST_TABLES = 4
_MOST_ROWS = 8
_BEFORE = "_before"
_MOST_AMOUNTS = 3
_SHORT = 12
"""Characters of a name that has room beside three numbers on a phone."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of a listed table."""

    of: list[tuple[Column, Any]]
    told: list[tuple[Column, Any]]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A table of the page as it stands in the mail."""

    table: Table
    left: int
    """How many rows stand on the page alone."""

    @property
    def is_listed(self) -> bool:
        """Whether its rows stand below each other, since a phone has no room for its columns."""
        amounts = sum(column.is_amount for column in self._columns)
        if len(self._columns) - amounts > 1 or amounts > _MOST_AMOUNTS:
            return True
        return amounts == _MOST_AMOUNTS and self._longest > _SHORT

    @property
    def lines(self) -> list[Line]:
        """Its rows as what they are of and what is told of it, each with its column's title."""
        return [
            Line(
                of=[pair for pair in row if not pair[0].is_amount],
                told=[pair for pair in row if pair[0].is_amount],
            )
            for row in self.table.cells()
        ]

    @property
    def _columns(self) -> list[Column]:
        return [heading.column for heading in self.table.headings()]

    @property
    def _longest(self) -> int:
        names = (pair for line in self.lines for pair in line.of)
        return max((len(cell_words(pair) + cell_about(pair)) for pair in names), default=0)


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


def _shortened(table: Table) -> Part:
    """The first rows without what was before, which a phone has no room for."""
    left = max(0, len(table.rows) - _MOST_ROWS)
    places = [
        place for place, column in enumerate(table.columns) if not column.key.endswith(_BEFORE)
    ]
    rows = tuple(tuple(row[place] for place in places) for row in table.rows[:_MOST_ROWS])
    columns = tuple(table.columns[place] for place in places)
    short = replace(table, columns=columns, rows=rows, can_sort=False)
    return Part(table=short, left=left)
