"""Which pairs of a course's accounts are worth to be set against each other, and among how many.

Found in steps, each with only what the one before left: accounts that may have got answers for
others, the addresses that link them, and whoever submitted soon after them. Nothing is ever made of
all pairs, and the last step goes in parts, from one account to another, so that memory is bounded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from privet.integrity.preset import Thresholds
from privet.integrity.reading import Reader

_WORK_A_PART = 4_000_000_000
"""Answers that were got times accounts: the pairs that meet by chance grow with it, and counting
many at a time takes longer than counting as many in several turns."""
_NOBODY = {"harvester": 0, "master": 0}
"""Stands in a list that would be empty, since such a list has no type."""


@dataclass(frozen=True, kw_only=True)
class Course:
    """What is looked at: a course, and from which day on its acts are new."""

    key: str
    institution: str
    since: date
    standing: frozenset[tuple[int, int]] = frozenset()
    """Pairs of findings that stand."""
    sought_from: date | None = None
    """If given, pairs are sought in what was done from this day on, and only of masters without a
    finding that stands. What is found is judged by all that both did, all the same."""

    @property
    def told_again(self) -> frozenset[tuple[int, int]]:
        """The pairs that are judged anew, however little remains."""
        return self.standing if self.sought_from is None else frozenset()


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """Pairs, the harvester first, and how many could have been among them."""

    pairs: dict[tuple[int, int], int]
    """With the accounts behind the address that links them; 0 for none."""
    eligible_shared: int
    eligible_apart: int


@dataclass(frozen=True, kw_only=True)
class Search:
    """How a course is searched."""

    thresholds: Thresholds
    window_seconds: int
    """Submitted within it is a hit."""
    earlier: int = 0
    """So many seconds earlier answers are taken to have been got."""
    fed: float = 0.0
    """Pairs that nothing links are left out unless hits are half this share of what was got."""
    part_accounts: int | None = None
    """Masters are searched for among so many accounts at a time; None: as memory asks for."""


def find_candidates(reader: Reader, course: Course, search: Search) -> Candidates:
    """Pairs with something new since the course's first new day, and those of standing findings."""
    limits = search.thresholds
    if course.sought_from is not None:
        reader = reader.no_earlier_than(course.sought_from)
    told = _ask_suppliers(reader, course, search)
    suppliers = {row["subject"]: row for row in told if row["subject"]}
    links = _find_links(
        reader, course, limits, suppliers.keys() | {one for one, _ in course.told_again}
    )
    at_work = [row for row in suppliers.values() if row["is_at_work"]]
    settled = {master for _, master in course.standing - course.told_again}
    found = {
        (row["harvester"], row["master"])
        for row in _ask_in_parts(reader, course, search, at_work, links=links)
        if row["master"] not in settled
    }
    harvesters = sum(row["got"] >= limits.fewest_apart for row in suppliers.values())
    return Candidates(
        pairs={pair: links.get(pair, 0) for pair in sorted(found | course.told_again)},
        eligible_shared=sum(one in suppliers for one, _ in links),
        eligible_apart=harvesters * sum(row["masters"] for row in told),
    )


def _ask_suppliers(reader: Reader, course: Course, search: Search) -> list[dict[str, Any]]:
    """The rows of `copying_suppliers`; none if nobody did anything in the course."""
    limits = search.thresholds
    problems = reader.ask("course_problems", course=course.key)
    return problems and reader.ask(
        "copying_suppliers", course=course.key, since=course.since, problems=problems,
        own=limits.most_by_itself, reach=limits.reach_seconds + search.earlier,
        fewest_apart=limits.fewest_apart,
    )  # fmt: skip


def _find_links(
    reader: Reader, course: Course, limits: Thresholds, subjects: set[int]
) -> dict[tuple[int, int], int]:
    """By pair: how many accounts there are behind the address with the fewest."""
    listed = [{"subject": subject} for subject in sorted(subjects)]
    addresses = listed and reader.ask("copying_addresses", course=course.key, suppliers=listed)
    links = addresses and reader.ask(
        "copying_links", course=course.key, addresses=addresses, most_accounts=limits.most_accounts
    )
    return {(row["harvester"], row["master"]): row["accounts"] for row in links}


def _ask_in_parts(
    reader: Reader, course: Course, search: Search, at_work: list[dict[str, Any]], *,
    links: dict[tuple[int, int], int],
) -> Iterator[dict[str, Any]]:  # fmt: skip
    if not at_work:
        return
    limits = search.thresholds
    here = {row["subject"] for row in at_work}
    listed = [{"harvester": one, "master": other} for one, other in links if one in here]
    solvers = reader.ask("course_solvers", course=course.key, since=course.since)
    fitting = _WORK_A_PART // sum(row["got"] for row in at_work)
    together = search.part_accounts or max(1, fitting)
    for masters in _batched([row["subject"] for row in solvers], together):
        yield from reader.ask(
            "copying_candidates", course=course.key, since=course.since,
            masters=masters, first=masters[0], last=masters[-1],
            suppliers=[{"subject": subject} for subject in sorted(here)],
            links=listed or [_NOBODY],
            window=search.window_seconds, reach=limits.reach_seconds,
            fewest_shared=limits.fewest_shared, fewest_apart=limits.fewest_apart,
            earlier=search.earlier, fed=search.fed,
        )  # fmt: skip


def _batched(accounts: list[int], together: int) -> Iterator[list[int]]:
    """The accounts, so many at a time."""
    for place in range(0, len(accounts), together):
        yield accounts[place : place + together]
