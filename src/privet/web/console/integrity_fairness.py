"""Fairness: how often each detector flags accounts of which country, network, device and course."""

from collections.abc import Iterable, Sequence
from math import isinf
from typing import assert_never

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from privet.accounts.rules import Act
from privet.events.lake import default_lake
from privet.integrity.disparity import FEWEST, SMALL, Rate
from privet.integrity.fairness import (
    DETECTORS,
    Fairness,
    GroupedBy,
    Marked,
    kinds_of_groups,
    list_marked,
    measure_fairness,
)
from privet.integrity.findings import DetectorKind
from privet.kernel.clock import SystemClock
from privet.kernel.config import read_config
from privet.web.circumstances import DEVICES, KINDS
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.figures import Figure
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.console.asking import respond
from privet.web.console.content_words import short_id
from privet.web.console.integrity_words import NO_BOUND, choose, percent, times
from privet.web.detectors import name_of_detector
from privet.web.permission import opens_to, somewhere, viewer_of
from privet.web.words import Words, say_country, say_decimal, say_span

_CLOCK = SystemClock()
_TITLES: dict[GroupedBy, Words] = {
    GroupedBy.COUNTRY: gettext_lazy("By country"),
    GroupedBy.NETWORK: gettext_lazy("By kind of network"),
    GroupedBy.DEVICE: gettext_lazy("By type of device"),
    GroupedBy.COURSE: gettext_lazy("By course"),
}
_GROUPS: dict[GroupedBy, Words] = {
    GroupedBy.COUNTRY: gettext_lazy("Country"),
    GroupedBy.NETWORK: gettext_lazy("Kind of network"),
    GroupedBy.DEVICE: gettext_lazy("Type of device"),
    GroupedBy.COURSE: gettext_lazy("Course"),
}
_MOST = 10


@opens_to(somewhere(Act.HANDLE_CASES))
@require_safe
def fairness(request: HttpRequest) -> HttpResponse:
    """The page, or one of its tables."""
    viewer = viewer_of(request)
    institutions = viewer.institutions_for(Act.HANDLE_CASES)
    found = measure_fairness(
        lake=default_lake(),
        institutions=institutions,
        allowed=read_config().allowed_disparity,
        by=viewer.by,
        now=_CLOCK.now(),
    )
    kind = _read_kind(request.GET.get("detector", ""))
    overall = _overall(found).at(request.GET)
    tables = {by: _table(by, found.of(kind, by)).at(request.GET) for by in kinds_of_groups()}
    context = {
        "scope_words": f"{say_span(found.first, found.last)} (UTC)",
        "is_empty": not found.accounts,
        "figures": _figures(found),
        "marked": [_say_marked(one) for one in list_marked(institutions=institutions)],
        "allowed": say_decimal(found.allowed, 2).rstrip("0").rstrip(".,"),
        "charts": [_chart(by, table) for by, table in tables.items()],
        "overall": overall,
        "choices": [_choice(kind)],
        "sees_devices": GroupedBy.DEVICE in tables,
        "fewest": FEWEST,
    }
    every = [overall, *tables.values()]
    return respond(request, "console/integrity_fairness.html", every, context)


def _read_kind(text: str) -> DetectorKind | None:
    return DetectorKind(text) if text in set(DETECTORS) else None


def _choice(kind: DetectorKind | None) -> object:
    options = [("", gettext("any detector"))]
    options += [(one.value, name_of_detector(one)) for one in DETECTORS]
    return choose("detector", gettext("Detector"), kind.value if kind else "", options)


def _figures(found: Fairness) -> list[Figure]:
    return [
        Figure(name=gettext("Accounts looked at"), value=found.accounts),
        Figure(name=gettext("Accounts in a finding"), value=found.flagged),
        Figure(
            name=gettext("Share in a finding"),
            value=found.flagged / found.accounts if found.accounts else None,
            kind=Kind.SHARE,
            remark=gettext("a finding is no verdict"),
        ),
    ]


def _say_marked(one: Marked) -> dict[str, object]:
    return {
        "detector": name_of_detector(one.kind),
        "group": _say_group(one.by_what, one.name).words,
        "by_what": str(_GROUPS[one.by_what]),
        "is_alone": isinf(one.ratio.value),
        "ratio": NO_BOUND if isinf(one.ratio.value) else say_decimal(one.ratio.value, 1),
        "low": say_decimal(one.ratio.low, 2),
        "measured": one.measured,
    }


