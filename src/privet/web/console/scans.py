"""Scans: what the site really set, what of it is not as registered, what changed, with pictures."""

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from privet.accounts.rules import Act
from privet.consent.registry import Party
from privet.consent.scan.service import (
    Difference,
    ScanRecord,
    difference,
    find_scan,
    findings_of,
    list_scans,
    pictures_of,
)
from privet.consent.scan.shapes import Found, StepRun
from privet.kernel.config import read_config
from privet.web.components.figures import Figure
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.console.asking import respond
from privet.web.permission import everywhere, opens_to
from privet.web.technologies import DRIFTS, KINDS, PARTIES, SETTERS, STEPS, say_lifetime
from privet.web.words import NOTHING, THIN, say_decimal

_MAY = everywhere(Act.SEE_CONSENT_LEDGER)
_MOST_ROWS = 50


@opens_to(_MAY)
@require_safe
def scans(request: HttpRequest) -> HttpResponse:
    """All scans, newest first."""
    table = _scans(list_scans()).at(request.GET)
    return respond(request, "console/scans.html", [table], {"scans": table})


@opens_to(_MAY)
@require_safe
def scan(request: HttpRequest, name: str) -> HttpResponse:
    """One scan, against the one before it."""
    record = _find(name)
    found = findings_of(record.id)
    before = _before(record)
    wrong = _findings("drift", gettext("Not as registered"), [one for one in found if one.drift])
    everything = _findings("findings", gettext("Everything that was found"), found)
    changed = _changes(difference(record.id, before=before.id) if before else None)
    steps = _steps(record.runs)
    tables = [one.at(request.GET) for one in (wrong, everything, changed, steps)]
    context = {
        "record": record,
        "before": before,
        "addresses": ", ".join(record.urls),
        "figures": _figures(record, found),
        "broken": len(record.broken_off),
        "is_without_banner": record.is_without_banner,
        "pictures": _pictures(record),
    } | dict(zip(("wrong", "everything", "changed", "steps"), tables, strict=True))
    return respond(request, "console/scan.html", tables, context)


@opens_to(_MAY)
@require_safe
def scan_picture(request: HttpRequest, name: str, picture: str) -> HttpResponse:  # noqa: ARG001
    """A picture of a step; only those that the scan itself names."""
    record = _find(name)
    if not any(picture in run.pictures for run in record.runs):
        raise Http404
    path = pictures_of(read_config().home, record.id) / picture
    if not path.is_file():
        raise Http404
    answer = HttpResponse(path.read_bytes(), content_type="image/png")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def _find(name: str) -> ScanRecord:
    try:
        record = find_scan(UUID(name))
    except ValueError as error:
        raise Http404 from error
    if record is None:
        raise Http404
    return record


def _before(record: ScanRecord) -> ScanRecord | None:
    """The last earlier scan of the same addresses."""
    earlier = (
        one for one in list_scans() if one.started < record.started and one.urls == record.urls
    )
    return next(earlier, None)


def _figures(record: ScanRecord, found: Sequence[Found]) -> list[Figure]:
    third = {(one.kind, one.name, one.domain) for one in found if one.party == "third"}
    each = {(one.kind, one.name, one.domain) for one in found}
    wrong = {(one.kind, one.name, one.domain) for one in found if one.drift}
    driven = sum(run.was_driven for run in record.runs)
    return [
        Figure(name=gettext("Found"), value=len(each), remark=gettext("each counted once")),
        Figure(name=gettext("Not as registered"), value=len(wrong), remark=""),
        Figure(name=gettext("Of third parties"), value=len(third), remark=""),
        Figure(
            name=gettext("Steps driven"),
            value=driven,
            remark=gettext("of %(n)s") % {"n": len(record.runs)},
        ),
    ]


def _scans(records: Sequence[ScanRecord]) -> Table:
    return Table(
        name="scans",
        caption=gettext("Scans, newest first"),
        columns=(
            Column(key="started", title=gettext("Started"), kind=Kind.MOMENT),
            Column(key="addresses", title=gettext("Addresses")),
            Column(key="findings", title=gettext("Findings"), kind=Kind.COUNT),
            Column(key="drifts", title=gettext("Not as registered"), kind=Kind.COUNT),
            Column(key="browser", title=gettext("Browser")),
        ),
        rows=tuple(
            (
                one.started,
                Cell(
                    value=", ".join(one.urls),
                    about=gettext("incomplete") if one.broken_off else one.journey,
                    link=reverse("console:scan", args=[one.id]),
                ),
                one.findings,
                one.drifts,
                one.browser,
            )
            for one in records
        ),
        sorted_by="started",
    )


