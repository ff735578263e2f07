"""Words for pages: a path stands for all of its kind, and a star in it for any name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext

from privet.web.components.pagination import PAGE
from privet.web.components.tables import SORT

_IN_COURSE = "/courses/*/"
_FILES = ("table", "format")


@dataclass(frozen=True, kw_only=True)
class PageChoice:
    """A list of pages in a form of its own, which carries along what else the address says."""

    name: str
    label: str
    chosen: str
    options: tuple[tuple[str, str], ...]
    """The value and the words of each page."""


def say_page(path: str) -> str:
    """A path as people read it: ``/courses/…`` for a course, ``…/units/2`` for what is in it."""
    short = f"*/{path.removeprefix(_IN_COURSE)}" if path.startswith(_IN_COURSE) else path
    return short.replace("*", "…") or gettext("unknown page")


def choose_page(name: str, label: str, chosen: str, pages: Iterable[str]) -> PageChoice:
    """The choice of one page among those that occur; what an address asks for is among them."""
    known = sorted({*pages, chosen} - {""})
    options = tuple((path, say_page(path)) for path in known)
    return PageChoice(name=name, label=label, chosen=chosen, options=options)


def kept_values(query: QueryDict, *without: str) -> Sequence[tuple[str, str]]:
    """What a form with such choices carries along of the address."""
    gone = {*without, *_FILES, SORT, PAGE}
    return [(key, str(value)) for key, value in query.items() if key not in gone]
