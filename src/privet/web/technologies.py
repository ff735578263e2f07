"""Cookies and similar technologies in words: kinds, parties, categories, lifetimes."""

import re
from collections.abc import Callable, Mapping

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from privet.consent.members.rules import EntryState
from privet.consent.registry import Category, Party, Technology, TechnologyKind
from privet.consent.scan.shapes import DriftKind, SetBy, Step
from privet.consent.technologies import SESSION, UNLIMITED
from privet.web.words import Words

KINDS: Mapping[TechnologyKind, Words] = {
    TechnologyKind.COOKIE: _("cookie"),
    TechnologyKind.LOCAL_STORAGE: _("local storage"),
    TechnologyKind.SESSION_STORAGE: _("session storage"),
    TechnologyKind.INDEXED_DB: _("database in the browser"),
    TechnologyKind.CACHE: _("cache of a site"),
    TechnologyKind.PIXEL: _("pixel"),
    TechnologyKind.SCRIPT: _("script"),
    TechnologyKind.IFRAME: _("frame of another page"),
    TechnologyKind.BEACON: _("beacon"),
}
PARTIES: Mapping[Party, Words] = {Party.FIRST: _("first party"), Party.THIRD: _("third party")}
CATEGORIES: Mapping[Category, Words] = {
    Category.NECESSARY: _("Strictly necessary"),
    Category.PERFORMANCE: _("Performance"),
    Category.FUNCTIONALITY: _("Functionality"),
    Category.TARGETING: _("Targeting"),
}
STATES: Mapping[EntryState, Words] = {
    EntryState.PROPOSED: _("waits for review"),
    EntryState.ACCEPTED: _("in force"),
    EntryState.REFUSED: _("refused"),
    EntryState.WITHDRAWN: _("withdrawn"),
}
DRIFTS: Mapping[DriftKind, Words] = {
    DriftKind.UNREGISTERED: _("not registered"),
    DriftKind.WRONG_CATEGORY: _("before its category was allowed"),
    DriftKind.WRONG_LIFETIME: _("stays longer than registered"),
    DriftKind.AFTER_WITHDRAWAL: _("there after withdrawal"),
    DriftKind.NO_BANNER: _("the banner was not visible"),
}
SETTERS: Mapping[SetBy, Words] = {
    SetBy.HEADER: _("by a server's answer"),
    SetBy.SCRIPT: _("by a script"),
    SetBy.COOKIE_STORE: _("by a script, in the cookie store"),
    SetBy.MARKUP: _("by the page's own text"),
    SetBy.REDIRECT: _("by a redirection"),
    SetBy.WORKER: _("by a worker of the browser"),
    SetBy.UNKNOWN: _("nobody was seen setting it"),
}
STEPS: Mapping[Step, Words] = {
    Step.NO_ACTION: _("nothing decided"),
    Step.REJECT: _("all rejected"),
    Step.ACCEPT: _("all accepted"),
    Step.ONLY_PERFORMANCE: _("only performance"),
    Step.ONLY_FUNCTIONALITY: _("only functionality"),
    Step.ONLY_TARGETING: _("only targeting"),
    Step.GPC: _("Global Privacy Control"),
    Step.WITHDRAW: _("accepted, then withdrawn"),
    Step.ROUTE: _("on within the page"),
    Step.SIGNED_IN: _("signed in"),
    Step.COURSE: _("inside a course"),
}
_PART = re.compile(r"(\d+)([A-Z])")


def say_lifetime(lifetime: str) -> str:
    """How long something lives: an ISO 8601 period, ``session`` or ``unlimited``, in words."""
    if lifetime == SESSION:
        return gettext("until the browser is closed")
    if lifetime == UNLIMITED:
        return gettext("until it is cleared")
    day, _letter, time = lifetime.removeprefix("P").partition("T")
    parts = [*_parts(day, _DATES), *_parts(time, _TIMES)]
    return ", ".join(parts) or lifetime


def say_lifetimes(technology: Technology) -> str:
    """The declared lifetime, and the effective one where a browser makes it shorter."""
    declared, effective = technology.lifetime, technology.effective_lifetime
    if declared == effective:
        return say_lifetime(declared)
    return gettext("%(declared)s declared, %(effective)s in effect") % {
        "declared": say_lifetime(declared), "effective": say_lifetime(effective),
    }  # fmt: skip


def _parts(text: str, say: Mapping[str, Callable[[int], str]]) -> list[str]:
    return [say[unit](int(number)) for number, unit in _PART.findall(text)]


def _years(n: int) -> str:
    return ngettext("%(n)s year", "%(n)s years", n) % {"n": n}


def _months(n: int) -> str:
    return ngettext("%(n)s month", "%(n)s months", n) % {"n": n}


def _weeks(n: int) -> str:
    return ngettext("%(n)s week", "%(n)s weeks", n) % {"n": n}


def _days(n: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}


def _hours(n: int) -> str:
    return ngettext("%(n)s hour", "%(n)s hours", n) % {"n": n}


def _minutes(n: int) -> str:
    return ngettext("%(n)s minute", "%(n)s minutes", n) % {"n": n}


def _seconds(n: int) -> str:
    return ngettext("%(n)s second", "%(n)s seconds", n) % {"n": n}


_DATES = {"Y": _years, "M": _months, "W": _weeks, "D": _days}
_TIMES = {"H": _hours, "M": _minutes, "S": _seconds}
