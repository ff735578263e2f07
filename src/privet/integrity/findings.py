"""What detectors found, as values and as the rows that keep them: evidence, never a verdict."""

from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import blake2b

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from privet.integrity.models import FindingRow, FindingSubject

DETECTOR_VERSION = 10
"""Goes up with every change of what a detector finds."""
USUAL = "usual"
"""The preset that is run each night."""
KEPT_DAYS = 365
"""So long a finding is kept if no later evidence renews it; an open case keeps its own copy."""
_NAMED_IN_KEY = 8
"""A key with more pseudonyms might become longer than its column; then it has a digest of them."""


class DetectorKind(StrEnum):
    """Which detector it was. docs/reference/integrity-detectors.md says what each of them is."""

    IMMEDIATE = "immediate"
    """Answers copied at once from an account behind the same address."""
    OTHER_NETWORK = "other_network"
    """Answers copied at once from an account that shares no address."""
    DELAYED = "delayed"
    """Answers copied within hours."""
    EXHAUSTED = "exhausted"
    """As immediate; the answers were got by wrong attempts, not by asking for them."""
    SEVERAL_HARVESTERS = "several_harvesters"
    """Several accounts that feed one."""
    CLOSE_SUBMITTERS = "close_submitters"
    """Accounts that submit everything at nearly the same moments."""
    ANSWER_COPYING = "answer_copying"
    """Two accounts whose rare wrong first answers agree."""
    SHARING_TRAVEL = "sharing_travel"
    """One account in places that nobody can travel between in that time."""
    SHARING_CONCURRENCY = "sharing_concurrency"
    """One account on two fixed networks at the same time."""


SUPPORTING = frozenset({DetectorKind.CLOSE_SUBMITTERS, DetectorKind.ANSWER_COPYING})
"""What may support a case and never opens one: studying together looks just like it."""
SHARING = frozenset({DetectorKind.SHARING_TRAVEL, DetectorKind.SHARING_CONCURRENCY})


class How(StrEnum):
    """How an answer was got."""

    SHOWANSWER = "showanswer"
    EXHAUSTED = "exhausted"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One problem of a finding's timeline. Of a shared account: one day, without an answer."""

    problem: str
    answer_obtained: datetime | None
    """When the harvester had it; of sharing, the earlier of two acts."""
    how: How | None
    submitted: datetime
    """When the master submitted; of sharing, the later of two acts."""
    correct: bool
    dt_seconds: float
    """``submitted`` minus ``answer_obtained``; below zero if the harvester was later."""
    source: int = 0
    """Which account the answer came from; 0 if it is plain."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one detector found about one group of accounts in one course."""

    kind: DetectorKind
    institution: str
    course: str
    """Empty for what is about an account as a whole."""
    subjects: tuple[int, ...]
    """Harvester(s) first, master last; or the one account that is shared; or a group."""
    n: int
    """Items that both had to do with; of sharing, days on which the account was looked at."""
    x: int
    """Of them, those first answered after the answer was got; of sharing, days with evidence."""
    p: float
    """The chance of as much by coincidence, as docs/reference/integrity-detectors.md defines it."""
    q: float
    """``p`` after Benjamini and Hochberg over all eligible pairs."""
    lag_p90_seconds: float | None
    shared_network: bool
    ip_degree: int
    """Accounts behind the shared address with the fewest; 0 if none is shared."""
    network_kinds: tuple[str, ...]
    items: tuple[Item, ...]
    confidence: float
    """From 0 to 1; what lowers it stands in the reference. It is no probability of guilt."""
    preset: str = USUAL
    day: date
    """The last day that the evidence reaches to."""
    detector_version: int = DETECTOR_VERSION
    country: str = ""
    """Where the (master's) account mostly is, for the fairness report."""

    @property
    def key(self) -> str:
        """Names the finding: run again, it is the same row."""
        people = ",".join(str(subject) for subject in self.subjects)
        if len(self.subjects) > _NAMED_IN_KEY:
            people = blake2b(people.encode(), digest_size=32).hexdigest()
        return f"{self.preset}|{self.kind}|{self.course}|{people}"


