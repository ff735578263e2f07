"""Intake health: what was dropped and why, what waits, what was imported, how old the data is."""

from collections.abc import Mapping
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from privet.accounts.rules import Act
from privet.catalogue.uses import use_names
from privet.events.backlog import read_room, read_set_aside, read_waiting
from privet.events.lake import default_lake
from privet.events.live import read_counters
from privet.events.rollup_build import measure_progress
from privet.events.worker_status import WorkerStatus, read_status
from privet.intake.imports import ImportRecord, list_imports
from privet.kernel.clock import SystemClock
from privet.kernel.config import read_config
from privet.web import reasons
from privet.web.components.figures import Figure
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.console.asking import respond
from privet.web.network import NetworkNotice, network_notice
from privet.web.permission import everywhere, opens_to
from privet.web.words import Words, say_number

_MOST_IMPORTS = 50
_LATE_SECONDS = 30
_SILENT_SECONDS = 15
_STATES: dict[str, Words] = {
    "running": gettext_lazy("running, or stopped and not yet taken up again"),
    "finished": gettext_lazy("finished"),
    "failed": gettext_lazy("failed"),
}


@opens_to(everywhere(Act.OPERATE))
@require_safe
def intake(request: HttpRequest) -> HttpResponse:
    """The page, or one of its tables."""
    now = SystemClock().now()
    counters = read_counters(read_config().live)
    waiting = read_waiting(read_config().log, now=now)
    worker = read_status(read_config().live)
    network = network_notice()
    drops, fields, refusals, imports, sources = (
        table.at(request.GET)
        for table in (
            _reasons("drops", gettext("Dropped events by reason"), "dropped", counters),
            _reasons("fields", gettext("Dropped fields by reason"), "field", counters),
            _reasons("refusals", gettext("Refused requests by reason"), "refused", counters),
            _imports(list_imports(limit=_MOST_IMPORTS)),
            _sources(network),
        )
    )
    context = {
        "counts": _counts(counters),
        "waiting": waiting,
        "is_late": (waiting.oldest_seconds or 0) > _LATE_SECONDS,
        "worker": worker,
        "is_alive": _is_alive(worker, now),
        "room": read_room(read_config().home),
        "aside": read_set_aside(read_config().quarantine),
        "drops": drops,
        "fields": fields,
        "refusals": refusals,
        "imports": imports,
        "sources": sources,
        "network": network,
        "rollups": measure_progress(default_lake()),
    }
    tables = [drops, fields, refusals, imports, sources]
    return respond(request, "console/intake.html", tables, context)


def _is_alive(worker: WorkerStatus | None, now: datetime) -> bool:
    """Whether the worker told of itself lately; it does so every two seconds."""
    return worker is not None and (now - worker.beat).total_seconds() < _SILENT_SECONDS


def _counts(counters: Mapping[str, int]) -> list[Figure]:
    def total(kind: str) -> int:
        return sum(n for name, n in counters.items() if name.partition(":")[0] == kind)

    ever = gettext("since the first start")
    return [
        Figure(name=gettext("Requests"), value=total("requests"), remark=ever),
        Figure(name=gettext("Events stored"), value=total("accepted"), remark=ever),
        Figure(name=gettext("Events dropped"), value=total("dropped"), remark=ever),
        Figure(name=gettext("Requests refused"), value=total("refused"), remark=ever),
    ]


def _reasons(name: str, caption: str, kind: str, counters: Mapping[str, int]) -> Table:
    explained = {
        "drops": reasons.EVENTS,
        "fields": reasons.FIELDS,
        "refusals": reasons.REQUESTS,
    }[name]
    found = {
        key.partition(":")[2]: number
        for key, number in counters.items()
        if key.startswith(f"{kind}:")
    }
    lines = sorted(found.items(), key=lambda line: (-line[1], line[0]))
    return Table(
        name=name,
        caption=caption,
        columns=(
            Column(key="reason", title=gettext("Reason"), kind=Kind.CODE),
            Column(key="means", title=gettext("What it means")),
            Column(key="number", title=gettext("Number"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (reason, str(explained.get(reason, "")), number) for reason, number in lines if number
        ),
        sorted_by="number",
    )


def _imports(records: tuple[ImportRecord, ...]) -> Table:
    return Table(
        name="imports",
        caption=gettext("Imports, newest first"),
        columns=(
            Column(key="started", title=gettext("Started"), kind=Kind.MOMENT),
            Column(key="import", title=gettext("Import")),
            Column(key="state", title=gettext("State")),
            Column(key="uses", title=gettext("Permitted for"), kind=Kind.TAGS),
            Column(key="lines", title=gettext("Lines"), kind=Kind.COUNT),
            Column(key="events", title=gettext("Events"), kind=Kind.COUNT),
            Column(key="stored", title=gettext("New rows"), kind=Kind.COUNT),
            Column(key="duplicates", title=gettext("Known already"), kind=Kind.COUNT),
            Column(key="left_out", title=gettext("Left out"), kind=Kind.COUNT),
        ),
        rows=tuple(_import_row(record) for record in records),
        sorted_by="started",
    )


def _import_row(record: ImportRecord) -> tuple[object, ...]:
    left_out = [record.skipped, record.rejected, record.not_permitted]
    return (
        record.started,
        Cell(
            value=record.number,
            words=record.name or gettext("Import %(n)s") % {"n": say_number(record.number)},
            about=record.site,
        ),
        Cell(value=record.state.value, words=str(_STATES[record.state]), about=record.problem),
        tuple(use_names(record.uses)),
        record.lines,
        record.events,
        record.stored,
        record.duplicates,
        Cell(
            value=sum(sum(some.values()) for some in left_out),
            about=", ".join(f"{reason} {n}" for some in left_out for reason, n in some.items()),
        ),
    )


def _sources(network: NetworkNotice) -> Table:
    return Table(
        name="sources",
        caption=gettext("Data about addresses and its age"),
        columns=(
            Column(key="source", title=gettext("Source")),
            Column(key="version", title=gettext("Version")),
            Column(key="made", title=gettext("Made"), kind=Kind.DAY),
            Column(key="age_days", title=gettext("Age in days"), kind=Kind.COUNT),
            Column(key="licence", title=gettext("Licence")),
        ),
        rows=tuple(
            (
                age.source.name,
                age.source.version,
                age.source.data_date,
                age.age_days,
                age.source.licence,
            )
            for age in network.ages
        ),
    )
