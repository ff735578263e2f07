"""How many people allow what, as it may be shown: the ledger's counts under the same noise.

The cells of `privet.consent.rates` come with the sum of their people's keys, so the noise is that
of every other figure: the same people, the same noise, whatever was asked and however often.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from privet.catalogue.uses import Choice
from privet.consent.rates import (
    By,
    Counted,
    Tally,
    Wanted,
    count_decisions,
    first_decision_day,
    published_texts,
)
from privet.insight.asking import installed_noise
from privet.insight.noise import Noise
from privet.insight.protection import FEWEST_FOR_STATISTICS
from privet.insight.rules import Grain, Period, start_of

__all__ = ["By", "ConsentRates", "Rate", "first_decision_day", "published_texts", "show_rates"]


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A cell: what it is of, how many people decided, how many of them allow each choice."""

    value: Any
    """A first day, a regime, a language, a version, a control, or whether the signal came."""
    deciders: int
    allowed: Mapping[Choice, int]

    def share(self, choice: Choice) -> float | None:
        """The share that allows a choice; none where few people decided."""
        if self.deciders < FEWEST_FOR_STATISTICS:
            return None
        return min(1.0, self.allowed[choice] / self.deciders)


@dataclass(frozen=True, kw_only=True)
class ConsentRates:
    """All cells of a period, by what they tell apart; a cell without people is not there."""

    cells: Mapping[By, tuple[Rate, ...]]

    def of(self, by: By) -> tuple[Rate, ...]:
        """The cells that one thing tells apart, in the order of its values."""
        return self.cells.get(by, ())

    @property
    def total(self) -> Rate | None:
        """Everybody who decided in the period; none if nobody did."""
        return next(iter(self.of(By.ALL)), None)

    def part(self, by: By, value: Any) -> float | None:
        """The share of the people who decided that belongs to one cell."""
        total = self.total
        if total is None or total.deciders < FEWEST_FOR_STATISTICS:
            return None
        found = next((rate.deciders for rate in self.of(by) if rate.value == value), 0)
        return min(1.0, found / total.deciders)


def show_rates(
    period: Period,
    *,
    grain: Grain,
    regime: str = "",
    language: str = "",
    version: int | None = None,
    noise: Noise | None = None,
) -> ConsentRates:
    """What was decided in the days of a period (UTC), protected."""
    wanted = Wanted(
        start=_midnight(period.first),
        end=_midnight(period.last + timedelta(days=1)),
        regime=regime,
        language=language,
        version=version,
    )
    found = count_decisions(wanted, point_of=lambda day: start_of(day, grain))
    protector = noise or installed_noise()
    cells: dict[By, list[Rate]] = {}
    for (by, value), tally in found.items():
        rate = _protect(value, tally, protector)
        if rate.deciders:
            cells.setdefault(by, []).append(rate)
    return ConsentRates(cells={by: tuple(sorted(rates, key=_order)) for by, rates in cells.items()})


def _protect(value: Any, tally: Tally, noise: Noise) -> Rate:
    def shown(counted: Counted) -> int:
        return noise.on_count(counted.people, counted.key)

    return Rate(
        value=value,
        deciders=shown(tally.deciders),
        allowed={choice: shown(counted) for choice, counted in tally.allowed.items()},
    )


def _order(rate: Rate) -> tuple[bool, Any]:
    return rate.value is not None, rate.value if rate.value is not None else 0


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
