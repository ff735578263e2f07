"""Runs the detectors over the lake: by course, by what is new, and as often as one likes.

Each course is one partition, and a large one is looked at in parts, so memory is bounded. A course
that was looked at is marked day by day in the same transaction as its findings: a run that is
killed goes on with the courses that are missing, and a run over the same days puts the same
findings in the same rows. A course that fails stops no other; the next run tries it again.

Of a very large course a night seeks new pairs in the last fortnight only, and judges them by all
that both did; once a week the whole is gone over: docs/decisions/0012-a-night-of-a-large-course.md.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zlib import crc32

from django.db import transaction

from privet.audit.service import record_act
from privet.events.lake import Lake
from privet.integrity import copying, sharing, supporting
from privet.integrity.candidates import Course
from privet.integrity.course_thresholds import thresholds_for
from privet.integrity.findings import (
    DETECTOR_VERSION,
    SHARING,
    Finding,
    accounts_found,
    find_pairs,
    forget_findings_about,
    forget_old_findings,
    keep_findings,
)
from privet.integrity.models import LookedAt
from privet.integrity.preset import (
    FIVE_FILTERS,
    SHARING_THRESHOLDS,
    SUPPORT_THRESHOLDS,
    USUAL_THRESHOLDS,
)
from privet.integrity.reading import Reader, UnknownCourseError
from privet.kernel.errors import PrivetError

LARGE_COURSE = 1_000_000
"""Accounts, each counted once a day: a course with more is gone over as a whole once a week."""
NIGHT_DAYS = timedelta(days=14)
"""So far back a night seeks pairs in a large course, when it does not go over the whole."""
_WEEK = 7
SHARING_DAYS = timedelta(days=60)
"""So far back accounts are watched for sharing: 28 days, those that teach, and some more."""
_log = logging.getLogger(__name__)
_ACCOUNTS_A_PART = 200_000


class IntegrityError(PrivetError):
    """The detectors cannot run as asked."""


@dataclass(frozen=True, kw_only=True)
class Reached:
    """How far a run has come."""

    course: str
    """Empty for the accounts as a whole."""
    done: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a run did."""

    preset: str
    courses: int
    days: int
    """Days of courses that were looked at."""
    found: int
    fell: int
    """Findings that the new evidence no longer bears out."""
    by_kind: dict[str, int]
    failed: tuple[str, ...] = ()
    """Courses that failed (empty: the accounts as a whole); the next run tries them again."""
    left: int = 0
    """Courses, and the accounts as a whole, that it was stopped before; the next run goes on."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What to look at."""

    course: str | None = None
    first: date | None = None
    last: date | None = None
    """Both None: what has not been looked at, up to yesterday."""
    preset: str = USUAL_THRESHOLDS.name
    but: frozenset[str] = frozenset()
    """Courses to leave out, and, if it is among them, "": the accounts as a whole."""


@dataclass(frozen=True, kw_only=True)
class _Work:
    course: Course
    begins: date
    """The course's first day."""
    days: tuple[date, ...]
    accounts: int
    """The most accounts of one of its days."""


@dataclass(frozen=True, kw_only=True)
class _Accounts:
    begins: date
    """The first day of any course."""
    days: tuple[date, ...]
    count: int
    """At least so many accounts there are."""


@dataclass(kw_only=True)
class _Known:
    """What is known of a course."""

    institution: str = ""
    """That of its last day: a course may move."""
    accounts: dict[date, int] = field(default_factory=dict)
    """How many did something on which day."""


_Days = Mapping[str, _Known]
"""By course."""


