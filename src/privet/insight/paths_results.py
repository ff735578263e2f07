"""The answers about paths, as values that cannot change. All counts are protected."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """From one page to another, as the ``step``-th page of a visit (2 to 5)."""

    step: int
    previous: str
    page: str
    learners: int
    visits: int


@dataclass(frozen=True, kw_only=True)
class PairLine:
    """From one page to another, at whatever point of a visit."""

    previous: str
    page: str
    learners: int
    steps: int


@dataclass(frozen=True, kw_only=True)
class PageLine:
    """One page, or all pages of a kind: how it was used."""

    page: str
    learners: int
    views: int
    entries: int
    exits: int
    leaves: int
    seconds: float
    scrolled: float

    @property
    def seconds_each(self) -> float | None:
        """How long one view was seen on average; none if no view was followed to its end."""
        return self.seconds / self.leaves if self.leaves else None

    @property
    def depth_each(self) -> float | None:
        """How far one view was scrolled on average, from 0 to 1."""
        return min(1.0, self.scrolled / self.leaves) if self.leaves else None


@dataclass(frozen=True, kw_only=True)
class UsedLine:
    """A link that was followed, or a control that was used."""

    name: str
    """The event: ``link_click`` or ``control_use``."""
    target: str
    words: str
    """What the link says, or what kind of control it is; empty over all pages."""
    place: str
    learners: int
    clicks: int


@dataclass(frozen=True, kw_only=True)
class WayLine:
    """One way of linking between two pages."""

    place: str
    words: str
    learners: int
    clicks: int


@dataclass(frozen=True, kw_only=True)
class Paths:
    """The order of pages, and what is used on them."""

    steps: tuple[StepLine, ...]
    pairs: tuple[PairLine, ...]
    pages: tuple[PageLine, ...]
    used: tuple[UsedLine, ...]
    """Of the chosen page, or of all."""


@dataclass(frozen=True, kw_only=True)
class Ways:
    """How learners get from one page to another."""

    ways: tuple[WayLine, ...]
    pairs: tuple[PairLine, ...]
    """All pairs of pages, to choose from."""
    learners: int
    """How many went from the one to the other, by a link or otherwise."""
    steps: int

    @property
    def clicks(self) -> int:
        """How many of the steps were links that were seen to be followed."""
        return sum(way.clicks for way in self.ways)
