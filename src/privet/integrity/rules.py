"""What is decided about a pair of accounts, from its figures alone: pure, and tested to the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import exp, log10

import numpy as np
from scipy.stats import beta, binom, gamma, poisson

from privet.integrity.findings import DetectorKind
from privet.integrity.preset import FiveFilters, Thresholds


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A possible harvester and a possible master; the columns of ``copying_pairs.sql``."""

    harvester: int
    master: int
    n: int
    x: int
    lag_p90: float
    lag_median: float
    first_right: int
    """Of the ``x`` items, those that the master had right at the first attempt."""
    log_first: float
    """The sum of the logarithms of how many of all who solved each of them had it right at once."""
    shared: int
    """Items for which both stood behind one address."""
    exhausted: int
    last_day: date
    fast_expected: float
    slow_expected: float
    fast_days: int
    slow_days: int
    fast_hits: int
    slow_hits: int
    closeness: float
    """Σ ln(window / lag) over the fast hits, without the closest of each day."""
    harvester_touched: int
    harvester_got: int
    harvester_by_itself: int
    """Problems that it solved before it had the answer."""
    harvester_own: int
    """Problems that it worked at for itself, solved or not: without the answer, or before it."""
    master_solved: int
    master_first_right: int
    linked: int
    """Accounts behind the address that both were seen at and that fewest use; 0 for none."""
    eligible_shared: int
    eligible_apart: int
    """Ordered pairs of the course that could have been found, with and without an address."""

    @property
    def shares_address(self) -> bool:
        """Whether both were ever seen behind one address."""
        return self.shared > 0 or self.linked > 0


def direction_certainty(*, x: int, n: int, share: float) -> float:
    """P(π > share) for π ~ Beta(x + ½, n - x + ½): the first of the five filters (F1)."""
    return float(beta.sf(share, x + 0.5, n - x + 0.5))


def first_right_p(pair: Pair) -> float:
    """The chance that the master has so many right at once without having the answers.

    It is reckoned with the better of two rates: that of all learners on these items, and the
    master's own on all others (with one right and one wrong added, so that few items say little).
    Both are of those who solved the item in the end, as the master did: who is right at the third
    attempt was wrong at the first, and who never was is not among the items.
    """
    others = pair.master_solved - pair.x
    own = (max(0, pair.master_first_right - pair.first_right) + 1) / (max(0, others) + 2)
    rate = max(own, exp(pair.log_first / pair.x))
    return float(binom.sf(pair.first_right - 1, pair.x, min(0.98, rate)))


def closeness_p(closeness: float, *, hits: int) -> float:
    """The chance of so small lags, had each fallen anywhere in the window.

    Of lags that are uniform over the window, -ln(lag / window) is exponential, so their sum is a
    gamma variable (Fisher 1932).
    """
    return float(gamma.sf(closeness, hits)) if hits > 0 else 1.0


@lru_cache(maxsize=20_000)
def coincidence_p(pair: Pair, *, is_quick: bool) -> float:
    """The chance of as many hits on as many days, had two strangers worked by themselves.

    Days are the unit, since one meeting makes many hits: P(Poisson(λ) ≥ days with a hit), λ the sum
    over days of min(1, Σ chance that a random solver of the item would have fallen into the
    window). Given that they met, each further hit of the day is a coin toss of who comes first, and
    of what was submitted at once it counts how close. The right first attempts count beside it.
    """
    expected = pair.fast_expected if is_quick else pair.slow_expected
    days = pair.fast_days if is_quick else pair.slow_days
    hits = pair.fast_hits if is_quick else pair.slow_hits
    met = float(poisson.sf(days - 1, expected)) if days else 1.0
    more = max(0, hits - days)
    found = met * 0.5**more * first_right_p(pair)
    if is_quick:
        found *= closeness_p(pair.closeness, hits=more)
    # Sums of fractions differ in their last digits from one reading to the next.
    return float(f"{found:.6g}")