def keep_findings(
    found: Iterable[Finding],
    *,
    course: str,
    preset: str,
    kinds: Collection[DetectorKind],
    now: datetime,
    judged: Container[tuple[int, int]] | None = None,
    until: date | None = None,
) -> tuple[int, int]:
    """Put a run's findings of these kinds in place of those of the course that no longer stand.

    ``judged`` are the pairs that were looked at, if not all were: findings about others stay. If it
    was looked no further than ``until``, accounts with a finding of a later day keep that one as
    well. A finding that is found again keeps its row's number and its first moment. Returns how
    many were found and how many fell. Idempotent.
    """
    standing = {finding.key: finding for finding in found}
    with transaction.atomic():
        before = FindingRow.objects.filter(
            course=course, preset=preset, kind__in=[kind.value for kind in kinds]
        )
        later = before.filter(day__gt=until or date.max).values_list("pk", "subjects")
        known = {people[-1] for _, people in later}
        standing = {key: one for key, one in standing.items() if one.subjects[-1] not in known}
        before = before.exclude(pk__in=[pk for pk, _ in later])
        fallen = [
            pk
            for pk, key, people in before.values_list("pk", "key", "subjects")
            if key not in standing and _was_judged(people, judged)
        ]
        FindingRow.objects.filter(pk__in=fallen).delete()
        for finding in standing.values():
            _keep(finding, now)
    return len(standing), len(fallen)


def find_rows(
    *,
    course: str | None = None,
    institutions: Collection[str] | None = None,
    preset: str = USUAL,
    since: datetime | None = None,
) -> QuerySet[FindingRow]:
    """The rows that stand, newest first; `to_finding` makes values of them."""
    rows = FindingRow.objects.filter(preset=preset)
    if course is not None:
        rows = rows.filter(course=course)
    if institutions is not None:
        rows = rows.filter(institution__in=list(institutions))
    if since is not None:
        rows = rows.filter(renewed__gte=since)
    return rows.order_by("-renewed", "pk")


def find_pairs(
    *, course: str, preset: str, kinds: Collection[DetectorKind]
) -> frozenset[tuple[int, int]]:
    """The pairs of accounts, each with its last as the second, of findings that stand."""
    rows = find_rows(course=course, preset=preset).filter(kind__in=[kind.value for kind in kinds])
    return frozenset(
        (one, people[-1])
        for people in rows.values_list("subjects", flat=True)
        for one in people[:-1]
    )


def to_finding(row: FindingRow) -> Finding:
    """The value that a row keeps."""
    return Finding(
        kind=DetectorKind(row.kind), institution=row.institution, course=row.course,
        subjects=tuple(row.subjects), n=row.n, x=row.x, p=row.p, q=row.q,
        lag_p90_seconds=row.lag_p90_seconds, shared_network=row.shared_network,
        ip_degree=row.ip_degree, network_kinds=tuple(row.network_kinds),
        items=tuple(msgspec.convert(row.items, list[Item])), confidence=row.confidence,
        preset=row.preset, day=row.day, detector_version=row.detector_version,
        country=row.country,
    )  # fmt: skip


def accounts_found() -> frozenset[int]:
    """The accounts that any finding is about."""
    return frozenset(FindingSubject.objects.values_list("subject", flat=True).distinct())


def forget_findings_about(subjects: Collection[int]) -> int:
    """Delete the findings that any of some accounts is part of; returns how many."""
    parts = FindingSubject.objects.filter(subject__in=list(subjects))
    theirs = FindingRow.objects.filter(pk__in=parts.values("finding"))
    count = theirs.count()
    theirs.delete()
    return count


def forget_old_findings(*, now: datetime) -> int:
    """Delete what no evidence has renewed for `KEPT_DAYS`; returns how many."""
    old = FindingRow.objects.filter(expires__lte=now)
    count = old.count()
    old.delete()
    return count


def _was_judged(people: list[int], judged: Container[tuple[int, int]] | None) -> bool:
    return judged is None or any((one, people[-1]) in judged for one in people[:-1])


def _keep(finding: Finding, now: datetime) -> None:
    said = {field.name: getattr(finding, field.name) for field in fields(finding)}
    said |= {
        "subjects": list(finding.subjects),
        "network_kinds": list(finding.network_kinds),
        "items": msgspec.to_builtins(finding.items),
        "renewed": now,
        "expires": now + timedelta(days=KEPT_DAYS),
    }
    row, is_new = FindingRow.objects.update_or_create(
        key=finding.key, defaults=said, create_defaults=said | {"found": now}
    )
    if is_new:
        FindingSubject.objects.bulk_create(
            FindingSubject(finding=row, subject=subject, place=place)
            for place, subject in enumerate(finding.subjects)
        )
