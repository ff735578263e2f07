"""Intervals and tests of an experiment, against published and exact values."""

from math import comb, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.insight import comparison
from privet.insight.comparison import (
    MISMATCH_BELOW,
    Z_95,
    Share,
    chi_square_tail,
    difference,
    mismatch_chance,
    smallest_difference,
)
from privet.insight.noise import VARIANCE

_shares = st.integers(1, 5000).flatmap(
    lambda n: st.integers(0, n).map(lambda x: Share(reached=x, learners=n))
)


def _without_noise(interval_half: float, rate: float, learners: int) -> float:
    """The half-width before it was widened."""
    return sqrt(interval_half**2 - Z_95**2 * VARIANCE * (1 + rate**2) / learners**2)


def test_wilsons_interval_is_that_of_the_formula() -> None:
    # Newcombe 1998 (Statistics in Medicine 17, 857), table I: 81 of 263 gives 0.2553 to 0.3662.
    share = Share(reached=81, learners=263)
    found = share.interval()
    rate = 81 / 263
    assert rate - _without_noise(rate - found.low, rate, 263) == pytest.approx(0.2553, abs=5e-5)
    assert rate + _without_noise(found.high - rate, rate, 263) == pytest.approx(0.3662, abs=5e-5)


def test_the_difference_is_newcombes_where_the_noise_is_nothing_beside_it() -> None:
    # Newcombe 1998 (17, 873), table II: 56/70 and 48/80 give 0.0524 to 0.3339. A thousand times as
    # many learners shrink that by the root of a thousand, and the noise to nothing.
    of, against = Share(reached=56, learners=70), Share(reached=48, learners=80)
    found = difference(of, against)
    noise = 0.0
    for share in (of, against):
        noise += Z_95**2 * VARIANCE * (1 + share.rate**2) / share.learners**2
    assert 0.2 - sqrt((0.2 - found.low) ** 2 - noise) == pytest.approx(0.0524, abs=5e-5)
    assert 0.2 + sqrt((found.high - 0.2) ** 2 - noise) == pytest.approx(0.3339, abs=5e-5)


def test_the_noise_widens_the_interval_of_few_and_not_of_many() -> None:
    def widening(scale: int) -> float:
        share = Share(reached=3 * scale, learners=10 * scale)
        interval = share.interval()
        half = interval.high - share.rate
        return half / _without_noise(half, share.rate, share.learners)

    assert widening(1) > 1.2
    assert 1 < widening(1000) < 1.001


@given(_shares, _shares)
def test_a_difference_and_its_opposite_mirror_each_other(one: Share, other: Share) -> None:
    there, back = difference(one, other), difference(other, one)
    assert there.low == pytest.approx(-back.high)
    assert there.low <= one.rate - other.rate <= there.high
    assert not (there.has_zero ^ back.has_zero)


@given(_shares)
def test_an_interval_holds_its_rate_and_stays_between_none_and_all(share: Share) -> None:
    interval = share.interval()
    assert 0 <= interval.low <= share.rate <= interval.high <= 1


def test_without_learners_anything_is_possible() -> None:
    nobody = Share(reached=0, learners=0)
    assert (nobody.rate, nobody.interval().low, nobody.interval().high) == (0, 0, 1)


def test_noise_does_not_make_a_rate_of_more_than_all() -> None:
    share = Share(reached=12, learners=10)
    assert (share.rate, share.interval().high) == (1, 1)


@pytest.mark.parametrize(
    ("degrees", "point"),
    # The 5 % points of the chi-square distribution, as every table has them.
    [(1, 3.841459), (2, 5.991465), (3, 7.814728), (4, 9.487729), (5, 11.070498)],
)
def test_the_tail_of_chi_square_is_that_of_the_tables(degrees: int, point: float) -> None:
    assert chi_square_tail(point, degrees) == pytest.approx(0.05, abs=1e-6)
    assert chi_square_tail(0, degrees) == 1


def test_an_even_draw_raises_no_alarm_and_an_uneven_one_does() -> None:
    assert mismatch_chance([5020, 4980], [1, 1]) > 0.5
    assert mismatch_chance([5400, 4600], [1, 1]) < MISMATCH_BELOW
    assert mismatch_chance([6660, 3340], [2, 1]) > MISMATCH_BELOW
    assert mismatch_chance([0, 0], [1, 1]) == 1


def test_the_noise_alone_raises_no_alarm() -> None:
    assert mismatch_chance([15, 5], [1, 1]) > MISMATCH_BELOW


def test_the_test_of_the_draw_is_near_the_exact_one() -> None:
    # 30 against 10 of 40: twice the exact binomial tail.
    exact = 2 * sum(comb(40, k) for k in range(30, 41)) / 2**40
    assert mismatch_chance([30, 10], [1, 1]) == pytest.approx(exact, abs=0.004)


def test_more_learners_find_smaller_differences() -> None:
    few = smallest_difference(Share(reached=50, learners=100))
    many = smallest_difference(Share(reached=5000, learners=10_000))
    assert few == pytest.approx(10 * many)
    assert comparison.FEWEST <= 100
