"""What the detectors read, told from their own texts, so that what learners are told is true."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import sqlglot
from sqlglot import exp

from privet.catalogue.columns import COLUMNS
from privet.catalogue.registry import EVENTS
from privet.catalogue.uses import Use

_FOLDERS = ("rollups", "sql")
_VIEW = "events"


@cache
def events_read() -> tuple[str, ...]:
    """The names of the events that any of the room's texts asks for."""
    said = {literal.this for tree in _trees() for literal in tree.find_all(exp.Literal)}
    return tuple(name for name in EVENTS if name in said)


@cache
def columns_read() -> tuple[str, ...]:
    """The lake's columns that any of the texts over events reads."""
    said = {column.name for tree in _trees() for column in tree.find_all(exp.Column)}
    return tuple(column.name for column in COLUMNS if column.name in said)


def events_open_to_integrity() -> tuple[str, ...]:
    """All events that the catalogue lets integrity read, whether a detector does or not."""
    return tuple(name for name, event in EVENTS.items() if Use.INTEGRITY in event.uses)


@cache
def _trees() -> tuple[exp.Expr, ...]:
    """The texts that read events, or are asked of the lake without a rollup."""
    found = (
        sqlglot.parse_one(text.read_text("utf-8"), dialect="duckdb")
        for folder in _FOLDERS
        for text in _texts(files("privet.integrity") / folder)
    )
    return tuple(tree for tree in found if any(t.name == _VIEW for t in tree.find_all(exp.Table)))


def _texts(folder: Traversable) -> list[Traversable]:
    return [one for one in folder.iterdir() if one.name.endswith(".sql")]
