"""Filters and tags that every template has: words for values, and the components."""

import json
import re
from collections.abc import Callable
from typing import Any

from django import template
from django.forms import BoundField
from django.template.context import RequestContext
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from privet.catalogue.uses import Use
from privet.insight.rules import Period
from privet.web import uses, words
from privet.web.components.charts import Chart
from privet.web.components.figures import Figure
from privet.web.components.filters import Filters
from privet.web.components.pagination import Pages
from privet.web.components.tables import Cell, Column, Kind, Table
from privet.web.navigation import title_of
from privet.web.once import FIELD, new_value

register = template.Library()

register.filter("number", words.say_number)
register.filter("share", words.say_share)
register.filter("seconds", words.say_seconds)
register.filter("size", words.say_size)
register.filter("day", words.say_day)
register.filter("long_day", words.say_long_day)
register.filter("moment", words.say_moment)
register.filter("country", words.say_country)
register.filter("months", words.say_months)

# A key of Open edX (`course-v1:Org+Course+Run`), and the pieces of one.
_KEY = re.compile(r"(\b[a-z]+-v1:[^\s·]+)")
_PIECE = re.compile(r"[^:+]*[:+]|[^:+]+")
_MOST_HELD = 24
"""Characters that a line of a mail on a phone has room for beside numbers."""

_SAY: dict[Kind, Callable[[Any], str]] = {
    Kind.COUNT: words.say_number,
    Kind.SHARE: words.say_share,
    Kind.SECONDS: words.say_seconds,
    Kind.SIZE: words.say_size,
    Kind.DAY: words.say_listed_day,
    Kind.MOMENT: words.say_moment,
}

# JSON inside an element of a page: what could end the element is escaped.
_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@register.filter
def say(value: Any, kind: Kind) -> str:
    """A value in the words of its column's kind."""
    if value is None or value == "":
        return words.NOTHING
    in_words = _SAY.get(kind, str)
    return in_words(value)


@register.filter
def cell(pair: tuple[Column, Any]) -> SafeString:
    """A table's value as it stands in its cell."""
    column, value = pair
    match column.kind:
        case Kind.TAGS:
            tags = ((use_tag(Use[name.upper()]),) for name in value)
            return format_html('<span class="tags">{}</span>', format_html_join("", "{}", tags))
        case Kind.OUTCOME:
            return _outcome(value)
        case Kind.CODE:
            return format_html("<code>{}</code>", say(value, column.kind))
        case _:
            return _linked(value, column) if isinstance(value, Cell) else _said(value, column)


@register.filter
def cell_words(pair: tuple[Column, Any]) -> str:
    """A table's value in words alone, for a mail."""
    column, value = pair
    if isinstance(value, Cell):
        return value.words or say(value.value, column.kind)
    return say(value, column.kind)


@register.filter
def cell_about(pair: tuple[Column, Any]) -> str:
    """The quieter line below a table's value; empty without one."""
    return pair[1].about if isinstance(pair[1], Cell) else ""


@register.filter
def unbroken(text: str) -> SafeString:
    """A text whose course keys break after ``:`` and ``+`` alone, not at a hyphen."""
    return format_html_join("", "{}", ((_whole(part),) for part in _KEY.split(text)))


@register.filter
def breaking(text: str) -> SafeString:
    """A text whose course keys break where their parts end, for mail, which has no style sheet."""
    pieces = ((piece,) for part in _KEY.split(text) for piece in _pieces(part))
    return format_html_join(mark_safe("<wbr>"), "{}", pieces)


def _pieces(part: str) -> list[str]:
    return [_held(piece) for piece in _PIECE.findall(part)] if _KEY.fullmatch(part) else [part]


def _held(piece: str) -> str:
    """A piece that would break at its hyphen, in one line."""
    if "-" not in piece or len(piece) > _MOST_HELD:
        return piece
    return format_html('<span style="white-space:nowrap">{}</span>', piece)


def _whole(part: str) -> SafeString:
    if not _KEY.fullmatch(part):
        return format_html("{}", part)
    pieces = ((piece,) for piece in _PIECE.findall(part))
    return format_html_join("", '<span class="whole">{}</span>', pieces)


