"""Flag rates and their ratios: what chance allows, and when a group stands out."""

from math import inf, isclose

import pytest

from privet.integrity.disparity import SMALL, exceeding, flag_rates, rate_ratio, share_of


def test_a_share_has_the_interval_of_wilson() -> None:
    found = share_of(1, 10)
    # Agresti and Coull (1998) give 0.018 to 0.404 for one of ten.
    assert (round(found.low, 3), round(found.high, 3)) == (0.018, 0.404)


def test_a_ratio_of_equal_rates_is_one_and_holds_one() -> None:
    ratio = rate_ratio(5, 100, 50, 1000, certainty=0.95)
    assert ratio is not None
    assert isclose(ratio.value, 1.0)
    assert ratio.low < 1 < ratio.high


def test_the_ends_of_a_ratio_turn_round_with_the_groups() -> None:
    one = rate_ratio(8, 100, 20, 1000, certainty=0.95)
    other = rate_ratio(20, 1000, 8, 100, certainty=0.95)
    assert one is not None and other is not None  # noqa: PT018
    assert isclose(one.low, 1 / other.high)
    assert isclose(one.high, 1 / other.low)


def test_nobody_of_a_group_is_a_ratio_from_zero() -> None:
    ratio = rate_ratio(0, 100, 20, 1000, certainty=0.95)
    assert ratio is not None
    assert (ratio.value, ratio.low) == (0.0, 0.0)
    assert 0 < ratio.high < inf


def test_a_ratio_against_nobody_has_no_upper_end() -> None:
    ratio = rate_ratio(20, 100, 0, 1000, certainty=0.95)
    assert ratio is not None
    assert (ratio.value, ratio.high) == (inf, inf)
    assert 1 < ratio.low < inf


@pytest.mark.parametrize("numbers", [(0, 100, 0, 100), (3, 100, 0, 0), (0, 0, 3, 100)])
def test_where_nothing_compares_there_is_no_ratio(numbers: tuple[int, int, int, int]) -> None:
    assert rate_ratio(*numbers, certainty=0.95) is None


def test_a_group_that_is_surely_flagged_more_often_exceeds() -> None:
    rates = flag_rates({"AA": 1000, "BB": 1000}, {"AA": 60, "BB": 10}, allowed=2.0)
    assert [rate.name for rate in exceeding(rates)] == ["AA"]


def test_a_ratio_that_chance_explains_does_not_exceed() -> None:
    rates = flag_rates({"AA": 100, "BB": 1000}, {"AA": 2, "BB": 4}, allowed=2.0)
    assert rates[1].ratio is not None
    assert rates[1].ratio.value == 5.0
    assert exceeding(rates) == []


def test_the_more_groups_are_compared_the_surer_one_must_be() -> None:
    few = flag_rates({"AA": 500, "BB": 500}, {"AA": 20, "BB": 5}, allowed=1.0)
    groups = {f"G{number}": 20 for number in range(25)} | {"AA": 500}
    many = flag_rates(groups, {"AA": 20, "G0": 5}, allowed=1.0)
    assert few[0].ratio is not None
    assert many[0].ratio is not None
    assert few[0].ratio.value == many[0].ratio.value
    assert many[0].ratio.low < few[0].ratio.low


def test_groups_of_few_accounts_are_shown_as_one() -> None:
    rates = flag_rates({"AA": 50, "BB": 9, "CC": 4}, {"CC": 1, "BB": 1}, allowed=2.0)
    assert [(rate.name, rate.accounts, rate.flagged) for rate in rates] == [
        ("AA", 50, 0), (SMALL, 13, 2),
    ]  # fmt: skip


def test_the_ends_of_a_ratio_are_two_sided() -> None:
    """Clopper and Pearson's table has 0.1871 to 0.8129 for five of ten, at 95 %."""
    ratio = rate_ratio(5, 100, 5, 100, certainty=0.95)
    assert ratio is not None
    assert ratio.low == pytest.approx(0.1871 / 0.8129, rel=1e-3)
    assert ratio.high == pytest.approx(0.8129 / 0.1871, rel=1e-3)
