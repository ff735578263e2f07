"""Policies as a part of the holder: who published, who has seen; forgotten, versions kept."""

import pytest

from privet.consent.personal_data import ConsentHolder
from privet.consent.policies.document import PolicyKind
from privet.consent.policies.models import PolicySeen, PolicyVersion
from privet.consent.policies.news import note_seen
from privet.holder import Person
from tests.consent.policies.kit import CLOCK, publish

pytestmark = pytest.mark.django_db
HOLDER = ConsentHolder()
OLGA = Person(account_id=7, subjects=frozenset(), person_keys=frozenset())
ALICE = Person(account_id=8, subjects=frozenset(), person_keys=frozenset())


def _see(account_id: int) -> None:
    note_seen(kind=PolicyKind.COOKIES, version=1, account_id=account_id, clock=CLOCK)


def test_what_a_person_published_and_saw_is_exported():
    publish("a")
    _see(7)
    said = [one["kind"] for one in HOLDER.export(OLGA)]
    assert said == ["policy published", "policy seen"]
    assert list(HOLDER.export(ALICE)) == []
    assert HOLDER.preview(OLGA)["policy_published"] == 1


def test_an_erasure_forgets_the_person_and_keeps_the_version():
    publish("a")
    _see(7)
    _see(8)
    assert not HOLDER.verify([OLGA])
    HOLDER.erase([OLGA], by="worker")
    assert HOLDER.verify([OLGA])
    assert PolicyVersion.objects.get().published_by == "erased"
    assert PolicySeen.objects.get().account_id == 8
