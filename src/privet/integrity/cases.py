"""Cases are opened from findings: by the nightly run, or by an officer who looked at one.

A finding that only supports opens none; it joins the case about its accounts. Until somebody has
looked at a case, its evidence follows the finding; from then on nothing is added to it, so that
the learner answers to what was reviewed.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import islice

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from privet.accounts.subjects import subjects_of
from privet.events.lake import default_lake
from privet.integrity.case_acts import WORKER, Officer, close_case, note
from privet.integrity.case_rules import (
    HOLDS,
    LEAST_CONFIDENCE,
    ActKind,
    NoCaseError,
    Outcome,
    State,
    Terms,
    WrongStateError,
    read_why,
    terms_of,
)
from privet.integrity.evidence import Evidence, letters_for, make_evidence
from privet.integrity.findings import (
    SHARING,
    SUPPORTING,
    DetectorKind,
    Finding,
    find_rows,
    to_finding,
)
from privet.integrity.models import Case, CaseAccount, DisparityRow, FindingRow, FindingSubject
from privet.integrity.reading import Reader
from privet.kernel.clock import Clock, SystemClock
from privet.kernel.config import read_config

_IS_OPEN = WrongStateError(
    "A case about this account is open already.", remedy="Look for it in the list."
)
Certified = Callable[[str, date], frozenset[int] | None]
"""Who of a course has a certificate up to a day; none if its platform told of no certificate."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What a run over the findings did with cases, in numbers."""

    opened: int = 0
    joined: int = 0
    fell: int = 0


@dataclass(frozen=True, kw_only=True)
class Spare:
    """A finding that no open case has taken up, as an officer chooses among them: blind."""

    id: int
    kind: DetectorKind
    course: str
    institution: str
    n: int
    x: int
    q: float
    confidence: float
    found: datetime
    had_case: bool


def open_cases(
    *, clock: Clock, terms: Terms | None = None, certified: Certified | None = None
) -> Opened:
    """Open a case for each strong finding that has none; renew those that nobody has looked at.

    Idempotent: a finding that is found again opens no second case, even after its case is closed.
    """
    terms = terms or terms_of(read_config())
    certified = cache(certified or read_certified)
    beside = _supporting()
    opened = joined = 0
    standing: set[tuple[str, int | None, bool]] = set()
    for row in find_rows().exclude(kind__in=list(SUPPORTING)).order_by("pk"):
        finding = to_finding(row)
        standing.add(_place(finding))
        support = _beside(finding, beside[finding.course])
        # Who opened one by hand in this very moment was quicker: then it is open.
        with suppress(WrongStateError), transaction.atomic():
            # All who open a case take the finding first, then the case: so nobody waits in a ring.
            locked = FindingRow.objects.select_for_update().filter(pk=row.pk)
            is_new = any(_is_new(one, finding) for one in locked)
            case = _open_about(finding)
            if case is None and is_new:
                has = _has_certificate(finding, certified)
                _open(row, finding, support, has, by=WORKER, terms=terms, clock=clock)
                opened += 1
            elif case is not None and case.state == State.OPENED:
                joined += _renew(case, row, finding, support, clock)
    fell = _let_fall(standing, terms=terms, clock=clock)
    return Opened(opened=opened, joined=joined, fell=fell)


def state_of_findings() -> tuple[int, datetime | None]:
    """How many findings stand and when the last was renewed: by it one sees if any is new."""
    rows = find_rows()
    return rows.count(), rows.values_list("renewed", flat=True).first()


def open_case(
    *, finding_id: int, officer: Officer, why: str, clock: Clock, terms: Terms | None = None,
    certified: Certified | None = None,
) -> int:  # fmt: skip
    """Open a case by hand, with a reason; returns its number.

    Raises `NoCaseError` for a finding out of reach or one that only supports, `WrongStateError` if
    a case about the account is open already.
    """
    reason = read_why(why)
    with transaction.atomic():
        row = _spare_rows(officer).select_for_update().filter(pk=finding_id).first()
        if row is None:
            raise NoCaseError(
                "There is no such finding here.", remedy="Go back to the list of findings."
            )
        finding = to_finding(row)
        if _open_about(finding) is not None:
            raise _IS_OPEN
        support = _beside(finding, _supporting(finding.course)[finding.course])
        has = _has_certificate(finding, certified or read_certified)
        case = _open(
            row, finding, support, has, by=officer.by, terms=terms or terms_of(read_config()),
            clock=clock, person=officer.account_id, why=reason,
        )  # fmt: skip
    return case.pk


