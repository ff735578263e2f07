"""From what a query found to what may be shown: the names of its columns say how.

- ``learners`` with ``learners_key`` (or any X with X_key) counts learners;
- ``events`` with ``events_top`` adds up what they did, and takes its noise from ``learners_key``;
- ``session_seconds_stat`` is a statistic over the learners, kept back where they are few;
- ``seconds_values`` with ``seconds_numbers`` says how often which value occurs; what is shown of it
  stands in a line ``-- of seconds: 0.5``, and is a statistic if it does not tell the rows apart;
- ``seconds_learners`` with its key counts those whose values these are, where that need not be all
  learners of the row: the statistic is kept back where *they* are few. It is not shown itself;
- all others must stand in the query's line ``-- by: course, institution``, as what tells the rows
  apart;
- a line ``-- at least: events learners, sessions learners if length`` says which amount is never
  below which number of learners, since each of them has a part of at least one in it (if the named
  column is not null). Both carry noise of their own, and "3 times by 4 learners" cannot be: so the
  amount is shown as the greater of the two. It is reckoned from what is shown and tells no more;
- a line ``-- fewest: 10`` keeps rows of fewer learners back, where a name may tell who they are.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from privet.events.query import Result
from privet.insight.noise import Noise
from privet.kernel.errors import PrivetError

FEWEST_FOR_STATISTICS = 10
"""A median of fewer learners than this is not shown."""
LEARNERS = "learners"
KEY, TOP, STAT = "_key", "_top", "_stat"
_VALUES, _NUMBERS, _LEARNERS = "_values", "_numbers", "_learners"
_BY = re.compile(r"^-- by:\s*(.+)$", re.MULTILINE)
_OF = re.compile(r"^-- of (\w+):\s*(\S+)$", re.MULTILINE)
_FEWEST = re.compile(r"^-- fewest:\s*(\d+)$", re.MULTILINE)
_AT_LEAST = re.compile(r"^-- at least:\s*(.+)$", re.MULTILINE)
_ORDER = re.compile(r"\bORDER BY\s+([^()]+?)(?:\s+LIMIT\b[^()]*)?\s*$", re.IGNORECASE)

Row = dict[str, Any]


class UnprotectedError(PrivetError):
    """A query gives a number away that nothing protects."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What each column of a query is."""

    dimensions: tuple[str, ...]
    counts: tuple[str, ...]
    amounts: tuple[str, ...]
    statistics: tuple[str, ...]
    spreads: tuple[str, ...] = ()
    """Values with their numbers; `privet.insight.spreads` makes one value of each."""


@dataclass(frozen=True, kw_only=True)
class Floor:
    """An amount that is never below a number of learners."""

    amount: str
    count: str
    dimension: str = ""
    """Only in rows that have it; empty for all rows."""


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """What a query's text says about its rows."""

    dimensions: frozenset[str] = frozenset()
    """What they are broken down by; empty for one row over all."""
    order: tuple[tuple[str, bool], ...] = ()
    """The columns they are sorted by, and whether downwards."""
    of: Mapping[str, str] = field(default_factory=dict)
    """What is shown of each spread: ``least``, ``greatest``, or a share from 0 to 1."""
    floors: tuple[Floor, ...] = ()
    fewest: int = 0
    """Rows of fewer learners, as they are shown, are kept back."""


def read_text(text: str) -> Spoken:
    """What a query's text says in its first lines and in its last ORDER BY."""
    by, order, fewest = _BY.search(text), _ORDER.search(text), _FEWEST.search(text)
    dimensions = frozenset(name.strip() for name in by[1].split(",")) if by else frozenset()
    keys = [key.split() for key in order[1].split(",")] if order else []
    return Spoken(
        dimensions=dimensions,
        order=tuple((key[0].removesuffix(STAT), key[-1].upper() == "DESC") for key in keys),
        of=dict(_OF.findall(text)),
        floors=_read_floors(text),
        fewest=int(fewest[1]) if fewest else 0,
    )


def _read_floors(text: str) -> tuple[Floor, ...]:
    said = _AT_LEAST.search(text)
    parts = [part.partition(" if ") for part in said[1].split(",")] if said else []
    return tuple(
        Floor(amount=amount, count=count, dimension=dimension.strip())
        for names, _, dimension in parts
        for amount, count in [names.split()]
    )