def _say_group(by_what: GroupedBy, name: str) -> Cell:
    if name == SMALL:
        return Cell(value=name, words=gettext("groups under %(n)s accounts") % {"n": FEWEST})
    unknown = gettext("unknown")
    match by_what:
        case GroupedBy.COUNTRY:
            said = say_country(name) if name else unknown
        case GroupedBy.NETWORK:
            said = str(KINDS.get(name, unknown))
        case GroupedBy.DEVICE:
            said = str(DEVICES.get(name, unknown))
        case GroupedBy.COURSE:
            said = short_id(name)
        case _:
            assert_never(by_what)
    return Cell(value=name, words=said)


def _columns(first: tuple[Column, ...], *, is_short: bool = False) -> tuple[Column, ...]:
    return (
        *first,
        Column(key="accounts", title=gettext("Accounts"), kind=Kind.COUNT),
        Column(key="flagged", title=gettext("In a finding"), kind=Kind.COUNT),
        Column(key="share", title=gettext("Share"), kind=Kind.SHARE),
        Column(key="low", title=gettext("From"), kind=Kind.SHARE, only_in_files=is_short),
        Column(key="high", title=gettext("To"), kind=Kind.SHARE, only_in_files=is_short),
        Column(key="ratio", title=gettext("Against all others"), kind=Kind.COUNT),
        Column(key="ratio_low", title=gettext("At least"), kind=Kind.COUNT),
        Column(key="ratio_high", title=gettext("At most"), kind=Kind.COUNT),
        Column(key="exceeds", title=gettext("More than allowed")),
    )


def _cells(rate: Rate) -> tuple[object, ...]:
    ratio = rate.ratio
    return (
        rate.accounts,
        rate.flagged,
        percent(rate.share.value),
        percent(rate.share.low),
        percent(rate.share.high),
        times(ratio.value) if ratio else None,
        times(ratio.low) if ratio else None,
        times(ratio.high) if ratio else None,
        Cell(value=rate.exceeds, words=gettext("yes") if rate.exceeds else gettext("no")),
    )


def _table(by_what: GroupedBy, rates: Sequence[Rate]) -> Table:
    group = Column(key="group", title=str(_GROUPS[by_what]))
    return Table(
        name=by_what.value,
        caption=str(_TITLES[by_what]),
        columns=_columns((group,)),
        rows=tuple((_say_group(by_what, rate.name), *_cells(rate)) for rate in rates),
        sorted_by="accounts",
    )


def _chart(by_what: GroupedBy, table: Table) -> Chart:
    return Chart(
        title=str(_TITLES[by_what]),
        kind=ChartKind.INTERVALS,
        table=table,
        label="group",
        series=(Series(key="share", name=gettext("Share in a finding"), low="low", high="high"),),
        summary=gettext(
            "The share of accounts in a finding for each group, with the interval that it lies in. "
            "The table has each value, and how it compares with all others."
        ),
        how=gettext(
            "Accounts that submitted or asked for answers in these days, each in the group that it "
            "acted from most; of courses, in each that it worked in. Intervals of shares are those "
            "of Wilson for 95 %%. The ratio sets a group against all others, its interval is exact "
            "for rare events, and those of all groups hold together for 95 %%. Groups under "
            "%(n)s accounts are one line. Figures are exact, without noise: who sees this page may "
            "open each finding behind them."
        )
        % {"n": FEWEST},
        width="half",
        most=_MOST,
    )


def _overall(found: Fairness) -> Table:
    """For each detector and kind of groups, the group that stands out most surely."""
    first = (
        Column(key="detector", title=gettext("Detector")),
        Column(key="by", title=gettext("By")),
        Column(key="group", title=gettext("Group that stands out most")),
    )
    return Table(
        name="detectors",
        caption=gettext("Detectors, and the group that each flags most against all others"),
        columns=_columns(first, is_short=True),
        rows=tuple(_standing_out(found)),
    )


def _standing_out(found: Fairness) -> Iterable[tuple[object, ...]]:
    for line in found.lines:
        rates = [rate for rate in line.rates if rate.ratio is not None and rate.flagged]
        if line.kind is None or not rates:
            continue
        worst = max(rates, key=lambda rate: rate.ratio.low if rate.ratio else 0.0)
        yield (
            Cell(value=line.kind.value, words=name_of_detector(line.kind)),
            Cell(value=line.by_what.value, words=str(_GROUPS[line.by_what])),
            _say_group(line.by_what, worst.name),
            *_cells(worst),
        )
