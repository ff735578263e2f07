"""What the text of a rollup must be, so that hiding its rows is the same as hiding the events.

A query's conditions (scope, who is hidden) are put on the rows of a rollup instead of on events.
That gives the same answer only if each row of the rollup comes from events of one day, one
subject, one institution and one course. So these four pass through every level of the text as they
are, every group and every window is within them, and nothing looks across.
"""

from collections.abc import Iterator

import sqlglot
from sqlglot import exp

KEYS = ("day", "subject", "institution", "course")
"""What every row of a rollup is of; conditions are put on them."""
_UNSTEADY = (
    exp.AnyValue, exp.CurrentDate, exp.CurrentTime, exp.CurrentTimestamp, exp.First, exp.Last,
    exp.Rand, exp.Uuid,
)  # fmt: skip


def find_problems(text: str) -> Iterator[str]:
    """What keeps a text from being a rollup; nothing if it is one."""
    tree = sqlglot.parse_one(f"{text}\n", dialect="duckdb")
    if not isinstance(tree, exp.Select):
        yield "is not one SELECT"
        return
    if not tree.find(exp.Group):
        yield "groups nothing"
    if tree.find(exp.Placeholder):
        yield "has a parameter"
    if any(isinstance(star.parent, exp.Select | exp.Column) for star in tree.find_all(exp.Star)):
        yield "outputs a star; name each column"
    for call in tree.find_all(*_UNSTEADY):
        yield f"calls {call.sql_name()}, which need not say the same twice"
    if tree.find(exp.Except, exp.Intersect):
        yield "subtracts or intersects"
    for select in tree.find_all(exp.Select):
        yield from _problems_of(select)


def _problems_of(select: exp.Select) -> Iterator[str]:
    if not _is_source(select):
        yield "asks a question inside an expression"
    if select.args.get("joins") or select.args.get("laterals"):
        yield "joins"
    yield from (f"has the clause {clause}" for clause in _refused_clauses(select))
    for key in KEYS:
        if sum(_is_plain(column, key) for column in select.expressions) != 1 or (
            select.named_selects.count(key) != 1
        ):
            yield f"does not output the column {key} as it is, at each level"
    if not _covers(_group_names(select)):
        yield f"does not group by {', '.join(KEYS)}"
    for window in select.find_all(exp.Window):
        if not _covers(_names(window.args.get("partition_by") or ())):
            yield f"has a window that is not partitioned by {', '.join(KEYS)}"


def _refused_clauses(select: exp.Select) -> Iterator[str]:
    yield from (c for c in ("limit", "offset", "sample", "windows") if select.args.get(c))
    if (distinct := select.args.get("distinct")) and distinct.args.get("on"):
        yield "distinct on"


def _is_source(select: exp.Select) -> bool:
    """Whether a SELECT is the whole text, or stands where a table could."""
    place = select.parent
    while isinstance(place, exp.Union | exp.Subquery):
        place = place.parent
    return place is None or isinstance(place, exp.From | exp.CTE)


def _group_names(select: exp.Select) -> set[str]:
    group = select.args.get("group")
    if group is None or group.args.get("all"):
        return set(KEYS)
    if any(group.args.get(way) for way in ("grouping_sets", "rollup", "cube")):
        return set()
    outputs = select.expressions
    return _names(
        outputs[int(key.this) - 1] if isinstance(key, exp.Literal) and not key.is_string else key
        for key in group.expressions
    )


def _names(columns: object) -> set[str]:
    listed = list(columns) if columns else []  # type: ignore[call-overload]
    return {column.name for column in listed if isinstance(column, exp.Column)}


def _covers(names: set[str]) -> bool:
    return set(KEYS) <= names


def _is_plain(column: exp.Expr, key: str) -> bool:
    inner = column.this if isinstance(column, exp.Alias) else column
    return isinstance(inner, exp.Column) and inner.name == key and column.alias_or_name == key
