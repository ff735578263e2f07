"""One stored event in words: what, where, what for, on which basis, until when, and all of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext

from privet.catalogue.columns import COLUMNS
from privet.catalogue.registry import find_event
from privet.catalogue.uses import TERMS, Use
from privet.events.narrowing import retention_day
from privet.web.centre.kinds import HappeningKind, kind_of
from privet.web.circumstances import DEVICES, KINDS
from privet.web.uses import BASES
from privet.web.words import say_country, say_day, say_event

_SHOWN = ("country", "region", "network_kind", "organisation", "browser", "os", "device")
_LONGEST = 300


@dataclass(frozen=True, kw_only=True)
class Serving:
    """One use that a stored event may serve."""

    use: Use
    basis: str
    until: date
    """The first day on which it may no longer."""


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One stored event, for the person it is about."""

    time: datetime
    kind: HappeningKind
    what: str
    where: str
    servings: tuple[Serving, ...]
    source: str
    facts: tuple[tuple[str, str], ...]
    """What each field is, and its value."""

    @property
    def until(self) -> date:
        """When it is deleted: the end of its last use."""
        return max(serving.until for serving in self.servings)


def describe(row: Mapping[str, Any], *, sealed_days: int) -> Happening:
    """A row of the lake, all columns, in words."""
    uses = Use(row["uses"])
    happened, came = row["time"].date(), row["received"].date()
    day = retention_day(source=row["source"], happened=happened, came=came)
    return Happening(
        time=row["time"],
        kind=kind_of(row["name"]),
        what=say_event(row["name"]),
        where=_where(row),
        servings=tuple(_serving(use, day) for use in uses),
        source=_source(row["source"]),
        facts=tuple(_facts(row, sealed_days)),
    )


def _serving(use: Use, day: date) -> Serving:
    terms = TERMS[use]
    return Serving(use=use, basis=str(BASES[terms.basis]), until=terms.ends(day))


def _where(row: Mapping[str, Any]) -> str:
    detail = _detail(row)
    page = detail.get("title") or row["page_path"] or row["object"] or ""
    return " · ".join(str(part) for part in (page, row["course"]) if part)


def _source(source: str) -> str:
    kind, _, site = source.partition(":")
    said = {
        "web": gettext("Your browser told us, on %(site)s"),
        "api": gettext("The server of %(site)s told us"),
        "edx": gettext("From a log of %(site)s that was imported"),
    }
    return said[kind] % {"site": site} if kind in said else source


def _facts(row: Mapping[str, Any], sealed_days: int) -> Iterator[tuple[str, str]]:
    event = find_event(row["name"])
    for key, value in _detail(row).items():
        listed = event.by_name.get(key) if event else None
        yield (gettext(listed.says) if listed else key), _say(value)
    says = {column.name: column.says for column in COLUMNS}
    for name in ("page_path", "object", "referrer_host", "campaign"):
        if row[name]:
            yield gettext(says[name]), str(row[name])
    for name in _SHOWN:
        if row[name]:
            yield gettext(says[name]), _say_circumstance(name, str(row[name]))
    if row["sealed"]:
        until = row["time"].date() + timedelta(days=sealed_days)
        yield (
            gettext("Your address and your browser's full name"),
            gettext(
                "Sealed; nobody reads them but to stop misuse, and the key is destroyed after "
                "%(day)s"
            )
            % {"day": say_day(until)},
        )
    yield gettext("The name of this kind of event"), str(row["name"])


def _say_circumstance(name: str, value: str) -> str:
    match name:
        case "country":
            return say_country(value)
        case "network_kind":
            return str(KINDS.get(value, gettext("unknown")))
        case "device":
            return str(DEVICES.get(value, value))
        case _:
            return value


def _detail(row: Mapping[str, Any]) -> dict[str, Any]:
    return dict(json.loads(row["detail"])) if row["detail"] else {}


def _say(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
