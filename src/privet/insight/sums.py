"""An answer as it is before protection: sums over learners, from which one's share can be taken.

Numbers of learners, their keys, amounts and spreads are sums of what each learner adds. The
largest part of one learner is not: what it is when they are gone is mostly clear, and where it is
not, the answer has to be worked out anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from privet.events.query import MOST_ROWS, Result
from privet.insight.protection import KEY, LEARNERS, STAT, TOP, Shape, Spoken, shape_of
from privet.insight.spreads import read_spread

Cell = dict[str, Any]
Key = tuple[Any, ...]
_ROUNDING = 1e-12
"""What is left of an amount when all of it was taken, at most so much of it, is nothing."""


@dataclass(frozen=True)
class Sums:
    """The rows of a whole answer by what tells them apart."""

    shape: Shape
    cells: Mapping[Key, Cell]

    @property
    def size(self) -> int:
        """About how many values it keeps in memory."""
        spreads = self.shape.spreads
        values = sum(len(cell[name].numbers) for cell in self.cells.values() for name in spreads)
        return values + sum(map(len, self.cells.values()))

    def less(self, share: "Sums") -> "Sums | None":
        """Without some learners' share; none if what is left cannot be told from it."""
        cells = dict(self.cells)
        for key, part in share.of_somebody():
            cell = _less(cells.get(key), part, self.shape)
            if cell is None:
                return None
            cells[key] = cell
            if self.shape.dimensions and not _is_of_somebody(cell, self.shape):
                del cells[key]
        return Sums(self.shape, cells)

    def plus(self, share: "Sums") -> "Sums | None":
        """With some learners' share; none if a row would be of them alone, which is rare."""
        cells = dict(self.cells)
        for key, part in share.of_somebody():
            cell = _plus(cells.get(key), part, self.shape)
            if cell is None:
                return None
            cells[key] = cell
        return Sums(self.shape, cells)

    def of_somebody(self) -> list[tuple[Key, Cell]]:
        """The rows in which a learner counts."""
        return [one for one in self.cells.items() if _is_of_somebody(one[1], self.shape)]

    def result(self, spoken: Spoken, *, limit: int | None) -> Result:
        """The rows as the query outputs them: the first of them by what is true."""
        rows = list(self.cells.values())
        for name in reversed(self.shape.dimensions):
            rows.sort(key=lambda row: _upwards(row.get(name)))
        for name, is_down in reversed(spoken.order):
            rank = _downwards if is_down else _upwards
            rows.sort(key=lambda row: rank(row.get(name)), reverse=is_down)
        told = [_told(row, self.shape, spoken) for row in rows[:limit]]
        columns = tuple(_told({}, self.shape, spoken))
        return Result(columns=columns, rows=[tuple(row.values()) for row in told])


def read_sums(found: Result, spoken: Spoken) -> Sums | None:
    """A whole answer as sums; none if it is more than that, or too much to be kept."""
    shape = shape_of(found.columns, spoken.dimensions)
    if shape.statistics or not shape.counts or len(found.rows) >= MOST_ROWS:
        return None
    cells: dict[Key, Cell] = {}
    for values in found.rows:
        cell = _read(dict(zip(found.columns, values, strict=True)), shape)
        cells[tuple(cell[name] for name in shape.dimensions)] = cell
    return Sums(shape, cells) if len(cells) == len(found.rows) else None


def _read(row: Cell, shape: Shape) -> Cell:
    cell: Cell = {name: row[name] for name in shape.dimensions}
    cell |= {name: row[name] or 0 for name in _summed(shape)}
    cell |= {f"{name}{TOP}": row[f"{name}{TOP}"] or 0 for name in shape.amounts}
    for name in shape.spreads:
        cell[name] = read_spread(row[f"{name}_values"], row[f"{name}_numbers"])
    return cell


def _summed(shape: Shape) -> list[str]:
    return [*shape.counts, *(f"{name}{KEY}" for name in shape.counts), *shape.amounts]


def _is_of_somebody(cell: Cell, shape: Shape) -> bool:
    return any(cell[name] for name in shape.counts)


def _less(cell: Cell | None, part: Cell, shape: Shape) -> Cell | None:
    if cell is None:
        return None
    left = cell | {name: _taken(cell[name], part[name]) for name in _summed(shape)}
    for name in shape.spreads:
        left[name] = cell[name].plus(part[name], -1)
    for name in shape.amounts:
        left[f"{name}{TOP}"] = _top_left(left, name, cell[f"{name}{TOP}"], part[f"{name}{TOP}"])
    is_clear = all(
        value is not None for name, value in left.items() if name not in shape.dimensions
    )
    is_possible = all(left[name] >= 0 for name in shape.counts)
    return left if is_clear and is_possible else None


def _plus(cell: Cell | None, part: Cell, shape: Shape) -> Cell | None:
    if cell is None:
        return None
    both = cell | {name: cell[name] + part[name] for name in _summed(shape)}
    both |= {name: cell[name].plus(part[name], 1) for name in shape.spreads}
    tops = (f"{name}{TOP}" for name in shape.amounts)
    return both | {top: max(cell[top], part[top]) for top in tops}


def _taken(amount: Any, part: Any) -> Any:
    left = amount - part
    return 0 if isinstance(left, float) and abs(left) <= _ROUNDING * abs(amount) else left


def _top_left(left: Cell, name: str, top: Any, gone: Any) -> Any:
    """The largest part of one learner when some are gone; none if it cannot be told."""
    amount, learners = left[name], left[LEARNERS]
    if gone < top:
        return top
    if not amount or not learners:
        return 0
    # Who is left has at most that much each: as much as that have they, if one must have it.
    is_whole = isinstance(amount, int) and isinstance(top, int)
    return top if is_whole and ceil(amount / learners) >= top else None


def _told(cell: Cell, shape: Shape, spoken: Spoken) -> Cell:
    row: Cell = {name: cell.get(name) for name in (*shape.dimensions, *_summed(shape))}
    row |= {f"{name}{TOP}": cell.get(f"{name}{TOP}") for name in shape.amounts}
    for name in shape.spreads:
        shown = cell[name].shown(spoken.of[name]) if cell else None
        row[name if name in spoken.dimensions else f"{name}{STAT}"] = shown
    return row


def _upwards(value: Any) -> tuple[bool, Any]:
    """Nothing comes last, as in the engine."""
    return (value is None, 0 if value is None else value)


def _downwards(value: Any) -> tuple[bool, Any]:
    return (value is not None, 0 if value is None else value)