def shape_of(columns: Iterable[str], dimensions: frozenset[str]) -> Shape:
    """What each column is; raises `UnprotectedError` for one that would be shown as it is."""
    names = list(columns)
    shape = Shape(
        dimensions=tuple(name for name in names if name in dimensions),
        counts=_with(names, KEY),
        amounts=_with(names, TOP),
        statistics=tuple(name for name in names if name.endswith(STAT)),
        spreads=_spreads(names),
    )
    known = {*shape.dimensions, *shape.counts, *shape.amounts, *shape.statistics}
    known |= {f"{name}{KEY}" for name in shape.counts}
    known |= {f"{name}{TOP}" for name in shape.amounts}
    known |= {f"{name}{end}" for name in shape.spreads for end in (_VALUES, _NUMBERS)}
    bare = sorted(set(names) - known)
    if bare:
        raise UnprotectedError(
            f"A query shows {', '.join(bare)} as it is.",
            remedy="Name it in the line '-- by: …', or give it its _key, _top or _stat.",
        )
    if (shape.amounts or shape.statistics or shape.spreads) and LEARNERS not in shape.counts:
        raise UnprotectedError(
            "A query shows sums or statistics without saying of how many learners.",
            remedy="Add the columns learners and learners_key.",
        )
    return shape


def protect(result: Result, *, noise: Noise, spoken: Spoken) -> list[Row]:
    """The rows with plain names and protected values.

    Rows of a breakdown in which no learner is left are not there at all: that they exist would
    say that somebody is in them. The rows are sorted anew by what is shown, since the order of
    the true numbers would say which of two is the larger.
    """
    shape = shape_of(result.columns, spoken.dimensions)
    rows = (dict(zip(result.columns, row, strict=True)) for row in result.rows)
    shown = [_protect_row(row, shape, noise, spoken.floors) for row in rows]
    if shape.dimensions and shape.counts:
        shown = [row for row in shown if any(row.get(name) for name in shape.counts)]
    if spoken.fewest:
        shown = [row for row in shown if row[LEARNERS] >= spoken.fewest]
    keys = ((name, False) for name in shape.dimensions)
    for name, is_down in reversed((*spoken.order, *keys)):
        shown.sort(key=partial(_rank, name), reverse=is_down)
    return shown


def _protect_row(row: Row, shape: Shape, noise: Noise, floors: tuple[Floor, ...]) -> Row:
    shown: Row = {name: row[name] for name in shape.dimensions}
    for name in shape.counts:
        shown[name] = noise.on_count(*_count(row, name))
    for name in shape.amounts:
        count, key = _count(row, LEARNERS)
        amount, top = _number(row[name]), _number(row[f"{name}{TOP}"])
        shown[name] = noise.on_amount(amount, top, count=count, key=key)
    for floor in floors:
        if row[floor.dimension or floor.amount] is not None and row[floor.amount] is not None:
            shown[floor.amount] = max(shown[floor.amount], shown[floor.count])
    for name in shape.statistics:
        said = name.removesuffix(STAT)
        learners = shown.pop(f"{said}{_LEARNERS}", shown[LEARNERS])
        shown[said] = row[name] if learners >= FEWEST_FOR_STATISTICS else None
    return shown


def _count(row: Row, name: str) -> tuple[int, int]:
    return row[name] or 0, int(row[f"{name}{KEY}"] or 0)


def _number(value: Any) -> float:
    """A sum over no rows is null; one of decimals is brought to a number that can take noise."""
    return float(value) if isinstance(value, Decimal) else value or 0


def _rank(name: str, row: Row) -> tuple[bool, Any]:
    value = row.get(name)
    return (value is not None, 0 if value is None else value)


def _spreads(names: list[str]) -> tuple[str, ...]:
    begun = [name.removesuffix(_VALUES) for name in names if name.endswith(_VALUES)]
    return tuple(name for name in begun if f"{name}{_NUMBERS}" in names)


def _with(names: list[str], suffix: str) -> tuple[str, ...]:
    return tuple(name for name in names if f"{name}{suffix}" in names)