def _findings(name: str, caption: str, found: Sequence[Found]) -> Table:
    return Table(
        name=name,
        caption=caption,
        columns=(
            Column(key="name", title=gettext("Name")),
            Column(key="host", title=gettext("Host")),
            Column(key="step", title=gettext("Step")),
            Column(key="setter", title=gettext("Set by")),
            Column(key="lifetime", title=gettext("Lifetime")),
            Column(key="wrong", title=gettext("What is wrong")),
            Column(key="milliseconds", title=gettext("After"), kind=Kind.COUNT),
            Column(key="decided", title=gettext("Decided"), only_in_files=True),
            Column(key="kind", title=gettext("Kind"), only_in_files=True),
            Column(key="stack", title=gettext("Stack"), only_in_files=True),
            Column(key="suggestion", title=gettext("Perhaps"), only_in_files=True),
        ),
        rows=tuple(_finding_row(one) for one in found),
        can_sort=True,
        shown=_MOST_ROWS,
    )


def _finding_row(one: Found) -> tuple[object, ...]:
    way = gettext("third-party cookies allowed")
    blocked = gettext("third-party cookies blocked")
    lifetime = one.lifetime_declared or one.lifetime_effective
    kept = gettext("kept %(time)s") % {"time": say_lifetime(one.lifetime_effective)}
    return (
        Cell(value=one.name, about=_say_kind(one)),
        Cell(value=one.domain, about=one.canonical or str(PARTIES[Party(one.party)])),
        Cell(
            value=one.step.value,
            words=str(STEPS[one.step]),
            about=way if one.third_party_cookies else blocked,
        ),
        Cell(value=one.setter_script, about=str(SETTERS[one.set_by])),
        Cell(
            value=lifetime,
            words=say_lifetime(lifetime) if lifetime else NOTHING,
            about=kept if one.lifetime_effective not in ("", lifetime) else "",
        ),
        Cell(
            value=" ".join(one.drift),
            words=", ".join(str(DRIFTS[kind]) for kind in one.drift) or NOTHING,
            about=one.suggestion or one.blocked,
        ),
        Cell(value=one.first_seen_ms, words=f"{say_decimal(one.first_seen_ms / 1000, 1)}{THIN}s"),
        one.decision_state.value,
        one.kind.value,
        " | ".join(one.setter_stack),
        one.suggestion,
    )


def _say_kind(one: Found) -> str:
    known = {kind.value: words for kind, words in KINDS.items()}
    return str(known.get(one.kind.value, one.kind.replace("_", " ")))


def _changes(found: Difference | None) -> Table:
    new, gone = (found.new, found.gone) if found else ((), ())
    marked = [(one, gettext("new")) for one in new] + [(one, gettext("gone")) for one in gone]
    return Table(
        name="changes",
        caption=gettext("Changed since the scan before"),
        columns=(
            Column(key="change", title=gettext("Change")),
            Column(key="name", title=gettext("Name")),
            Column(key="host", title=gettext("Host")),
            Column(key="setter", title=gettext("Set by")),
        ),
        rows=tuple(
            (
                change,
                Cell(value=one.name, about=_say_kind(one)),
                one.domain,
                one.setter_script,
            )
            for one, change in marked
        ),
        shown=_MOST_ROWS,
    )


def _steps(runs: Sequence[StepRun]) -> Table:
    yes, no = gettext("yes"), gettext("no")
    seen = {True: yes, False: no, None: NOTHING}
    by_known = gettext("by somebody signed in, since a visitor is not offered it")
    return Table(
        name="steps",
        caption=gettext("Steps of the matrix"),
        columns=(
            Column(key="step", title=gettext("Step")),
            Column(key="cookies", title=gettext("Third-party cookies")),
            Column(key="banner", title=gettext("Banner visible")),
            Column(key="driven", title=gettext("Driven")),
        ),
        rows=tuple(
            (
                str(STEPS[run.step]),
                gettext("allowed") if run.third_party_cookies else gettext("blocked"),
                seen[run.banner_visible],
                Cell(
                    value=run.was_driven,
                    words=yes if run.was_driven else no,
                    about=run.why_not or (by_known if run.signed_in else ""),
                ),
            )
            for run in runs
        ),
    )


def _pictures(record: ScanRecord) -> list[dict[str, str]]:
    return [
        {
            "address": reverse("console:scan_picture", args=[record.id, picture]),
            "words": str(STEPS[run.step]),
        }
        for run in record.runs
        for picture in run.pictures[-1:]
    ]
