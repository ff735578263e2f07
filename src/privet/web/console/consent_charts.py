"""The charts of consent rates, each over the table of its own figures."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from privet.catalogue.uses import Choice
from privet.consent.ledger import Control
from privet.consent.places import Regime
from privet.insight.consent_rates import By, ConsentRates, Rate
from privet.insight.protection import FEWEST_FOR_STATISTICS
from privet.insight.rules import Grain
from privet.web.components.charts import Chart, ChartKind, Series
from privet.web.components.figures import Figure
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.words import Words, say_month, say_short_day

REGIMES: dict[Regime, Words] = {Regime.OPT_IN: _("opt-in"), Regime.OPT_OUT: _("opt-out")}
CHOICES: dict[Choice, Words] = {
    Choice.PERFORMANCE: _("Performance"),
    Choice.FUNCTIONALITY: _("Functionality"),
    Choice.TARGETING: _("Targeting"),
    Choice.MARKETING_MAIL: _("Marketing mail"),
    Choice.SALE_SHARING: _("Sale or sharing"),
    Choice.RESEARCH: _("Research"),
}
CONTROLS: dict[str, Words] = {
    Control.ACCEPT_ALL: _("accepted all"),
    Control.REJECT_ALL: _("rejected all"),
    Control.CHOOSE: _("chose one by one"),
    Control.GPC: _("by the signal alone"),
    Control.NONE: _("without a control"),
}
_TONES = {
    Choice.PERFORMANCE: "performance",
    Choice.FUNCTIONALITY: "functionality",
    Choice.TARGETING: "targeting",
    Choice.MARKETING_MAIL: "hedge",
    Choice.SALE_SHARING: "necessary",
    Choice.RESEARCH: "research",
}
"""Colours of lines, which must be told apart; of bars, that of the category they belong to."""
_CATEGORY_TONES = _TONES | {Choice.MARKETING_MAIL: "targeting", Choice.SALE_SHARING: "targeting"}
_TITLES: dict[By, tuple[Words, Words]] = {
    By.REGIME: (_("Regime"), _("Allowed, by regime")),
    By.LANGUAGE: (_("Language"), _("Allowed, by language of the notice")),
    By.VERSION: (_("Notice"), _("Allowed, by version of the notice")),
}


def figures(rates: ConsentRates) -> list[Figure]:
    """What the page says first."""
    total = rates.total
    remark = gettext("of those who decided")

    def share(name: str, value: float | None) -> Figure:
        return Figure(name=name, value=value, kind=Kind.SHARE, remark=remark)

    return [
        Figure(
            name=gettext("People who decided"),
            value=total.deciders if total else 0,
            remark=gettext("each once, by their last decision"),
        ),
        share(gettext("Accepted all"), rates.part(By.CONTROL, Control.ACCEPT_ALL)),
        share(gettext("Rejected all"), rates.part(By.CONTROL, Control.REJECT_ALL)),
        share(gettext("With Global Privacy Control"), rates.part(By.SIGNAL, True)),
    ]


def over_time_chart(rates: ConsentRates, grain: Grain, *, is_unfinished: bool) -> Chart:
    """The share that allows each choice, by day, week or month of the decision."""
    say = say_month if grain is Grain.MONTH else say_short_day
    table = Table(
        name="over-time",
        caption=gettext("Share of people who allow each choice, over time"),
        columns=(
            Column(key="from", title=gettext("From"), kind=Kind.DAY),
            Column(key="deciders", title=gettext("Decided"), kind=Kind.COUNT),
            *(
                Column(key=_key(choice), title=str(words), kind=Kind.SHARE)
                for choice, words in CHOICES.items()
            ),
        ),
        rows=tuple(
            (
                Cell(value=rate.value, words=say(rate.value)),
                rate.deciders,
                *(rate.share(choice) for choice in CHOICES),
            )
            for rate in rates.of(By.TIME)
        ),
        can_sort=False,
    )
    return Chart(
        title=gettext("Allowed, over time"),
        kind=ChartKind.LINE,
        table=table,
        label="from",
        series=tuple(
            Series(key=_key(choice), name=str(words), tone=_TONES[choice])
            for choice, words in CHOICES.items()
        ),
        summary=gettext("Lines over time: the share that allows each choice."),
        how=_how(),
        is_unfinished=is_unfinished,
    )


def categories_chart(rates: ConsentRates) -> Chart:
    """The share that allows each choice, over the whole period."""
    total = rates.total
    table = Table(
        name="categories",
        caption=gettext("People who allow each choice"),
        columns=(
            Column(key="choice", title=gettext("Choice")),
            Column(key="allowed", title=gettext("Allow it"), kind=Kind.COUNT),
            Column(key="share", title=gettext("Share"), kind=Kind.SHARE),
        ),
        rows=tuple(
            (Cell(value=_key(choice), words=str(words)), total.allowed[choice], total.share(choice))
            for choice, words in CHOICES.items()
        )
        if total
        else (),
        can_sort=False,
    )
    return Chart(
        title=gettext("Allowed, by category"),
        kind=ChartKind.BARS,
        table=table,
        label="choice",
        series=(Series(key="share", name=gettext("Share"), tones=tuple(_CATEGORY_TONES.values())),),
        summary=gettext("Bars: the share that allows each choice."),
        how=_how(),
        width="half",
    )


def controls_chart(rates: ConsentRates) -> Chart:
    """What people used to decide."""
    table = Table(
        name="controls",
        caption=gettext("People by what they used to decide"),
        columns=(
            Column(key="control", title=gettext("How")),
            Column(key="deciders", title=gettext("Decided"), kind=Kind.COUNT),
        ),
        rows=tuple(
            (Cell(value=rate.value, words=str(CONTROLS.get(rate.value, rate.value))), rate.deciders)
            for rate in rates.of(By.CONTROL)
        ),
        sorted_by="deciders",
    )
    return Chart(
        title=gettext("How people decided"),
        kind=ChartKind.BARS,
        table=table,
        label="control",
        series=(Series(key="deciders", name=gettext("Decided")),),
        summary=gettext("Bars: how many people decided by each control."),
        how=gettext(
            "Each person counts once with each control that they used in these days: who first "
            "accepted all and later chose one by one counts in both."
        ),
        width="half",
    )


def grid_chart(rates: ConsentRates, by: By) -> Chart:
    """A square for each value and choice, with the share that allows it."""
    column, title = _TITLES[by]
    say = _SAY[by]
    cells = [(rate, choice) for rate in rates.of(by) for choice in CHOICES]
    table = Table(
        name=by.value,
        caption=str(title),
        columns=(
            Column(key=by.value, title=str(column)),
            Column(key="choice", title=gettext("Choice")),
            Column(key="deciders", title=gettext("Decided"), kind=Kind.COUNT),
            Column(key="allowed", title=gettext("Allow it"), kind=Kind.COUNT),
            Column(key="share", title=gettext("Share"), kind=Kind.SHARE),
        ),
        rows=tuple(_grid_row(rate, choice, say) for rate, choice in cells),
        can_sort=False,
    )
    return Chart(
        title=str(title),
        kind=ChartKind.HEATMAP,
        table=table,
        label=by.value,
        other="choice",
        series=(Series(key="share", name=gettext("allow it")),),
        summary=gettext("Squares: the share that allows each choice, a column for each value."),
        how=_how(),
        width="third",
    )


def language_name(code: str) -> str:
    """What speakers of a language call it; the code where that is not known."""
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code


def _grid_row(rate: Rate, choice: Choice, say: Callable[[Any], str]) -> tuple[Any, ...]:
    return (
        Cell(value=rate.value, words=say(rate.value)),
        Cell(value=_key(choice), words=str(CHOICES[choice])),
        rate.deciders,
        rate.allowed[choice],
        rate.share(choice),
    )


def _how() -> str:
    return gettext(
        "Of the people who decided in these days, the share for whom the choice is in force after "
        "their last decision: what they said, narrowed by the law of their place, their age and "
        "Global Privacy Control. Who only looked at the banner is not recorded and not counted. "
        "Numbers carry the same small noise as everywhere in this console, and no share is shown "
        "of fewer than %(few)s people."
    ) % {"few": FEWEST_FOR_STATISTICS}


def _key(choice: Choice) -> str:
    return (choice.name or "").lower()


def _say_version(version: int | None) -> str:
    return gettext("version %(n)s") % {"n": version} if version else gettext("none")


_SAY: Mapping[By, Callable[[Any], str]] = {
    By.REGIME: lambda value: str(REGIMES.get(value, value)),
    By.LANGUAGE: language_name,
    By.VERSION: _say_version,
}
