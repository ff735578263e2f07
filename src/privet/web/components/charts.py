"""A chart: a picture made in the browser from the very table that stands below it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import get_language, gettext

from privet.web.components.tables import Cell, Table, plain


class ChartKind(StrEnum):
    """The pictures that the browser's script can draw."""

    LINE = "line"
    BARS = "bars"
    MAP = "map"


@dataclass(frozen=True, kw_only=True)
class Series:
    """One line or set of bars: a column of the table under a name."""

    key: str
    name: str
    is_earlier: bool = False
    """Drawn dashed and pale, as what the present is compared with."""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A titled picture of a table, with how its figures are counted."""

    title: str
    kind: ChartKind
    table: Table
    label: str
    """The key of the column that names the points."""
    series: tuple[Series, ...]
    code: Callable[[str], str] = str
    """From a label's value to what the map knows it by."""
    how: str
    """How it is counted, in whole sentences."""
    summary: str
    """What the picture shows, for those who do not see it."""
    is_unfinished: bool = False
    """Whether the last point is still going on, so that it is not drawn as a fall."""
    most: int = 0
    """Draw no more than the first so many rows; 0 for all."""
    name: str = ""
    """The picture's own name, where two are drawn from one table."""
    width: str = ""
    """``half``, ``third`` or ``two-thirds`` of the page on a wide screen."""
    is_tall: bool = False
    attribution: str = ""
    attribution_link: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.table.rows

    @property
    def element_id(self) -> str:
        """The id of its element on the page."""
        return f"chart-{self.name or self.table.name}"

    def picture(self) -> dict[str, Any]:
        """What the browser's script draws."""
        rows = slice(0, self.most or None)
        place = [column.key for column in self.table.columns].index(self.label)
        labels = [row[place] for row in self.table.rows[rows]]
        return {
            "kind": self.kind.value,
            "language": get_language() or "en",
            "unfinished": gettext("so far") if self.is_unfinished else "",
            "labels": [_words(label) for label in labels],
            "codes": [self.code(str(plain(label))) for label in labels],
            "series": [
                {
                    "name": one.name,
                    "earlier": one.is_earlier,
                    "values": self.table.values(one.key)[rows],
                }
                for one in self.series
            ],
        }


def _words(label: Any) -> str:
    return (label.words or str(label.value)) if isinstance(label, Cell) else str(label)
