"""What an experiment shows, in a picture, a table and whole sentences."""

from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext

from privet.insight.comparison import FEWEST
from privet.insight.experiments import Reading, Trial, VariantLine
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.words import say_decimal, say_number


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The reading as the page shows it."""

    table: Table
    chart: Chart
    words: tuple[str, ...]
    """What follows from it, one sentence for each form beside the usual one."""
    smallest: str
    """The smallest difference that is likely to be found, in percentage points; or empty."""


def show_reading(reading: Reading, trial: Trial, query: QueryDict) -> Shown:
    """The picture, the table and the sentences."""
    table = _table(reading).at(query)
    smallest = _plain(reading.smallest) if reading.smallest else ""
    words = _sentences(reading, trial)
    return Shown(table=table, chart=_chart(table), words=words, smallest=smallest)


def _table(reading: Reading) -> Table:
    return Table(
        name="forms",
        caption=gettext("Learners and outcomes by form"),
        columns=(
            Column(key="form", title=gettext("Form")),
            Column(key="learners", title=gettext("Learners"), kind=Kind.COUNT),
            Column(key="outcomes", title=gettext("With the outcome"), kind=Kind.COUNT),
            Column(key="rate", title=gettext("Rate"), kind=Kind.SHARE),
            Column(key="low", title=gettext("from"), kind=Kind.SHARE),
            Column(key="high", title=gettext("to (95 %)"), kind=Kind.SHARE),
            Column(key="difference", title=gettext("Difference (points)"), kind=Kind.SHARE),
            Column(key="difference_low", title=gettext("from"), kind=Kind.SHARE),
            Column(key="difference_high", title=gettext("to (95 %)"), kind=Kind.SHARE),
        ),
        rows=tuple(_row(line) for line in reading.lines if line.share.learners),
        can_sort=False,
    )


def _row(line: VariantLine) -> tuple[object, ...]:
    effect = line.effect
    return (
        line.variant.name,
        line.share.learners,
        min(line.share.reached, line.share.learners),
        line.share.rate,
        line.interval.low,
        line.interval.high,
        _points(line.gap),
        _points(effect.low if effect else None),
        _points(effect.high if effect else None),
    )


def _points(share: float | None) -> Cell | None:
    return None if share is None else Cell(value=share, words=say_points(share))


def _chart(table: Table) -> Chart:
    return Chart(
        title=gettext("Rate of the outcome by form"),
        kind=ChartKind.INTERVALS,
        table=table,
        label="form",
        series=(Series(key="rate", name=gettext("Rate"), low="low", high="high"),),
        summary=gettext(
            "For each form the share of learners with the outcome, and the interval in which it "
            "lies. The table has each value."
        ),
        how=gettext(
            "A learner counts under the form they saw, from the first time they saw it, and has "
            "the outcome if it happened after that and before the end. Rates have Wilson's 95 % "
            "interval; the difference has Newcombe's, made of the two (Statistics in Medicine 17, "
            "1998, method 10). The numbers of learners carry the noise that protects small counts; "
            "the intervals are widened for it."
        ),
    )


def _sentences(reading: Reading, trial: Trial) -> tuple[str, ...]:
    usual = trial.plan.variants[0].name
    return tuple(_sentence(line, usual) for line in reading.lines[1:])


def _sentence(line: VariantLine, usual: str) -> str:
    if line.effect is None or line.gap is None:
        return gettext(
            "“%(form)s” cannot be compared with “%(usual)s” yet: each form needs at least "
            "%(fewest)s learners."
        ) % {"form": line.variant.name, "usual": usual, "fewest": say_number(FEWEST)}
    said = {
        "form": line.variant.name,
        "usual": usual,
        "gap": _plain(line.gap),
        "low": say_points(line.effect.low),
        "high": say_points(line.effect.high),
    }
    if line.effect.has_zero:
        return (
            gettext(
                "“%(form)s” and “%(usual)s” cannot be told apart: the difference lies between "
                "%(low)s and %(high)s percentage points."
            )
            % said
        )
    if line.gap > 0:
        return (
            gettext(
                "“%(form)s” has the outcome more often than “%(usual)s”, by %(gap)s percentage "
                "points (95 %% interval %(low)s to %(high)s)."
            )
            % said
        )
    return (
        gettext(
            "“%(form)s” has the outcome less often than “%(usual)s”, by %(gap)s percentage points "
            "(95 %% interval %(low)s to %(high)s)."
        )
        % said
    )


def say_points(share: float) -> str:
    """A difference of shares in percentage points, with its sign and one decimal place."""
    sign = "+" if share > 0 else "\N{MINUS SIGN}"
    return _plain(share) if round(share, 3) == 0 else f"{sign}{_plain(abs(share))}"


def _plain(share: float) -> str:
    # Django cuts decimals off instead of rounding them.
    return say_decimal(round(abs(share) * 100, 1), 1)
