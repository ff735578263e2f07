"""What was asked lately, so that it can be worked out again before somebody asks once more.

A question is remembered without who asked it. One about the days up to today is remembered by how
many days ago its own begin and end, since tomorrow's page will be about others.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from privet.catalogue.uses import Use
from privet.events.errors import QueryError
from privet.events.query import Scope
from privet.events.statements import find_statement
from privet.insight.noise import Noise
from privet.insight.working_out import Asked

MOST = 200
"""So many questions are remembered at most, those that were asked last."""
AGE = timedelta(days=3)
"""After so long without being asked one is forgotten; a weekend is shorter."""
BY = "insight.warming"
"""Who asks when nobody does."""
DAYS = ("start", "end")
Value = str | int | float


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """A question without who asked it."""

    name: str
    use: Use
    scope: Scope
    params: tuple[tuple[str, Value], ...]
    """By name. Days are as in ISO 8601, or numbers counted from today if it moves on with them."""
    moves_on: bool

    def asked_on(self, today: date, noise: Noise) -> Asked | None:
        """What is to be asked on a day; none if there is no such query any more."""
        try:
            statement = find_statement(self.name)
        except QueryError:
            return None
        params = {key: self._on(today, key, value) for key, value in self.params}
        if params.keys() != statement.parameters:
            return None
        return Asked(
            statement=statement, use=self.use, scope=self.scope, by=BY, params=params, noise=noise
        )

    def _on(self, today: date, key: str, value: Value) -> Any:
        if key not in DAYS:
            return value
        return (
            today + timedelta(days=int(value)) if self.moves_on else date.fromisoformat(str(value))
        )


def remember(asked: Asked, *, today: date, moves_on: bool) -> Remembered | None:
    """A question as it is remembered; none if it will never be asked in these words again."""
    days = {key: asked.params[key] for key in DAYS if key in asked.params}
    others = {key: value for key, value in asked.params.items() if key not in DAYS}
    # A moment, such as now, makes it another question each time.
    are_plain = all(isinstance(value, Value) for value in others.values())
    if not are_plain or not all(type(day) is date for day in days.values()):
        return None
    told: dict[str, Value] = {
        key: (day - today).days if moves_on else day.isoformat() for key, day in days.items()
    }
    return Remembered(
        name=asked.statement.name, use=asked.use, scope=asked.scope,
        params=tuple(sorted((others | told).items())), moves_on=moves_on,
    )  # fmt: skip


class Lately:
    """The questions that were asked last, with when each was; safe to share between threads."""

    def __init__(self) -> None:
        self._asked: dict[Remembered, datetime] = {}
        self._guard = threading.Lock()

    def note(self, one: Remembered, now: datetime) -> None:
        """It was asked."""
        self.take_over({one: now}, now)

    def take_over(self, asked: Mapping[Remembered, datetime], now: datetime) -> None:
        """Questions that were asked, here or elsewhere, with when."""
        with self._guard:
            for one, when in asked.items():
                self._asked[one] = min(now, max(when, self._asked.get(one, when)))
            newest = sorted(self._asked.items(), key=lambda pair: pair[1], reverse=True)[:MOST]
            self._asked = {one: when for one, when in newest if now - when <= AGE}

    def listed(self) -> dict[Remembered, datetime]:
        """What is remembered, the last first."""
        with self._guard:
            return dict(self._asked)

    def forget(self) -> None:
        """Remember nothing any more."""
        with self._guard:
            self._asked = {}


def today_of(now: datetime) -> date:
    """The day that a moment is on, as pages count them."""
    return now.astimezone(UTC).date()
