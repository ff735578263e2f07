"""Integrity as a keeper of personal data: findings, and the cases that people look into.

A finding about two accounts is about two people, or about one with two. An erasure of either
deletes it whole: what is left of it would say nothing that may be kept. An open case holds the
data of its accounts until it is closed, which it is by a date that stands fast: then the erasure
goes through by itself.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from privet.audit.service import record_act
from privet.holder import Erased, Held, Kept, Person
from privet.integrity.case_acts import dates_of
from privet.integrity.case_deadlines import forget_evidence
from privet.integrity.case_rules import State, held_until
from privet.integrity.case_views import own_history
from privet.integrity.evidence import Evidence, explanations_of, gaps_of, read_evidence
from privet.integrity.findings import SUPPORTING
from privet.integrity.models import Case, CaseAct, FindingRow
from privet.kernel.clock import SystemClock
from privet.kernel.config import read_config


class IntegrityHolder:
    """The room integrity, for the rights of a person."""

    name = "integrity"

    def describe(self) -> Collection[Kept]:
        """What this room keeps, whoever it is about."""
        return (
            Kept(
                what="Findings of copied answers or shared accounts, with their timeline",
                data_category="user.education.submission",
                purpose="to look into them; people decide, no finding has consequences by itself",
                lawful_basis="legitimate_interest",
                retention="P12M after the last evidence",
            ),
            Kept(
                what="Cases: a copy of the evidence, what the learner and the officers wrote",
                data_category="user.education.submission",
                purpose="to let people decide, with the learner heard, and to answer an appeal",
                lawful_basis="legitimate_interest",
                retention=f"P{read_config().case_keep_weeks}W after the case is closed",
            ),
            Kept(
                what="Which officer did what with a case",
                data_category="user.unique_id",
                purpose="to let two different people decide, and a third answer an appeal",
                lawful_basis="legitimate_interest",
                retention="as the case",
            ),
        )

    def find(self, person: Person) -> int:
        """How many records it keeps about the person."""
        count = _findings([person]).count() + _cases([person]).count()
        return count + _acts([person]).count()

    def export(self, person: Person) -> Iterator[Mapping[str, Any]]:
        """Each finding and case about the person; the other accounts are left out."""
        for row in _findings([person]).order_by("pk"):
            yield _tell_finding(row, subjects=person.subjects)
        for case in _cases([person]).order_by("pk"):
            yield tell_case(case, subjects=person.subjects)
        for act in _acts([person]).order_by("pk"):
            yield {
                "case": act.case_id,
                "did": act.kind,
                "said": act.verdict,
                "why": act.why,
                "time": act.time,
            }

    def rectify(self, person: Person, *, field: str, value: str, by: str) -> bool:
        """Nothing here is corrected by a person: they answer to a case."""
        del person, field, value, by
        return False

    def preview(self, person: Person) -> Mapping[str, int]:
        """What an erasure would remove, by kind."""
        return {
            "finding": _findings([person]).count(),
            "case": _cases([person]).count(),
            "act_as_officer": _acts([person]).count(),
        }

    def erase(self, people: Collection[Person], *, by: str) -> Erased | Held:
        """Delete findings and closed cases; while a case is open, say until when it holds.

        People without an open case are erased in any case.
        """
        with transaction.atomic():
            held = [person for person in people if _open_cases([person]).exists()]
            gone = [person for person in people if person not in held]
            count = sum(self.find(person) for person in gone)
            FindingRow.objects.filter(pk__in=_findings(gone).values("pk")).delete()
            # All at once and before the audit's head, as everybody else takes them.
            theirs = Case.objects.filter(pk__in=_cases(gone).values("pk")).order_by("pk")
            for case in list(theirs.select_for_update()):
                _let_go(case, gone, by=by)
            _acts(gone).update(person=None, by="")
            Case.objects.filter(opened_by__in=[f"account:{p.account_id}" for p in gone]).update(
                opened_by=""
            )
            record_act(act="integrity.erase", by=by, about={"people": len(gone)})
            until = _latest(held)
        if until is None:
            return Erased(records=count)
        return Held(reason="an integrity case is open", until=until)

    def verify(self, people: Collection[Person]) -> bool:
        """Whether nothing about the people is left."""
        return not any(self.find(person) for person in people)


def tell_case(case: Case, *, subjects: Collection[int]) -> dict[str, Any]:
    """A case as the export has it: for whom it is about all of it; for another their part."""
    evidence = read_evidence(case.evidence)
    if case.main not in subjects:
        return _tell_part(case, evidence, subjects)
    return {
        "case": case.pk,
        "kind": case.kind,
        "course": case.course,
        "state": case.state,
        "outcome": case.outcome,
        "opened": case.opened,
        "detectors_would_find_it_again": case.stands,
        "detector_flags_some_groups_more": case.disparity is not None,
        "told": case.told,
        "reply_until": case.reply_until,
        "reply": case.reply,
        "appeal_until": case.appeal_until,
        "appeal": case.appeal,
        "closed": case.closed,
        "kept_until": case.forget_after,
        "evidence": _own_evidence(evidence),
        "history": [
            {"what": act.kind.value, "said": act.verdict, "why": act.why, "time": act.time}
            for act in own_history(case)
        ],
    }


def _tell_part(case: Case, evidence: Evidence | None, subjects: Collection[int]) -> dict[str, Any]:
    theirs = case.accounts.filter(subject__in=list(subjects))
    letters = set(theirs.values_list("letter", flat=True))
    lines = evidence.lines if evidence else ()
    return {
        "part_in_a_case_about_another_account": case.pk,
        "course": case.course,
        "answers_obtained": [
            {"problem": line.problem, "time": line.obtained}
            for line in lines
            if line.source in letters
        ],
    }


def _own_evidence(evidence: Evidence | None) -> dict[str, Any] | None:
    if evidence is None:
        return None
    opening = evidence.opening
    return {
        "detectors": [one.kind.value for one in evidence.fired],
        "items": opening.n,
        "items_after_the_answer": opening.x,
        "p": opening.p,
        "q": opening.q,
        "confidence": opening.confidence,
        "accounts_behind_the_address": evidence.ip_degree,
        "network_kinds": list(evidence.network_kinds),
        "explanations": [one.value for one in explanations_of(evidence)],
        "missing": [one.value for one in gaps_of(evidence)],
        "submissions": [
            {"problem": line.problem, "submitted": line.submitted} for line in evidence.lines
        ],
    }


def _tell_finding(row: FindingRow, *, subjects: Collection[int]) -> dict[str, Any]:
    """A finding as the export has it: for another than whom it is about, their part alone."""
    is_alike = row.kind in SUPPORTING
    if not is_alike and row.subjects[-1] not in subjects:
        return {
            "kind": row.kind,
            "course": row.course,
            "answers_obtained": [
                {"problem": item["problem"], "time": item["answer_obtained"]}
                for item in row.items
                if item["source"] in subjects
            ],
            "found": row.found,
            "expires": row.expires,
        }
    return {
        "kind": row.kind,
        "course": row.course,
        "items": row.n,
        "items_after_the_answer": row.x,
        "p": row.p,
        "q": row.q,
        "confidence": row.confidence,
        "found": row.found,
        "expires": row.expires,
        "submissions": [
            {"problem": item["problem"], "submitted": item["submitted"]} for item in row.items
        ],
    }


def _let_go(case: Case, gone: Collection[Person], *, by: str) -> None:
    """Of a closed case: all of it if it was about them; else their part and the evidence."""
    subjects = _subjects(gone)
    if case.main in subjects:
        forget_evidence(case, by=by, clock=SystemClock())
        return
    case.accounts.filter(subject__in=subjects).delete()
    case.evidence = None
    case.save(update_fields=["evidence"])


def _latest(held: Collection[Person]) -> datetime | None:
    found = [held_until(State(case.state), dates_of(case)) for case in _open_cases(held)]
    return max((until for until in found if until is not None), default=None)


def _findings(people: Collection[Person]) -> QuerySet[FindingRow]:
    return FindingRow.objects.filter(people__subject__in=_subjects(people)).distinct()


def _cases(people: Collection[Person]) -> QuerySet[Case]:
    return Case.objects.filter(accounts__subject__in=_subjects(people)).distinct()


def _open_cases(people: Collection[Person]) -> QuerySet[Case]:
    return _cases(people).filter(closed__isnull=True)


def _acts(people: Collection[Person]) -> QuerySet[CaseAct]:
    accounts = [person.account_id for person in people if person.account_id is not None]
    return CaseAct.objects.filter(person__in=accounts)


def _subjects(people: Collection[Person]) -> list[int]:
    return [subject for person in people for subject in person.subjects]
