"""Questions that programs may put: the dashboards' own, by name, with protected answers.

What a command or the API hands out is what a page shows: rows of cells, never a row of a person.
A query that would give a bare number away is not on the list and is not answered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from privet.catalogue.uses import Use
from privet.events.errors import QueryError
from privet.events.query import Scope
from privet.events.statements import find_statement
from privet.insight.asking import FURTHER, Coverage, Question, ask, measure_coverage
from privet.insight.origin_hosts import SEARCH_PATTERN, SOCIAL_PATTERN
from privet.insight.protection import LEARNERS, Row
from privet.insight.rules import EARLIEST, LATEST, Grain, Period, can_be_asked

_PACKAGE = "privet.insight.sql"
_SAID_BY_QUESTION = frozenset({"start", "end", "institution", "course", "event", *FURTHER})
_DEFAULTS: Mapping[str, str] = {
    "grain": Grain.DAY.value,
    "page": "",
    "search": SEARCH_PATTERN,
    "social": SOCIAL_PATTERN,
}
ANSWERED_FOR = Use.ANALYTICS | Use.MARKETING
"""Uses under which figures leave. What teaching and security need is shown in their own rooms."""


@dataclass(frozen=True, kw_only=True)
class Askable:
    """A question with what it answers."""

    name: str
    says: str
    parameters: tuple[str, ...]
    """What it can be narrowed by, besides the days."""
    needs: tuple[str, ...]
    """What has to be said, since there is no answer over all of it."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """An answer: rows of protected cells, and what they are about."""

    asked: Askable
    question: Question
    use: Use
    rows: Sequence[Row]
    coverage: Coverage

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the cells, in order."""
        return tuple(self.rows[0]) if self.rows else ()


@cache
def askable() -> tuple[Askable, ...]:
    """All questions, by name."""
    names = sorted(entry.name for entry in files(_PACKAGE).iterdir())
    found = (_describe(name.removesuffix(".sql")) for name in names if name.endswith(".sql"))
    return tuple(one for one in found if one is not None)


def find_askable(name: str) -> Askable:
    """The question of that name; raises `QueryError`."""
    for one in askable():
        if one.name == name:
            return one
    raise QueryError(f"There is no question {name!r}.", remedy="See: privet query --list")


def report(
    name: str, question: Question, *, use: Use = Use.ANALYTICS, given: Mapping[str, str]
) -> Report:
    """Put a question, narrowed by ``given``; raises `QueryError` for what it does not take."""
    asked = find_askable(name)
    if use not in ANSWERED_FOR or len(use) != 1:
        raise QueryError(
            "Figures are given for analytics or for marketing only.",
            remedy="Ask with --use analytics.",
        )
    unknown = sorted(given.keys() - set(asked.parameters))
    missing = sorted(set(asked.needs) - given.keys())
    for names, problem in ((unknown, "does not take"), (missing, "needs")):
        if names:
            raise QueryError(
                f"The question {name!r} {problem} {', '.join(names)}.",
                remedy=f"It takes: {', '.join(asked.parameters) or 'nothing but the days'}.",
            )
    further = {key: _value(value) for key, value in given.items() if key not in _SAID_BY_QUESTION}
    defaults = {key: value for key, value in _DEFAULTS.items() if key in asked.parameters}
    rows = ask(name, question, use=use, **(defaults | further))
    return Report(
        asked=asked, question=question, use=use, rows=rows, coverage=measure_coverage(question)
    )


def question_of(
    *, first: date, last: date, given: Mapping[str, str], scope: Scope, by: str
) -> Question:
    """The days, and what every question understands of what was given."""
    return Question(
        period=Period(first=first, last=last),
        scope=scope,
        by=by,
        institution=given.get("institution", ""),
        course=given.get("course", ""),
        event=given.get("event", ""),
        further={key: given[key] for key in FURTHER if key in given},
    )


def as_record(found: Report) -> dict[str, Any]:
    """An answer as JSON holds it."""
    period = found.question.period
    return {
        "question": found.asked.name,
        "says": found.asked.says,
        "use": (found.use.name or "").lower(),
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "learners_seen_share": found.coverage.share,
        "columns": list(found.columns),
        "rows": [{key: _plain(value) for key, value in row.items()} for row in found.rows],
    }


def read_days(first: str, last: str) -> tuple[date, date]:
    """Two days as ISO 8601 writes them; raises `QueryError`."""
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError as error:
        raise QueryError("A day is written like 2026-10-31.", remedy="Correct the days.") from error
    if end < start:
        raise QueryError("The last day is before the first.", remedy="Turn them round.")
    if not can_be_asked(start, end):
        raise QueryError(
            "These days cannot be asked about.",
            remedy=f"Give days from {EARLIEST.year} to {LATEST.year}.",
        )
    return start, end


def _describe(name: str) -> Askable | None:
    statement = find_statement(name)
    if f"{LEARNERS}_key" not in statement.text:
        return None
    first = statement.text.splitlines()[0]
    parameters = statement.parameters - {"start", "end"}
    needs = parameters - _SAID_BY_QUESTION - _DEFAULTS.keys()
    return Askable(
        name=name,
        says=first.removeprefix("--").strip(),
        parameters=tuple(sorted(parameters)),
        needs=tuple(sorted(needs)),
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _value(text: str) -> str | int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else text
