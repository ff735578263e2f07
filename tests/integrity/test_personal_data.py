"""Findings and cases, for the rights of a person: export, holds, erasure."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from privet.accounts.service import find_account
from privet.holder import Erased, Held, Person
from privet.integrity.case_rules import Verdict
from privet.integrity.deciding import decide_case, review_case
from privet.integrity.findings import DetectorKind
from privet.integrity.models import Case, FindingRow
from privet.integrity.personal_data import IntegrityHolder
from tests.integrity.cast import (
    ALICE,
    CAROL,
    COURSE,
    HEDGE,
    MALLORY,
    NOW,
    TERMS,
    WHY,
    a_finding,
    keep,
)
from tests.integrity.room import REPLY, Room

pytestmark = pytest.mark.django_db
HOLDER = IntegrityHolder()


def _person(*subjects: int, account: int | None = None) -> Person:
    return Person(account_id=account, subjects=frozenset(subjects), person_keys=frozenset())


@pytest.fixture
def room() -> Room:
    return Room()


def _told(person: Person) -> list[dict[str, Any]]:
    return [dict(record) for record in HOLDER.export(person)]


def test_it_says_what_it_keeps() -> None:
    assert [kept.retention for kept in HOLDER.describe()] == [
        "P12M after the last evidence", "P26W after the case is closed", "as the case",
    ]  # fmt: skip


def test_a_learner_gets_the_finding_and_the_whole_case_about_them(room: Room) -> None:
    room.closed()
    finding, case = _told(_person(ALICE))
    assert finding["items"] == 12
    assert (case["case"], case["reply"], case["outcome"]) == (
        room.case.pk, REPLY, "upheld_on_appeal",
    )  # fmt: skip
    assert case["evidence"]["p"] == 1e-9
    assert "household" in case["evidence"]["explanations"]
    assert len(case["evidence"]["submissions"]) == 12


def test_nothing_of_the_other_account_is_in_it(room: Room) -> None:
    room.closed()
    text = json.dumps(_told(_person(ALICE)), default=str)
    assert str(MALLORY) not in text
    assert "Mallory" not in text
    obtained = datetime(2026, 10, 5, 18, 0, tzinfo=UTC)
    assert obtained.isoformat() not in text
    assert str(obtained) not in text


def test_another_account_gets_its_own_part_alone(room: Room) -> None:
    room.closed()
    finding, part = _told(_person(MALLORY))
    assert finding["kind"] == "immediate"
    assert set(finding) == {"kind", "course", "answers_obtained", "found", "expires"}
    assert len(finding["answers_obtained"]) == 12
    assert set(part) == {"part_in_a_case_about_another_account", "course", "answers_obtained"}
    assert len(part["answers_obtained"]) == 12


def test_nothing_of_the_account_that_it_is_about_is_in_anothers_finding(room: Room) -> None:
    (finding, _) = _told(_person(MALLORY))
    submitted = {str(line.submitted) for line in a_finding().items}
    assert submitted.isdisjoint(str(one["time"]) for one in finding["answers_obtained"])
    for moment in submitted:
        assert moment.replace(" ", "T") not in json.dumps(finding, default=str)
        assert moment not in json.dumps(finding, default=str)


def test_of_a_group_in_which_all_are_alike_each_gets_the_figures(room: Room) -> None:
    keep(a_finding(DetectorKind.CLOSE_SUBMITTERS, items=()), course=COURSE)
    finding, _ = _told(_person(MALLORY))
    assert (finding["items"], finding["submissions"]) == (12, [])


def test_what_speaks_for_the_learner_is_in_it(room: Room) -> None:
    room.told()
    _, case = _told(_person(ALICE))
    assert (case["told"], case["detectors_would_find_it_again"]) == (NOW, True)
    assert not case["detector_flags_some_groups_more"]
    Case.objects.update(stands=False, disparity=NOW)
    _, case = _told(_person(ALICE))
    assert not case["detectors_would_find_it_again"]
    assert case["detector_flags_some_groups_more"]


def test_what_was_decided_and_why_is_in_it_as_the_learner_reads_it(room: Room) -> None:
    room.deciding().do(decide_case, room.bob)
    _, case = _told(_person(ALICE))
    acts = {act["what"]: act for act in case["history"]}
    assert acts["reviewed"]["why"] == WHY
    assert (acts["decided"]["said"], acts["decided"]["why"]) == ("", "")
    room.do(decide_case, room.carol)
    _, case = _told(_person(ALICE))
    decisions = [act for act in case["history"] if act["what"] == "decided"]
    assert [(act["said"], act["why"]) for act in decisions] == [("holds", WHY)] * 2


def test_an_officer_gets_what_they_did(room: Room) -> None:
    room.told()
    person = _person(account=room.bob.account_id)
    assert [record["did"] for record in _told(person)] == ["reviewed", "told"]
    assert HOLDER.find(person) == 2


def test_evidence_that_is_deleted_is_in_no_export(room: Room) -> None:
    room.closed()
    Case.objects.update(evidence=None)
    assert _told(_person(ALICE))[1]["evidence"] is None
    assert _told(_person(MALLORY))[1]["answers_obtained"] == []


def test_nothing_here_is_corrected_by_a_person() -> None:
    assert not HOLDER.rectify(_person(ALICE), field="name", value="Bella", by="test")


def test_a_preview_counts_by_kind(room: Room) -> None:
    assert HOLDER.preview(_person(ALICE)) == {"finding": 1, "case": 1, "act_as_officer": 0}


@pytest.mark.parametrize("subject", [ALICE, MALLORY])
def test_an_open_case_holds_the_data_of_its_accounts_until_a_date(subject: int, room: Room) -> None:
    held = HOLDER.erase([_person(subject)], by="test")
    assert isinstance(held, Held)
    assert held.until == NOW + TERMS.lapse
    assert not HOLDER.verify([_person(subject)])


def test_others_are_erased_beside_somebody_who_is_held(room: Room) -> None:
    keep(a_finding(), a_finding(subjects=(CAROL, 9)))
    assert isinstance(HOLDER.erase([_person(ALICE), _person(CAROL)], by="test"), Held)
    assert HOLDER.verify([_person(CAROL)])
    assert HOLDER.find(_person(ALICE)) == 2


def test_a_case_that_is_closed_lets_go_and_the_erasure_goes_through(room: Room) -> None:
    room.do(review_case, room.bob, Verdict.DISMISS)
    assert HOLDER.erase([_person(ALICE)], by="test") == Erased(records=2)
    assert HOLDER.verify([_person(ALICE)])
    case = Case.objects.get()
    assert (case.main, case.evidence, case.outcome) == (None, None, "not_pursued")
    assert not FindingRow.objects.exists()


def test_an_erasure_of_the_other_account_takes_the_evidence_and_leaves_the_outcome(
    room: Room,
) -> None:
    room.do(review_case, room.bob, Verdict.DISMISS)
    HOLDER.erase([_person(MALLORY)], by="test")
    assert HOLDER.verify([_person(MALLORY)])
    case = Case.objects.get()
    assert (case.main, case.evidence) == (ALICE, None)


def test_an_officer_who_is_erased_leaves_the_acts_without_a_name(room: Room) -> None:
    room.told()
    account = find_account(email="bob@staff.example").pk
    assert HOLDER.erase([_person(account=account)], by="test") == Erased(records=2)
    assert HOLDER.verify([_person(account=account)])
    act = Case.objects.get().acts.get(kind="reviewed")
    assert (act.by, act.person, act.verdict) == ("", None, "holds")
    assert Case.objects.get().institution == HEDGE
