"""Scans are kept, read again, and told apart."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from privet.consent.members.unregistered import list_unregistered
from privet.consent.registry import read_registry
from privet.consent.scan import service
from privet.consent.scan.models import Scan
from privet.consent.scan.shapes import DriftKind, Found, Kind, Report, Step, StepRun
from privet.kernel.clock import FixedClock
from tests.consent.members.kit import COURSE, make_members
from tests.consent.scan.kit import REGISTRY
from tests.consent.scan.test_compare import FOUND

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
WRONG = replace(
    FOUND, drift=(DriftKind.UNREGISTERED,), setter_stack=("f http://a.test/b.js:1:2",), name="other"
)
RUN = StepRun(step=Step.NO_ACTION, third_party_cookies=True, was_driven=True, pictures=("a.png",))


def _keep(*found: Found, hours: int = 0, runs: tuple[StepRun, ...] = (RUN,)) -> UUID:
    at = NOON + timedelta(hours=hours)
    return service.keep_scan(
        report=Report(urls=("http://school.test/",), browser="Chromium 1", runs=runs, found=found),
        started=at,
        journey="planted",
        registry=read_registry([REGISTRY]),
        by="operator:bob",
        clock=FixedClock(at),
    )


def test_without_a_scan_there_is_no_latest() -> None:
    assert service.latest_scan() is None


def test_the_newest_scan_is_the_latest() -> None:
    _keep(FOUND)
    newest = _keep(FOUND, WRONG, hours=1)
    latest = service.latest_scan()
    assert latest is not None
    assert (latest.id, latest.findings, latest.drifts, latest.runs) == (newest, 2, 1, (RUN,))


def test_findings_come_back_as_they_were() -> None:
    assert service.findings_of(_keep(FOUND, WRONG)) == [FOUND, WRONG]


def test_what_was_wrong_is_read_again() -> None:
    drifts = [one.drift for one in service.findings_of(_keep(FOUND, WRONG))]
    assert drifts == [(), (DriftKind.UNREGISTERED,)]


def test_two_scans_differ_by_what_is_new_and_what_has_gone() -> None:
    before = _keep(FOUND, replace(FOUND, step=Step.ACCEPT))
    pixel = replace(FOUND, kind=Kind.PIXEL, name="/p.gif")
    found = service.difference(_keep(pixel, hours=1), before=before)
    assert (found.new, found.gone) == ((pixel,), (FOUND,))


def test_what_was_not_looked_at_in_both_scans_is_neither_new_nor_gone() -> None:
    accept = replace(FOUND, step=Step.ACCEPT, name="accepted")
    broken = replace(RUN, step=Step.ACCEPT, was_driven=False, broke_off=True)
    whole = _keep(FOUND, accept, runs=(RUN, replace(RUN, step=Step.ACCEPT)))
    for hours, runs in enumerate([(RUN,), (RUN, broken)], start=1):
        part = _keep(FOUND, hours=hours, runs=runs)
        for scan, before in ((part, whole), (whole, part)):
            found = service.difference(scan, before=before)
            assert (found.new, found.gone) == ((), ())


def test_what_is_seen_in_another_step_only_has_not_gone() -> None:
    both = (RUN, replace(RUN, step=Step.ACCEPT))
    before = _keep(FOUND, runs=both)
    found = service.difference(
        _keep(replace(FOUND, step=Step.ACCEPT), hours=1, runs=both), before=before
    )
    assert (found.new, found.gone) == ((), ())


def test_what_a_scan_finds_in_a_course_is_reported_to_its_member() -> None:
    make_members()
    where = {"page": "http://school.test/unit/1?u=7", "setter_script": "http://lab.test/l.js"}
    wrong = replace(WRONG, step=Step.COURSE, domain="lab.test", **where)
    outside = replace(WRONG, name="outside")
    fine = replace(FOUND, step=Step.COURSE, drift=())
    run = replace(RUN, step=Step.COURSE)
    report = Report(
        urls=("http://school.test/",), browser="", runs=(RUN, run), found=(wrong, outside, fine)
    )
    service.tell_member(report=report, institution="hedge", course=COURSE, clock=FixedClock(NOON))
    [one] = list_unregistered()
    assert (one.institution, one.course, one.name) == ("hedge", COURSE, "other")
    assert (one.by_pages, one.by_scans) == (0, 1)
    assert (one.host, one.setter, one.page) == ("lab.test", "lab.test", "/unit/1")


def test_without_a_step_of_the_course_all_that_was_looked_at_is_the_members() -> None:
    make_members()
    report = Report(urls=("http://school.test/",), browser="", runs=(RUN,), found=(WRONG,))
    service.tell_member(report=report, institution="hedge", course="", clock=FixedClock(NOON))
    assert [(one.name, one.host) for one in list_unregistered()] == [("other", "")]


def test_equal_findings_have_an_equal_digest_whatever_their_times() -> None:
    one = Report(urls=(), browser="", found=(FOUND, WRONG))
    other = Report(urls=(), browser="", found=(WRONG, replace(FOUND, first_seen_ms=9)))
    assert service.digest_of(one) == service.digest_of(other)
    assert service.digest_of(one) != service.digest_of(replace(one, found=(FOUND,)))


def test_a_step_that_broke_off_is_known_again() -> None:
    broken = replace(RUN, was_driven=False, why_not="broke off: too slow", broke_off=True)
    scan = _keep(FOUND, runs=(RUN, broken))
    record = service.find_scan(scan)
    assert record is not None
    assert record.broken_off == (broken,)


def test_a_step_that_was_not_to_be_driven_does_not_make_a_scan_incomplete() -> None:
    left_out = replace(RUN, was_driven=False, why_not="the journey has no [[route]]")
    record = service.find_scan(_keep(FOUND, runs=(RUN, left_out)))
    assert record is not None
    assert record.broken_off == ()


def test_a_scan_kept_before_that_was_written_down_says_it_by_its_reason() -> None:
    scan = Scan.objects.get(pk=_keep(FOUND, runs=(replace(RUN, why_not="broke off: too slow"),)))
    del scan.steps[0]["broke_off"]
    scan.save(update_fields=["steps"])
    record = service.find_scan(scan.pk)
    assert record is not None
    assert [run.broke_off for run in record.runs] == [True]


def test_a_scan_that_is_not_there_is_none() -> None:
    assert service.find_scan(uuid4()) is None


def test_a_name_longer_than_its_field_is_cut() -> None:
    scan = _keep(replace(FOUND, name="n" * 900))
    assert len(service.findings_of(scan)[0].name) == 300
