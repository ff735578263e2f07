"""How numbers, times, places and uses are said, in the language of the page."""

import json
from datetime import date, datetime
from functools import cache
from importlib.resources import files

from django.utils import formats
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, ngettext, pgettext

from privet.catalogue.registry import find_event

Words = str | Promise
"""What can be shown: said now, or in the language of whoever reads it."""

THIN = "\N{NARROW NO-BREAK SPACE}"
DASH = "\N{EN DASH}"
NOTHING = DASH
_MINUTE = 60
_HOUR = 3600


def say_number(value: float | None) -> str:
    """A whole number in groups of three, as the language writes them."""
    if value is None:
        return NOTHING
    return formats.number_format(round(value), use_l10n=True, force_grouping=True)


def say_decimal(value: float, places: int) -> str:
    """A number rounded to so many decimal places, as the language writes them.

    Django alone would cut off what is over; zero is added so that none is shown as less than none.
    """
    rounded = round(value, places) + 0.0
    return formats.number_format(rounded, decimal_pos=places, use_l10n=True)


def say_share(share: float | None) -> str:
    """A share as a whole percentage; what is there but small does not become 0 %."""
    if share is None:
        return NOTHING
    percent = share * 100
    if 0 < percent < 1:
        return f"<{THIN}1{THIN}%"
    return f"{say_number(round(percent))}{THIN}%"


def say_seconds(seconds: float | None) -> str:
    """A length of time in its two greatest units."""
    if seconds is None:
        return NOTHING
    whole = round(seconds)
    if whole < _MINUTE:
        return gettext("%(n)s s") % {"n": whole}
    if whole < _HOUR:
        return gettext("%(n)s min") % {"n": round(whole / _MINUTE)}
    hours, rest = divmod(round(whole / _MINUTE), 60)
    if hours < 48:
        return gettext("%(h)s h %(m)s min") % {"h": hours, "m": rest}
    return ngettext("%(n)s day", "%(n)s days", hours // 24) % {"n": hours // 24}


def say_size(size: float | None) -> str:
    """A number of bytes in the greatest unit that leaves a whole number."""
    if size is None:
        return NOTHING
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{say_number(size)}{THIN}{unit}"
        size /= 1000
    return f"{say_number(size)}{THIN}TB"


def say_day(day: date) -> str:
    """A day with its month in words: 3 October 2026."""
    return formats.date_format(day, pgettext("date format", "j F Y"))


def say_listed_day(day: date) -> str:
    """A day in a column of days: 3 Oct 2026."""
    return formats.date_format(day, pgettext("date format", "j M Y"))


def say_short_day(day: date) -> str:
    """A day for the axis of a chart: 3 Oct."""
    return formats.date_format(day, pgettext("date format", "j M"))


def say_long_day(day: date) -> str:
    """A day with the day of the week: Saturday 3 October 2026."""
    return formats.date_format(day, pgettext("date format", "l j F Y"))


def say_month(month: date) -> str:
    """A month and its year: October 2026."""
    return formats.date_format(month, pgettext("date format", "F Y"))


def say_event(name: str) -> str:
    """What an event tells of a learner, as the catalogue says it; its name if it is not listed."""
    event = find_event(name)
    return gettext(event.says) if event else name


def quote_event(name: str) -> str:
    """The same for staff, beside the event's name: what its learner reads, as a quotation."""
    said = say_event(name)
    return "" if said == name else f"“{said}”"


def say_moment(moment: datetime | None) -> str:
    """Day and time to the minute, with the zone beside it."""
    if moment is None:
        return NOTHING
    local = localtime(moment)
    said = formats.date_format(local, pgettext("date format", "j M Y, H:i"))
    return f"{said} {local.tzname()}"


def say_time(moment: datetime) -> str:
    """The time to the second; the zone stands in the column's title."""
    return f"{localtime(moment):%H:%M:%S}"


def say_span(first: date, last: date) -> str:
    """A stretch of days, saying only once what both ends share."""
    if first == last:
        return say_day(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}{DASH}{say_day(last)}"
    if first.year == last.year:
        begin = formats.date_format(first, pgettext("date format", "j F"))
        return f"{begin} {DASH} {say_day(last)}"
    return f"{say_day(first)} {DASH} {say_day(last)}"


def say_months(months: int) -> str:
    """A number of months in years where they are whole."""
    if months % 12 == 0:
        return ngettext("%(n)s year", "%(n)s years", months // 12) % {"n": months // 12}
    return ngettext("%(n)s month", "%(n)s months", months) % {"n": months}


def say_country(code: str) -> str:
    """A country's name (CLDR); the code itself where there is none."""
    names = _countries().get(code)
    return names.get(get_language() or "en", names["en"]) if names else code


def country_number(code: str) -> str:
    """The country's ISO 3166-1 number, by which the map knows it; empty if it has none."""
    names = _countries().get(code)
    return names["number"] if names else ""


@cache
def _countries() -> dict[str, dict[str, str]]:
    text = (files("privet.web") / "countries.json").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = json.loads(text)
    return found
