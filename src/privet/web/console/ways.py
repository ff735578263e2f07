"""Ways of linking: which of the links between two pages is used more."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from privet.accounts.rules import Act
from privet.insight.paths import show_ways
from privet.insight.paths_results import PairLine, WayLine, Ways
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.figures import Figure
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.console.asking import read_question, respond
from privet.web.console.page_names import PageChoice, choose_page, kept_values, say_page
from privet.web.permission import opens_to, somewhere

_LONGEST = 500


@opens_to(somewhere(Act.SEE_STATISTICS))
@require_safe
def ways(request: HttpRequest) -> HttpResponse:
    """The page, or its table."""
    asked = read_question(request, further=("device",))
    from_page = request.GET.get("path", "")[:_LONGEST]
    to_page = request.GET.get("next", "")[:_LONGEST]
    found = show_ways(asked.question, from_page=from_page, to_page=to_page)
    table = _table(found.ways).at(request.GET)
    context = asked.context() | {
        "choices": _choices(found.pairs, from_page, to_page),
        "kept": kept_values(request.GET, "path", "next"),
        "is_chosen": bool(from_page and to_page),
        "figures": _figures(found),
        "ways": _chart(table, from_page, to_page),
    }
    return respond(request, "console/ways.html", [table], context)


def _choices(pairs: Iterable[PairLine], from_page: str, to_page: str) -> list[PageChoice]:
    """Pages that were left for another, and those that were reached from the chosen one."""
    lines = list(pairs)
    reached = (one.page for one in lines if not from_page or one.previous == from_page)
    return [
        choose_page("path", gettext("From the page"), from_page, (one.previous for one in lines)),
        choose_page("next", gettext("To the page"), to_page, reached),
    ]


def _figures(found: Ways) -> list[Figure]:
    by_links = min(1.0, found.clicks / found.steps) if found.steps else None
    return [
        Figure(
            name=gettext("Learners who went this way"),
            value=found.learners,
            remark=gettext("by a link or otherwise"),
        ),
        Figure(name=gettext("Times"), value=found.steps, remark=gettext("by a link or otherwise")),
        Figure(
            name=gettext("By one of the links below"),
            value=by_links,
            kind=Kind.SHARE,
            remark=gettext("the others by the browser's own ways"),
        ),
    ]


def _table(lines: Iterable[WayLine]) -> Table:
    found = list(lines)
    total = sum(line.clicks for line in found)
    return Table(
        name="ways",
        caption=gettext("Ways of linking between the two pages"),
        columns=(
            Column(key="words", title=gettext("Words of the link")),
            Column(key="place", title=gettext("Part of the page")),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="clicks", title=gettext("Times"), kind=Kind.COUNT),
            Column(key="share", title=gettext("Share"), kind=Kind.SHARE),
        ),
        rows=tuple(
            (
                Cell(value=line.words, words=_words(line)),
                line.place,
                line.learners,
                line.clicks,
                line.clicks / total if total else None,
            )
            for line in found
        ),
        sorted_by="learners",
    )


def _words(line: WayLine) -> str:
    words = f"“{line.words}”" if line.words else gettext("without words")
    return f"{words} · {line.place}" if line.place else words


def _chart(table: Table, from_page: str, to_page: str) -> Chart:
    return Chart(
        title=gettext("From %(from)s to %(to)s")
        % {"from": say_page(from_page), "to": say_page(to_page)},
        kind=ChartKind.BARS,
        table=table,
        label="words",
        series=(
            Series(key="learners", name=gettext("Learners")),
            Series(key="clicks", name=gettext("Times")),
        ),
        summary=gettext(
            "Bar chart of learners and clicks by way of linking, the most used first. The table "
            "has each way."
        ),
        how=gettext(
            "Each link on the first page that leads to the second one, told apart by its words and "
            "by the part of the page it is in. Learners who used two of them count at both. That "
            "a way is used more does not say that it is better: it may stand higher, or be seen by "
            "others. An experiment compares two ways under equal conditions."
        ),
    )
