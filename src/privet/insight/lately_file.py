"""A small file of what was asked lately, for the processes that start after it was asked.

It has the names of queries, days, institutions, courses and the other filters of pages: nothing
about a learner, and nothing of an answer. What else a question can name (a page, a video, an error)
may be anybody's words, so such questions are not written down.
"""

import os
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec

from privet.catalogue.uses import Use
from privet.events.query import Scope
from privet.insight.lately import DAYS, Remembered, Value

WRITTEN = frozenset(
    {
        *DAYS, "institution", "course", "event", "country", "device", "mode", "network_kind",
        "grain", "days_away", "pass_share", "search", "social",
    }
)  # fmt: skip
"""The parameters whose values are written down."""
_FINENESS = timedelta(minutes=1)
_MOST_DAYS = 100_000


class _Line(msgspec.Struct):
    name: str
    use: int
    institutions: list[str] | None
    courses: list[str] | None
    params: dict[str, Value]
    moves_on: bool
    asked: datetime


def read_lately(path: Path) -> dict[Remembered, datetime]:
    """What the file has; nothing of what cannot be read, since all it saves is time."""
    try:
        lines = msgspec.json.decode(path.read_bytes(), type=list[_Line])
        return {_remembered(line): line.asked for line in lines if line.asked.tzinfo}
    except (FileNotFoundError, msgspec.DecodeError, ValueError):
        return {}


def write_lately(path: Path, asked: Mapping[Remembered, datetime]) -> None:
    """Put the file in the place of the one before."""
    lines = [_line(one, when) for one, when in asked.items() if can_be_written(one)]
    draft = path.with_name(f"{path.name}.{secrets.token_hex(6)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(lines))
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def as_written(asked: Mapping[Remembered, datetime]) -> dict[Remembered, datetime]:
    """What of it would be read again."""
    return {one: _rounded(when) for one, when in asked.items() if can_be_written(one)}


def can_be_written(one: Remembered) -> bool:
    """Whether all that it names are filters of pages."""
    return all(key in WRITTEN or value == "" for key, value in one.params)


def _line(one: Remembered, when: datetime) -> _Line:
    scope = one.scope
    return _Line(
        name=one.name, use=one.use.value,
        institutions=None if scope.institutions is None else sorted(scope.institutions),
        courses=None if scope.courses is None else sorted(scope.courses),
        params=dict(one.params), moves_on=one.moves_on, asked=_rounded(when),
    )  # fmt: skip


def _remembered(line: _Line) -> Remembered:
    """Raises `ValueError` for what no question has."""
    if line.use not in {use.value for use in Use}:
        raise ValueError
    for day in (line.params[key] for key in DAYS if key in line.params):
        if line.moves_on != (isinstance(day, int) and abs(day) <= _MOST_DAYS):
            raise ValueError
        if not line.moves_on:
            date.fromisoformat(str(day))
    scope = Scope(institutions=_frozen(line.institutions), courses=_frozen(line.courses))
    return Remembered(
        name=line.name, use=Use(line.use), scope=scope,
        params=tuple(sorted(line.params.items())), moves_on=line.moves_on,
    )  # fmt: skip


def _frozen(values: list[str] | None) -> frozenset[str] | None:
    return None if values is None else frozenset(values)


def _rounded(when: datetime) -> datetime:
    """To the minute, so that the file need not be written for each look at a page."""
    return when - timedelta(microseconds=when.microsecond, seconds=when.second) % _FINENESS