def list_spare(*, officer: Officer, limit: int = 200) -> list[Spare]:
    """Findings within reach that may open a case and have no open one, the newest first."""
    open_ones = Case.objects.filter(closed__isnull=True)
    taken = set(open_ones.values_list("course", "main", "is_sharing"))
    rows = _spare_rows(officer).order_by("-renewed", "-pk").iterator(chunk_size=limit + 1)
    spare = (row for row in rows if _place_of(row) not in taken)
    return [_to_spare(row) for row in islice(spare, limit)]


def mark_disparity(
    *, detector: DetectorKind, by: str, clock: Clock | None = None, is_over: bool = True
) -> int:
    """Mark each case of a detector that flags some groups more than is allowed; or unmark.

    Returns how many were changed; each keeps it in its history.
    """
    clock = clock or SystemClock()
    with transaction.atomic():
        cases = Case.objects.filter(kind=detector, main__isnull=False, disparity__isnull=is_over)
        changed = list(cases.order_by("pk").select_for_update())
        for case in changed:
            case.disparity = clock.now() if is_over else None
            case.save(update_fields=["disparity"])
            note(case, ActKind.MARKED, by=by, clock=clock, verdict="over" if is_over else "within")
    return len(changed)


def lock_cases() -> None:
    """Take all cases for this transaction; who changes many does so before any audit record.

    Everybody else takes a case first and the audit's head after it, and would wait in a ring.
    """
    list(Case.objects.filter(main__isnull=False).order_by("pk").select_for_update())


def read_certified(course: str, until: date) -> frozenset[int] | None:
    """Who of a course has a certificate, by the lake."""
    reader = Reader(by=WORKER, lake=default_lake(), start=date.min, end=until)
    rows = reader.ask("certified", course=course)
    return frozenset(row["subject"] for row in rows) or None


def _is_new(row: FindingRow, finding: Finding) -> bool:
    """Whether the nightly run opens a case; what was judged once is not judged again by itself."""
    if row.taken_up is not None or finding.confidence < LEAST_CONFIDENCE:
        return False
    return not _cases_about(finding).exists()


def _cases_about(finding: Finding) -> QuerySet[Case]:
    course, main, is_sharing = _place(finding)
    return Case.objects.filter(course=course, main=main, is_sharing=is_sharing)


def _open_about(finding: Finding) -> Case | None:
    return _cases_about(finding).filter(closed__isnull=True).select_for_update().first()


def _open(
    row: FindingRow, finding: Finding, beside: Sequence[Finding], has_certificate: bool | None, *,
    by: str, terms: Terms, clock: Clock, person: int | None = None, why: str = "",
) -> Case:  # fmt: skip
    now = clock.now()
    course, main, is_sharing = _place(finding)
    try:
        case = Case.objects.create(
            kind=finding.kind, is_sharing=is_sharing, institution=finding.institution,
            course=course, main=main, state=State.OPENED, opened=now, opened_by=by,
            confidence=finding.confidence, lapses=now + terms.lapse,
            disparity=now if _is_over(finding) else None,
            evidence=_kept(_copy(finding, beside, has_certificate)),
        )  # fmt: skip
    except IntegrityError as error:
        raise _IS_OPEN from error
    _set_accounts(case, finding)
    FindingRow.objects.filter(pk=row.pk).update(taken_up=now)
    note(case, ActKind.OPENED, by=by, clock=clock, person=person, why=why, verdict=finding.kind)
    return case


