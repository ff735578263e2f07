"""Retention: of those who enrolled in a week or month, how many were active later."""

from django.utils.translation import gettext, ngettext

from privet.insight.activity import cohort_grain
from privet.insight.activity_results import Activity
from privet.insight.rules import Grain
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.console.activity_over_time import say_point
from privet.web.console.asking import Asked


def cohorts_table(found: Activity, asked: Asked) -> Table:
    """One row for each cohort and each week or month after it."""
    grain = cohort_grain(asked.question)
    return Table(
        name="retention",
        caption=gettext("Of those who enrolled together, how many were active later"),
        columns=(
            Column(key="cohort", title=gettext("Enrolled in")),
            Column(key="later", title=gettext("Active")),
            Column(key="enrolled", title=gettext("Enrolled"), kind=Kind.COUNT),
            Column(key="learners", title=gettext("Active learners"), kind=Kind.COUNT),
            Column(key="share", title=gettext("Share"), kind=Kind.SHARE),
        ),
        rows=tuple(
            (
                Cell(value=line.cohort, words=say_point(line.cohort, grain)),
                Cell(value=line.later, words=_say_later(line.later, grain)),
                line.enrolled,
                line.learners,
                line.share,
            )
            for line in found.cohorts
        ),
        can_sort=False,
    )


def cohorts_chart(table: Table) -> Chart:
    """The cohorts as rows of squares."""
    return Chart(
        title=gettext("Who comes back after enrolling"),
        kind=ChartKind.HEATMAP,
        table=table,
        label="later",
        other="cohort",
        series=(
            Series(
                key="share",
                name=gettext("active"),
            ),
        ),
        summary=gettext(
            "Squares for each group that enrolled together; the larger the part that was active, "
            "the darker. The table below has each value."
        ),
        how=gettext(
            "A cohort is everybody whose first enrolment within the chosen days fell into one week "
            "(one month in longer periods). A learner is active later when at least one event of "
            "theirs, in any of the chosen courses, fell into that later week or month. The last "
            "one may still be going on. Shares are reckoned from protected numbers."
        ),
        width="half",
    )


def _say_later(later: int, grain: Grain) -> str:
    if grain is Grain.MONTH:
        return ngettext("%(n)s month later", "%(n)s months later", later) % {"n": later}
    return ngettext("%(n)s week later", "%(n)s weeks later", later) % {"n": later}
