"""The picture's geometry: bands from kinds of data to aims, and from aims to who receives them.

Widths follow the square root of the amount, so that a thousand clicks do not hide three grades.
Heights are pixels; from left to right a band always goes from 0 to 100.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from privet.web.centre.aims import Now
from privet.web.centre.amounts import Amounts

ROW = 64
"""The height of an aim's row, in pixels; the style sheet has the same."""
_THINNEST = 2.0
_WIDEST_NODE = 40.0
_OFF = 2.0


@dataclass(frozen=True, kw_only=True)
class Band:
    """One way in the picture."""

    path: str
    """SVG path data."""
    width: float
    category: str
    is_on: bool
    source: str
    target: str
    number: int


@dataclass(frozen=True, kw_only=True)
class Link:
    """A way before it has a place: from one row to another, so much of it."""

    source: str
    target: str
    number: int
    category: str
    is_on: bool


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """The bands of both halves, and how high the picture is, in pixels."""

    height: int
    left: tuple[Band, ...]
    right: tuple[Band, ...]


def draw(
    amounts: Amounts, aims: Sequence[Now], recipients: Sequence[str], *, kind: str, aim: str
) -> Drawing:
    """Place all bands; with a kind or an aim chosen only those that touch it."""
    height = ROW * len(aims)
    ways = [
        link
        for link in _ways(amounts, aims)
        if kind in ("", link.source) and aim in ("", link.target)
    ]
    ends = [link for link in _ends(ways, aims) if aim in ("", link.source)]
    rows = [now.aim.key for now in aims]
    scale = _scale([*ways, *ends])
    return Drawing(
        height=height,
        left=_bands(ways, _middles(amounts.kinds, height), _middles(rows, height), scale),
        right=_bands(ends, _middles(rows, height), _middles(recipients, height), scale),
    )


def _ways(amounts: Amounts, aims: Sequence[Now]) -> Iterable[Link]:
    """What is kept, and what is off but could be; nothing is drawn where nothing is, or may be."""
    for kind in amounts.kinds:
        for now in aims:
            way = (kind, now.aim.key)
            number = amounts.by_way[way]
            if way in amounts.possible and (number or not now.is_on):
                yield Link(
                    source=kind,
                    target=now.aim.key,
                    number=number if now.is_on else 0,
                    category=now.aim.category,
                    is_on=now.is_on,
                )


def _ends(ways: Iterable[Link], aims: Sequence[Now]) -> Iterable[Link]:
    """Who receives what the drawn ways bring to each aim."""
    brought: Counter[str] = Counter()
    for way in ways:
        brought[way.target] += way.number
    for now in aims:
        if now.is_on and not brought[now.aim.key]:
            continue
        for recipient in now.recipients:
            yield Link(
                source=now.aim.key,
                target=recipient.value,
                number=brought[now.aim.key],
                category=now.aim.category,
                is_on=now.is_on,
            )


def _middles(rows: Sequence[str], height: int) -> dict[str, float]:
    """The middle of each row, where all rows of a column are equally high."""
    return {row: (place + 0.5) * height / len(rows) for place, row in enumerate(rows)}


def _scale(links: Iterable[Link]) -> float:
    """Pixels for the root of one record, so that the fullest row just holds its bands."""
    sums: Counter[tuple[str, str]] = Counter()
    for link in links:
        for side, row in (("out", link.source), ("in", link.target)):
            sums[side, row] += sqrt(link.number)  # type: ignore[assignment]
    most = max(sums.values(), default=0)
    return _WIDEST_NODE / most if most else 1.0


def _width(link: Link, scale: float) -> float:
    return max(_THINNEST, sqrt(link.number) * scale) if link.is_on else _OFF


def _bands(
    links: Sequence[Link], sources: dict[str, float], targets: dict[str, float], scale: float
) -> tuple[Band, ...]:
    widths = {link: _width(link, scale) for link in links}
    starts = _places(
        sources, sorted(links, key=lambda one: targets[one.target]), widths, lambda one: one.source
    )
    ends = _places(
        targets, sorted(links, key=lambda one: sources[one.source]), widths, lambda one: one.target
    )
    return tuple(
        Band(
            path=_path(starts[link], ends[link]),
            width=round(widths[link], 1),
            category=link.category,
            is_on=link.is_on,
            source=link.source,
            target=link.target,
            number=link.number,
        )
        for link in links
    )


def _path(start: float, end: float) -> str:
    return f"M0 {start:.1f}C50 {start:.1f} 50 {end:.1f} 100 {end:.1f}"


def _places(
    middles: dict[str, float],
    ordered: Sequence[Link],
    widths: dict[Link, float],
    row_of: Callable[[Link], str],
) -> dict[Link, float]:
    """Where each band meets its row: one below the other, in the order of their other ends."""
    found: dict[Link, float] = {}
    for row, middle in middles.items():
        inside = [link for link in ordered if row_of(link) == row]
        place = middle - sum(widths[link] for link in inside) / 2
        for link in inside:
            found[link] = place + widths[link] / 2
            place += widths[link]
    return found
