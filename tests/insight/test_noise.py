"""The noise itself: its table, and that the same learners have the same noise."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.insight.noise import COMMON, SMALLEST_SHOWN, VARIANCE, WIDEST, Noise, transition

NOISE = Noise(b"a secret of this installation only")
COUNTS = st.integers(min_value=0, max_value=10_000)
KEYS = st.integers(min_value=0, max_value=2**60)
AMOUNTS = st.integers(min_value=1, max_value=10**9)


@pytest.mark.parametrize("count", range(1, COMMON + 3))
def test_the_noise_has_mean_zero_and_the_stated_variance(count: int) -> None:
    chances = transition(count)
    assert sum(chances.values()) == pytest.approx(1)
    assert sum(noise * chance for noise, chance in chances.items()) == pytest.approx(0, abs=1e-9)
    spread = sum(noise * noise * chance for noise, chance in chances.items())
    assert spread == pytest.approx(VARIANCE)


@pytest.mark.parametrize("count", range(COMMON + 3))
def test_the_table_never_leads_to_one_or_two_nor_further_than_stated(count: int) -> None:
    for noise in transition(count):
        assert abs(noise) <= WIDEST
        assert count + noise == 0 or count + noise >= SMALLEST_SHOWN


def test_zero_stays_zero() -> None:
    assert transition(0) == {0: 1.0}
    assert NOISE.on_count(0, 0) == 0


@given(count=COUNTS, key=KEYS)
def test_the_same_learners_have_the_same_noise(count: int, key: int) -> None:
    assert NOISE.on_count(count, key) == NOISE.on_count(count, key)
    assert abs(NOISE.on_count(count, key) - count) <= WIDEST


def test_another_secret_is_another_noise() -> None:
    other = Noise(b"another secret")
    ours = [NOISE.on_count(50, key) for key in range(100)]
    assert ours != [other.on_count(50, key) for key in range(100)]


def test_drawn_noise_follows_the_table() -> None:
    drawn = [NOISE.on_count(20, key * 7919) - 20 for key in range(20_000)]
    assert sum(drawn) / len(drawn) == pytest.approx(0, abs=0.05)
    assert sum(noise * noise for noise in drawn) / len(drawn) == pytest.approx(VARIANCE, abs=0.1)


@given(key=KEYS, top=AMOUNTS, rest=st.integers(min_value=0, max_value=10**9))
def test_an_amount_moves_by_at_least_a_quarter_of_the_largest_part(
    key: int, top: int, rest: int
) -> None:
    shown = NOISE.on_amount(top + rest, top, count=50, key=key)
    assert isinstance(shown, int)
    assert shown >= 0
    moved = abs(shown - (top + rest))
    assert moved >= top / 4 - WIDEST - 1
    assert moved <= top + WIDEST + 1


@given(key=KEYS)
def test_nothing_stays_nothing(key: int) -> None:
    assert NOISE.on_amount(0, 0, count=50, key=key) == 0


@given(key=KEYS, count=st.integers(min_value=1, max_value=5))
def test_where_no_learner_is_shown_no_amount_is(key: int, count: int) -> None:
    shown = NOISE.on_amount(900, 900, count=count, key=key)
    assert (shown == 0) is (NOISE.on_count(count, key) == 0)


def test_seconds_may_have_fractions() -> None:
    assert NOISE.on_amount(100.5, 20.25, count=50, key=3) != round(
        NOISE.on_amount(100.5, 20.25, count=50, key=3)
    )


def test_the_noise_on_amounts_has_mean_zero() -> None:
    random = Random(1)  # noqa: S311 - a test's, not a secret
    moved = [
        NOISE.on_amount(10_000, 1_000, count=200, key=random.getrandbits(50)) - 10_000
        for _ in range(20_000)
    ]
    assert sum(moved) / len(moved) == pytest.approx(0, abs=15)
