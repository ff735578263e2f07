"""Moving a course's thresholds: which may be moved, what that would flag, and what chance would.

Pure. Pairs come from `privet.integrity.copying.ask_pairs`; those of chance from the same question
put to a world in which every answer was got a day or two earlier, where nobody can have copied at
once: whatever the thresholds flag there, they flag by coincidence of rhythm alone.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor, log10
from statistics import mean
from typing import Any

from privet.integrity.copying import Suspect, weigh
from privet.integrity.findings import DetectorKind
from privet.integrity.preset import USUAL_THRESHOLDS, Thresholds
from privet.integrity.rules import Pair, coincidence_p, kind_of_copying

SHIFTS_SECONDS = (86_400, 172_800)
"""How much earlier answers are taken to have been got, in each world of chance."""
LEAST_DECADE = -12
"""Chances below this power of ten are counted with it."""


@dataclass(frozen=True, kw_only=True)
class Movable:
    """A threshold that may be moved for a course, and the values shown for it, strictest first."""

    key: str
    steps: tuple[float, ...]

    @property
    def strictest(self) -> float:
        """The end that flags least."""
        return self.steps[0]

    @property
    def loosest(self) -> float:
        """The end that flags most."""
        return self.steps[-1]

    @property
    def least(self) -> float:
        """The smallest value that it may have."""
        return min(self.steps)

    @property
    def most(self) -> float:
        """The greatest value that it may have."""
        return max(self.steps)

    @property
    def usual(self) -> float:
        """What it is where nobody moved it."""
        return float(getattr(USUAL_THRESHOLDS, self.key))

    @property
    def is_whole(self) -> bool:
        """Whether it is a number of things, not a measure."""
        return isinstance(getattr(USUAL_THRESHOLDS, self.key), int)


MOVABLES = (
    Movable(key="most_q", steps=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05)),
    Movable(key="quick_median_seconds", steps=(30, 60, 90, 120, 180, 300)),
    Movable(key="quick_p90_seconds", steps=(60, 120, 180, 300, 600, 900)),
    Movable(key="least_direction", steps=(1.0, 0.95, 0.9, 0.8, 0.7)),
    Movable(key="least_first_right", steps=(1.0, 0.9, 0.8, 0.7, 0.6, 0.5)),
    Movable(key="fewest_slow", steps=(10, 8, 6, 5, 4, 3)),
)
"""Only what is decided from a pair's figures: moving it needs no new look at the events."""
BY_KEY: Mapping[str, Movable] = {movable.key: movable for movable in MOVABLES}


@dataclass(frozen=True, kw_only=True)
class Flagged:
    """What thresholds flag among some pairs."""

    suspects: tuple[Suspect, ...]

    @property
    def masters(self) -> int:
        """Accounts that would be found to have copied: as many findings as there would be."""
        return len({pair.master for pair, *_ in self.suspects})

    @property
    def by_kind(self) -> Mapping[DetectorKind, int]:
        """Pairs by what they speak to."""
        return Counter(kind for _, kind, _, _ in self.suspects)


@dataclass(frozen=True, kw_only=True)
class Point:
    """One value of a threshold, all others left as they are."""

    value: float
    masters: int
    by_chance: float
    """The mean over the worlds of chance."""


def set_thresholds(values: Mapping[str, float]) -> Thresholds:
    """The usual thresholds with some of them moved."""
    moved: dict[str, Any] = {
        key: int(value) if BY_KEY[key].is_whole else float(value) for key, value in values.items()
    }
    return replace(USUAL_THRESHOLDS, **moved)


LOOSEST = set_thresholds({movable.key: movable.loosest for movable in MOVABLES})


def keep_pairs(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs that some setting could flag, their accounts numbered anew from 1."""
    numbers: dict[int, int] = {}

    def number(subject: int) -> int:
        return numbers.setdefault(subject, len(numbers) + 1)

    return [
        replace(pair, harvester=number(pair.harvester), master=number(pair.master))
        for pair in pairs
        if kind_of_copying(pair, LOOSEST)
    ]


def count_decades(pairs: Sequence[Pair]) -> dict[int, int]:
    """How many pairs have which chance, by its power of ten from 0 down to `LEAST_DECADE`.

    The chance is the smaller of what the quick and the slow detectors would say.
    """
    found: Counter[int] = Counter()
    for pair in pairs:
        chance = min(coincidence_p(pair, is_quick=True), coincidence_p(pair, is_quick=False))
        power = floor(log10(chance)) if chance > 0 else LEAST_DECADE
        found[max(LEAST_DECADE, min(-1, power))] += 1
    return dict(found)


def flag(pairs: Sequence[Pair], thresholds: Thresholds) -> Flagged:
    """What the nightly run would flag of these pairs."""
    return Flagged(suspects=tuple(weigh(pairs, thresholds)))


def expect_by_chance(worlds: Sequence[Sequence[Pair]], thresholds: Thresholds) -> float:
    """How many accounts are flagged on average where nobody can have copied at once."""
    return mean(flag(pairs, thresholds).masters for pairs in worlds)


def draw_curve(
    movable: Movable,
    values: Mapping[str, float],
    pairs: Sequence[Pair],
    worlds: Sequence[Sequence[Pair]],
) -> list[Point]:
    """What each value of one threshold would flag, from the strictest to the loosest."""
    steps = sorted({*movable.steps, values.get(movable.key, movable.usual)},
                   reverse=movable.strictest > movable.loosest)  # fmt: skip
    points = []
    for value in steps:
        thresholds = set_thresholds({**values, movable.key: value})
        points.append(
            Point(
                value=value,
                masters=flag(pairs, thresholds).masters,
                by_chance=expect_by_chance(worlds, thresholds),
            )
        )
    return points


def suggest(movable: Movable, points: Sequence[Point]) -> float:
    """The loosest value up to the usual at which chance explains no more than was accepted.

    Never looser than usual: chance says nothing of those who study together. If even the strictest
    flags too much by chance, the strictest.
    """
    is_falling = movable.strictest > movable.loosest
    found = movable.strictest
    for point in points:
        is_usual_or_stricter = (
            point.value >= movable.usual if is_falling else point.value <= movable.usual
        )
        share = point.by_chance / max(1, point.masters)
        if is_usual_or_stricter and share <= USUAL_THRESHOLDS.most_q:
            found = point.value
    return found
