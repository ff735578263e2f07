"""The verbs of scans: scan, keep, read again, tell two apart."""

import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction

from privet.audit.service import record_act
from privet.consent.members.unregistered import Counted, Reporter, Seen, report_unregistered
from privet.consent.registry import Registry
from privet.consent.scan.compare import Suggest, compare
from privet.consent.scan.models import Finding, Scan
from privet.consent.scan.parties import registrable
from privet.consent.scan.scratch import scratch_directory
from privet.consent.scan.shapes import DriftKind, Found, Kind, Report, SetBy, State, Step, StepRun
from privet.kernel.clock import Clock, SystemClock
from privet.kernel.errors import PrivetError
from privet.kernel.ids import new_event_id

if TYPE_CHECKING:
    from privet.consent.scan.drive import Order

PICTURES = "scans"
"""In the directory ``PRIVET_HOME``: one directory a scan."""
_MOST_KEPT = 500
_Identity = tuple[str, str, str]
"""Kind, name and host of a finding."""


class NothingScannedError(PrivetError):
    """No step could be driven."""


@dataclass(frozen=True, kw_only=True)
class ScanRecord:
    """A scan as it is read again."""

    id: UUID
    started: datetime
    ended: datetime
    urls: tuple[str, ...]
    journey: str
    browser: str
    digest: str
    by: str
    runs: tuple[StepRun, ...]
    findings: int
    drifts: int

    @property
    def broken_off(self) -> tuple[StepRun, ...]:
        """The steps that were begun and not brought to their end."""
        return tuple(run for run in self.runs if run.broke_off)

    @property
    def is_without_banner(self) -> bool:
        """Whether a banner was looked for and not visible."""
        return any(run.banner_visible is False for run in self.runs)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What two scans do not have in common; findings are the same by kind, name and host.

    Only steps that both brought to their end can tell: what nobody looked for has not gone.
    """

    new: tuple[Found, ...]
    gone: tuple[Found, ...]


def scan_site(
    *,
    order: "Order",
    registry: Registry,
    suggest: Suggest = lambda _: "",
    tell: Callable[[str], None] = lambda _: None,
) -> Report:
    """Drive the matrix and compare with the registry; writes nothing but pictures.

    Raises `NothingScannedError` if no step of it could be driven: such a scan vouches for nothing.
    """
    # Whoever only reads scans, such as the console, needs no browser.
    from privet.consent.scan.drive import drive  # noqa: PLC0415

    report = drive(order, tell=tell)
    _check_that_something_was_seen(report)
    return compare(
        report,
        technologies=registry.technologies,
        own_hosts=hosts_of(order.urls),
        suggest=suggest,
    )


def _check_that_something_was_seen(report: Report) -> None:
    if report.found or any(run.was_driven for run in report.runs):
        return
    reasons = dict.fromkeys(run.why_not for run in report.runs)
    raise NothingScannedError(
        f"Nothing was scanned: {next(iter(reasons), 'there was no step')}.",
        remedy="Open the address in a browser on this machine, correct it or the journey, and scan"
        " again. Nothing was kept.",
    )


def scan_and_keep(
    *,
    order: "Order",
    registry: Registry,
    home: Path,
    by: str,
    suggest: Suggest = lambda _: "",
    tell: Callable[[str], None] = lambda _: None,
    clock: Clock | None = None,
) -> tuple[UUID, Report]:
    """As `scan_site`, and keep what was found with its pictures."""
    now = (clock or SystemClock()).now
    started = now()
    with scratch_directory() as pictures:
        drawn = replace(order, pictures=pictures)
        report = scan_site(order=drawn, registry=registry, suggest=suggest, tell=tell)
        scan = keep_scan(
            report=report, started=started, journey=order.journey.name, registry=registry, by=by,
            clock=clock,
        )  # fmt: skip
        place = pictures_of(home, scan)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copytree(pictures, place)
        place.chmod(0o700)
    return scan, report


@transaction.atomic
def keep_scan(
    *,
    report: Report,
    started: datetime,
    journey: str,
    registry: Registry,
    by: str,
    clock: Clock | None = None,
) -> UUID:
    """Write a report down; returns the scan's id."""
    scan = Scan.objects.create(
        id=new_event_id(int(started.timestamp() * 1000)),
        started=started,
        ended=(clock or SystemClock()).now(),
        urls=list(report.urls),
        journey=journey,
        browser=report.browser,
        steps=[_run_record(run) for run in report.runs],
        registry_digest=registry.digest,
        digest=digest_of(report),
        by=by,
    )
    Finding.objects.bulk_create([_row(scan, one) for one in report.found])
    record_act(act="consent.scan", by=by, about={"scan": str(scan.pk)}, clock=clock)
    return scan.pk


def digest_of(report: Report) -> str:
    """SHA-256 (hex) of what was found, without times: equal for equal findings."""
    lines = sorted(
        json.dumps([one.step, one.third_party_cookies, one.decision_state, one.kind, one.name,
                    one.domain, one.set_by, [*one.drift]])
        for one in report.found
    )  # fmt: skip
    return sha256("\n".join(lines).encode()).hexdigest()


def list_scans(*, limit: int = _MOST_KEPT) -> list[ScanRecord]:
    """The scans, newest first."""
    return [_record(scan) for scan in Scan.objects.order_by("-started")[:limit]]