def false_discovery_q(chances: Sequence[float], *, eligible: int) -> list[float]:
    """Benjamini and Hochberg (1995): q of each, of ``eligible`` pairs in all (the others have 1).

    There are at least as many tests as chances, even if fewer are told.
    """
    if not chances:
        return []
    values = np.asarray(chances, float)
    order = np.argsort(values)
    tests = max(eligible, len(values))
    scaled = values[order] * tests / np.arange(1, len(values) + 1)
    smallest = np.minimum.accumulate(scaled[::-1])[::-1]
    found = np.empty(len(values))
    found[order] = np.minimum(1.0, smallest)
    return [float(q) for q in found]


def kind_of_copying(pair: Pair, thresholds: Thresholds) -> DetectorKind | None:
    """Which detector a pair's figures speak to, if any; significance is another question."""
    if not _serves_the_master(pair, thresholds):
        return None
    if _is_quick(pair, thresholds):
        if pair.exhausted * 2 > pair.x:
            return DetectorKind.EXHAUSTED
        return DetectorKind.IMMEDIATE if pair.shares_address else DetectorKind.OTHER_NETWORK
    if not _is_slow(pair, thresholds):
        return None
    is_help = pair.lag_median < thresholds.slow_median_seconds
    if is_help and first_right_p(pair) > thresholds.helped_p:
        return None
    return DetectorKind.DELAYED


def _serves_the_master(pair: Pair, thresholds: Thresholds) -> bool:
    """Whether the one account works for the other: direction, purity, and what it is good for."""
    return (
        pair.x >= thresholds.fewest_shared
        and pair.x >= thresholds.least_direction * pair.n
        and pair.harvester_by_itself <= thresholds.most_by_itself * pair.harvester_touched
        and pair.x >= thresholds.least_fed * pair.harvester_got
        and pair.first_right >= thresholds.least_first_right * pair.x
    )


def _is_quick(pair: Pair, thresholds: Thresholds) -> bool:
    if pair.x < thresholds.fewest_apart:
        is_all_there_is = pair.x == pair.harvester_touched
        return (
            is_all_there_is and pair.shares_address and pair.lag_p90 <= thresholds.pair_p90_seconds
        )
    return (
        pair.lag_median <= thresholds.quick_median_seconds
        and pair.lag_p90 <= thresholds.quick_p90_seconds
    )


def _is_slow(pair: Pair, thresholds: Thresholds) -> bool:
    """Whether answers came within hours, from an account that is there for them alone.

    Two in one home work on the same evenings, and one of them may always begin first: neither time
    nor order speaks. But who studies also works at problems without getting their answers, and
    leaves some of them unsolved.
    """
    return (
        pair.shares_address
        and pair.x >= thresholds.fewest_slow
        and pair.lag_median <= thresholds.reach_seconds
        and pair.harvester_own <= thresholds.most_own_slow * pair.harvester_touched
    )


def passes_five_filters(
    pair: Pair, filters: FiveFilters, *, certified: frozenset[int], linked: bool
) -> bool:
    """F1 to F5 of the paper; ``linked`` says F4 and F5: one address group, and a small one."""
    return (
        linked
        and pair.x > 0
        and pair.master in certified
        and pair.harvester not in certified
        and pair.lag_p90 <= filters.p90_seconds
        and direction_certainty(x=pair.x, n=pair.n, share=filters.direction) >= filters.certainty
    )


ANONYMISERS = frozenset({"vpn", "tor", "relay", "hosting"})
SHARED_KINDS = frozenset({"mobile", "education"})


def confidence_in(*, x: int, q: float, degree: int, kinds: Sequence[str]) -> float:
    """How far the evidence carries, from 0 to 1; it is no probability of guilt.

    Few items, a weak q, an address with many accounts, a network that many people share and an
    anonymiser each lower it; none of them is a finding.
    """
    found: float = 1 - 0.5 ** (x / 2)
    found *= 1 - min(0.5, q * 50)
    found *= 1 / (1 + log10(max(2, degree) / 2) / 2)
    if ANONYMISERS & set(kinds):
        found *= 0.7
    if SHARED_KINDS & set(kinds):
        found *= 0.9
    return round(found, 3)
