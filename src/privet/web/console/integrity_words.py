"""Words and forms that the pages of integrity's measures share."""

from collections.abc import Iterable
from math import isinf

from django.utils.translation import gettext

from privet.web.components.tables import Cell
from privet.web.console.page_names import PageChoice
from privet.web.words import THIN, say_decimal

NO_BOUND = "∞"
_MOST_SAID = 99


def percent(share: float) -> Cell:
    """A small share, which whole percents would not tell from another."""
    return Cell(value=round(share, 6), words=f"{say_decimal(share * 100, 1)}{THIN}%")


def times(ratio: float | None) -> Cell | None:
    """How many times as often; a ratio without an end is none in files."""
    if ratio is None:
        return None
    if isinf(ratio):
        return Cell(value=None, words=NO_BOUND)
    words = say_decimal(ratio, 2) if ratio < _MOST_SAID else f"> {_MOST_SAID}"
    return Cell(value=round(ratio, 4), words=words)


def choose(name: str, label: str, chosen: str, options: Iterable[tuple[str, str]]) -> PageChoice:
    """A list to choose from in a form of the page."""
    return PageChoice(name=name, label=label, chosen=chosen, options=tuple(options))


def course_choice(chosen: str, courses: Iterable[str]) -> PageChoice:
    """The courses to choose from."""
    return choose("course", gettext("Course"), chosen, ((one, one) for one in courses))
