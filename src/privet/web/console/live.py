"""Live: what arrives now, and what the gate did to each event and why.

Of an event that was dropped, only its name and the reason ever existed here.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from privet.accounts.rules import Act
from privet.catalogue.uses import Use, use_names
from privet.events.live import Arrival, Recent, read_counters, read_recent
from privet.kernel.clock import from_micros
from privet.kernel.config import read_config
from privet.web import reasons
from privet.web.components.figures import Figure
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.permission import everywhere, opens_to
from privet.web.words import NOTHING, quote_event, say_time

SHOWN = 60
PAUSED = "paused"


@opens_to(everywhere(Act.SEE_LIVE_EVENTS))
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The page; or, asked by its own script, only what changes."""
    recent = read_recent(read_config().live, SHOWN)
    context = {
        "figures": _figures(read_counters(read_config().live)),
        "arrivals": _table(recent),
        "recent": recent,
        "is_paused": request.GET.get("show") == PAUSED,
        "paused_link": f"?show={PAUSED}",
    }
    is_part = getattr(request, "htmx", False)
    return render(request, "console/live_part.html" if is_part else "console/live.html", context)


def _figures(counters: dict[str, int]) -> list[Figure]:
    stored = counters.get("accepted", 0)
    dropped = sum(n for name, n in counters.items() if name.startswith("dropped:"))
    refused = sum(n for name, n in counters.items() if name.startswith("refused:"))
    ever = gettext("since the first start")
    return [
        Figure(name=gettext("Events stored"), value=stored, remark=ever),
        Figure(name=gettext("Events dropped"), value=dropped, remark=ever),
        Figure(name=gettext("Requests refused"), value=refused, remark=ever),
    ]


def _table(recent: Recent) -> Table:
    return Table(
        name="arrivals",
        caption=gettext("The newest events, newest first"),
        columns=(
            Column(key="time", title=gettext("Time (UTC)")),
            Column(key="event", title=gettext("Event")),
            Column(key="outcome", title=gettext("What the gate did"), kind=Kind.OUTCOME),
            Column(key="uses", title=gettext("May be used for"), kind=Kind.TAGS),
            Column(key="from", title=gettext("From")),
        ),
        rows=tuple(_row(arrival) for arrival in recent.arrivals),
        can_sort=False,
    )


def _row(arrival: Arrival) -> tuple[object, ...]:
    if not arrival.is_stored:
        why = str(reasons.EVENTS.get(arrival.reason, arrival.reason))
        dropped = Cell(value=arrival.reason, words=why)
        return NOTHING, _event(arrival), dropped, (), NOTHING
    return (
        say_time(from_micros(arrival.received)),
        _event(arrival),
        "",
        tuple(use_names(Use(arrival.uses))),
        Cell(value=arrival.source, words=arrival.source, about=arrival.course),
    )


def _event(arrival: Arrival) -> Cell:
    return Cell(value=arrival.name, words=arrival.name, about=quote_event(arrival.name))
