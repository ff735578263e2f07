"""Cases open from findings, follow them until somebody has looked, and fall with them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from privet.accounts.models import Subject
from privet.audit.models import Record
from privet.integrity.case_deadlines import pass_deadlines
from privet.integrity.case_rules import (
    NoCaseError,
    Outcome,
    State,
    Verdict,
    WhyError,
    WrongStateError,
)
from privet.integrity.cases import (
    list_spare,
    mark_disparity,
    open_case,
    open_cases,
    read_certified,
    state_of_findings,
)
from privet.integrity.deciding import open_names, review_case
from privet.integrity.evidence import Evidence, read_evidence
from privet.integrity.findings import DetectorKind, Finding, keep_findings
from privet.integrity.models import Case, DisparityRow, FindingRow
from privet.kernel.clock import FixedClock
from tests.integrity.cast import (
    ALICE,
    BRAMBLE,
    CAROL,
    COURSE,
    HEDGE,
    MALLORY,
    NOW,
    TERMS,
    WEEK,
    WHY,
    a_finding,
    an_item,
    keep,
    make_institutions,
    make_officer,
    nobody_certified,
    open_one,
    run,
)
from tests.integrity.scene import Scene

pytestmark = pytest.mark.django_db
OTHER = "course-v1:Bramble+P1+2026"


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


def _evidence(case: Case) -> Evidence:
    found = read_evidence(case.evidence)
    assert found is not None
    return found


def _acts(case: Case) -> list[str]:
    return [act.kind for act in case.acts.order_by("pk")]


def test_a_strong_finding_opens_a_case_with_its_own_copy(clock: FixedClock) -> None:
    case = open_one(clock)
    assert (case.kind, case.course, case.institution, case.main) == (
        "immediate", COURSE, HEDGE, ALICE,
    )  # fmt: skip
    assert case.state == State.OPENED
    assert case.lapses == NOW + TERMS.lapse
    assert {a.letter: a.subject for a in case.accounts.all()} == {"A": MALLORY, "B": ALICE}
    FindingRow.objects.all().delete()
    assert len(_evidence(case).lines) == 12


def test_opening_is_on_record_without_a_pseudonym(clock: FixedClock) -> None:
    case = open_one(clock)
    record = Record.objects.get(act="integrity.case_opened")
    assert (record.by, record.about) == ("worker", {"case": case.pk, "verdict": "immediate"})


def test_a_second_run_does_nothing(clock: FixedClock) -> None:
    open_one(clock)
    done = run(clock)
    assert (done.opened, done.joined, done.fell) == (0, 0, 0)
    assert _acts(Case.objects.get()) == ["opened"]


def test_a_weak_finding_opens_none_and_an_officer_may(clock: FixedClock) -> None:
    (row,) = keep(a_finding(confidence=0.49))
    assert run(clock).opened == 0
    make_institutions()
    bob = make_officer("bob")
    number = open_case(
        finding_id=row.pk, officer=bob, why=WHY, clock=clock, terms=TERMS,
        certified=nobody_certified,
    )  # fmt: skip
    case = Case.objects.get(pk=number)
    assert case.opened_by == bob.by
    assert case.acts.get().why == WHY
    assert list_spare(officer=bob) == []


def test_a_supporting_finding_opens_none_and_joins(clock: FixedClock) -> None:
    keep(a_finding(DetectorKind.CLOSE_SUBMITTERS), a_finding(DetectorKind.ANSWER_COPYING))
    assert run(clock).opened == 0
    keep(
        a_finding(),
        a_finding(DetectorKind.CLOSE_SUBMITTERS, subjects=(MALLORY, ALICE, CAROL)),
        a_finding(DetectorKind.ANSWER_COPYING, subjects=(ALICE, CAROL)),
    )
    assert run(clock).opened == 1
    kinds = [one.kind for one in _evidence(Case.objects.get()).fired]
    assert kinds == [DetectorKind.IMMEDIATE, DetectorKind.CLOSE_SUBMITTERS]


def test_until_somebody_has_looked_the_evidence_follows_the_finding(clock: FixedClock) -> None:
    case = open_one(clock)
    more = tuple(an_item(number) for number in range(15))
    keep(a_finding(n=15, x=15, items=more))
    assert run(clock).joined == 1
    case.refresh_from_db()
    assert _evidence(case).opening.n == 15
    assert _acts(case) == ["opened", "joined"]


def test_another_detector_about_the_same_account_opens_no_second_case(clock: FixedClock) -> None:
    case = open_one(clock)
    keep(a_finding(DetectorKind.SEVERAL_HARVESTERS, subjects=(MALLORY, CAROL, ALICE)))
    assert run(clock).opened == 0
    case.refresh_from_db()
    assert case.kind == DetectorKind.SEVERAL_HARVESTERS
    assert sorted(a.letter for a in case.accounts.all()) == ["A", "B", "C"]


def test_until_somebody_has_looked_it_belongs_where_the_course_is_now(clock: FixedClock) -> None:
    case = open_one(clock)
    keep(a_finding(institution=BRAMBLE))
    assert run(clock).joined == 1
    case.refresh_from_db()
    assert case.institution == BRAMBLE
    assert run(clock).joined == 0


def test_a_detector_that_joins_brings_its_mark(clock: FixedClock) -> None:
    DisparityRow.objects.create(
        kind="delayed", by_what="country", ratio=9, low=8, allowed=2, measured=NOW
    )
    case = open_one(clock)
    assert case.disparity is None
    for kind, mark in ((DetectorKind.DELAYED, NOW), (DetectorKind.EXHAUSTED, None)):
        keep(a_finding(kind))
        assert run(clock).joined == 1
        case.refresh_from_db()
        assert case.disparity == mark


def test_what_was_reviewed_does_not_change_any_more(clock: FixedClock) -> None:
    case = open_one(clock)
    make_institutions()
    review_case(
        case_id=case.pk, officer=make_officer("bob"), verdict=Verdict.HOLDS, why=WHY, clock=clock,
        terms=TERMS,
    )  # fmt: skip
    keep(a_finding(n=15, x=15))
    assert run(clock).joined == 0
    case.refresh_from_db()
    assert _evidence(case).opening.n == 12


def test_what_was_judged_is_not_opened_again_by_itself(clock: FixedClock) -> None:
    case = open_one(clock)
    make_institutions()
    bob = make_officer("bob")
    review_case(
        case_id=case.pk, officer=bob, verdict=Verdict.DISMISS, why=WHY, clock=clock, terms=TERMS
    )
    keep(a_finding(n=15, x=15), a_finding(DetectorKind.DELAYED))
    assert run(clock).opened == 0
    assert [one.had_case for one in list_spare(officer=bob)] == [False, True]


def test_what_was_judged_and_is_deleted_is_not_opened_again_either(clock: FixedClock) -> None:
    case = open_one(clock)
    make_institutions()
    review_case(
        case_id=case.pk, officer=make_officer("bob"), verdict=Verdict.DISMISS, why=WHY, clock=clock,
        terms=TERMS,
    )  # fmt: skip
    clock.advance(TERMS.keep)
    assert pass_deadlines(clock=clock, terms=TERMS).forgotten == 1
    keep(a_finding(n=15, x=15))
    assert run(clock).opened == 0


def test_new_evidence_closes_what_nobody_has_looked_at(clock: FixedClock) -> None:
    case = open_one(clock)
    keep()
    assert run(clock).fell == 1
    case.refresh_from_db()
    assert (case.state, case.outcome) == (State.CLOSED, Outcome.FELL)


def test_new_evidence_is_said_of_what_somebody_has_looked_at(clock: FixedClock) -> None:
    case = open_one(clock)
    make_institutions()
    bob = make_officer("bob")
    review_case(
        case_id=case.pk, officer=bob, verdict=Verdict.HOLDS, why=WHY, clock=clock, terms=TERMS
    )
    keep()
    assert run(clock).fell == 0
    case.refresh_from_db()
    assert (case.state, case.stands) == (State.TOLD, False)
    keep(a_finding())
    run(clock)
    case.refresh_from_db()
    assert case.stands


def test_a_shared_account_is_a_case_without_a_course(clock: FixedClock) -> None:
    keep(
        a_finding(DetectorKind.SHARING_TRAVEL, course="", institution="", subjects=(ALICE,)),
        course="",
    )
    assert run(clock).opened == 1
    case = Case.objects.get()
    assert (case.is_sharing, case.course, case.institution) == (True, "", "")
    assert _evidence(case).has_certificate is None


@pytest.mark.parametrize(
    ("holders", "expected"), [(None, None), ({ALICE}, True), ({MALLORY}, False)]
)
def test_a_certificate_is_part_of_the_evidence(
    holders: set[int] | None, expected: bool | None, clock: FixedClock
) -> None:
    def certified(course: str, until: date) -> frozenset[int] | None:
        assert (course, until) == (COURSE, date(2026, 10, 12))
        return None if holders is None else frozenset(holders)

    keep(a_finding())
    open_cases(clock=clock, terms=TERMS, certified=certified)
    assert _evidence(Case.objects.get()).has_certificate is expected


def test_certificates_of_a_course_are_asked_for_once_a_run(clock: FixedClock) -> None:
    asked = []

    def certified(course: str, until: date) -> frozenset[int] | None:
        asked.append((course, until))
        return None

    keep(*(a_finding(subjects=(n, n + 1)) for n in range(10, 30, 2)))
    assert open_cases(clock=clock, terms=TERMS, certified=certified).opened == 10
    assert len(asked) == 1


class TestOpeningByHand:
    """An officer opens a case from a finding."""

    def test_a_finding_of_another_institution_is_not_there(self, clock: FixedClock) -> None:
        make_institutions()
        carol = make_officer("carol", BRAMBLE)
        (row,) = keep(a_finding(confidence=0.4))
        assert list_spare(officer=carol) == []
        with pytest.raises(NoCaseError):
            open_case(finding_id=row.pk, officer=carol, why=WHY, clock=clock)

    def test_a_finding_that_only_supports_is_not_there(self, clock: FixedClock) -> None:
        make_institutions()
        (row,) = keep(a_finding(DetectorKind.CLOSE_SUBMITTERS))
        with pytest.raises(NoCaseError):
            open_case(finding_id=row.pk, officer=make_officer("bob"), why=WHY, clock=clock)

    def test_nobody_opens_a_case_about_themselves(self, clock: FixedClock) -> None:
        make_institutions()
        bob = make_officer("bob")
        Subject.objects.create(pk=ALICE, person=ALICE, account_id=bob.account_id)
        (row,) = keep(a_finding(confidence=0.4))
        with pytest.raises(NoCaseError):
            open_case(finding_id=row.pk, officer=bob, why=WHY, clock=clock)

    def test_a_second_case_about_an_account_is_refused(self, clock: FixedClock) -> None:
        make_institutions()
        open_one(clock)
        row = FindingRow.objects.get()
        with pytest.raises(WrongStateError):
            open_case(finding_id=row.pk, officer=make_officer("bob"), why=WHY, clock=clock)

    def test_a_reason_is_asked_for(self, clock: FixedClock) -> None:
        make_institutions()
        (row,) = keep(a_finding(confidence=0.4))
        with pytest.raises(WhyError):
            open_case(finding_id=row.pk, officer=make_officer("bob"), why="so", clock=clock)
        assert not Case.objects.exists()


def _crowded() -> Finding:
    """Forty accounts that feed one, in a course with a long name."""
    return a_finding(
        DetectorKind.SEVERAL_HARVESTERS, course="course-v1:" + "x" * 240,
        subjects=(*range(2**62, 2**62 + 40), ALICE),
    )  # fmt: skip


def test_many_accounts_are_a_case_whose_names_can_be_opened(clock: FixedClock) -> None:
    finding = _crowded()
    (row,) = keep(finding, course=finding.course)
    assert len(row.key) <= 500
    assert finding.key != replace(finding, subjects=(*finding.subjects[:-1], CAROL)).key
    run(clock)
    make_institutions()
    case = Case.objects.get()
    said: dict[str, Any] = {"case_id": case.pk, "why": WHY, "clock": clock, "terms": TERMS}
    bob = make_officer("bob")
    review_case(officer=bob, verdict=Verdict.HOLDS, **said)
    open_names(officer=bob, **said)
    assert len(case.acts.get(kind="names_opened").letters.split()) == 41


class TestListOfFindings:
    """What an officer may open a case from."""

    @pytest.mark.django_db(transaction=True)
    def test_it_takes_no_lock(self) -> None:
        bob = make_officer("bob")
        keep(a_finding(confidence=0.4))
        assert len(list_spare(officer=bob)) == 1

    def test_those_with_a_case_take_no_place_in_it(self, clock: FixedClock) -> None:
        bob = make_officer("bob")
        keep(a_finding(confidence=0.4, subjects=(1, 2)), now=NOW - WEEK)
        keep_findings(
            [a_finding(subjects=(n, n + 1)) for n in range(10, 13)], course=COURSE,
            preset="usual", kinds=tuple(DetectorKind), now=NOW, judged=frozenset(),
        )  # fmt: skip
        run(clock)
        assert [one.confidence for one in list_spare(officer=bob, limit=3)] == [0.4]
        assert len(list_spare(officer=bob, limit=0)) == 0


class TestDisparity:
    """A detector that flags some groups too often is marked on its cases."""

    def test_each_of_its_cases_is_marked_once_and_unmarked(self, clock: FixedClock) -> None:
        case = open_one(clock)
        keep(a_finding(DetectorKind.DELAYED, course=OTHER, subjects=(1, 2)), course=OTHER)
        run(clock)
        wanted = {"detector": DetectorKind.IMMEDIATE, "by": "worker"}
        assert mark_disparity(**wanted, clock=clock) == 1  # type: ignore[arg-type]
        assert mark_disparity(**wanted) == 0  # type: ignore[arg-type]
        case.refresh_from_db()
        assert case.disparity == NOW
        assert mark_disparity(**wanted, is_over=False) == 1  # type: ignore[arg-type]
        case.refresh_from_db()
        assert case.disparity is None
        assert [act.verdict for act in case.acts.filter(kind="marked")] == ["over", "within"]

    def test_a_new_case_of_a_marked_detector_is_born_marked(self, clock: FixedClock) -> None:
        DisparityRow.objects.create(
            kind="immediate", by_what="country", ratio=9, low=8, allowed=2, measured=NOW
        )
        assert open_one(clock).disparity == NOW


def test_whether_anything_is_new_shows_by_the_findings(clock: FixedClock) -> None:
    assert state_of_findings() == (0, None)
    keep(a_finding())
    first = state_of_findings()
    keep(a_finding(), now=NOW + timedelta(days=1))
    assert first == (1, NOW)
    assert state_of_findings() == (1, NOW + timedelta(days=1))


def test_certificates_are_read_from_the_lake(scene: Scene) -> None:
    until = date(2026, 12, 1)
    assert read_certified(COURSE, until) is None
    scene.act(ALICE, "edx.certificate.created", "", day=9, second=0)
    scene.load()
    assert read_certified(COURSE, until) == {ALICE}


def test_a_case_opened_later_lapses_later(clock: FixedClock) -> None:
    clock.advance(WEEK)
    assert open_one(clock).lapses == NOW + WEEK + TERMS.lapse
