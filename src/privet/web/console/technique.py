"""Technique: with which browsers, systems and devices learners came."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from privet.accounts.rules import Act
from privet.insight.results import NameLine
from privet.insight.technique import show_technique
from privet.web.circumstances import DEVICES
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.console.asking import read_question, respond
from privet.web.permission import opens_to, somewhere

_MOST = 8


@opens_to(somewhere(Act.SEE_STATISTICS))
@require_safe
def technique(request: HttpRequest) -> HttpResponse:
    """The page, or one of its tables."""
    asked = read_question(request)
    found = show_technique(asked.question)
    browsers = _table("browsers", gettext("Browser"), found.browsers).at(request.GET)
    systems = _table("systems", gettext("Operating system"), found.systems).at(request.GET)
    devices = _table("devices", gettext("Type of device"), found.devices).at(request.GET)
    context = asked.context() | {
        "charts": [
            _chart(gettext("Browsers"), browsers, "third"),
            _chart(gettext("Operating systems"), systems, "third"),
            _chart(gettext("Types of device"), devices, "third"),
        ]
    }
    return respond(request, "console/technique.html", [browsers, systems, devices], context)


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
