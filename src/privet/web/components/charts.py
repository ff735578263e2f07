"""A chart: a picture made in the browser from the very table that stands below it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, assert_never

from django.utils.translation import get_language, gettext

from privet.web.components.tables import Cell, Column, Table, plain

_USUAL, _TALL, _HIGHEST = 260, 400, 640
_BAR, _SQUARE, _FLOW = 18, 34, 40
_AXIS, _LEGEND, _EDGE = 32, 32, 12


class ChartKind(StrEnum):
    """The pictures that the browser's script can draw."""

    LINE = "line"
    AREA = "area"
    """Several series lie on each other."""
    COLUMNS = "columns"
    """Upright bars, for what has an order: lengths, hours."""
    BARS = "bars"
    STACKED = "stacked"
    """Lying bars, each made of the series' parts."""
    INTERVALS = "intervals"
    """A point for each label with the interval it lies in; its series has ``low`` and ``high``."""
    HEATMAP = "heatmap"
    """Squares: ``label`` across, ``other`` down, the first series as the heat."""
    SANKEY = "sankey"
    """Flows from ``label`` to ``other``, as wide as the first series."""
    MAP = "map"


@dataclass(frozen=True, kw_only=True)
class Series:
    """One line or set of bars: a column of the table under a name."""

    key: str
    name: str
    is_earlier: bool = False
    """Drawn dashed and pale, as what the present is compared with."""
    low: str = ""
    high: str = ""
    """The columns of the ends of an interval."""
    tone: str = ""
    """The token of its colour, where that means something: ``alarm`` for what is bad."""
    tones: tuple[str, ...] = ()
    """The same for each bar of a series, in the rows' order; empty for one colour."""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A titled picture of a table, with how its figures are counted."""

    title: str
    kind: ChartKind
    table: Table
    label: str
    """The key of the column that names the points."""
    other: str = ""
    """The key of the second such column, where a picture has two: the rows, where a flow ends."""
    series: tuple[Series, ...]
    code: Callable[[str], str] = str
    """From a label's value to what the map knows it by."""
    how: str
    """How it is counted, in whole sentences."""
    summary: str
    """What the picture shows, for those who do not see it."""
    is_layered: bool = False
    """Whether the codes of a flow's ends begin with the layer they stand in, from 1."""
    is_unfinished: bool = False
    """Whether the last point is still going on, so that it is not drawn as a fall."""
    unit: str = ""
    """What the upright axis counts, written above it; empty where the title says it."""
    most: int = 0
    """Draw no more than the first so many rows; 0 for all."""
    name: str = ""
    """The picture's own name, where two are drawn from one table."""
    width: str = ""
    """``half``, ``third`` or ``two-thirds`` of the page on a wide screen."""
    is_tall: bool = False
    """Whether a picture of a height of its own choice is higher than usual."""
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

    @property
    def height(self) -> int:
        """How high the picture is, in pixels: kept by the page, so that nothing moves later."""
        drawn = self.table.rows[: self.most or None]
        legend = _LEGEND if len(self.series) > 1 else 0
        match self.kind:
            case ChartKind.BARS | ChartKind.STACKED | ChartKind.INTERVALS:
                side_by_side = len(self.series) if self.kind is ChartKind.BARS else 1
                axis = 0 if self.kind is ChartKind.BARS else _AXIS
                return len(drawn) * (16 + _BAR * side_by_side) + _EDGE + legend + axis
            case ChartKind.HEATMAP:
                return len(dict.fromkeys(self._words_of(self.other))) * _SQUARE + _AXIS + _EDGE
            case ChartKind.SANKEY:
                fullest = max(len(set(self._words_of(key))) for key in (self.label, self.other))
                return min(max(_USUAL, fullest * _FLOW), _HIGHEST)
            case ChartKind.LINE | ChartKind.AREA | ChartKind.COLUMNS | ChartKind.MAP:
                return _TALL if self.is_tall else _USUAL
            case _:
                assert_never(self.kind)

    def picture(self) -> dict[str, Any]:
        """What the browser's script draws."""
        drawn: dict[str, Any] = {
            "kind": self.kind.value,
            "language": get_language() or "en",
            "unit": self._column(self.series[0].key).kind.value,
            "axis": self.unit,
            "unfinished": gettext("so far") if self.is_unfinished else "",
            "labels": self._words_of(self.label),
            "codes": [self.code(value) for value in self._codes_of(self.label)],
            "series": [self._drawn(one) for one in self.series],
        }
        if self.other:
            drawn["layered"] = self.is_layered
            drawn["others"] = self._words_of(self.other)
            drawn["other_codes"] = [self.code(value) for value in self._codes_of(self.other)]
        return drawn

    def _drawn(self, one: Series) -> dict[str, Any]:
        ends = {"low": one.low, "high": one.high} if one.low else {}
        return {
            "name": one.name,
            "earlier": one.is_earlier,
            "tone": one.tone,
            "tones": list(one.tones),
            "values": self._values(one.key),
            **{end: self._values(key) for end, key in ends.items()},
        }

    def _values(self, key: str) -> list[Any]:
        return self.table.values(key)[: self.most or None]

    def _column(self, key: str) -> Column:
        return next(column for column in self.table.columns if column.key == key)

    def _labels(self, key: str) -> list[Any]:
        place = self.table.columns.index(self._column(key))
        return [row[place] for row in self.table.rows[: self.most or None]]

    def _words_of(self, key: str) -> list[str]:
        return [_words(label) for label in self._labels(key)]

    def _codes_of(self, key: str) -> list[str]:
        return [str(plain(label)) for label in self._labels(key)]


def _words(label: Any) -> str:
    return (label.words or str(label.value)) if isinstance(label, Cell) else str(label)
