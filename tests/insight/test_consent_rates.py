"""Rates of consent as they may be shown: with the noise of everything else, and no share of few."""

from datetime import date, timedelta

import pytest

from privet.catalogue.uses import Choice
from privet.consent.rates import By
from privet.consent.service import Who
from privet.insight.consent_rates import show_rates
from privet.insight.noise import SMALLEST_SHOWN, Noise
from privet.insight.rules import Grain, Period
from privet.kernel.clock import FixedClock
from tests.consent.kit import ALL_NO, ALL_YES, NOW, decide, key_of

pytestmark = pytest.mark.django_db
NOISE = Noise(bytes(range(32)))
PERIOD = Period(first=date(2026, 11, 1), last=date(2026, 11, 30))


def show(**narrowed: object):
    return show_rates(PERIOD, grain=Grain.DAY, noise=NOISE, **narrowed)  # type: ignore[arg-type]


def crowd(yes: int, no: int, *, days: int = 0) -> None:
    at = FixedClock(NOW - timedelta(days=days))
    for number in range(yes + no):
        who = Who(site="hedgerow", key=key_of(f"{days}-{number}"), birth_year=1990, country="ES")
        decide(who, ALL_YES if number < yes else ALL_NO, clock=at)


def expected(names: list[str]) -> int:
    key = sum(int.from_bytes(key_of(name)[:4], "big") for name in names)
    return NOISE.on_count(len(names), key)


def test_numbers_carry_the_noise_of_their_people():
    crowd(20, 10)
    total = show().total
    assert total is not None
    assert total.deciders == expected([f"0-{n}" for n in range(30)])
    assert total.allowed[Choice.RESEARCH] == expected([f"0-{n}" for n in range(20)])


def test_the_same_people_are_the_same_number_however_they_are_asked_for():
    crowd(20, 10)
    rates = show()
    [regime], [version] = rates.of(By.REGIME), rates.of(By.VERSION)
    assert regime.deciders == version.deciders == rates.total.deciders  # type: ignore[union-attr]
    assert show(regime="opt_in", language="en", version=1).total == rates.total


def test_a_share_is_reckoned_from_what_is_shown():
    crowd(20, 10)
    total = show().total
    assert total is not None
    share = total.share(Choice.RESEARCH)
    assert share == total.allowed[Choice.RESEARCH] / total.deciders


def test_no_share_passes_one():
    crowd(30, 0)
    for rate in show().of(By.ALL):
        assert all((rate.share(choice) or 0) <= 1 for choice in Choice)


def test_of_few_people_there_is_no_share_and_no_number_below_the_smallest():
    crowd(4, 0)
    for rate in show().of(By.TIME):
        assert rate.deciders >= SMALLEST_SHOWN
        if rate.deciders < 10:
            assert rate.share(Choice.RESEARCH) is None
    assert show().part(By.CONTROL, "choose") is None


def test_a_cell_in_which_nobody_is_shown_is_not_there():
    for days in range(12):
        crowd(1, 0, days=days)
    shown = show().of(By.TIME)
    assert len(shown) < 12
    assert all(rate.deciders for rate in shown)


def test_points_of_time_stand_in_their_order_and_at_the_starts_of_their_grain():
    for days in (0, 1, 8, 9):
        crowd(15, 0, days=days)
    rates = show_rates(PERIOD, grain=Grain.WEEK, noise=NOISE)
    assert [rate.value for rate in rates.of(By.TIME)] == [date(2026, 11, 9), date(2026, 11, 16)]


def test_a_part_is_the_share_of_everybody():
    crowd(20, 10)
    rates = show()
    assert rates.part(By.CONTROL, "choose") == 1.0
    assert rates.part(By.CONTROL, "reject_all") == 0.0


def test_an_empty_ledger_has_nothing_to_show():
    rates = show()
    assert (rates.total, rates.of(By.TIME), rates.part(By.CONTROL, "choose")) == (None, (), None)
