"""Consent rates: who allows what, over time and by regime, language and version of the notice."""

from dataclasses import dataclass, replace
from datetime import UTC

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from privet.accounts.rules import Act
from privet.consent.places import Regime
from privet.insight.consent_rates import (
    By,
    first_decision_day,
    published_texts,
    show_rates,
)
from privet.insight.rules import Grain, Period
from privet.kernel.clock import SystemClock
from privet.web.components.filters import (
    Filters,
    FurtherList,
    Narrowing,
    make_filters,
    read_narrowing,
)
from privet.web.console.asking import respond
from privet.web.console.consent_charts import (
    REGIMES,
    categories_chart,
    controls_chart,
    figures,
    grid_chart,
    language_name,
    over_time_chart,
)
from privet.web.permission import everywhere, opens_to
from privet.web.words import say_span

_FURTHER = ("regime", "language", "version")
_NOT_ASKED = 2
"""The lists of institutions and courses: a decision is about the site."""


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What an address asks, as far as it makes sense."""

    narrowing: Narrowing
    grain: Grain
    regime: str
    language: str
    version: int | None


@opens_to(everywhere(Act.SEE_CONSENT_LEDGER))
@require_safe
def consent(request: HttpRequest) -> HttpResponse:
    """The page, or one of its tables."""
    today = SystemClock().now().astimezone(UTC).date()
    first = first_decision_day()
    asked = _read(request, Period(first=first, last=today) if first else None)
    period = asked.narrowing.period
    rates = show_rates(
        period,
        grain=asked.grain,
        regime=asked.regime,
        language=asked.language,
        version=asked.version,
    )
    charts = {
        "over_time": over_time_chart(rates, asked.grain, is_unfinished=period.last >= today),
        "categories": categories_chart(rates),
        "regimes": grid_chart(rates, By.REGIME),
        "languages": grid_chart(rates, By.LANGUAGE),
        "versions": grid_chart(rates, By.VERSION),
        "controls": controls_chart(rates),
    }
    charts = {
        name: replace(chart, table=chart.table.at(request.GET)) for name, chart in charts.items()
    }
    context = {
        **charts,
        "is_empty": first is None,
        "has_few": rates.total is None,
        "scope_words": f"{say_span(period.first, period.last)} (UTC)",
        "filters": _filters(request, asked),
        "figures": figures(rates),
    }
    tables = [chart.table for chart in charts.values()]
    return respond(request, "console/consent.html", tables, context)


def _read(request: HttpRequest, span: Period | None) -> _Asked:
    today = SystemClock().now().astimezone(UTC).date()
    narrowing = read_narrowing(request.GET, today=today, span=span, further=_FURTHER)
    chosen = narrowing.further
    regime, version = chosen.get("regime", ""), chosen.get("version", "")
    return _Asked(
        narrowing=narrowing,
        grain=narrowing.period.grain_for(narrowing.grain),
        regime=regime if regime in {one.value for one in Regime} else "",
        language=chosen.get("language", ""),
        version=int(version[:9]) if version.isascii() and version.isdecimal() else None,
    )


def _filters(request: HttpRequest, asked: _Asked) -> Filters:
    versions, languages = published_texts()
    lists = [
        FurtherList(
            key="regime",
            title=gettext("Regime"),
            values={one.value: str(REGIMES[one]) for one in Regime},
        ),
        FurtherList(
            key="language",
            title=gettext("Language"),
            values={one: language_name(one) for one in languages},
        ),
        FurtherList(
            key="version",
            title=gettext("Notice"),
            values={str(one): gettext("version %(n)s") % {"n": one} for one in versions},
        ),
    ]
    made = make_filters(
        asked.narrowing, request.GET, institutions={}, courses=(), further=lists, with_grain=True
    )
    return replace(made, lists=made.lists[_NOT_ASKED:])
