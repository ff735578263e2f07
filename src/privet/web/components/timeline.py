"""The timeline of a case as a picture: one row an item, from the answer to the submission.

Drawn by the server as plain SVG, so it needs no script and no inline style. The scale is
logarithmic on both sides of nought, since what matters lies between seconds and days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from django.utils.translation import gettext

from privet.integrity.evidence import Line
from privet.web.words import say_seconds, say_short_day

MOST_ROWS = 60
_ROW, _TOP, _BOTTOM, _RIGHT = 22, 34, 10, 24
_TICKS = (1, 10, 60, 600, 3600, 6 * 3600, 86_400, 7 * 86_400)
_TICK_GAP = 46
"""Ticks nearer to each other than this, in the picture's units, would run into one another."""


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A line of the scale."""

    x: float
    words: str
    is_nought: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """An item: where the answer was had, where it was submitted."""

    y: float
    words: str
    start: float
    end: float
    is_before: bool
    """Whether it was submitted before the answer was had, which speaks for the learner."""

    @property
    def text_y(self) -> float:
        """Where its words stand."""
        return self.y + 4


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """All that the template draws, in units of the picture."""

    name: str
    width: int
    height: int
    left: int
    ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]
    meaning: str
    """What a line of it goes from and to."""
    summary: str

    @property
    def right(self) -> int:
        """Where the rows end."""
        return self.width - _RIGHT

    @property
    def top(self) -> int:
        """Where the lines of the scale begin."""
        return _TOP - 12

    @property
    def bottom(self) -> int:
        """Where they end."""
        return self.height - _BOTTOM


def draw_timeline(
    lines: Sequence[Line], *, width: int, name: str, is_sharing: bool = False
) -> Timeline:
    """The picture of the first rows of a case; ``width`` is 720 beside a page, 320 on a phone.

    ``is_sharing``: one account in two places, where nobody had an answer of another.
    """
    shown = lines[:MOST_ROWS]
    is_wide = width > 500
    left = 104 if is_wide else 58
    scale = _Scale([line.dt_seconds for line in shown], left=left, right=width - _RIGHT)
    rows = tuple(
        Row(
            y=_TOP + _ROW * place + _ROW / 2, words=_label(line, place, is_wide),
            start=scale.at(0), end=scale.at(line.dt_seconds), is_before=line.dt_seconds <= 0,
        )
        for place, line in enumerate(shown)
    )  # fmt: skip
    return Timeline(
        name=name, width=width, height=_TOP + _ROW * len(shown) + _BOTTOM, left=left,
        ticks=scale.ticks(), rows=rows,
        meaning=gettext("From one place to the other, line by line.") if is_sharing
        else gettext("From the answer to the submission, item by item."),
        summary=_between_places(lines) if is_sharing else _summary(lines),
    )  # fmt: skip


class _Scale:
    """From seconds to units of the picture."""

    def __init__(self, seconds: Sequence[float], *, left: int, right: int) -> None:
        self._least = min(0.0, *(_bent(value) for value in seconds), 0.0)
        self._most = max(_bent(60), *(_bent(value) for value in seconds), 0.0)
        self._left, self._right = left, right

    def at(self, seconds: float) -> float:
        share = (_bent(seconds) - self._least) / (self._most - self._least)
        return round(self._left + share * (self._right - self._left), 1)

    def ticks(self) -> tuple[Tick, ...]:
        found = [Tick(x=self.at(0), words="0", is_nought=True)]
        for sign in (1, -1):
            last = self.at(0)
            for value in _TICKS:
                bent = _bent(sign * value)
                x = self.at(sign * value)
                if self._least <= bent <= self._most and abs(x - last) >= _TICK_GAP:
                    words = ("\N{MINUS SIGN}" if sign < 0 else "") + _say_tick(value)
                    found.append(Tick(x=x, words=words, is_nought=False))
                    last = x
        return tuple(sorted(found, key=lambda tick: tick.x))


def _bent(seconds: float) -> float:
    size = log10(1 + abs(seconds))
    return size if seconds >= 0 else -size


def _say_tick(seconds: int) -> str:
    if seconds % 86_400 == 0:
        return gettext("%(n)s d") % {"n": seconds // 86_400}
    if seconds % 3600 == 0:
        return gettext("%(n)s h") % {"n": seconds // 3600}
    return say_seconds(seconds)


def _label(line: Line, place: int, is_wide: bool) -> str:
    day = say_short_day(line.submitted.date())
    return f"{place + 1} · {day}" if is_wide else str(place + 1)


def _summary(lines: Sequence[Line]) -> str:
    after = [line.dt_seconds for line in lines if line.dt_seconds > 0]
    if not after:
        return gettext("None was submitted after the answer was had.")
    words = gettext("%(after)s of %(all)s after the answer, from %(least)s to %(most)s later.")
    return words % {
        "after": len(after), "all": len(lines), "least": say_seconds(min(after)),
        "most": say_seconds(max(after)),
    }  # fmt: skip


def _between_places(lines: Sequence[Line]) -> str:
    apart = [abs(line.dt_seconds) for line in lines]
    if not apart:
        return ""
    words = gettext("Between the two places lie from %(least)s to %(most)s.")
    if min(apart) == max(apart):
        words = gettext("Between the two places lie %(most)s.")
    return words % {"least": say_seconds(min(apart)), "most": say_seconds(max(apart))}
