"""From what a query found to what may be shown: the names of its columns say how.

- ``learners`` with ``learners_key`` (or any X with X_key) counts learners;
- ``events`` with ``events_top`` adds up what they did, and takes its noise from ``learners_key``;
- ``session_seconds_stat`` is a statistic over the learners, kept back where they are few;
- all others must stand in the query's line ``-- by: course, institution``, as what tells the rows
  apart.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from privet.events.query import Result
from privet.insight.noise import Noise
from privet.kernel.errors import PrivetError

FEWEST_FOR_STATISTICS = 10
"""A median of fewer learners than this is not shown."""
LEARNERS = "learners"
_KEY, _TOP, _STAT = "_key", "_top", "_stat"
_BY = re.compile(r"^-- by:\s*(.+)$", re.MULTILINE)
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


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """What a query's text says about its rows."""

    dimensions: frozenset[str] = frozenset()
    """What they are broken down by; empty for one row over all."""
    order: tuple[tuple[str, bool], ...] = ()
    """The columns they are sorted by, and whether downwards."""


def read_text(text: str) -> Spoken:
    """What a query's text says in its line ``-- by:`` and in its last ORDER BY."""
    by, order = _BY.search(text), _ORDER.search(text)
    dimensions = frozenset(name.strip() for name in by[1].split(",")) if by else frozenset()
    keys = [key.split() for key in order[1].split(",")] if order else []
    return Spoken(
        dimensions=dimensions,
        order=tuple((key[0].removesuffix(_STAT), key[-1].upper() == "DESC") for key in keys),
    )


def shape_of(columns: Iterable[str], dimensions: frozenset[str]) -> Shape:
    """What each column is; raises `UnprotectedError` for one that would be shown as it is."""
    names = list(columns)
    shape = Shape(
        dimensions=tuple(name for name in names if name in dimensions),
        counts=_with(names, _KEY),
        amounts=_with(names, _TOP),
        statistics=tuple(name for name in names if name.endswith(_STAT)),
    )
    known = {*shape.dimensions, *shape.counts, *shape.amounts, *shape.statistics}
    known |= {f"{name}{_KEY}" for name in shape.counts}
    known |= {f"{name}{_TOP}" for name in shape.amounts}
    bare = sorted(set(names) - known)
    if bare:
        raise UnprotectedError(
            f"A query shows {', '.join(bare)} as it is.",
            remedy="Name it in the line '-- by: …', or give it its _key, _top or _stat.",
        )
    if (shape.amounts or shape.statistics) and LEARNERS not in shape.counts:
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
    shown = [_protect_row(row, shape, noise) for row in rows]
    if shape.dimensions and shape.counts:
        shown = [row for row in shown if any(row[name] for name in shape.counts)]
    keys = ((name, False) for name in shape.dimensions)
    for name, is_down in reversed((*spoken.order, *keys)):
        shown.sort(key=partial(_rank, name), reverse=is_down)
    return shown


def _protect_row(row: Row, shape: Shape, noise: Noise) -> Row:
    shown: Row = {name: row[name] for name in shape.dimensions}
    for name in shape.counts:
        shown[name] = noise.on_count(*_count(row, name))
    for name in shape.amounts:
        count, key = _count(row, LEARNERS)
        amount, top = _number(row[name]), _number(row[f"{name}{_TOP}"])
        shown[name] = noise.on_amount(amount, top, count=count, key=key)
    for name in shape.statistics:
        enough = shown[LEARNERS] >= FEWEST_FOR_STATISTICS
        shown[name.removesuffix(_STAT)] = row[name] if enough else None
    return shown


def _count(row: Row, name: str) -> tuple[int, int]:
    return row[name] or 0, int(row[f"{name}{_KEY}"] or 0)


def _number(value: Any) -> float:
    """A sum over no rows is null; one of decimals is brought to a number that can take noise."""
    return float(value) if isinstance(value, Decimal) else value or 0


def _rank(name: str, row: Row) -> tuple[bool, Any]:
    value = row.get(name)
    return (value is not None, 0 if value is None else value)


def _with(names: list[str], suffix: str) -> tuple[str, ...]:
    return tuple(name for name in names if f"{name}{suffix}" in names)
