"""The fairness report: how often each detector flags accounts of which groups.

Groups are countries, kinds of network and device, and courses. A disparity is no proof of a fault,
and changes no case: people who judge one are told that its detector flags some more than allowed.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction

from privet.audit.service import record_act
from privet.catalogue.columns import COLUMNS
from privet.catalogue.uses import Use
from privet.events.lake import Lake
from privet.events.query import Scope
from privet.integrity.cases import lock_cases, mark_disparity
from privet.integrity.disparity import Interval, Rate, exceeding, flag_rates
from privet.integrity.findings import KEPT_DAYS, SUPPORTING, DetectorKind, find_rows
from privet.integrity.models import DisparityRow, FindingRow
from privet.integrity.reading import Reader
from privet.kernel.clock import Clock

DETECTORS = tuple(kind for kind in DetectorKind if kind not in SUPPORTING)
"""Those that may open a case."""
_Counts = dict[str, dict[str, int]]
"""How many accounts, by what they are grouped by and by the group's name."""
_Groups = Mapping[int, Mapping[str, Collection[str]]]
"""The groups of an account, by what they are grouped by: several courses, one of all others."""


class GroupedBy(StrEnum):
    """By what accounts are put into groups."""

    COUNTRY = "country"
    NETWORK = "network"
    DEVICE = "device"
    COURSE = "course"


@dataclass(frozen=True, kw_only=True)
class DetectorRates:
    """How one detector (or, with none, any of them) flags the groups of one kind."""

    kind: DetectorKind | None
    by_what: GroupedBy
    rates: tuple[Rate, ...]


@dataclass(frozen=True, kw_only=True)
class Fairness:
    """The report, of the last twelve months."""

    first: date
    last: date
    allowed: float
    accounts: int
    """Accounts that could have been flagged: seen in what integrity may read."""
    flagged: int
    lines: tuple[DetectorRates, ...]

    def of(self, kind: DetectorKind | None, by_what: GroupedBy) -> tuple[Rate, ...]:
        """The rates of one detector over one kind of groups."""
        found = (line for line in self.lines if (line.kind, line.by_what) == (kind, by_what))
        return next(found).rates


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A detector and a group that it flags more often than is allowed, as last measured."""

    kind: DetectorKind
    by_what: GroupedBy
    name: str
    ratio: Interval
    allowed: float
    measured: datetime


def measure_fairness(
    *, lake: Lake, institutions: frozenset[str] | None, allowed: float, by: str, now: datetime
) -> Fairness:
    """Compare the groups of some institutions (none: of all); it changes nothing."""
    last = now.date() - timedelta(days=1)
    first = last - timedelta(days=KEPT_DAYS)
    scope = Scope(institutions=institutions)
    rows = list(find_rows(institutions=institutions).filter(kind__in=DETECTORS))
    subjects = sorted({subject for row in rows for subject in row.subjects})
    reader = Reader(by=by, lake=lake, start=first, end=last, scope=scope)
    accounts, groups_of = _read_groups(reader, subjects)
    return Fairness(
        first=first, last=last, allowed=allowed,
        accounts=sum(accounts[GroupedBy.COUNTRY].values()),
        flagged=len(groups_of),
        lines=tuple(_lines(rows, accounts, groups_of, allowed)),
    )  # fmt: skip


def mark_disparities(*, lake: Lake, allowed: float, by: str, clock: Clock) -> list[Marked]:
    """Measure the whole platform, keep what exceeds, and mark the cases that it opened.

    Cases of a detector that no longer exceeds lose the mark; what they bore stays in their history.
    """
    now = clock.now()
    fairness = measure_fairness(lake=lake, institutions=None, allowed=allowed, by=by, now=now)
    found = [
        Marked(
            kind=line.kind, by_what=line.by_what, name=rate.name, ratio=rate.ratio,
            allowed=allowed, measured=now,
        )
        for line in fairness.lines
        for rate in exceeding(line.rates)
        if line.kind is not None and rate.ratio is not None
    ]  # fmt: skip
    over = {one.kind for one in found}
    with transaction.atomic():
        lock_cases()
        DisparityRow.objects.all().delete()
        DisparityRow.objects.bulk_create(_to_row(one) for one in found)
        about = {"marked": " ".join(sorted(over)), "allowed": str(allowed)}
        record_act(act="integrity.fairness", by=by, about=about, clock=clock)
        for kind in DETECTORS:
            mark_disparity(detector=kind, by=by, clock=clock, is_over=kind in over)
    return found


def list_marked(*, institutions: frozenset[str] | None = None) -> list[Marked]:
    """What exceeded the allowed disparity when the platform was last measured.

    Officers of some institutions read it without the courses, which may be another's.
    """
    rows = DisparityRow.objects.order_by("kind", "by_what", "name")
    if institutions is not None:
        rows = rows.exclude(by_what=GroupedBy.COURSE)
    return [
        Marked(
            kind=DetectorKind(row.kind), by_what=GroupedBy(row.by_what), name=row.name,
            ratio=Interval(value=row.ratio, low=row.low, high=row.high or float("inf")),
            allowed=row.allowed, measured=row.measured,
        )
        for row in rows
    ]  # fmt: skip


def kinds_of_groups() -> tuple[GroupedBy, ...]:
    """By what groups can be compared: by device only if integrity may read it."""
    readable = {column.name for column in COLUMNS if Use.INTEGRITY in column.uses}
    return tuple(one for one in GroupedBy if one is not GroupedBy.DEVICE or "device" in readable)


def _to_row(one: Marked) -> DisparityRow:
    high = None if one.ratio.high == float("inf") else one.ratio.high
    return DisparityRow(
        kind=one.kind, by_what=one.by_what, name=one.name, ratio=one.ratio.value,
        low=one.ratio.low, high=high, allowed=one.allowed, measured=one.measured,
    )  # fmt: skip


def _read_groups(reader: Reader, subjects: Collection[int]) -> tuple[_Counts, _Groups]:
    """All accounts by group, and the groups of those that were flagged."""
    accounts: _Counts = {by_what: {} for by_what in GroupedBy}
    groups_of: defaultdict[int, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in reader.ask("flagged_groups", subjects=list(subjects)):
        if row["subject"]:
            groups_of[row["subject"]][row["by_what"]].add(row["name"])
        else:
            accounts[row["by_what"]][row["name"]] = row["accounts"]
    return accounts, dict(groups_of)


def _lines(
    rows: Collection[FindingRow], accounts: _Counts, groups_of: _Groups, allowed: float
) -> Iterable[DetectorRates]:  # fmt: skip
    for kind in (None, *DETECTORS):
        of_kind = [row for row in rows if kind in (None, row.kind)]
        for by_what in kinds_of_groups():
            flagged = _count_flagged(of_kind, by_what, groups_of)
            rates = flag_rates(accounts[by_what], flagged, allowed=allowed)
            yield DetectorRates(kind=kind, by_what=by_what, rates=tuple(rates))


def _count_flagged(
    rows: Iterable[FindingRow], by_what: GroupedBy, groups_of: _Groups
) -> Counter[str]:
    """Each account once in its group; of courses, once in each that it was flagged in.

    Who has objected, or was erased, is in no group any more and is not counted either; nor is a
    course that nobody has worked in for so long that it has no accounts here.
    """
    seen = {
        (subject, name)
        for row in rows
        for subject in row.subjects
        for name in groups_of.get(subject, {}).get(by_what, ())
        if by_what is not GroupedBy.COURSE or name == row.course
    }
    return Counter(name for _, name in seen)
