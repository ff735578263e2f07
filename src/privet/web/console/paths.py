"""Paths: in which order pages are opened, where visits begin and end, what is used on each page."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from privet.accounts.rules import Act
from privet.insight.paths import show_paths
from privet.insight.paths_results import PageLine, PairLine, StepLine
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.figures import Figure
from privet.web.components.tables import Cell, Column, Kind, Table, address
from privet.web.console.asking import read_question, respond
from privet.web.console.page_names import PageChoice, choose_page, kept_values, say_page
from privet.web.console.used import used_chart, used_table
from privet.web.permission import opens_to, somewhere

_LONGEST = 500
_MOST_FLOWS = 26
_MOST_ENDS = 8


@opens_to(somewhere(Act.SEE_STATISTICS))
@require_safe
def paths(request: HttpRequest) -> HttpResponse:
    """The page, or one of its tables."""
    asked = read_question(request, further=("device",))
    page = request.GET.get("path", "")[:_LONGEST]
    found = show_paths(asked.question, page=page)
    query = request.GET.urlencode()
    flow = _flow(found.steps).at(request.GET)
    entries = _ends("entries", gettext("Visits that began here"), found.pages)
    exits = _ends("exits", gettext("Visits that ended here"), found.pages)
    entries, exits = entries.at(request.GET), exits.at(request.GET)
    pairs = _pairs(found.pairs, query).at(request.GET)
    used = used_table(found.used, is_one_page=bool(page)).at(request.GET)
    pages = _pages(found.pages, query).at(request.GET)
    context = asked.context() | {
        "figures": _figures(found.pages),
        "flow": _flow_chart(flow),
        "entries": _ends_chart(gettext("Where visits begin"), entries, _how_entries()),
        "exits": _ends_chart(gettext("Where visits end"), exits, _how_exits()),
        "pairs": pairs,
        "used": used_chart(used, page),
        "choices": [_choice(page, found.pages)],
        "kept": kept_values(request.GET, "path"),
        "pages": pages,
    }
    tables = [flow, entries, exits, pairs, used, pages]
    return respond(request, "console/paths.html", tables, context)


def _choice(page: str, pages: Iterable[PageLine]) -> PageChoice:
    label = gettext("What is used on the page")
    return choose_page("path", label, page, (line.page for line in pages))


def _figures(pages: Iterable[PageLine]) -> list[Figure]:
    lines = list(pages)
    views, leaves = sum(line.views for line in lines), sum(line.leaves for line in lines)
    entries = sum(line.entries for line in lines)
    seconds, scrolled = sum(line.seconds for line in lines), sum(line.scrolled for line in lines)
    known = gettext("of pages left within sight")
    return [
        Figure(name=gettext("Pages opened"), value=views),
        Figure(name=gettext("Visits begun"), value=entries),
        Figure(
            name=gettext("Time on a page"),
            value=seconds / leaves if leaves else None,
            kind=Kind.SECONDS,
            remark=known,
        ),
        Figure(
            name=gettext("Scrolled"),
            value=min(1.0, scrolled / leaves) if leaves else None,
            kind=Kind.SHARE,
            remark=known,
        ),
    ]


def _page(path: str) -> Cell:
    return Cell(value=path, words=say_page(path))


def _flow(steps: Iterable[StepLine]) -> Table:
    return Table(
        name="flow",
        caption=gettext("From page to page in the first five steps of a visit"),
        columns=(
            Column(key="step", title=gettext("Step"), kind=Kind.COUNT),
            Column(key="from", title=gettext("From")),
            Column(key="to", title=gettext("To")),
            Column(key="visits", title=gettext("Visits"), kind=Kind.COUNT),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            # The same page as the first and as the third of a visit is two places in the picture.
            Column(key="from_node", title="", only_in_files=True),
            Column(key="to_node", title="", only_in_files=True),
        ),
        rows=tuple(
            (
                line.step,
                _page(line.previous),
                _page(line.page),
                line.visits,
                line.learners,
                Cell(value=f"{line.step - 1} {line.previous}", words=say_page(line.previous)),
                Cell(value=f"{line.step} {line.page}", words=say_page(line.page)),
            )
            for line in steps
        ),
        can_sort=False,
    )


def _flow_chart(flow: Table) -> Chart:
    return Chart(
        title=gettext("The first steps of visits"),
        kind=ChartKind.SANKEY,
        table=flow,
        label="from_node",
        other="to_node",
        series=(Series(key="visits", name=gettext("visits")),),
        summary=gettext(
            "Flows between pages, from the first page of a visit at the left to the fifth at the "
            "right; the wider, the more visits. The table has each flow."
        ),
        how=gettext(
            "Each page tells which page of the visit it is and which one came before. A path "
            "stands for all pages of its kind: … takes the place of a course's name. The widest "
            "flows are drawn; a visit of one page has no flow. Visits of learners who did not "
            "agree to analytics are not in it."
        ),
        most=_MOST_FLOWS,
        is_layered=True,
    )


def _ends(name: str, title: str, pages: Iterable[PageLine]) -> Table:
    lines = sorted(pages, key=lambda line: (-int(getattr(line, name)), line.page))
    return Table(
        name=name,
        caption=title,
        columns=(
            Column(key="page", title=gettext("Page")),
            Column(key="visits", title=gettext("Visits"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (_page(line.page), getattr(line, name)) for line in lines if getattr(line, name)
        ),
        can_sort=False,
    )


def _ends_chart(title: str, table: Table, how: str) -> Chart:
    return Chart(
        title=title,
        kind=ChartKind.BARS,
        table=table,
        label="page",
        series=(Series(key="visits", name=gettext("Visits")),),
        summary=gettext("Bar chart of visits: %(title)s. The table has each page.")
        % {"title": title},
        how=how,
        width="half",
        most=_MOST_ENDS,
    )


def _how_entries() -> str:
    return gettext(
        "The first page of a visit. A visit is new after half an hour of silence, and in a new tab."
    )


def _how_exits() -> str:
    return gettext(
        "A page after which no other one followed in the same visit. With a course chosen, also a "
        "page from which the visit went on outside the course."
    )


def _pairs(pairs: Iterable[PairLine], query: str) -> Table:
    return Table(
        name="pairs",
        caption=gettext("From which page to which learners go"),
        columns=(
            Column(key="from", title=gettext("From")),
            Column(key="to", title=gettext("To")),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="steps", title=gettext("Times"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (
                _page(line.previous),
                Cell(value=line.page, words=say_page(line.page), link=_ways_link(line, query)),
                line.learners,
                line.steps,
            )
            for line in pairs
        ),
        sorted_by="steps",
    )


def _ways_link(line: PairLine, query: str) -> str:
    kept = address(query, table="", format="", sort="", path=line.previous, next=line.page)
    return reverse("console:ways") + kept


def _pages(pages: Iterable[PageLine], query: str) -> Table:
    return Table(
        name="pages",
        caption=gettext("Each page: how often opened, how long seen, how far scrolled"),
        columns=(
            Column(key="page", title=gettext("Page")),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="views", title=gettext("Opened"), kind=Kind.COUNT),
            Column(key="seconds", title=gettext("Seen for"), kind=Kind.SECONDS),
            Column(key="depth", title=gettext("Scrolled"), kind=Kind.SHARE),
            Column(key="entries", title=gettext("Began here"), kind=Kind.COUNT),
            Column(key="exits", title=gettext("Ended here"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (
                Cell(
                    value=line.page,
                    words=say_page(line.page),
                    link=address(query, table="", format="", path=line.page) + "#chart-used",
                ),
                line.learners,
                line.views,
                line.seconds_each,
                line.depth_each,
                line.entries,
                line.exits,
            )
            for line in pages
        ),
        sorted_by="views",
    )
