"""Questions that programs may put: the dashboards' own, by name, with protected answers.

What a command or the API hands out is what a page shows: rows of cells, never a row of a person.
A query that would give a bare number away is not on the list and is not answered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from math import nan
from typing import Any

from privet.catalogue.uses import Use, use_names
from privet.events.errors import QueryError
from privet.events.query import Scope
from privet.events.rollups import find_rollup
from privet.events.statements import VIEW, Statement, find_statement
from privet.insight.asking import FURTHER, Coverage, Question, ask, measure_coverage
from privet.insight.at_risk import DAYS_BOUNDS, PERCENT_BOUNDS
from privet.insight.experiment_rules import pattern_of
from privet.insight.experiments import find_trial
from privet.insight.origin_hosts import SEARCH_PATTERN, SOCIAL_PATTERN
from privet.insight.protection import LEARNERS, Row
from privet.insight.rules import EARLIEST, LATEST, Grain, Period, can_be_asked

_PACKAGE = "privet.insight.sql"
_SAID_BY_QUESTION = frozenset({"start", "end", "institution", "course", "event", *FURTHER})
_DEFAULTS: Mapping[str, str] = {"grain": Grain.DAY.value, "page": ""}
_PATTERNS: Mapping[str, str] = {"search": SEARCH_PATTERN, "social": SOCIAL_PATTERN}
_OF_EXPERIMENT = frozenset({"began", "ended", "outcome", "target"})
_SETTLED = frozenset({*_PATTERNS, *_OF_EXPERIMENT})
"""What no asker says: a pattern or a moment of one's choice would single learners out."""
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
    uses: Use
    """Under which of `ANSWERED_FOR` it can be put."""


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
    found = (_describe(name) for name in sorted(_names()))
    return tuple(one for one in found if one is not None)


def find_askable(name: str) -> Askable:
    """The question of that name; raises `QueryError`."""
    found = _describe(name) if name in _names() else None
    if found is None:
        raise QueryError(f"There is no question {name!r}.", remedy="See: privet query --list")
    return found


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
    if not use & asked.uses:
        uses = " or ".join(use_names(asked.uses))
        raise QueryError(
            f"The question {name!r} is answered for {uses}.", remedy=f"Ask with use {uses}."
        )
    unknown = sorted(given.keys() - set(asked.parameters))
    missing = sorted(set(asked.needs) - given.keys())
    for names, problem in ((unknown, "does not take"), (missing, "needs")):
        if names:
            raise QueryError(
                f"The question {name!r} {problem} {', '.join(names)}.",
                remedy=f"It takes: {', '.join(asked.parameters) or 'nothing but the days'}.",
            )
    further = {key: value for key, value in given.items() if key not in _SAID_BY_QUESTION}
    defaults = {key: value for key, value in _DEFAULTS.items() if key in asked.parameters}
    rows = ask(name, question, use=use, **_read(name, question, defaults | further))
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


@cache
def _names() -> frozenset[str]:
    names = (entry.name for entry in files(_PACKAGE).iterdir())
    return frozenset(name.removesuffix(".sql") for name in names if name.endswith(".sql"))


def _describe(name: str) -> Askable | None:
    statement = find_statement(name)
    if f"{LEARNERS}_key" not in statement.text:
        return None
    uses = _uses_of(statement)
    if not uses:
        return None
    first = statement.text.splitlines()[0]
    parameters = statement.parameters - {"start", "end"} - _SETTLED
    needs = parameters - _SAID_BY_QUESTION - _DEFAULTS.keys()
    return Askable(
        name=name,
        says=first.removeprefix("--").strip(),
        parameters=tuple(sorted(parameters)),
        needs=tuple(sorted(needs)),
        uses=uses,
    )


def _uses_of(statement: Statement) -> Use:
    """What it can be asked for: a rollup that it reads is made under one use."""
    uses = ANSWERED_FOR
    for table in statement.reads:
        uses &= uses if table == VIEW else find_rollup(table).use
    return uses


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _read(name: str, question: Question, given: Mapping[str, str]) -> dict[str, Any]:
    """What is asked for beside the question, as its text takes it; and what Privet settles."""
    wanted = find_statement(name).parameters
    settled: dict[str, Any] = {key: said for key, said in _PATTERNS.items() if key in wanted}
    if wanted >= _OF_EXPERIMENT:
        settled |= _settled_by(given["site"], given["experiment"], question.period.last)
    return {key: _number(key, said) for key, said in given.items()} | settled


def _settled_by(site: str, key: str, last: date) -> dict[str, Any]:
    """What was written down of an experiment before it began; raises `QueryError`."""
    trial = find_trial(site=site, key=key)
    if trial is None or trial.began is None:
        raise QueryError(
            "No experiment of that site and key has begun.",
            remedy="See the page Experiments of the console for both.",
        )
    end = datetime.combine(last, time.max, UTC)
    return {
        "began": trial.began,
        "ended": trial.ended or max(end, trial.began),
        "outcome": trial.plan.outcome,
        "target": pattern_of(trial.plan.target),
    }


def _number(key: str, text: str) -> str | float:
    """The value of a parameter; the rule of learners at risk has numbers, within its bounds."""
    if key not in ("days_away", "pass_share"):
        return text
    least, most = DAYS_BOUNDS if key == "days_away" else PERCENT_BOUNDS
    part = 1 if key == "days_away" else 100
    try:
        number = round(float(text) * part, 6)
    except ValueError:
        number = nan
    if not (least <= number <= most and number.is_integer()):
        raise QueryError(
            f"The parameter {key} of this question cannot be {text!r}.",
            remedy=f"Give a number from {least / part:g} to {most / part:g}, "
            f"in steps of {1 / part:g}.",
        )
    return number / part
