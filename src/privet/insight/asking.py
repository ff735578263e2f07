"""The one way from the lake to a figure: a question, put under one use, answered with protection.

All of it is read through `privet.events.query`, within the asker's scope and under the analytics
use, and passes `privet.insight.protection` before anybody sees it. Only the coverage also looks at
coursework under the instruction use: a single number, to say how many learners the dashboards
cannot show.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from privet.catalogue.uses import Use
from privet.events.query import Scope, register_queries, register_rollups
from privet.events.statements import Statement, find_statement
from privet.insight.answering import Answerer
from privet.insight.noise import Noise
from privet.insight.protection import Row
from privet.insight.rules import Grain, Period
from privet.insight.working_out import Asked
from privet.kernel.config import read_config
from privet.kernel.crypto import KeyRing

register_queries("privet.insight.sql")
register_rollups("privet.insight.rollups")

ANSWERER = Answerer()
"""Answers every question of this process."""

NOISE = "small-counts"
"""The label of the noise's secret in the key ring."""
FURTHER = ("country", "device", "mode", "network_kind")
"""What some pages can be narrowed to, besides institution, course and event."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """Which events a dashboard is about, who asks, and how far they may see."""

    period: Period
    scope: Scope
    by: str
    institution: str = ""
    course: str = ""
    event: str = ""
    """Empty for all, as are the institution and the course."""
    asked_grain: Grain | None = None
    """How finely time is to be shown; none for what suits the period."""
    further: Mapping[str, str] = field(default_factory=dict)
    """Values for some of `FURTHER`; those that are missing mean all."""

    @property
    def grain(self) -> Grain:
        """How finely time is shown."""
        return self.period.grain_for(self.asked_grain)


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How many of the learners who did coursework the dashboards may show."""

    seen: int
    everybody: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; none if there was no coursework."""
        return self.seen / self.everybody if self.everybody else None


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a period can be narrowed to."""

    institutions: tuple[str, ...]
    courses: tuple[str, ...]
    further: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def ask(name: str, question: Question, *, use: Use = Use.ANALYTICS, **params: Any) -> list[Row]:
    """Put a registered query; its rows with plain names and protected values.

    Of what the question says, the query gets what its text names (``start, end, institution,
    course, event`` and those of `FURTHER`); ``params`` are its own. Raises `QueryError` if it is
    not known or lacks a parameter, and `UnprotectedError` if it would show a bare number.
    """
    statement = find_statement(name)
    given = {key: value for key, value in _said_by(question).items() if key in statement.parameters}
    return _answer(statement, use=use, scope=question.scope, by=question.by, params=given | params)


def forget_answers() -> None:
    """Work the next questions out anew; what a measurement of them needs."""
    ANSWERER.forget()


def _answer(
    statement: Statement, *, use: Use, scope: Scope, by: str, params: Mapping[str, Any]
) -> list[Row]:
    """The protected rows: those of a kept answer that still holds, or of a new one."""
    noise = installed_noise()
    return ANSWERER.answer(
        Asked(statement=statement, use=use, scope=scope, by=by, params=params, noise=noise)
    )


def installed_noise() -> Noise:
    """The noise of this installation."""
    return _noise_under(read_config().keys)


def find_span(*, scope: Scope, by: str) -> Period | None:
    """The days from the first event to the last; none if the asker can see none."""
    (row,) = _answer(find_statement("span"), use=Use.ANALYTICS, scope=scope, by=by, params={})
    first, last = row["first_day"], row["last_day"]
    return Period(first=first, last=last) if first else None


def find_options(question: Question, *, further: tuple[str, ...] = ()) -> Options:
    """The institutions of the period, and the courses of the chosen one (or of all).

    ``further`` names lists of `FURTHER` to look up too: what occurs in the period.
    """
    every = replace(question, institution="", course="", event="", further={})
    rows = ask("options", every)
    chosen = question.institution
    return Options(
        institutions=_values(rows, "institution"),
        courses=_values(
            [row for row in rows if not chosen or row["institution"] == chosen], "course"
        ),
        further={key: _values(ask(f"options_{key}", every), key) for key in further},
    )


def measure_coverage(question: Question) -> Coverage:
    """How many of those who did coursework in the period the dashboards may show."""
    (everybody,) = ask("coursework_learners", question, use=Use.INSTRUCTION)
    (shown,) = ask("coursework_learners_shown", question)
    # Somebody who objected to one use and agreed to the other would be seen but not counted; and
    # the noise on the two numbers differs.
    everyone = everybody["learners"]
    return Coverage(seen=min(shown["learners"], everyone), everybody=everyone)


def _said_by(question: Question) -> dict[str, Any]:
    said = dict.fromkeys(FURTHER, "") | dict(question.further)
    return said | {
        "start": question.period.first,
        "end": question.period.last,
        "institution": question.institution,
        "course": question.course,
        "event": question.event,
    }


def _values(rows: list[Row], key: str) -> tuple[str, ...]:
    return tuple(sorted({row[key] for row in rows} - {"", None}))


@cache
def _noise_under(keys: Path) -> Noise:
    return Noise(KeyRing(keys).signing_key(NOISE))
