"""The tests and rules about a pair, from its figures alone."""

from dataclasses import replace
from datetime import date
from math import exp, factorial, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.integrity.findings import DetectorKind
from privet.integrity.preset import FIVE_FILTERS, USUAL_THRESHOLDS
from privet.integrity.rules import (
    Pair,
    closeness_p,
    coincidence_p,
    confidence_in,
    direction_certainty,
    false_discovery_q,
    first_right_p,
    kind_of_copying,
    passes_five_filters,
)

QUICK = Pair(
    harvester=2, master=1, n=12, x=12, lag_p90=60.0, lag_median=20.0, first_right=12,
    log_first=-8.0, shared=10, exhausted=0, last_day=date(2026, 10, 5), fast_expected=0.02,
    slow_expected=1.0, fast_days=6, slow_days=6, fast_hits=12, slow_hits=12,
    closeness=10.0,
    harvester_touched=12, harvester_got=12, harvester_by_itself=0, harvester_own=0,
    master_solved=40, master_first_right=26, linked=2, eligible_shared=100, eligible_apart=50_000,
)  # fmt: skip
SLOW = replace(QUICK, lag_median=3600.0, lag_p90=9000.0, fast_days=0, fast_hits=0)
TRIO_APART = replace(QUICK, n=3, x=3, first_right=3, harvester_touched=3, harvester_got=3, shared=0,
                     linked=0)  # fmt: skip
PAIR_OF_TWO = replace(QUICK, n=2, x=2, first_right=2, harvester_touched=2, harvester_got=2)


def test_the_first_filter_is_the_published_one() -> None:
    assert direction_certainty(x=14, n=14, share=0.9) == pytest.approx(0.913, abs=0.005)
    assert direction_certainty(x=10, n=20, share=0.9) < 0.001


def test_right_first_attempts_count_for_little_with_a_strong_learner() -> None:
    strong = replace(QUICK, master_first_right=39)
    assert first_right_p(QUICK) < 0.01
    assert first_right_p(strong) > 0.1


def test_a_master_with_nothing_of_its_own_is_measured_by_all_learners() -> None:
    assert first_right_p(replace(QUICK, master_solved=12, master_first_right=12)) < 0.01


def test_more_days_are_less_likely_by_chance() -> None:
    fewer = replace(QUICK, fast_days=2)
    assert coincidence_p(QUICK, is_quick=True) < coincidence_p(fewer, is_quick=True) < 1e-4


def test_without_a_hit_nothing_is_unlikely_but_the_answers() -> None:
    assert coincidence_p(SLOW, is_quick=True) == pytest.approx(first_right_p(SLOW), rel=1e-4)


def test_each_further_hit_of_a_day_is_a_coin_toss() -> None:
    one_more = replace(SLOW, slow_hits=SLOW.slow_hits + 1)
    assert coincidence_p(one_more, is_quick=False) == pytest.approx(
        coincidence_p(SLOW, is_quick=False) / 2, rel=1e-4
    )


def test_the_chance_is_that_of_the_days_of_the_tosses_and_of_the_answers() -> None:
    fewer_days = sum(exp(-1.0) / factorial(days) for days in range(SLOW.slow_days))
    tosses = 0.5 ** (SLOW.slow_hits - SLOW.slow_days)
    assert coincidence_p(SLOW, is_quick=False) == pytest.approx(
        (1 - fewer_days) * tosses * first_right_p(SLOW), rel=1e-4
    )


def test_of_quick_hits_it_counts_how_close_the_further_ones_were() -> None:
    closer = replace(QUICK, closeness=QUICK.closeness + 5)
    weight = closeness_p(closer.closeness, hits=6) / closeness_p(QUICK.closeness, hits=6)
    assert coincidence_p(closer, is_quick=True) == pytest.approx(
        coincidence_p(QUICK, is_quick=True) * weight, rel=1e-4
    )


def test_the_slow_window_has_its_own_chances() -> None:
    assert coincidence_p(SLOW, is_quick=False) > coincidence_p(QUICK, is_quick=True)


def test_the_closer_the_lags_the_less_likely_is_coincidence() -> None:
    assert closeness_p(0.0, hits=0) == 1.0
    assert closeness_p(0.0, hits=3) == 1.0
    # One lag of 12 seconds in a window of 120: a tenth of all are as small.
    assert closeness_p(log(10), hits=1) == pytest.approx(0.1)
    assert closeness_p(4.0, hits=3) > closeness_p(8.0, hits=3)


def test_closeness_says_nothing_of_what_comes_hours_later() -> None:
    near = replace(SLOW, closeness=50.0)
    assert coincidence_p(near, is_quick=False) == coincidence_p(SLOW, is_quick=False)
    near = replace(QUICK, closeness=50.0)
    assert coincidence_p(near, is_quick=True) < coincidence_p(QUICK, is_quick=True)


