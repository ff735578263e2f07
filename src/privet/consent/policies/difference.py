"""What is different between two forms of a policy: line by line, as it was and as it is.

Pure. Sections, tables and lines are known by their keys, so that a reordering is no difference.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from privet.consent.policies.document import Block, Cell, Document, Grid, Section, Text, settle


class ChangeKind(StrEnum):
    """What happened to a line."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A paragraph, or a row of a table."""

    section: str
    """The section's title."""
    anchor: str
    name: str
    """What the line is called: a table and its first cell; empty for a paragraph."""
    parts: tuple[tuple[str, str], ...]
    """By column's title (empty for a paragraph) what stands there."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One line that is different."""

    kind: ChangeKind
    section: str
    anchor: str
    name: str
    parts: tuple[tuple[str, str, str], ...]
    """Column's title, as it was, as it is; of a changed line only what differs."""


def compare(before: Document, after: Document) -> tuple[Change, ...]:
    """All that is different, in the order of the later document; what went comes last."""
    was, now = _lines(settle(before)), _lines(settle(after))
    found = [
        _compare_line(was.get(key), line)
        for key, line in now.items()
        if _differ(was.get(key), line)
    ]
    gone = [_change(ChangeKind.REMOVED, line, {}) for key, line in was.items() if key not in now]
    return (*found, *gone)


def _differ(was: Line | None, now: Line) -> bool:
    """What a line's section or table is called is a line of its own, so it does not count here."""
    return was is None or was.parts != now.parts


def _compare_line(was: Line | None, now: Line) -> Change:
    if was is None:
        return _change(ChangeKind.ADDED, now, dict(now.parts))
    return _change(ChangeKind.CHANGED, was, dict(now.parts))


def _change(kind: ChangeKind, line: Line, now: Mapping[str, str]) -> Change:
    was = {} if kind is ChangeKind.ADDED else dict(line.parts)
    parts = _parts(was, now)
    if kind is ChangeKind.CHANGED:
        parts = tuple(part for part in parts if part[1] != part[2])
    return Change(kind=kind, section=line.section, anchor=line.anchor, name=line.name, parts=parts)


def _parts(was: Mapping[str, str], now: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    titles = dict.fromkeys((*now, *was))
    return tuple((title, was.get(title, ""), now.get(title, "")) for title in titles)


def _lines(document: Document) -> dict[tuple[str, ...], Line]:
    head = Section(
        key="",
        title=document.title,
        blocks=(Text(key="summary", words=document.summary),),
    )
    return {
        (section.key, *key): line
        for section in (head, *document.sections)
        for key, line in _lines_of(section)
    }


def _lines_of(section: Section) -> Iterator[tuple[tuple[str, ...], Line]]:
    yield (), _line(section, "", (("", section.title),))
    for block in section.blocks:
        yield (block.key,), _line(section, "", (("", _say_block(block)),))
        if isinstance(block, Grid):
            yield from _lines_of_grid(section, block)


def _lines_of_grid(section: Section, grid: Grid) -> Iterator[tuple[tuple[str, ...], Line]]:
    for row in grid.rows:
        name = f"{grid.caption}: {row.cells[0].words}"
        parts = tuple(zip(grid.columns, map(_say, row.cells), strict=False))
        yield (grid.key, row.key), _line(section, name, parts)


def _say_block(block: Block) -> str:
    """A paragraph with its link, or what a table is called and says of itself."""
    if isinstance(block, Text):
        return " ".join(filter(None, (block.words, block.link_words, block.link)))
    empty = "" if block.rows else block.empty
    return " ".join(filter(None, (block.caption, block.says, empty)))


def _line(section: Section, name: str, parts: tuple[tuple[str, str], ...]) -> Line:
    return Line(section=section.title, anchor=section.key, name=name, parts=parts)


def _say(cell: Cell) -> str:
    return " · ".join(filter(None, (cell.words, cell.about, cell.link)))
