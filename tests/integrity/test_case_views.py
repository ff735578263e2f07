"""What waits for an officer: counted by a query, as the list of cases would count it."""

from datetime import datetime, timedelta
from itertools import product

import pytest

from privet.integrity.case_acts import Officer
from privet.integrity.case_rules import ActKind, State
from privet.integrity.case_views import count_waiting, list_cases
from privet.integrity.models import Case, CaseAct
from privet.kernel.clock import FixedClock
from tests.integrity.cast import BRAMBLE, HEDGE, NOW, make_institutions, make_officer

pytestmark = pytest.mark.django_db
CLOCK = FixedClock(NOW)
EARLIER, LATER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
OPEN = [state for state in State if state is not State.CLOSED]
DID = (None, ActKind.OPENED, ActKind.REVIEWED, ActKind.NAMES_OPENED, ActKind.DECIDED)


def _case(number: int, state: State, until: datetime, lapses: datetime, institution: str) -> Case:
    return Case.objects.create(
        kind="immediate", is_sharing=False, institution=institution, course="course",
        main=number, state=state, opened=EARLIER, opened_by="worker", confidence=1,
        reply_until=until, appeal_until=until, lapses=lapses,
    )  # fmt: skip


def _did(case: Case, officer: Officer, kind: ActKind) -> None:
    CaseAct.objects.create(
        case=case, kind=kind, by=officer.by, person=officer.account_id, time=EARLIER, act=0
    )


def test_what_waits_is_counted_as_the_list_shows_it() -> None:
    make_institutions()
    bob, carol, dan = make_officer("bob"), make_officer("carol"), make_officer("dan", BRAMBLE)
    times = (EARLIER, NOW, LATER)
    every = product(OPEN, times, times, DID, (HEDGE, BRAMBLE))
    for number, (state, until, lapses, kind, institution) in enumerate(every):
        case = _case(number, state, until, lapses, institution)
        if kind is not None:
            _did(case, bob, kind)
    for officer in (bob, carol, dan):
        listed = list_cases(officer=officer, is_open=True, clock=CLOCK, limit=1000)
        counted = count_waiting(officer=officer, clock=CLOCK)
        assert counted == sum(case.is_mine for case in listed) > 0


def test_what_waits_is_counted_beyond_what_a_list_shows() -> None:
    make_institutions()
    bob = make_officer("bob")
    for number in range(501):
        _case(number, State.OPENED, LATER, LATER, HEDGE)
    assert count_waiting(officer=bob, clock=CLOCK) == 501


def test_counting_reads_no_case(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    make_institutions()
    bob = make_officer("bob")
    for number in range(3):
        _case(number, State.OPENED, LATER, LATER, HEDGE)
    with django_assert_num_queries(2) as asked:
        count_waiting(officer=bob, clock=CLOCK)
    assert "COUNT(*)" in asked.captured_queries[-1]["sql"]