def find_scan(scan: UUID) -> ScanRecord | None:
    """One scan; none if there is not."""
    row = Scan.objects.filter(pk=scan).first()
    return _record(row) if row else None


def latest_scan() -> ScanRecord | None:
    """The newest scan; none if there was none yet."""
    return next(iter(list_scans(limit=1)), None)


def findings_of(scan: UUID) -> list[Found]:
    """What a scan found, in the order of steps and times."""
    return [_found(row) for row in Finding.objects.filter(scan_id=scan).order_by("id")]


def difference(scan: UUID, *, before: UUID) -> Difference:
    """What is new in a scan and what has gone, against an earlier one."""
    both = _driven(scan) & _driven(before)
    now, then = _by_identity(findings_of(scan)), _by_identity(findings_of(before))

    def only_in(
        some: Mapping[_Identity, list[Found]], other: Container[_Identity]
    ) -> Iterator[Found]:
        for key, found in some.items():
            known = [one for one in found if (one.step, one.third_party_cookies) in both]
            if known and key not in other:
                yield known[0]

    return Difference(new=tuple(only_in(now, then)), gone=tuple(only_in(then, now)))


def tell_member(*, report: Report, institution: str, course: str, clock: Clock) -> Counted:
    """Report to a member what is registered nowhere in its course, as pages do.

    Where the journey goes into the course, that is what was found there; else the scan was of it.
    """
    has_course = any(run.step is Step.COURSE and run.was_driven for run in report.runs)
    there = [one for one in report.found if one.step is Step.COURSE or not has_course]
    return report_unregistered(
        institution=institution,
        course=course,
        seen=[_seen(one) for one in there if DriftKind.UNREGISTERED in one.drift],
        reporter=Reporter.SCAN,
        clock=clock,
        own_hosts=hosts_of(report.urls),
    )


def hosts_of(urls: Iterable[str]) -> set[str]:
    """What is the site's own, by the domains that somebody registered."""
    return {registrable(urlsplit(url).hostname or "") for url in urls}


def _seen(one: Found) -> Seen:
    return Seen(
        name=one.name,
        kind=one.kind.registered_as,
        host=one.domain,
        setter=urlsplit(one.setter_script).hostname or "",
        page=urlsplit(one.page).path,
    )


def _driven(scan: UUID) -> set[tuple[Step, bool]]:
    """Which steps with which way of third-party cookies were brought to their end."""
    record = find_scan(scan)
    runs = record.runs if record else ()
    return {(run.step, run.third_party_cookies) for run in runs if run.was_driven}


def pictures_of(home: Path, scan: UUID) -> Path:
    """Where the pictures of a scan lie."""
    return home / PICTURES / str(scan)


def _by_identity(found: Sequence[Found]) -> dict[_Identity, list[Found]]:
    each: defaultdict[_Identity, list[Found]] = defaultdict(list)
    for one in found:
        each[one.kind, one.name, one.domain].append(one)
    return each


def _run_record(run: StepRun) -> dict[str, Any]:
    return {one.name: getattr(run, one.name) for one in fields(run)}


def _run(record: Mapping[str, Any]) -> StepRun:
    # Scans from before this was written down say it in their reason alone.
    broke_off = record.get("broke_off", record["why_not"].startswith("broke off"))
    step, pictures = Step(record["step"]), tuple(record["pictures"])
    return StepRun(**{**record, "step": step, "pictures": pictures, "broke_off": broke_off})


def _record(scan: Scan) -> ScanRecord:
    rows = Finding.objects.filter(scan=scan)
    return ScanRecord(
        id=scan.pk,
        started=scan.started,
        ended=scan.ended,
        urls=tuple(scan.urls),
        journey=scan.journey,
        browser=scan.browser,
        digest=scan.digest,
        by=scan.by,
        runs=tuple(_run(record) for record in scan.steps),
        findings=rows.count(),
        drifts=rows.exclude(drift="").count(),
    )


def _row(scan: Scan, one: Found) -> Finding:
    cut = {name: getattr(one, name)[:most] for name, most in _CUT.items()}
    return Finding(
        scan=scan,
        step=one.step,
        third_party_cookies=one.third_party_cookies,
        decision_state=one.decision_state,
        kind=one.kind,
        party=one.party,
        setter_stack=list(one.setter_stack),
        set_by=one.set_by,
        first_seen_ms=one.first_seen_ms,
        times=one.times,
        lifetime_declared=one.lifetime_declared,
        lifetime_effective=one.lifetime_effective,
        http_only=one.http_only,
        registered=one.registered,
        category=one.category,
        drift=" ".join(one.drift),
        **cut,
    )


def _found(row: Finding) -> Found:
    return Found(
        step=Step(row.step),
        third_party_cookies=row.third_party_cookies,
        decision_state=State(row.decision_state),
        kind=Kind(row.kind),
        set_by=SetBy(row.set_by),
        setter_stack=tuple(row.setter_stack),
        drift=tuple(DriftKind(word) for word in row.drift.split()),
        **{name: getattr(row, name) for name in (*_CUT, *_SAME)},
    )


_CUT = {
    "name": 300, "domain": 255, "path": 300, "page": 500, "canonical": 255, "setter_script": 500,
    "partition_key": 255, "blocked": 200, "suggestion": 300,
}  # fmt: skip
_SAME = (
    "party", "first_seen_ms", "times", "lifetime_declared", "lifetime_effective", "http_only",
    "registered", "category",
)  # fmt: skip
