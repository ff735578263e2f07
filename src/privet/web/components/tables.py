"""A table: the same rows for the eye, for CSV and for JSON; sorted by the address."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.http import HttpResponse, QueryDict

from privet.kernel.spreadsheet import write_csv

SORT = "sort"


class Kind(StrEnum):
    """What stands in a column, which settles how it is written and aligned."""

    TEXT = "text"
    CODE = "code"
    COUNT = "count"
    SHARE = "share"
    SECONDS = "seconds"
    MOMENT = "moment"
    DAY = "day"
    SIZE = "size"
    TAGS = "tags"
    """Names of uses."""
    OUTCOME = "outcome"
    """Empty for stored, or a cell with the reason of a drop."""


_AMOUNTS = {Kind.COUNT, Kind.SHARE, Kind.SECONDS, Kind.SIZE}


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its key in the files, its title on the page."""

    key: str
    title: str
    kind: Kind = Kind.TEXT
    only_in_files: bool = False
    """Not on the page, where another column says it too."""

    @property
    def is_amount(self) -> bool:
        """Whether its values are numbers that line up at the right."""
        return self.kind in _AMOUNTS


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A value as the page shows it: what the files hold, and the words for it."""

    value: Any
    words: str = ""
    about: str = ""
    """A second, quieter line."""
    link: str = ""
    """Where the words lead; empty for nowhere."""


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A column's title with the link that sorts by it."""

    column: Column
    link: str
    order: str
    """``ascending`` or ``descending`` if the table is sorted by it, else empty."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows with a name (in addresses and files) and a caption that says what they are."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    sorted_by: str = ""
    descending: bool = True
    query: str = ""
    """The page's own query, which links keep."""
    can_sort: bool = True
    shown: int = 0
    """How many rows stand on the page; 0 for all. The files hold all of them."""

    def at(self, query: QueryDict) -> "Table":
        """The table as an address asks for it; what it asks in vain is ignored."""
        wanted = query.get(SORT, "")
        name, _, key = wanted.partition(".")
        table = replace(self, query=query.urlencode())
        keys = [column.key for column in self.columns]
        if not self.can_sort:
            return table
        if name != self.name or key.lstrip("-") not in keys:
            return table._sorted(self.sorted_by, self.descending) if self.sorted_by else table
        return table._sorted(key.lstrip("-"), key.startswith("-"))

    def _sorted(self, key: str, descending: bool) -> "Table":
        place = [column.key for column in self.columns].index(key)
        rows = sorted(self.rows, key=lambda row: _order(row[place]), reverse=descending)
        return replace(self, rows=tuple(rows), sorted_by=key, descending=descending)

    def headings(self) -> list[Heading]:
        """The columns' titles; a second click on one turns the order round."""
        return [self._heading(column) for column in self.columns if not column.only_in_files]

    def _heading(self, column: Column) -> Heading:
        is_sorted = column.key == self.sorted_by
        first_down = column.is_amount
        down = not self.descending if is_sorted else first_down
        order = ("descending" if self.descending else "ascending") if is_sorted else ""
        value = f"{self.name}.{'-' if down else ''}{column.key}"
        link = address(self.query, **{SORT: value}) if self.can_sort else ""
        return Heading(column=column, link=link, order=order)

    def cells(self) -> list[list[tuple[Column, Any]]]:
        """Rows as pairs of column and value, for the template."""
        return [
            [pair for pair in zip(self.columns, row, strict=True) if not pair[0].only_in_files]
            for row in self.rows[: self.shown or None]
        ]

    @property
    def is_cut(self) -> bool:
        """Whether the page shows only the first rows."""
        return 0 < self.shown < len(self.rows)

    @property
    def link(self) -> Mapping[str, str]:
        """The addresses of this table as a file, by the file's form; templates read it."""
        return {form: address(self.query, table=self.name, format=form) for form in ("csv", "json")}

    def values(self, key: str) -> list[Any]:
        """One column's values."""
        place = [column.key for column in self.columns].index(key)
        return [plain(row[place]) for row in self.rows]


def address(query: str, **changes: str) -> str:
    """The page's address with some parameters changed; an empty value takes one away."""
    values = QueryDict(query, mutable=True)
    for key, value in changes.items():
        if value:
            values[key] = value
        else:
            values.pop(key, None)
    return f"?{values.urlencode()}"


def plain(value: Any) -> Any:
    """A value as files hold it."""
    if isinstance(value, Cell):
        return plain(value.value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def as_csv(table: Table, filename: str) -> HttpResponse:
    """The table as CSV; no cell can be taken for a formula by a spreadsheet."""
    keys = [column.key for column in table.columns]
    text = write_csv(keys, (map(plain, row) for row in table.rows))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    return _named(response, f"{filename}.csv")


def as_json(table: Table, filename: str) -> HttpResponse:
    """The table as a JSON object: what it is, its columns with their titles, a list of rows."""
    keys = [column.key for column in table.columns]
    rows = [dict(zip(keys, map(plain, row), strict=True)) for row in table.rows]
    found = {
        "table": table.name,
        "caption": table.caption,
        "columns": keys,
        "titles": {column.key: column.title or column.key for column in table.columns},
        "rows": rows,
    }
    body = json.dumps(found, ensure_ascii=False)
    response = HttpResponse(body, content_type="application/json")
    return _named(response, f"{filename}.json")


def _named(response: HttpResponse, filename: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _order(value: Any) -> tuple[bool, Any]:
    bare = plain(value)
    if isinstance(bare, list):
        bare = ", ".join(map(str, bare))
    if isinstance(value, Cell) and isinstance(bare, str):
        bare = value.words or bare
    return bare is not None, bare.casefold() if isinstance(bare, str) else bare


def find_table(tables: Sequence[Table], name: str) -> Table | None:
    """The table of that name."""
    return next((table for table in tables if table.name == name), None)
