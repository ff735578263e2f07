"""Technique: with what learners came, how fast pages were, and what failed on them."""

from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from privet.accounts.rules import Act
from privet.insight.results import NameLine
from privet.insight.technique import show_error, show_technique
from privet.insight.technique_results import ErrorLine
from privet.web.circumstances import DEVICES
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.console.asking import Asked, read_question, respond
from privet.web.console.technique_errors import error_charts, error_table, say_stack
from privet.web.console.technique_timing import (
    bands_chart,
    device_table,
    page_table,
    timing_figures,
)
from privet.web.permission import opens_to, somewhere

_MOST = 8


@opens_to(somewhere(Act.SEE_STATISTICS))
@require_safe
def technique(request: HttpRequest) -> HttpResponse:
    """The page, or one of its tables; an error can be chosen in the address."""
    asked = read_question(request)
    found = show_technique(asked.question)
    browsers = _table("browsers", gettext("Browser"), found.browsers).at(request.GET)
    systems = _table("systems", gettext("Operating system"), found.systems).at(request.GET)
    devices = _table("devices", gettext("Type of device"), found.devices).at(request.GET)
    bands = bands_chart(found.bands, request.GET)
    pages = page_table(found.timing_by_page).at(request.GET)
    speeds = device_table(found.timing_by_device).at(request.GET)
    errors = error_table(found.errors, request.GET).at(request.GET)
    chosen = _chosen(found.errors, request.GET.get("error", ""))
    details = _details(asked, chosen, request)
    context = asked.context() | {
        "charts": [
            _chart(gettext("Browsers"), browsers, "third"),
            _chart(gettext("Operating systems"), systems, "third"),
            _chart(gettext("Types of device"), devices, "third"),
        ],
        "timings": timing_figures(found.timing),
        "bands": bands,
        "pages": pages,
        "speeds": speeds,
        "errors": errors,
        "error": chosen,
        "error_stack": say_stack(chosen.stack) if chosen else "",
        "error_charts": details,
    }
    tables = [browsers, systems, devices, bands.table, pages, speeds, errors]
    tables += [chart.table for chart in details]
    return respond(request, "console/technique.html", tables, context)


def _chosen(errors: Iterable[ErrorLine], signature: str) -> ErrorLine | None:
    return next((line for line in errors if line.signature == signature), None)


def _details(asked: Asked, chosen: ErrorLine | None, request: HttpRequest) -> Sequence[Chart]:
    if chosen is None:
        return ()
    return error_charts(show_error(asked.question, line=chosen), request.GET)


def _table(name: str, title: str, lines: Iterable[NameLine]) -> Table:
    return Table(
        name=name,
        caption=gettext("Learners by: %(what)s") % {"what": title},
        columns=(
            Column(key="name", title=title),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="events", title=gettext("Events"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (Cell(value=line.name, words=_words(line.name)), line.learners, line.events)
            for line in lines
        ),
        sorted_by="learners",
    )


def _words(name: str) -> str:
    if not name:
        return gettext("unknown")
    return str(DEVICES.get(name, name))


def _chart(title: str, table: Table, width: str) -> Chart:
    return Chart(
        title=title,
        kind=ChartKind.BARS,
        table=table,
        label="name",
        series=(Series(key="learners", name=gettext("Learners")),),
        summary=gettext("Bar chart of learners: %(title)s. The table has each value.")
        % {"title": title},
        how=gettext(
            "Read from what the browser says of itself when an event arrives; the full text is "
            "sealed and not used here. A learner with two devices counts at both. The longest "
            "bars are drawn; the table has all."
        ),
        width=width,
        most=_MOST,
    )
