"""Findings as rows: they round-trip, are found for a person's rights, and go with an erasure."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from privet.holder import Erased, Person
from privet.integrity.findings import (
    DetectorKind,
    Finding,
    How,
    Item,
    find_rows,
    keep_findings,
    to_finding,
)
from privet.integrity.models import FindingRow, FindingSubject
from privet.integrity.personal_data import IntegrityHolder

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 1, tzinfo=UTC)
ALICE, MALLORY, CAROL = 11, 12, 13
ITEM = Item(
    problem="p1", answer_obtained=NOW, how=How.SHOWANSWER, submitted=NOW, correct=True,
    dt_seconds=20.0, source=MALLORY,
)  # fmt: skip
FINDING = Finding(
    kind=DetectorKind.IMMEDIATE, institution="hedge", course="c1", subjects=(MALLORY, ALICE), n=5,
    x=5, p=1e-9, q=1e-6, lag_p90_seconds=40.0, shared_network=True, ip_degree=2,
    network_kinds=("residential",), items=(ITEM,), confidence=0.8, day=date(2026, 10, 31),
    country="GB",
)  # fmt: skip


def _person(subject: int) -> Person:
    return Person(account_id=None, subjects=frozenset({subject}), person_keys=frozenset())


def _keep(*found: Finding, judged: frozenset[tuple[int, int]] | None = None) -> tuple[int, int]:
    return keep_findings(
        found, course="c1", preset="usual", kinds=list(DetectorKind), now=NOW, judged=judged
    )


def test_a_finding_comes_back_as_it_was_kept() -> None:
    _keep(FINDING)
    assert [to_finding(row) for row in find_rows()] == [FINDING]


def test_found_again_it_is_the_same_row() -> None:
    _keep(FINDING)
    first = FindingRow.objects.get().pk
    _keep(replace(FINDING, n=6, x=6))
    row = FindingRow.objects.get()
    assert (row.pk, row.n) == (first, 6)
    assert FindingSubject.objects.count() == 2


def test_what_was_not_found_again_falls() -> None:
    _keep(FINDING)
    assert _keep() == (0, 1)
    assert not FindingSubject.objects.exists()


def test_what_was_not_looked_at_stays() -> None:
    _keep(FINDING)
    assert _keep(judged=frozenset({(MALLORY, CAROL)})) == (0, 0)
    assert _keep(judged=frozenset({(MALLORY, ALICE)})) == (0, 1)


def test_rows_are_found_by_course_institution_and_time() -> None:
    _keep(FINDING)
    assert find_rows(course="c1", institutions=["hedge"], since=NOW).count() == 1
    assert not find_rows(course="c2").exists()
    assert not find_rows(institutions=["other"]).exists()
    assert not find_rows(since=datetime(2027, 1, 1, tzinfo=UTC)).exists()


def test_a_learner_gets_what_is_kept_of_them_and_not_the_other_account() -> None:
    _keep(FINDING)
    (told,) = IntegrityHolder().export(_person(ALICE))
    assert told["kind"] == "immediate"
    assert str(MALLORY) not in str(told)


def test_what_is_kept_can_be_said_beforehand() -> None:
    _keep(FINDING)
    holder = IntegrityHolder()
    assert holder.preview(_person(ALICE)) == {"finding": 1, "case": 0, "act_as_officer": 0}
    assert holder.find(_person(CAROL)) == 0
    assert {kept.lawful_basis for kept in holder.describe()} == {"legitimate_interest"}
    assert not holder.rectify(_person(ALICE), field="n", value="0", by="test")


def test_an_erasure_deletes_the_finding_whole() -> None:
    _keep(FINDING, replace(FINDING, subjects=(MALLORY, CAROL)))
    holder = IntegrityHolder()
    assert not holder.verify([_person(ALICE)])
    assert holder.erase([_person(ALICE)], by="test") == Erased(records=1)
    assert holder.verify([_person(ALICE)])
    assert holder.find(_person(MALLORY)) == 1
