"""What a page is narrowed by: read from the address, shown as lists, each choice a link."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext, ngettext

from privet.insight.rules import EARLIEST, LATEST, Grain, Period, can_be_asked, last_days
from privet.web.components.pagination import PAGE
from privet.web.components.tables import SORT, address
from privet.web.words import say_span

PRESETS = (7, 28, 90, 365)
USUAL_DAYS = 28
ALL_TIME = "all"
GRAIN = "grain"
_LONGEST = 200
_MOST_DAYS = 36_500
_PERIOD_KEYS = ("from", "to", "days")


@dataclass(frozen=True, kw_only=True)
class Narrowing:
    """What an address asks for, as far as it can be understood."""

    period: Period
    preset: str = str(USUAL_DAYS)
    """The number of days or ``all``; empty if both ends are given."""
    institution: str = ""
    course: str = ""
    event: str = ""
    compares: bool = True
    grain: Grain | None = None
    """How finely time is shown; none for what suits the period."""
    further: Mapping[str, str] = field(default_factory=dict)
    """What is chosen of the page's further lists."""
    fault: str = ""
    """What could not be understood, and what is shown instead."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One choice in a list."""

    words: str
    link: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class FurtherList:
    """One more list that a page can be narrowed by: its title, and the words of its values."""

    key: str
    title: str
    values: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ListFilter:
    """A filter with its choices."""

    name: str
    chosen: str
    options: tuple[Option, ...]
    is_period: bool = False
    kept: tuple[tuple[str, str], ...] = ()
    """What a form for other days carries along."""


@dataclass(frozen=True, kw_only=True)
class Filters:
    """All filters of a page, for the template."""

    period: Period
    lists: tuple[ListFilter, ...]
    is_narrowed: bool
    fault: str


def read_narrowing(
    query: QueryDict, *, today: date, span: Period | None, further: Sequence[str] = ()
) -> Narrowing:
    """Read an address; ``span`` is the time there are events of, none if there are none yet.

    ``further`` are the keys of the page's further lists.
    """
    fault = ""
    try:
        period, preset = _read_period(query, today, span)
    except _DaysError as error:
        period, preset = last_days(USUAL_DAYS, today=today), str(USUAL_DAYS)
        instead = gettext("The last 28 days are shown instead.")
        fault = f"{error} {instead}"
    return Narrowing(
        period=period,
        preset=preset,
        institution=query.get("institution", "")[:_LONGEST],
        course=query.get("course", "")[:_LONGEST],
        event=query.get("event", "")[:_LONGEST],
        # Before all time there is nothing.
        compares=query.get("compare", "before") != "none" and preset != ALL_TIME,
        grain=_read_grain(query.get(GRAIN, "")),
        further={key: query.get(key, "")[:_LONGEST] for key in further if query.get(key)},
        fault=fault,
    )


def make_filters(
    narrowing: Narrowing,
    query: QueryDict,
    *,
    institutions: Mapping[str, str],
    courses: Sequence[str],
    events: Mapping[str, str] | None = None,
    further: Sequence[FurtherList] = (),
    with_grain: bool = False,
) -> Filters:
    """The filters of a page; ``institutions`` and ``events`` map what is asked to its words.

    A page without ``events`` neither filters by event nor compares.
    """
    encoded = query.urlencode()
    lists = [
        _names(gettext("Institution"), "institution", narrowing.institution, institutions, encoded),
        _names(gettext("Course"), "course", narrowing.course, {c: c for c in courses}, encoded),
        _period(narrowing, query),
    ]
    lists += [
        _names(one.title, one.key, narrowing.further.get(one.key, ""), one.values, encoded)
        for one in further
    ]
    if with_grain:
        lists.append(_grain(narrowing, encoded))
    if events is not None:
        lists.append(_names(gettext("Event"), "event", narrowing.event, events, encoded))
        lists.append(_compare(narrowing, encoded))
    asked = any(key not in (SORT, PAGE) for key in query)
    return Filters(
        period=narrowing.period, lists=tuple(lists), is_narrowed=asked, fault=narrowing.fault
    )


def _read_grain(wanted: str) -> Grain | None:
    return Grain(wanted) if wanted in {grain.value for grain in Grain} else None


