"""Whether a detector flags one group more often than the others: pure, with what chance allows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from scipy.stats import beta, binomtest

FEWEST = 10
"""Groups of fewer accounts are shown as one, so that no line speaks of a few people."""
SMALL = "~small"
"""The name under which they are put together."""
_CERTAINTY = 0.95


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A value between two ends."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Rate:
    """How many accounts of a group were flagged, and how that compares with all others."""

    name: str
    accounts: int
    flagged: int
    share: Interval
    """Wilson (1927), for 95 %."""
    ratio: Interval | None
    """The group's share over that of the others; none if there are no others, or none is flagged.
    The intervals of all groups that are compared hold together for 95 %."""
    exceeds: bool
    """Whether even the lower end of ``ratio`` lies above what is allowed."""


def flag_rates(
    accounts: Mapping[str, int], flagged: Mapping[str, int], *, allowed: float
) -> list[Rate]:
    """The rates of one detector over groups that an account belongs to one of, largest first."""
    accounts, flagged = _join_small(accounts, accounts), _join_small(flagged, accounts)
    everybody, all_flagged = sum(accounts.values()), sum(flagged.values())
    rates = []
    for name, total in sorted(accounts.items(), key=lambda pair: (-pair[1], pair[0])):
        part = flagged.get(name, 0)
        ratio = rate_ratio(
            part, total, all_flagged - part, everybody - total,
            certainty=1 - (1 - _CERTAINTY) / len(accounts),
        )  # fmt: skip
        rates.append(
            Rate(
                name=name, accounts=total, flagged=part, share=share_of(part, total), ratio=ratio,
                exceeds=ratio is not None and ratio.low > allowed,
            )
        )  # fmt: skip
    return rates


def share_of(part: int, whole: int) -> Interval:
    """A share with its Wilson interval for 95 %; ``whole`` is above zero."""
    found = binomtest(part, whole)
    low, high = found.proportion_ci(_CERTAINTY, method="wilson")
    return Interval(value=part / whole, low=float(low), high=float(high))


def rate_ratio(
    part: int, whole: int, other_part: int, other_whole: int, *, certainty: float
) -> Interval | None:
    """One rate over another, with the exact interval for two counts of rare events.

    Given how many were flagged in all, those of the first group are binomial, and the ends of
    Clopper and Pearson (1934) for their share turn into ends for the ratio (Przyborowski and
    Wilenski 1940). It holds for few and for none, and is rather too wide than too narrow. None if
    nothing compares.
    """
    if not whole or not other_whole or not part + other_part:
        return None
    tail = (1 - certainty) / 2
    low = float(beta.ppf(tail, part, other_part + 1)) if part else 0.0
    high = float(beta.ppf(1 - tail, part + 1, other_part)) if other_part else 1.0
    scale = other_whole / whole
    return Interval(
        value=part * other_whole / (other_part * whole) if other_part else inf,
        low=_odds(low) * scale,
        high=_odds(high) * scale,
    )


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else inf


def _join_small(numbers: Mapping[str, int], accounts: Mapping[str, int]) -> dict[str, int]:
    """Numbers by group, those of small groups under one name."""
    found: dict[str, int] = {}
    for name, number in numbers.items():
        said = name if accounts.get(name, 0) >= FEWEST else SMALL
        found[said] = found.get(said, 0) + number
    return found


def exceeding(rates: Sequence[Rate]) -> list[Rate]:
    """Those that a mark is for."""
    return [rate for rate in rates if rate.exceeds]
