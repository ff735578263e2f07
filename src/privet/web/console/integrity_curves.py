"""Pictures and tables of a threshold: what each value flags, what chance does, which pairs move."""

from collections.abc import Sequence
from math import ceil

from django.utils.translation import gettext

from privet.integrity.calibration import Preview
from privet.integrity.copying import Suspect
from privet.integrity.thresholds import LEAST_DECADE, Movable
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.console.integrity_words import percent
from privet.web.detectors import name_of_detector
from privet.web.words import say_decimal

_SHOWN = 30
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def curve_table(found: Preview, movable: Movable, name: str) -> Table:
    """What each value of one threshold would flag, from the strictest."""
    return Table(
        name="curve",
        caption=gettext("What each value would flag: %(name)s") % {"name": name},
        columns=(
            Column(key="value", title=gettext("Value")),
            Column(key="flagged", title=gettext("Accounts flagged"), kind=Kind.COUNT),
            Column(key="chance", title=gettext("By chance"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (
                Cell(
                    value=point.value, words=f"{point.value:g}", about=_remark(point.value, movable)
                ),
                point.masters,
                Cell(value=point.by_chance, words=say_decimal(point.by_chance, 1)),
            )
            for point in found.curve
        ),
        can_sort=False,
    )


def _remark(value: float, movable: Movable) -> str:
    return gettext("usual") if value == movable.usual else ""


def draw_curve(table: Table, name: str) -> Chart:
    """The picture of it."""
    return Chart(
        title=name,
        kind=ChartKind.COLUMNS,
        table=table,
        label="value",
        series=(
            Series(key="flagged", name=gettext("Accounts flagged")),
            Series(key="chance", name=gettext("By chance"), tone="alarm"),
        ),
        summary=gettext(
            "Columns of accounts that each value would flag, from the strictest to the loosest, "
            "beside those that chance would. The table has each value."
        ),
        how=gettext(
            "Accounts that would be found to have copied if this threshold had the value and all "
            "others were as in the form. By chance: the same pairs of accounts, had every answer "
            "been got one or two days earlier, where nobody can have copied at once; the mean of "
            "both. It knows the rhythm of the course, not friends who study together."
        ),
        width="half",
    )


def chance_table(found: Preview) -> Table:
    """Pairs by how likely their figures are by coincidence, in the course and in the others."""
    worlds = len(found.chance)
    return Table(
        name="chance",
        caption=gettext("Pairs by how likely coincidence would make them"),
        columns=(
            Column(key="chance", title=gettext("Chance, at most")),
            Column(key="pairs", title=gettext("Pairs of the course"), kind=Kind.COUNT),
            Column(key="null", title=gettext("Pairs by chance alone"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (
                Cell(value=10.0 ** (power + 1), words=_power(power)),
                found.world.decades.get(str(power), 0),
                ceil(sum(one.decades.get(str(power), 0) for one in found.chance) / worlds),
            )
            for power in range(-1, LEAST_DECADE - 1, -1)
        ),
        can_sort=False,
    )


def _power(power: int) -> str:
    """The upper end of a decade; the last holds all that is less."""
    return f"10{str(power + 1).translate(_RAISED)}" if power < -1 else "1"


def draw_chance(table: Table) -> Chart:
    """The picture of it."""
    return Chart(
        title=gettext("How likely coincidence is"),
        kind=ChartKind.COLUMNS,
        table=table,
        label="chance",
        series=(
            Series(key="pairs", name=gettext("Pairs of the course")),
            Series(key="null", name=gettext("Pairs by chance alone"), tone="alarm"),
        ),
        summary=gettext(
            "Columns of pairs by the chance of their figures, beside those of a world without "
            "copying. The table has each value."
        ),
        how=gettext(
            "All pairs that share enough items at the right moments to be looked at. The chance is "
            "p before it is corrected for the number of pairs; the last column holds all that is "
            "less. Where the two kinds of columns lie on each other, figures tell nothing."
        ),
        width="half",
    )


def suspects_table(name: str, caption: str, suspects: Sequence[Suspect]) -> Table:
    """Some pairs by their figures; whose they are is not kept."""
    return Table(
        name=name,
        caption=caption,
        columns=(
            Column(key="detector", title=gettext("Detector")),
            Column(key="items", title=gettext("Items in common"), kind=Kind.COUNT),
            Column(key="after", title=gettext("After the answer"), kind=Kind.COUNT),
            Column(key="first_right", title=gettext("Right at once"), kind=Kind.SHARE),
            Column(key="middle", title=gettext("Middle lag"), kind=Kind.SECONDS),
            Column(key="most", title=gettext("Nine of ten lags within"), kind=Kind.SECONDS),
            Column(key="p", title="p"),
            Column(key="q", title="q"),
        ),
        rows=tuple(
            (
                Cell(value=kind.value, words=name_of_detector(kind)),
                pair.n,
                pair.x,
                percent(pair.first_right / pair.x),
                pair.lag_median,
                pair.lag_p90,
                Cell(value=p, words=f"{p:.1e}"),
                Cell(value=q, words=f"{q:.1e}"),
            )
            for pair, kind, p, q in suspects
        ),
        can_sort=False,
        shown=_SHOWN,
    )
