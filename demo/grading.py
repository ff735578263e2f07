"""How an answer is graded, and what the state of a problem still allows; nothing else."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")


class ProblemKind(StrEnum):
    """The kinds of problems there are."""

    NUMBER = "number"
    """One number, right within a tolerance."""
    TEXT = "text"
    """A short text; case and spaces do not matter."""
    ONE = "one"
    """One option of several."""
    MANY = "many"
    """All right options and no other."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A question with its right answers."""

    id: str
    kind: ProblemKind
    question: str
    answers: tuple[str, ...]
    """Right numbers or texts, or the right options by their words."""
    explanation: str
    options: tuple[str, ...] = ()
    points: float = 1
    attempts: int = 3
    tolerance: float = 0
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How one learner stands with one problem."""

    attempts: int = 0
    given: tuple[str, ...] = ()
    earned: float = 0
    shown: bool = False


def grade(problem: Problem, given: Sequence[str]) -> float:
    """The points that an answer earns: all of them or none."""
    return problem.points if _is_right(problem, given) else 0


def can_submit(problem: Problem, progress: Progress) -> bool:
    """An answer is taken until it is right, the attempts are used up or the answer was shown."""
    return (
        progress.attempts < problem.attempts
        and not progress.shown
        and progress.earned < problem.points
    )


def can_show_answer(progress: Progress) -> bool:
    """The answer can be seen by who has tried at least once."""
    return progress.attempts > 0


def is_empty(given: Sequence[str]) -> bool:
    """Whether nothing was answered; that costs no attempt."""
    return not any(text.strip() for text in given)


def _is_right(problem: Problem, given: Sequence[str]) -> bool:
    match problem.kind:
        case ProblemKind.NUMBER:
            number = _read_number(given[0]) if given else None
            return number is not None and any(
                abs(number - float(answer)) <= problem.tolerance for answer in problem.answers
            )
        case ProblemKind.TEXT:
            wanted = {_plain(answer) for answer in problem.answers}
            return bool(given) and _plain(given[0]) in wanted
        case ProblemKind.ONE:
            return len(given) == 1 and given[0] in problem.answers
        case ProblemKind.MANY:
            return set(given) == set(problem.answers)
        case _:
            assert_never(problem.kind)


def _read_number(text: str) -> float | None:
    """A number as people write it: 1,600 and 2,5 and 1 600 and 95 % and a real minus sign."""
    cleaned = "".join(text.split()).removesuffix("%").replace("\N{MINUS SIGN}", "-")
    if _THOUSANDS.fullmatch(cleaned):
        cleaned = cleaned.replace(",", "")
    try:
        number = float(cleaned.replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _plain(text: str) -> str:
    return "".join(text.casefold().split())
