"""How fast pages were: Web Vitals over all, by page and by type of device."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from privet.insight.technique_results import BandLine, TimingLine
from privet.insight.vitals import SOURCE, VITALS, Band, Vital
from privet.web.circumstances import DEVICES
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.words import NOTHING, THIN, Words, say_decimal, say_number

_SHOWN = 15
NAMES: dict[str, Words] = {
    "lcp": gettext_lazy("Largest paint (LCP)"),
    "inp": gettext_lazy("Answer to an input (INP)"),
    "cls": gettext_lazy("Layout shift (CLS)"),
    "fcp": gettext_lazy("First paint (FCP)"),
    "ttfb": gettext_lazy("First byte (TTFB)"),
}
BANDS: dict[Band, Words] = {
    Band.GOOD: gettext_lazy("good"),
    Band.MIDDLING: gettext_lazy("needs improvement"),
    Band.POOR: gettext_lazy("poor"),
}
_TONES = {Band.GOOD: "hedge", Band.MIDDLING: "functionality", Band.POOR: "alarm"}
_TAGS = {Band.GOOD: "is-good", Band.MIDDLING: "is-middling", Band.POOR: "is-bad"}


@dataclass(frozen=True, kw_only=True)
class TimingFigure:
    """One measure over all pages: its 75th percentile, judged."""

    name: str
    value: str
    band: str
    tag: str
    """The class of the band's tag; empty if there are too few learners."""
    bound: str
    """Up to where it is good."""


def timing_figures(timing: TimingLine) -> list[TimingFigure]:
    """The five measures over all, the core ones first."""
    return [_figure(vital, getattr(timing, key)) for key, vital in VITALS.items()]


def bands_chart(lines: Sequence[BandLine], query: QueryDict) -> Chart:
    """How many measurements were good, middling or poor."""
    found = {(line.measure, line.band): line.pages for line in lines}
    measured = [key for key in VITALS if any((key, band) in found for band in Band)]
    table = Table(
        name="speed",
        caption=gettext("Measurements by how they are judged"),
        columns=(
            Column(key="measure", title=gettext("Measure")),
            *(Column(key=band, title=str(BANDS[band]), kind=Kind.COUNT) for band in Band),
        ),
        rows=tuple(
            (
                Cell(value=key, words=str(NAMES[key])),
                *(found.get((key, band), 0) for band in Band),
            )
            for key in measured
        ),
        can_sort=False,
        query=query.urlencode(),
    )
    return Chart(
        title=gettext("How measurements are judged"),
        kind=ChartKind.STACKED,
        table=table,
        label="measure",
        series=tuple(Series(key=band, name=str(BANDS[band]), tone=_TONES[band]) for band in Band),
        summary=gettext(
            "Bars of measurements for each measure: good, needing improvement, poor. "
            "The table has each value."
        ),
        how=gettext(
            "Each page that was measured counts once for each measure its browser knows. The "
            "bounds are those that the authors of Web Vitals publish: good is at most 2.5 s (LCP), "
            "200 ms (INP), 0.1 (CLS), 1.8 s (FCP), 0.8 s (TTFB); poor is above 4 s, 500 ms, 0.25, "
            "3 s, 1.8 s."
        ),
        attribution=gettext("Bounds: web.dev/articles/vitals"),
        attribution_link=SOURCE,
    )


def page_table(lines: Sequence[TimingLine]) -> Table:
    """The 75th percentiles by page."""
    return _table("speed-pages", gettext("Page"), gettext("Speed by page"), lines)


def device_table(lines: Sequence[TimingLine]) -> Table:
    """The 75th percentiles by type of device."""
    return _table("speed-devices", gettext("Type of device"), gettext("Speed by device"), lines)


def _table(name: str, title: str, caption: str, lines: Sequence[TimingLine]) -> Table:
    return Table(
        name=name,
        caption=caption,
        columns=(
            Column(key="name", title=title),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="pages", title=gettext("Measured"), kind=Kind.COUNT),
            *(Column(key=_key(key), title=key.upper(), kind=Kind.COUNT) for key in VITALS),
        ),
        rows=tuple(
            (
                Cell(value=line.name, words=_name(line.name)),
                line.learners,
                line.pages,
                *(_cell(vital, getattr(line, key)) for key, vital in VITALS.items()),
            )
            for line in lines
        ),
        sorted_by="pages",
        shown=_SHOWN,
    )


def _key(vital: str) -> str:
    """What files call a measure: with its unit, but for the one that is a bare number."""
    return vital if vital == "cls" else f"{vital}_ms"


def _name(name: str) -> str:
    return str(DEVICES.get(name, name)) if name else gettext("unknown")


def _figure(vital: Vital, value: float | None) -> TimingFigure:
    band = None if value is None else vital.judge(value)
    return TimingFigure(
        name=str(NAMES[vital.key]),
        value=_say(vital, value),
        band=str(BANDS[band]) if band else gettext("too few learners to say"),
        tag=_TAGS[band] if band else "",
        bound=_say(vital, vital.good),
    )


def _cell(vital: Vital, value: float | None) -> Cell:
    if value is None:
        return Cell(value=None, words=NOTHING)
    return Cell(value=value, words=_say(vital, value), about=str(BANDS[vital.judge(value)]))


def _say(vital: Vital, value: float | None) -> str:
    if value is None:
        return NOTHING
    if not vital.is_time:
        return say_decimal(value, 2)
    if value < 1000:
        return f"{say_number(value)}{THIN}ms"
    return f"{say_decimal(value / 1000, 1)}{THIN}s"
