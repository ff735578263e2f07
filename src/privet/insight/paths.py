"""Paths: in which order pages are opened, what is used on them, and which way between two is used.

A path stands for all pages of its kind: ``/courses/*/units/2`` is the second unit of any course.
With a course chosen it is that course's.
"""

from typing import Any

from privet.insight.asking import Question, ask
from privet.insight.paths_results import (
    PageLine,
    PairLine,
    Paths,
    StepLine,
    UsedLine,
    WayLine,
    Ways,
)


def show_paths(question: Question, *, page: str = "") -> Paths:
    """The order of pages, entries and exits, and what is used on one page or (empty) on all."""
    return Paths(
        steps=tuple(StepLine(**row) for row in ask("paths_flow", question)),
        pairs=_pairs(question),
        pages=tuple(PageLine(**row) for row in ask("paths_pages", question)),
        used=tuple(UsedLine(**row) for row in ask("paths_used", question, page=page)),
    )


def show_ways(question: Question, *, from_page: str, to_page: str) -> Ways:
    """Each way of linking between two pages, and how many went from one to the other at all."""
    ends: dict[str, Any] = {"from_page": from_page, "to_page": to_page}
    (between,) = ask("paths_between", question, **ends)
    return Ways(
        ways=tuple(WayLine(**row) for row in ask("paths_ways", question, **ends)),
        pairs=_pairs(question),
        learners=between["learners"],
        steps=between["steps"],
    )


def _pairs(question: Question) -> tuple[PairLine, ...]:
    return tuple(PairLine(**row) for row in ask("paths_pairs", question))
