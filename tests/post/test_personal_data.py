"""The outbox as a holder: found, exported, corrected, gone."""

import pytest

from privet.audit.models import Record
from privet.holder import Erased, Person
from privet.post.models import Mail
from privet.post.personal_data import PostHolder
from privet.post.service import put_mail

pytestmark = pytest.mark.django_db
HOLDER = PostHolder()


def person(number: int | None) -> Person:
    return Person(account_id=number, subjects=frozenset(), person_keys=frozenset())


ALICE, BOB = person(1), person(2)


@pytest.fixture(autouse=True)
def _mails():
    for number, name in ((1, "alice"), (2, "bob")):
        put_mail(kind="weekly_report", account_id=number, address=f"{name}@example.org",
                 subject="Your week", text=f"Hello {name}")  # fmt: skip


def test_it_says_what_it_keeps_and_why():
    assert all(kept.purpose and kept.retention for kept in HOLDER.describe())


def test_it_finds_the_mails_of_one_person_alone():
    assert HOLDER.find(ALICE) == 1
    assert HOLDER.preview(ALICE) == {"mail": 1}
    assert HOLDER.find(person(None)) == 0


def test_it_exports_what_a_mail_says():
    [said] = HOLDER.export(ALICE)
    assert (said["address"], said["text"]) == ("alice@example.org", "Hello alice")


def test_a_waiting_mail_follows_a_corrected_address():
    assert HOLDER.rectify(ALICE, field="email", value="a@example.org", by="account:1")
    assert [said["address"] for said in HOLDER.export(ALICE)] == ["a@example.org"]
    assert not HOLDER.rectify(ALICE, field="name", value="A", by="account:1")


def test_an_erased_person_gets_no_mail_and_others_do():
    assert HOLDER.erase([ALICE], by="account:9") == Erased(records=1)
    assert HOLDER.verify([ALICE])
    assert not HOLDER.verify([BOB])
    assert Mail.objects.count() == 1
    assert Record.objects.get(act="post.erase").about == {"people": 1, "mails": 1}
