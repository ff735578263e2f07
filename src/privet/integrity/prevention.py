"""Prevention: which items of a course let their answers out, how many correct answers harvesting
explains, and what would close it. To close an item is better than to find who used it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import msgspec

from privet.events.lake import Lake
from privet.events.query import Scope
from privet.integrity.copying import KINDS
from privet.integrity.disparity import Interval, share_of
from privet.integrity.findings import How, Item, find_rows
from privet.integrity.models import FindingRow
from privet.integrity.reading import Reader

FEW_ATTEMPTS = 2
"""So many attempts are not enough to get an answer by trying, as the detectors mean it."""
SAME_SHARE = 0.9
"""At least this share of right first answers is the same: all are asked for the same."""
ENOUGH = 0.8
"""So much of what the strongest remedy would have closed is enough for an easier one."""
FEWEST_ANSWERS = 10
"""Of fewer known right answers it is not told whether they are the same."""


class Remedy(StrEnum):
    """What would close an item; in the order in which it is easily done."""

    HIDE = "hide"
    """Show answers only after everybody's deadline."""
    LIMIT = "limit"
    """Allow no more than two attempts, or say only after the deadline whether one was right."""
    VARY = "vary"
    """Ask each learner for another answer."""


def easiest_enough(closes: Mapping[Remedy, int]) -> Remedy | None:
    """The easiest remedy that would have closed four fifths of what any of these would have."""
    most = max(closes.values(), default=0)
    return next((one for one in Remedy if one in closes and closes[one] >= ENOUGH * most), None)


@dataclass(frozen=True, kw_only=True)
class Leak:
    """One problem, as the events tell of it."""

    problem: str
    accounts: int
    """Who tried it."""
    solvers: int
    shown_unsolved: int
    """Who had its answer shown before they had solved it."""
    answered_later: int
    """Who gave a first answer after somebody had seen the right one."""
    exhausted: int
    """Who had it right after two wrong attempts or more."""
    most_attempts: int
    """The most that one account made."""
    is_same_for_all: bool | None
    """None if too few right answers are known."""
    by_shown: int
    """Correct answers that a finding explains by an answer that was shown."""
    by_attempts: int
    """The same, by wrong attempts."""

    @property
    def explained(self) -> int:
        """Correct answers that harvesting explains."""
        return self.by_shown + self.by_attempts

    @property
    def closes(self) -> Mapping[Remedy, int]:
        """How many of them each remedy that fits the item would have closed."""
        found: dict[Remedy, int] = {}
        if self.shown_unsolved and self.answered_later:
            found[Remedy.HIDE] = self.by_shown
        if self.most_attempts > FEW_ATTEMPTS:
            found[Remedy.LIMIT] = self.by_attempts
        if found and self.is_same_for_all is not False:
            found[Remedy.VARY] = self.explained
        return found

    @property
    def best(self) -> Remedy | None:
        """What to do about it, as `easiest_enough` has it. None if nothing leaks."""
        return easiest_enough(self.closes)


@dataclass(frozen=True, kw_only=True)
class CourseLine:
    """One course among others."""

    course: str
    answers: int
    """Correct answers, one for each account and problem."""
    explained: int


@dataclass(frozen=True, kw_only=True)
class Prevention:
    """The report of one course."""

    course: str
    items: tuple[Leak, ...]
    """Those that explain most first."""
    answers: int
    explained: int
    share: Interval | None
    closes: Mapping[Remedy, int]
    """Over all items, what each remedy alone would have closed."""
    first: date
    last: date


def list_courses(
    *, lake: Lake, institutions: frozenset[str] | None, by: str, now: datetime
) -> list[CourseLine]:
    """The courses of a scope, those with most explained answers first."""
    reader = _reader(lake, institutions, by, now)
    explained: Counter[str] = Counter()
    for row in _copying(institutions):
        explained[row.course] += len(_sources([row]))
    answers: Counter[str] = Counter()
    for line in reader.ask("correct_answers"):
        answers[line["course"]] += line["answers"]
    lines = [
        CourseLine(course=course, answers=number, explained=min(number, explained[course]))
        for course, number in answers.items()
    ]
    return sorted(lines, key=lambda line: (-line.explained, line.course))


def report_prevention(
    course: str, *, lake: Lake, institutions: frozenset[str] | None, by: str, now: datetime
) -> Prevention | None:
    """The report of a course; none if the scope holds nothing of it."""
    reader = _reader(lake, institutions, by, now)
    counts = _count_by_problem(row for row in _copying(institutions) if row.course == course)
    items = [
        _to_leak(row, counts[row["problem"]]) for row in reader.ask("leaking_items", course=course)
    ]
    if not items:
        return None
    items.sort(key=lambda item: (-item.explained, -item.answered_later, item.problem))
    answers = sum(item.solvers for item in items)
    explained = sum(item.explained for item in items)
    closes: Counter[Remedy] = Counter(dict.fromkeys(Remedy, 0))
    for item in items:
        closes.update(item.closes)
    return Prevention(
        course=course, items=tuple(items), answers=answers, explained=explained,
        share=share_of(explained, answers) if answers else None, closes=closes,
        first=reader.start, last=reader.end,
    )  # fmt: skip


def _reader(lake: Lake, institutions: frozenset[str] | None, by: str, now: datetime) -> Reader:
    last = now.date() - timedelta(days=1)
    scope = Scope(institutions=institutions)
    return Reader(by=by, lake=lake, start=date.min, end=last, scope=scope)


def _copying(institutions: frozenset[str] | None) -> Sequence[FindingRow]:
    return list(find_rows(institutions=institutions).filter(kind__in=KINDS))


def _sources(rows: Iterable[FindingRow]) -> dict[tuple[int, str], How]:
    """How each correct answer of a master was got, by master and problem; the last way counts."""
    found: dict[tuple[int, str], tuple[float, How]] = {}
    for row in rows:
        for item in msgspec.convert(row.items, list[Item]):
            key = row.subjects[-1], item.problem
            is_later = key not in found or item.dt_seconds < found[key][0]
            if item.how is not None and item.correct and item.dt_seconds > 0 and is_later:
                found[key] = item.dt_seconds, item.how
    return {key: how for key, (_, how) in found.items()}


def _count_by_problem(rows: Iterable[FindingRow]) -> Mapping[str, Counter[How]]:
    counts: defaultdict[str, Counter[How]] = defaultdict(Counter)
    for (_, problem), how in _sources(rows).items():
        counts[problem][how] += 1
    return counts


def _to_leak(row: Mapping[str, int], counts: Counter[How]) -> Leak:
    is_known = row["known"] >= FEWEST_ANSWERS
    # Of a finding's people some may not be seen any more: they are not among the solvers.
    by_shown = min(row["solvers"], counts[How.SHOWANSWER])
    by_attempts = min(row["solvers"] - by_shown, counts[How.EXHAUSTED])
    return Leak(
        problem=str(row["problem"]), accounts=row["accounts"], solvers=row["solvers"],
        shown_unsolved=row["shown_unsolved"], answered_later=row["answered_later"],
        exhausted=row["exhausted"], most_attempts=row["most_attempts"],
        is_same_for_all=row["commonest"] >= SAME_SHARE * row["known"] if is_known else None,
        by_shown=by_shown, by_attempts=by_attempts,
    )  # fmt: skip
