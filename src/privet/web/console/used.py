"""The heat list: which links and controls of a page are used how much."""

from collections.abc import Iterable

from django.utils.translation import gettext

from privet.insight.paths_results import UsedLine
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.console.page_names import say_page

_MOST = 15
LINK = "link_click"


def used_table(lines: Iterable[UsedLine], *, is_one_page: bool) -> Table:
    """Links and controls with how much they are used, of one page or of all."""
    found = list(lines)
    total = sum(line.clicks for line in found)
    return Table(
        name="used",
        caption=gettext("Links and controls by how much they are used"),
        columns=(
            Column(key="what", title=gettext("Link or control")),
            Column(key="kind", title=gettext("Kind")),
            Column(key="target", title=gettext("Leads to"), only_in_files=True),
            Column(key="place", title=gettext("Part of the page"), only_in_files=not is_one_page),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="clicks", title=gettext("Times"), kind=Kind.COUNT),
            Column(key="share", title=gettext("Share"), kind=Kind.SHARE),
        ),
        rows=tuple(
            (
                _what(line),
                gettext("link") if line.name == LINK else gettext("control"),
                line.target,
                line.place,
                line.learners,
                line.clicks,
                line.clicks / total if total else None,
            )
            for line in found
        ),
        sorted_by="clicks",
    )


def _what(line: UsedLine) -> Cell:
    """A link by its words, or by where it leads; a control by its name, or by its kind."""
    if line.name == LINK:
        leads = say_page(line.target) if line.target else gettext("unknown")
        words, about = (f"“{line.words}” → {leads}", "") if line.words else (leads, "")
    else:
        words, about = line.target or line.words or gettext("unknown"), line.words
    value = line.words if line.name == LINK and line.words else line.target
    return Cell(value=value, words=words, about=about if about != words else "")


def used_chart(used: Table, page: str) -> Chart:
    """The heat list as bars, the most used first."""
    title = (
        gettext("What is used on %(page)s") % {"page": say_page(page)}
        if page
        else gettext("What is used, on all pages together")
    )
    return Chart(
        title=title,
        kind=ChartKind.BARS,
        table=used,
        label="what",
        series=(Series(key="clicks", name=gettext("Times")),),
        summary=gettext("Bar chart of links and controls, the most used first. The table has all."),
        how=gettext(
            "Each link that was followed and each control that was used, once each time. What was "
            "typed is never recorded, nor anything in a part of a page that asks not to be. Words "
            "of links are shown for one page at a time; over all pages a link is where it leads."
        ),
        most=_MOST,
    )