@register.filter
def use_tag(use: Use) -> SafeString:
    """A use's name with the colour of its category."""
    return format_html(
        '<span class="tag is-{}">{}</span>', uses.category_of(use), uses.name_of(use)
    )


@register.filter
def span(period: Period) -> str:
    """A period's days, saying only once what both ends share."""
    return words.say_span(period.first, period.last)


@register.filter
def use_name(use: Use) -> words.Words:
    """A use's name alone."""
    return uses.name_of(use)


@register.filter
def size_of_change(change: float) -> float:
    """How great a change is, whichever way it goes."""
    return abs(change)


@register.filter
def described(field: BoundField) -> SafeString:
    """A form's field that names its help and its faults for a screen reader."""
    ids = [f"{field.id_for_label}-help"] if field.help_text else []
    ids += [f"{field.id_for_label}-wrong"] if field.errors else []
    attributes: dict[str, str | bool] = {"placeholder": ""}
    if ids:
        attributes["aria-describedby"] = " ".join(ids)
    if field.errors:
        attributes["aria-invalid"] = "true"
    return field.as_widget(attrs=attributes)


@register.simple_tag
def json_script(value: Any, element_id: str) -> SafeString:
    """Data for a script, in an element that is no script itself."""
    body = json.dumps(value, ensure_ascii=False).translate(_ESCAPES)
    # What ends elements is escaped, so the body stays inside.
    return format_html(
        '<script id="{}" type="application/json">{}</script>',
        element_id,
        mark_safe(body),  # noqa: S308
    )


@register.simple_tag
def once() -> SafeString:
    """What lets a form act once, however often its button is pressed."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_value())


@register.inclusion_tag("components/chart.html")
def chart(chart: Chart) -> dict[str, Any]:
    """A picture with its table, its files and how it is counted."""
    return {"chart": chart}


@register.inclusion_tag("components/table.html")
def table(table: Table, *, listed: bool = False) -> dict[str, Any]:
    """Rows under titles that sort them; ``listed``: of words, which a phone shows as a list."""
    return {"table": table, "listed": listed}


@register.inclusion_tag("components/table_card.html")
def table_card(
    table: Table,
    title: str,
    how: str = "",
    width: str = "",
    empty: str = "",
    *,
    listed: bool = False,
) -> dict[str, Any]:
    """A table on a card of its own, with its files and how it is counted; ``listed`` as above."""
    return {
        "table": table,
        "title": title,
        "how": how,
        "width": width,
        "empty": empty,
        "listed": listed,
    }


@register.inclusion_tag("components/figures.html")
def figures(figures: list[Figure]) -> dict[str, Any]:
    """Numbers in a row, each with its name and its change."""
    return {"figures": figures}


@register.inclusion_tag("components/filters.html", takes_context=True)
def filters(context: RequestContext, filters: Filters) -> dict[str, Any]:
    """What the page can be narrowed by, all of it in the address, and the way to keep that."""
    request = context["request"]
    found = request.resolver_match
    # A page that is composed for a mail was not found by an address.
    name = found.url_name if found and found.namespace == "console" else ""
    return {
        "filters": filters,
        "request": request,
        "saves_as": name if title_of(name) else "",
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/pages.html")
def pages(pages: Pages) -> dict[str, Any]:
    """Where in a long list this is, and the ways on."""
    return {"pages": pages}


def _said(value: Any, column: Column) -> SafeString:
    if column.kind in (Kind.MOMENT, Kind.DAY):
        return format_html('<span class="whole">{}</span>', say(value, column.kind))
    return unbroken(say(value, column.kind))


def _linked(value: Cell, column: Column) -> SafeString:
    said = unbroken(value.words or say(value.value, column.kind))
    if value.link:
        said = format_html('<a href="{}">{}</a>', value.link, said)
    if value.about:
        said = format_html('{}<span class="about">{}</span>', said, unbroken(value.about))
    return said


def _outcome(value: Any) -> SafeString:
    if not value:
        return format_html('<span class="tag is-good">{}</span>', gettext("stored"))
    return format_html(
        '<span class="tag square is-bad">{}</span><span class="about">{}</span>',
        gettext("dropped"),
        value.words,
    )
