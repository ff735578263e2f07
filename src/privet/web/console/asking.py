"""From an address to a question for the lake, and from tables to a page or a file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from privet.accounts.registry import institution_names
from privet.accounts.rules import Act
from privet.catalogue.registry import EVENTS
from privet.events.query import Scope
from privet.insight.answers import Noted, begin_noting
from privet.insight.asking import (
    Coverage,
    Options,
    Question,
    find_options,
    find_span,
    measure_coverage,
)
from privet.insight.rules import Period
from privet.kernel.clock import SystemClock
from privet.web.circumstances import DEVICES, KINDS
from privet.web.components.filters import (
    Filters,
    FurtherList,
    Narrowing,
    make_filters,
    read_narrowing,
)
from privet.web.components.tables import Table, as_csv, as_json, find_table
from privet.web.permission import viewer_of
from privet.web.words import say_country, say_span

_SAY: dict[str, Callable[[str], str]] = {
    "country": say_country,
    "device": lambda value: str(DEVICES.get(value, value)),
    "network_kind": lambda value: str(KINDS.get(value, value)),
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What an address asks, in whose name, and the frame for the answer."""

    question: Question
    narrowing: Narrowing
    filters: Filters
    coverage: Coverage
    institutions: Mapping[str, str]
    span: Period | None
    is_unfinished: bool
    """Whether the period ends today."""
    noted: Noted
    """From when the answers are, known when the page has asked all it shows."""

    def context(self) -> dict[str, Any]:
        """What the page's frame shows of it."""
        return {
            "filters": self.filters,
            "coverage": self.coverage,
            "scope_words": _scope_words(self),
            "is_empty": self.span is None,
            "span": self.span,
            "noted": self.noted,
        }


def read_question(
    request: HttpRequest,
    *,
    with_events: bool = False,
    with_grain: bool = False,
    further: tuple[str, ...] = (),
) -> Asked:
    """Read the address; the viewer's roles settle how far the answer may reach.

    ``further`` names lists of `privet.insight.asking.FURTHER` that the page can be narrowed by.
    """
    viewer = viewer_of(request)
    noted = begin_noting()
    scope = Scope(institutions=viewer.institutions_for(Act.SEE_STATISTICS))
    span = find_span(scope=scope, by=viewer.by)
    today = SystemClock().now().astimezone(UTC).date()
    narrowing = read_narrowing(request.GET, today=today, span=span, further=further)
    question = Question(
        period=narrowing.period,
        scope=scope,
        by=viewer.by,
        institution=narrowing.institution,
        course=narrowing.course,
        event=narrowing.event if with_events else "",
        asked_grain=narrowing.grain if with_grain else None,
        further=narrowing.further,
    )
    options = find_options(question, further=further)
    names = _names(options)
    filters = make_filters(
        narrowing,
        request.GET,
        institutions=names,
        courses=options.courses,
        events=event_words() if with_events else None,
        further=[further_list(key, options.further[key]) for key in further],
        with_grain=with_grain,
    )
    return Asked(
        question=question,
        narrowing=narrowing,
        filters=filters,
        coverage=measure_coverage(question),
        institutions=names,
        span=span,
        is_unfinished=narrowing.period.last >= today,
        noted=noted,
    )


class Dashboard(TemplateResponse):
    """A page that is drawn when it is sent; until then a mail can be made of the same figures."""

    def __init__(
        self,
        request: HttpRequest,
        template: str,
        context: dict[str, Any],
        *,
        tables: Sequence[Table],
    ) -> None:
        super().__init__(request, template, context)
        self.tables = tables


def respond(
    request: HttpRequest, template: str, tables: Sequence[Table], context: Mapping[str, Any]
) -> HttpResponse:
    """The page, or the one of its tables that the address asks for as a file."""
    form, name = request.GET.get("format", ""), request.GET.get("table", "")
    if not form:
        return Dashboard(request, template, dict(context), tables=tables)
    table = find_table(tables, name)
    if table is None or form not in ("csv", "json"):
        raise Http404
    filename = f"privet-{table.name}"
    return as_csv(table, filename) if form == "csv" else as_json(table, filename)


def further_list(key: str, values: Sequence[str]) -> FurtherList:
    """A list of `privet.insight.asking.FURTHER` with the words of its title and its values."""
    titles = {
        "country": gettext("Country"),
        "device": gettext("Device"),
        "mode": gettext("Mode"),
        "network_kind": gettext("Network"),
    }
    said = {value: _SAY.get(key, str)(value) for value in values}
    return FurtherList(
        key=key,
        title=titles[key],
        values=dict(sorted(said.items(), key=lambda pair: pair[1].casefold())),
    )


def event_words() -> dict[str, str]:
    """All events of the catalogue with what the filter calls them: their own names."""
    return {name: name for name in sorted(EVENTS)}


def _names(options: Options) -> dict[str, str]:
    known = institution_names()
    return {slug: known.get(slug, slug) for slug in options.institutions}


def _scope_words(asked: Asked) -> str:
    chosen = asked.narrowing.institution
    where = asked.institutions.get(chosen, chosen) or _whole_scope(asked)
    period = asked.question.period
    words = [where, f"{say_span(period.first, period.last)} (UTC)"]
    if asked.narrowing.course:
        words.insert(1, asked.narrowing.course)
    if asked.question.event:
        words.append(asked.question.event)
    for key, value in asked.question.further.items():
        words.append(further_list(key, [value]).values[value])
    return " · ".join(words)


def _whole_scope(asked: Asked) -> str:
    institutions = asked.question.scope.institutions
    if institutions is None:
        return gettext("All institutions")
    known = institution_names()
    return ", ".join(known.get(slug, slug) for slug in sorted(institutions))