def run_detectors(
    wanted: Wanted,
    *,
    lake: Lake,
    by: str,
    now: datetime,
    on_progress: Callable[[Reached], None] = lambda _: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Report:
    """Look at what is wanted and keep what is found; raises `IntegrityError` on an odd wish.

    ``should_stop`` is asked before each course: what is not looked at then is not marked, so the
    next run goes on there. Shared accounts are looked at when no single course is wanted. A course
    that fails is logged and told in the report, and the others are looked at all the same. At its
    end findings fall about whom nothing is left to see: they objected, are restricted, or are gone.
    """
    _check(wanted)
    last = wanted.last or now.date() - timedelta(days=1)
    known = _find_days(wanted, lake=lake, by=by, last=last)
    todo = [work for work in _find_work(wanted, known) if work.course.key not in wanted.but]
    over: dict[str, Any] = {"lake": lake, "by": by, "last": last, "now": now}
    steps = [(work.course.key, partial(_look_at, work, wanted, **over)) for work in todo]
    if (accounts := _find_accounts(wanted, known)) is not None:
        steps.append(("", partial(_look_at_accounts, accounts, wanted, **over)))
    found: list[Finding] = []
    failed: list[str] = []
    fell = 0
    for done, (course, look) in enumerate(steps):
        if should_stop():
            return _report(wanted, todo[:done], found, fell, failed, left=len(steps) - done, by=by)
        on_progress(Reached(course=course, done=done, total=len(steps)))
        try:
            some, gone = look()
        except (PrivetError, MemoryError) as error:
            _log.exception("Looking for copied answers in %r failed: %s", course, error)
            failed.append(course)
            continue
        found += some
        fell += gone
    fell += _let_hidden_fall(lake=lake, by=by, now=now)
    forget_old_findings(now=now)
    return _report(wanted, todo, found, fell, failed, left=0, by=by)


def _check(wanted: Wanted) -> None:
    if wanted.preset not in (USUAL_THRESHOLDS.name, FIVE_FILTERS.name):
        raise IntegrityError(
            f"There is no preset {wanted.preset!r}.",
            remedy=f"Use {USUAL_THRESHOLDS.name} or {FIVE_FILTERS.name}.",
        )
    if wanted.first and wanted.last and wanted.first > wanted.last:
        raise IntegrityError(
            "The first day lies after the last.", remedy="Give --from a day before --to."
        )


def _find_days(wanted: Wanted, *, lake: Lake, by: str, last: date) -> _Days:
    """All days of the courses that are wanted."""
    days: defaultdict[str, _Known] = defaultdict(_Known)
    # They come in the order of days.
    for row in Reader(by=by, lake=lake, start=date.min, end=last).ask("course_days"):
        if wanted.course in (None, row["course"]):
            known = days[row["course"]]
            known.institution = row["institution"]
            known.accounts[row["day"]] = known.accounts.get(row["day"], 0) + row["accounts"]
    if wanted.course is not None and not days:
        raise UnknownCourseError(wanted.course, until=last)
    return days


def _find_accounts(wanted: Wanted, known: _Days) -> _Accounts | None:
    """What is to be looked at of accounts as a whole; none if there is nothing."""
    days = {day for of_course in known.values() for day in of_course.accounts}
    if wanted.course is not None or wanted.preset != USUAL_THRESHOLDS.name or not days:
        return None
    new = _new_days(wanted, "", days)
    if not new or "" in wanted.but:
        return None
    count = sum(max(of_course.accounts.values()) for of_course in known.values())
    return _Accounts(begins=min(days), days=tuple(new), count=count)


def _find_work(wanted: Wanted, known: _Days) -> Iterator[_Work]:
    """The courses with days that are to be looked at."""
    for course, of_course in sorted(known.items()):
        new = _new_days(wanted, course, of_course.accounts)
        if new:
            standing = find_pairs(course=course, preset=wanted.preset, kinds=copying.KINDS)
            yield _Work(
                course=Course(
                    key=course, institution=of_course.institution, since=min(new),
                    standing=standing, sought_from=_sought_from(wanted, course, of_course, new),
                ),
                begins=min(of_course.accounts), days=tuple(new),
                accounts=max(of_course.accounts.values()),
            )  # fmt: skip


def _sought_from(wanted: Wanted, course: str, known: _Known, new: Sequence[date]) -> date | None:
    """From which day on pairs are sought in a large course of which one night more is looked at."""
    is_asked_for = wanted.first or wanted.last or wanted.preset != USUAL_THRESHOLDS.name
    if is_asked_for or sum(known.accounts.values()) <= LARGE_COURSE:
        return None
    before = [day for day in known.accounts if day not in new]
    if not before or is_weekly_due(course, max(before), new):
        return None
    return min(new) - NIGHT_DAYS


def is_weekly_due(course: str, looked_at: date, new: Sequence[date]) -> bool:
    """Whether a course is to be gone over as a whole, given the last day that was looked at.

    It is once a week, each course on a weekday of its own; and when an earlier day came late.
    """
    weekday = crc32(course.encode()) % _WEEK
    passed = (max(new) - looked_at).days
    days = (looked_at + timedelta(days=number + 1) for number in range(min(passed, _WEEK)))
    return min(new) < looked_at or any(day.weekday() == weekday for day in days)


def _new_days(wanted: Wanted, course: str, days: Collection[date]) -> list[date]:
    if wanted.first:
        return sorted(day for day in days if day >= wanted.first)
    if wanted.last:
        return sorted(days)
    seen = LookedAt.objects.filter(
        course=course, preset=wanted.preset, detector_version=DETECTOR_VERSION
    )
    return sorted(set(days) - set(seen.values_list("day", flat=True)))


def _look_at(
    work: _Work, wanted: Wanted, *, lake: Lake, by: str, last: date, now: datetime
) -> tuple[list[Finding], int]:
    """All detectors of one course; its findings and its marks are kept together."""
    reader = Reader(by=by, lake=lake, start=work.begins, end=last)
    is_usual = wanted.preset == USUAL_THRESHOLDS.name
    is_whole = work.course.sought_from is None
    if is_usual:
        judged = copying.find_copying(reader, work.course, thresholds_for(work.course.key))
        beside = _find_support(reader, work) if is_whole else []
    else:
        judged = copying.find_by_five_filters(reader, work.course, FIVE_FILTERS, USUAL_THRESHOLDS)
        beside = []
    pairs = None if work.course.since <= work.begins else judged.pairs
    key = work.course.key
    with transaction.atomic():
        _, fell = keep_findings(
            judged.findings, course=key, preset=wanted.preset, kinds=copying.KINDS, now=now,
            judged=pairs, until=wanted.last,
        )  # fmt: skip
        if is_usual and is_whole:
            keep_findings(
                beside, course=key, preset=wanted.preset, kinds=supporting.KINDS, now=now,
                until=wanted.last,
            )  # fmt: skip
        _mark(wanted.preset, key, work.days)
    return [*judged.findings, *beside], fell


def _find_support(reader: Reader, work: _Work) -> list[Finding]:
    pairs = work.accounts * (work.accounts - 1) // 2
    return [
        *supporting.find_close_submitters(reader, work.course, SUPPORT_THRESHOLDS),
        *supporting.find_answer_copying(reader, work.course, SUPPORT_THRESHOLDS, pairs=pairs),
    ]


def _look_at_accounts(
    accounts: _Accounts, wanted: Wanted, *, lake: Lake, by: str, last: date, now: datetime
) -> tuple[list[Finding], int]:
    """The detectors of shared accounts, over the last weeks of all courses."""
    start = max(accounts.begins, min(accounts.days) - SHARING_DAYS)
    found = sharing.find_sharing(
        Reader(by=by, lake=lake, start=start, end=last), SHARING_THRESHOLDS,
        accounts=accounts.count, parts=1 + accounts.count // _ACCOUNTS_A_PART,
    )  # fmt: skip
    # What lies before the weeks that are read is not judged anew, and stays until it expires.
    judged = None if start == accounts.begins else frozenset[tuple[int, int]]()
    usual = USUAL_THRESHOLDS.name
    with transaction.atomic():
        _, fell = keep_findings(
            found, course="", preset=usual, kinds=SHARING, now=now, judged=judged,
            until=wanted.last,
        )  # fmt: skip
        _mark(usual, "", accounts.days)
    return found, fell


def _let_hidden_fall(*, lake: Lake, by: str, now: datetime) -> int:
    """Drop findings about whom nothing is left to see, also of courses in which nothing is new."""
    subjects = accounts_found()
    if not subjects:
        return 0
    reader = Reader(by=by, lake=lake, start=date.min, end=now.date())
    seen = {row["subject"] for row in reader.ask("accounts_seen", subjects=sorted(subjects))}
    return forget_findings_about(subjects - seen)


def _mark(preset: str, course: str, days: Sequence[date]) -> None:
    LookedAt.objects.bulk_create(
        [
            LookedAt(preset=preset, course=course, day=day, detector_version=DETECTOR_VERSION)
            for day in days
        ],
        ignore_conflicts=True,
    )


def _report(
    wanted: Wanted,
    todo: Sequence[_Work],
    found: Sequence[Finding],
    fell: int,
    failed: Sequence[str],
    *,
    left: int,
    by: str,
) -> Report:
    kinds: defaultdict[str, int] = defaultdict(int)
    for finding in found:
        kinds[finding.kind.value] += 1
    looked = [work for work in todo if work.course.key not in failed]
    report = Report(
        preset=wanted.preset, courses=len(looked), days=sum(len(work.days) for work in looked),
        found=len(found), fell=fell, by_kind=dict(sorted(kinds.items())),
        failed=tuple(failed), left=left,
    )  # fmt: skip
    record_act(
        act="integrity.run", by=by,
        about={"preset": report.preset, "courses": report.courses, "found": report.found,
               "failed": len(report.failed)},
    )  # fmt: skip
    return report
