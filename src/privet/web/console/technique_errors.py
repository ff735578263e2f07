"""What failed on pages: errors by signature, and where and when one of them happened."""

from collections.abc import Sequence

from django.http import QueryDict
from django.utils.translation import gettext

from privet.insight.results import NameLine
from privet.insight.technique_results import ErrorDay, ErrorDetail, ErrorLine
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.tables import Cell, Column, Kind, Table, address
from privet.web.words import say_short_day

_SHOWN = 15
_MOST = 8
_ARROW = " ← "


def say_stack(stack: str) -> str:
    """The functions of a stack, the innermost first, on one line."""
    return _ARROW.join(name for line in stack.split("\n") for name in line.split(" < ") if name)


def error_table(lines: Sequence[ErrorLine], query: QueryDict) -> Table:
    """All errors by signature; each chooses its error."""
    return Table(
        name="errors",
        caption=gettext("Errors by signature"),
        columns=(
            Column(key="message", title=gettext("Error")),
            Column(key="signature", title="", only_in_files=True),
            Column(key="stack", title="", only_in_files=True),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="errors", title=gettext("Times"), kind=Kind.COUNT),
            Column(key="first_day", title=gettext("First seen"), kind=Kind.DAY),
            Column(key="last_day", title=gettext("Last seen"), kind=Kind.DAY),
        ),
        rows=tuple(
            (
                Cell(
                    value=line.message,
                    words=line.message or gettext("without a message"),
                    about=say_stack(line.stack),
                    link=f"{address(query.urlencode(), error=line.signature)}#error",
                ),
                line.signature,
                say_stack(line.stack),
                line.learners,
                line.errors,
                line.first_day,
                line.last_day,
            )
            for line in lines
        ),
        sorted_by="learners",
        shown=_SHOWN,
    )


def error_charts(detail: ErrorDetail, query: QueryDict) -> tuple[Chart, ...]:
    """When one error happened, on which pages, in which browsers and scripts."""
    return (
        _over_time(detail.days, query),
        _bars("error-pages", gettext("Pages"), gettext("Page"), detail.pages, query),
        _bars("error-browsers", gettext("Browsers"), gettext("Browser"), detail.browsers, query),
        _bars("error-scripts", gettext("Scripts"), gettext("Script"), detail.scripts, query),
    )


def _over_time(days: Sequence[ErrorDay], query: QueryDict) -> Chart:
    table = Table(
        name="error-days",
        caption=gettext("Learners who met the error, by day"),
        columns=(
            Column(key="point", title=gettext("Day")),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="errors", title=gettext("Times"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (Cell(value=day.point, words=say_short_day(day.point)), day.learners, day.errors)
            for day in days
        ),
        can_sort=False,
        query=query.urlencode(),
    )
    return Chart(
        title=gettext("Days"),
        kind=ChartKind.COLUMNS,
        table=table,
        label="point",
        series=(Series(key="learners", name=gettext("Learners")),),
        summary=gettext("Columns of learners by day. The table has each value."),
        how=gettext(
            "Days (UTC) on which enough learners met the error to be said; the others are left out."
        ),
        width="half",
    )


def _bars(name: str, title: str, column: str, lines: Sequence[NameLine], query: QueryDict) -> Chart:
    table = Table(
        name=name,
        caption=gettext("Learners who met the error, by: %(what)s") % {"what": column},
        columns=(
            Column(key="name", title=column),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="events", title=gettext("Times"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (
                Cell(value=line.name, words=line.name or gettext("unknown")),
                line.learners,
                line.events,
            )
            for line in lines
        ),
        sorted_by="learners",
    ).at(query)
    return Chart(
        title=title,
        kind=ChartKind.BARS,
        table=table,
        label="name",
        series=(Series(key="learners", name=gettext("Learners")),),
        summary=gettext("Bar chart of learners: %(title)s. The table has each value.")
        % {"title": title},
        how=gettext(
            "Learners who met the error at least once there, each once. The longest bars are "
            "drawn; the table has all."
        ),
        width="half",
        most=_MOST,
    )
