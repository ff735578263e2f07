"""Who proposed and reviewed is exported to them, and forgotten with them."""

import pytest

from privet.consent.members.models import InstitutionEntry
from privet.consent.members.service import accept_entry
from privet.consent.personal_data import ConsentHolder
from privet.holder import Person
from tests.consent.members.kit import CLOCK, MEMBER, OFFICER, make_members, propose


def _person(account: int) -> Person:
    return Person(account_id=account, person_keys=frozenset(), subjects=frozenset())


@pytest.fixture(autouse=True)
def _reviewed(db: None) -> None:
    make_members()
    accept_entry(number=propose(), by=OFFICER, clock=CLOCK)


def test_staff_are_told_what_they_proposed_and_reviewed():
    holder = ConsentHolder()
    assert [one["kind"] for one in holder.export(_person(11))] == ["registry entry"]
    assert holder.find(_person(12)) == 1
    assert holder.find(_person(13)) == 0


def test_staff_are_forgotten_and_the_entry_stays():
    holder = ConsentHolder()
    holder.erase([_person(11), _person(12)], by="operator")
    assert holder.verify([_person(11), _person(12)])
    row = InstitutionEntry.objects.get()
    assert (row.state, row.proposed_by, row.reviewed_by) == ("accepted", "erased", "erased")
    assert MEMBER not in str(list(InstitutionEntry.objects.values()))