def test_q_is_that_of_benjamini_and_hochberg() -> None:
    assert false_discovery_q([0.01, 0.04, 0.03], eligible=3) == pytest.approx([0.03, 0.04, 0.04])
    assert false_discovery_q([0.001], eligible=50) == pytest.approx([0.05])
    assert false_discovery_q([], eligible=50) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.integers(0, 1000))
def test_q_is_never_below_p_nor_above_one(chances: list[float], eligible: int) -> None:
    found = false_discovery_q(chances, eligible=eligible)
    assert all(p <= q * (1 + 1e-9) or q == 1 for p, q in zip(chances, found, strict=True))
    assert max(found) <= 1


@pytest.mark.parametrize(
    ("pair", "kind"),
    [
        (QUICK, DetectorKind.IMMEDIATE),
        (replace(QUICK, shared=0), DetectorKind.IMMEDIATE),
        (replace(QUICK, shared=0, linked=0), DetectorKind.OTHER_NETWORK),
        (replace(QUICK, exhausted=7), DetectorKind.EXHAUSTED),
        (SLOW, DetectorKind.DELAYED),
        (PAIR_OF_TWO, DetectorKind.IMMEDIATE),
        (replace(PAIR_OF_TWO, harvester_touched=3), None),
        (replace(PAIR_OF_TWO, shared=0, linked=0), None),
        (replace(PAIR_OF_TWO, lag_p90=200.0), None),
        (replace(SLOW, shared=0, linked=0), None),
        (replace(SLOW, lag_median=300.0), None),
        (replace(SLOW, lag_median=21_601.0), None),
        (replace(SLOW, harvester_own=1), DetectorKind.DELAYED),
        (replace(SLOW, harvester_own=2), None),
        (replace(QUICK, harvester_own=2), DetectorKind.IMMEDIATE),
        (replace(QUICK, x=1), None),
        (replace(QUICK, n=20), None),
        (replace(QUICK, harvester_by_itself=5), None),
        (replace(QUICK, harvester_got=30), None),
        (replace(QUICK, first_right=6), None),
        (TRIO_APART, DetectorKind.OTHER_NETWORK),
        (replace(QUICK, lag_median=90.0, lag_p90=300.0), DetectorKind.IMMEDIATE),
        (replace(QUICK, lag_median=91.0, lag_p90=300.0), None),
        (replace(QUICK, lag_median=90.0, lag_p90=301.0), None),
        (replace(SLOW, lag_median=599.0), None),
        (replace(SLOW, lag_median=600.0), DetectorKind.DELAYED),
    ],
)
def test_which_detector_a_pair_speaks_to(pair: Pair, kind: DetectorKind | None) -> None:
    assert kind_of_copying(pair, USUAL_THRESHOLDS) is kind


def test_help_in_person_is_copying_only_if_nobody_could_be_so_right() -> None:
    close = replace(SLOW, lag_median=300.0, n=40, x=40, first_right=40, log_first=-40.0,
                    harvester_got=40, harvester_touched=40, master_solved=60,
                    master_first_right=44)  # fmt: skip
    assert kind_of_copying(close, USUAL_THRESHOLDS) is DetectorKind.DELAYED


@pytest.mark.parametrize(
    ("pair", "certified", "linked", "passes"),
    [
        (replace(QUICK, n=20, x=20), {1}, True, True),
        (replace(QUICK, n=20, x=20), {1, 2}, True, False),
        (replace(QUICK, n=20, x=20), set(), True, False),
        (replace(QUICK, n=20, x=20), {1}, False, False),
        (replace(QUICK, n=20, x=10), {1}, True, False),
        (replace(QUICK, n=20, x=0), {1}, True, False),
        (replace(QUICK, n=20, x=20, lag_p90=301.0), {1}, True, False),
    ],
)
def test_the_five_filters_all_have_to_pass(
    pair: Pair, certified: set[int], linked: bool, passes: bool
) -> None:
    found = passes_five_filters(pair, FIVE_FILTERS, certified=frozenset(certified), linked=linked)
    assert found is passes


@pytest.mark.parametrize(
    "worse",
    [{"x": 2}, {"q": 0.01}, {"degree": 40}, {"kinds": ["vpn"]}, {"kinds": ["mobile"]}],
)
def test_what_lowers_the_confidence(worse: dict[str, object]) -> None:
    good = {"x": 12, "q": 1e-6, "degree": 2, "kinds": ["residential"]}
    assert 0 < confidence_in(**(good | worse)) < confidence_in(**good) <= 1  # type: ignore[arg-type]
