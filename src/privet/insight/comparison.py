"""The statistics of an experiment: intervals of shares and differences, and whether the draw held.

- Wilson's score interval of a share: E. B. Wilson, "Probable inference, the law of succession, and
  statistical inference", Journal of the American Statistical Association 22 (1927).
- The interval of a difference of two shares from their two Wilson intervals: R. G. Newcombe,
  "Interval estimation for the difference between independent proportions: comparison of eleven
  methods", Statistics in Medicine 17 (1998), method 10.
- Sample-ratio mismatch by Pearson's chi-square test against the weights, with the threshold of
  A. Fabijan et al., "Diagnosing sample ratio mismatch in online controlled experiments", KDD 2019.

The numbers of learners carry noise of a known variance (`privet.insight.noise`). It is added to
the variance of each share, so that intervals are wider than those of bare counts, and to each term
of the test, so that the noise alone raises no alarm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, pi, sqrt

from privet.insight.noise import VARIANCE

Z_95 = 1.959963984540054
"""The 97.5 % point of the normal distribution."""
MISMATCH_BELOW = 0.001
"""A draw that is less likely than this is taken for a fault."""
FEWEST = 50
"""Learners that each form must have before two forms are compared."""


@dataclass(frozen=True, kw_only=True)
class Interval:
    """From ``low`` to ``high``, both as shares of 1."""

    low: float
    high: float

    @property
    def has_zero(self) -> bool:
        """Whether no difference at all is within it."""
        return self.low <= 0 <= self.high


@dataclass(frozen=True, kw_only=True)
class Share:
    """How many of some learners did it, both numbers with noise."""

    reached: int
    learners: int

    @property
    def rate(self) -> float:
        """From 0 to 1; noise cannot make it more."""
        return min(1.0, self.reached / self.learners) if self.learners else 0.0

    def interval(self) -> Interval:
        """Its 95 % interval (Wilson), widened for the noise; all from 0 to 1 without learners."""
        if not self.learners:
            return Interval(low=0.0, high=1.0)
        low, high = _wilson(self.rate, self.learners)
        extra = Z_95**2 * _noise_variance(self)
        return Interval(
            low=max(0.0, self.rate - sqrt((self.rate - low) ** 2 + extra)),
            high=min(1.0, self.rate + sqrt((high - self.rate) ** 2 + extra)),
        )


def difference(of: Share, against: Share) -> Interval:
    """The 95 % interval of ``of.rate - against.rate`` (Newcombe), widened for the noise."""
    gap = of.rate - against.rate
    mine, other = of.interval(), against.interval()
    return Interval(
        low=gap - sqrt((of.rate - mine.low) ** 2 + (other.high - against.rate) ** 2),
        high=gap + sqrt((mine.high - of.rate) ** 2 + (against.rate - other.low) ** 2),
    )


def mismatch_chance(counts: Sequence[int], weights: Sequence[float]) -> float:
    """How likely learners would fall among the forms as unevenly as this, if the draw is sound."""
    total = sum(counts)
    if not total:
        return 1.0
    expected = [total * weight / sum(weights) for weight in weights]
    statistic = sum(
        (count - wanted) ** 2 / (wanted + VARIANCE)
        for count, wanted in zip(counts, expected, strict=True)
    )
    return chi_square_tail(statistic, len(counts) - 1)


def chi_square_tail(statistic: float, degrees: int) -> float:
    """The chance of a chi-square value above ``statistic``, for one degree of freedom or more.

    By the recurrence of the incomplete gamma function (Abramowitz and Stegun, 26.4.4 and 26.4.5).
    """
    half = statistic / 2
    odd = degrees % 2
    tail = erfc(sqrt(half)) if odd else exp(-half)
    term = 2 * sqrt(half / pi) * exp(-half) if odd else half * exp(-half)
    for used in range(1 if odd else 2, degrees, 2):
        tail += term
        term *= statistic / (used + 2)
    return min(1.0, tail)


def smallest_difference(share: Share) -> float:
    """The difference that an experiment of this size finds four times in five.

    Two groups like this one at the 5 % level (J. Cohen, "Statistical power analysis", 1988).
    """
    return (Z_95 + 0.8416) * sqrt(2 * share.rate * (1 - share.rate) / share.learners)


def _wilson(rate: float, learners: int) -> tuple[float, float]:
    z2 = Z_95**2
    middle = rate + z2 / (2 * learners)
    width = Z_95 * sqrt(rate * (1 - rate) / learners + z2 / (4 * learners**2))
    scale = 1 + z2 / learners
    return max(0.0, (middle - width) / scale), min(1.0, (middle + width) / scale)


def _noise_variance(share: Share) -> float:
    """Of a ratio of two numbers with independent noise, to the first order."""
    return VARIANCE * (1 + share.rate**2) / share.learners**2
