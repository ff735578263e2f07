"""Prints what a command found: JSON for programs, a table for people."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

_FRAME = 3
"""Signs that a table needs beside each column: a line and two blanks."""
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]


def print_json(value: Any) -> None:
    """One JSON value on one line of standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def print_rows(rows: Sequence[Mapping[str, Any]], *, as_json: bool, empty: str) -> None:
    """Rows of equal keys; ``empty`` is said to people when there are none."""
    if as_json:
        print_json(list(rows))
        return
    if not rows:
        typer.echo(empty)
        return
    keys = [str(key) for key in rows[0]]
    lines = [["" if value is None else str(value) for value in row.values()] for row in rows]
    console = Console()
    columns = list(zip(keys, *lines, strict=True))
    if sum(map(_longest_word, columns)) + _FRAME * len(columns) + 1 > console.width:
        _print_blocks(keys, lines)
        return
    table = Table()
    for key, *cells in columns:
        # Names stay whole, so that they can be copied; only sentences are broken.
        is_sentences = any(" " in cell for cell in cells)
        table.add_column(key, no_wrap=not is_sentences, overflow="fold")
    for cells in lines:
        table.add_row(*cells)
    console.print(table)


def _longest_word(cells: Sequence[str]) -> int:
    return max((len(word) for cell in cells for word in cell.split()), default=0)


def _print_blocks(keys: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    """A block of lines for each row, where a table would be wider than the terminal."""
    for place, cells in enumerate(lines):
        if place:
            typer.echo("")
        for key, cell in zip(keys, cells, strict=True):
            typer.echo(f"{key}: {cell}")
