"""Anonymous page totals on their way from a collector to the worker, through small files.

A file holds numbers for whole UTC days and nothing else: no row, no identifier, no time. Even the
file's own time is set to the beginning of 1970, so that a quiet minute tells of nobody.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec

_SUFFIX = ".totals"


class Cell(NamedTuple):
    """What is told apart: a page of a site, a country, a class of device, and a day."""

    day: date
    site: str
    page: str
    """The path, scrubbed, without query; ``*`` for all pages that are not told apart."""
    country: str
    """ISO 3166-1, empty if unknown."""
    device: str
    """Desktop, mobile, tablet …, empty if unknown."""


def write_spool(directory: Path, name: str, counts: Mapping[Cell, int]) -> Path:
    """Put numbers where the worker finds them, whole or not at all; ``name`` is used once."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / f"{name}{_SUFFIX}"
    draft = path.with_suffix(".draft")
    draft.write_bytes(_encode([(*cell, number) for cell, number in counts.items()]))
    os.utime(draft, (0, 0))
    draft.rename(path)
    return path


def read_spool(path: Path) -> Counter[Cell]:
    """The numbers of one file; none if it is damaged or gone."""
    try:
        rows = _decode(path.read_bytes())
    except (FileNotFoundError, msgspec.DecodeError):
        return Counter()
    found: Counter[Cell] = Counter()
    for day, site, page, country, device, number in rows:
        found[Cell(day, site, page, country, device)] += number
    return found


def spool_files(directory: Path) -> Iterator[Path]:
    """The files that wait, in the order of their names."""
    yield from sorted(directory.glob(f"*{_SUFFIX}"))


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[tuple[date, str, str, str, str, int]]).decode