class _DaysError(Exception):
    """Says what is wrong with the days of an address."""


def _read_period(query: QueryDict, today: date, span: Period | None) -> tuple[Period, str]:
    first, last = query.get("from", ""), query.get("to", "")
    if first or last:
        return _read_ends(first, last, today), ""
    days = query.get("days", str(USUAL_DAYS))
    if days == ALL_TIME:
        return span or last_days(USUAL_DAYS, today=today), ALL_TIME
    is_number = days.isascii() and days.isdecimal() and len(days) <= len(str(_MOST_DAYS))
    if not is_number or not 1 <= int(days) <= _MOST_DAYS:
        raise _DaysError(gettext("These days could not be read."))
    return last_days(int(days), today=today), days


def _read_ends(first: str, last: str, today: date) -> Period:
    """The days from one to the other, as far as they have come."""
    try:
        period = Period(first=date.fromisoformat(first), last=date.fromisoformat(last))
    except ValueError as error:
        raise _DaysError(gettext("These days could not be read.")) from error
    if period.last < period.first:
        raise _DaysError(gettext("The last day is before the first."))
    if not can_be_asked(period.first, period.last):
        said = gettext("Only days from %(first)s to %(last)s can be shown.")
        raise _DaysError(said % {"first": EARLIEST.year, "last": LATEST.year})
    return replace(period, last=today) if period.first <= today < period.last else period


def _names(name: str, key: str, chosen: str, known: Mapping[str, str], encoded: str) -> ListFilter:
    # Another institution has other courses; another list begins at its first page.
    clear = {"course": "", PAGE: ""} if key == "institution" else {PAGE: ""}
    every = gettext("all")
    options = [
        Option(words=every, link=address(encoded, **{**clear, key: ""}), is_chosen=not chosen)
    ]
    for value, words in known.items():
        link = address(encoded, **{**clear, key: value})
        options.append(Option(words=words, link=link, is_chosen=value == chosen))
    said = known.get(chosen, chosen) if chosen else every
    return ListFilter(name=name, chosen=said, options=tuple(options))


def _period(narrowing: Narrowing, query: QueryDict) -> ListFilter:
    encoded = query.urlencode()
    bare = {"from": "", "to": "", PAGE: ""}
    presets = {str(days): _say_days(days) for days in PRESETS} | {ALL_TIME: gettext("all time")}
    options = tuple(
        Option(
            words=words,
            link=address(encoded, **{**bare, "days": preset}),
            is_chosen=preset == narrowing.preset,
        )
        for preset, words in presets.items()
    )
    if narrowing.preset.isdecimal():
        chosen = _say_days(int(narrowing.preset))
    else:
        chosen = presets.get(narrowing.preset) or say_span(
            narrowing.period.first, narrowing.period.last
        )
    kept = tuple((k, str(v)) for k, v in query.items() if k not in (*_PERIOD_KEYS, PAGE, SORT))
    return ListFilter(
        name=gettext("Days"), chosen=chosen, options=options, is_period=True, kept=kept
    )


def _grain(narrowing: Narrowing, encoded: str) -> ListFilter:
    words = {
        Grain.DAY: gettext("day"), Grain.WEEK: gettext("week"), Grain.MONTH: gettext("month"),
    }  # fmt: skip
    shown = narrowing.period.grain_for(narrowing.grain)
    options = tuple(
        Option(words=said, link=address(encoded, **{GRAIN: grain.value}), is_chosen=grain is shown)
        for grain, said in words.items()
        if narrowing.period.grain_for(grain) is grain
    )
    return ListFilter(name=gettext("By"), chosen=words[shown], options=options)


def _compare(narrowing: Narrowing, encoded: str) -> ListFilter:
    words = {"before": gettext("the days before"), "none": gettext("nothing")}
    chosen = "before" if narrowing.compares else "none"
    options = tuple(
        Option(words=said, link=address(encoded, compare=value), is_chosen=value == chosen)
        for value, said in words.items()
    )
    return ListFilter(name=gettext("Compare with"), chosen=words[chosen], options=options)


def _say_days(days: int) -> str:
    return ngettext("last day", "last %(n)s days", days) % {"n": days}
