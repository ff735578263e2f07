"""The worker's share of cases: it opens them when something was found, and lets time pass."""

from datetime import timedelta
from pathlib import Path

import pytest

from privet.integrity.case_rules import Outcome, State
from privet.integrity.findings import DetectorKind
from privet.integrity.models import Case, FindingRow
from privet.jobs.casework import Casework
from privet.kernel.clock import FixedClock
from tests.integrity.cast import ALICE, NOW, WEEK, a_finding, keep

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FixedClock:
    monkeypatch.setenv("PRIVET_HOME", str(tmp_path))
    return FixedClock(NOW)


def _shared_account() -> None:
    """A finding that needs no lake to be looked at further."""
    keep(
        a_finding(DetectorKind.SHARING_TRAVEL, course="", institution="", subjects=(ALICE,)),
        course="",
    )


def test_what_was_found_is_a_case_within_a_minute(clock: FixedClock) -> None:
    casework = Casework(clock=clock)
    casework.do_what_is_due()
    assert not Case.objects.exists()
    _shared_account()
    clock.advance(MINUTE - timedelta(seconds=1))
    casework.do_what_is_due()
    assert not Case.objects.exists()
    clock.advance(timedelta(seconds=1))
    casework.do_what_is_due()
    assert Case.objects.get().state == State.OPENED


def test_time_passes_without_anything_new(clock: FixedClock) -> None:
    _shared_account()
    casework = Casework(clock=clock)
    casework.do_what_is_due()
    clock.advance(12 * WEEK)
    casework.do_what_is_due()
    assert Case.objects.get().outcome == Outcome.LAPSED


def test_findings_are_forgotten_in_time_where_no_detector_runs_any_more(clock: FixedClock) -> None:
    keep(a_finding(confidence=0.1))
    casework = Casework(clock=clock)
    clock.advance(timedelta(days=365) - timedelta(seconds=1))
    casework.do_what_is_due()
    assert FindingRow.objects.exists()
    clock.advance(MINUTE)
    casework.do_what_is_due()
    assert not FindingRow.objects.exists()