def _renew(
    case: Case, row: FindingRow, finding: Finding, beside: Sequence[Finding], clock: Clock
) -> bool:
    """Let a case that nobody has looked at follow its finding; true if there was anything new."""
    before = msgspec.convert(case.evidence, Evidence)
    evidence = _kept(_copy(finding, beside, before.has_certificate))
    if (evidence, finding.institution) == (case.evidence, case.institution):
        return False
    case.evidence, case.kind, case.confidence = evidence, finding.kind, finding.confidence
    case.institution = finding.institution
    case.disparity = (case.disparity or clock.now()) if _is_over(finding) else None
    case.save(update_fields=["evidence", "kind", "confidence", "institution", "disparity"])
    _set_accounts(case, finding)
    FindingRow.objects.filter(pk=row.pk).update(taken_up=clock.now())
    note(case, ActKind.JOINED, by=WORKER, clock=clock, verdict=finding.kind)
    return True


def _set_accounts(case: Case, finding: Finding) -> None:
    case.accounts.all().delete()
    letters = letters_for(len(finding.subjects))
    CaseAccount.objects.bulk_create(
        CaseAccount(case=case, letter=letter, subject=subject)
        for letter, subject in zip(letters, finding.subjects, strict=True)
    )


def _let_fall(
    standing: Collection[tuple[str, int | None, bool]], *, terms: Terms, clock: Clock
) -> int:
    """Close what new evidence took back before anybody looked; say it of the others.

    It is said of closed cases that hold as well: they may be on their way to the institution.
    """
    fell = 0
    with transaction.atomic():
        told = Case.objects.filter(Q(closed__isnull=True) | Q(outcome__in=HOLDS))
        for case in told.filter(main__isnull=False).order_by("pk").select_for_update():
            stands = (case.course, case.main, case.is_sharing) in standing
            if not stands and case.state == State.OPENED:
                close_case(case, Outcome.FELL, by=WORKER, terms=terms, clock=clock)
                fell += 1
            elif stands != case.stands:
                case.stands = stands
                case.save(update_fields=["stands"])
    return fell


def _is_over(finding: Finding) -> bool:
    """Whether its detector flags some groups more than is allowed, as last measured."""
    return DisparityRow.objects.filter(kind=finding.kind).exists()


def _place(finding: Finding) -> tuple[str, int, bool]:
    """What there is at most one open case about."""
    return finding.course, finding.subjects[-1], finding.kind in SHARING


def _place_of(row: FindingRow) -> tuple[str, int, bool]:
    return row.course, row.subjects[-1], row.kind in SHARING


def _to_spare(row: FindingRow) -> Spare:
    return Spare(
        id=row.pk, kind=DetectorKind(row.kind), course=row.course, institution=row.institution,
        n=row.n, x=row.x, q=row.q, confidence=row.confidence, found=row.found,
        had_case=row.taken_up is not None,
    )  # fmt: skip


def _supporting(course: str | None = None) -> defaultdict[str, list[Finding]]:
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for row in find_rows(course=course).filter(kind__in=list(SUPPORTING)):
        found[row.course].append(to_finding(row))
    return found


def _beside(finding: Finding, supporting: Sequence[Finding]) -> list[Finding]:
    """Those that speak of the account and of another one of the finding."""
    *others, main = finding.subjects
    return [
        one
        for one in supporting
        if main in one.subjects and not set(others).isdisjoint(one.subjects)
    ]


def _has_certificate(finding: Finding, certified: Certified) -> bool | None:
    if not finding.course:
        return None
    holders = certified(finding.course, finding.day)
    return None if holders is None else finding.subjects[-1] in holders


def _copy(finding: Finding, beside: Sequence[Finding], has_certificate: bool | None) -> Evidence:
    letters = dict(zip(finding.subjects, letters_for(len(finding.subjects)), strict=True))
    return make_evidence(finding, letters=letters, beside=beside, has_certificate=has_certificate)


def _kept(evidence: Evidence) -> object:
    """As the column gives it back, so that the two can be compared."""
    return msgspec.json.decode(msgspec.json.encode(evidence))


def _spare_rows(officer: Officer) -> QuerySet[FindingRow]:
    own = FindingSubject.objects.filter(subject__in=subjects_of(officer.account_id))
    rows = find_rows(institutions=officer.institutions)
    return rows.exclude(kind__in=list(SUPPORTING)).exclude(pk__in=own.values("finding"))
