"""``privet consent ledger``: walks the chain, and ends with 1 wherever somebody changed it."""

import json

import pytest
from django.db import connection
from typer.testing import CliRunner, Result

from privet.cli.app import app
from privet.consent.ledger import Layer, Place
from privet.consent.models import Decision, Head, Served
from privet.consent.notices import current_words
from privet.consent.served import note_served, read_shown, sign_shown
from privet.kernel.clock import FixedClock
from tests.consent.kit import ALICE, ALL_NO, BOB, NOW, decide, here

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _records(db: None) -> None:
    """A notice served, and three decisions: four records in one chain."""
    clock = FixedClock(NOW)
    shown = current_words("en", clock=clock).shown
    word = sign_shown(
        site="hedgerow", notice=shown, place=Place.ENROLMENT, layer=Layer.APP, ring=here().ring,
        clock=clock,
    )  # fmt: skip
    served = read_shown(word, site="hedgerow", ring=here().ring, clock=clock)
    assert served is not None
    assert note_served(who=ALICE, shown=served, clock=clock)
    decide(ALICE)
    decide(BOB)
    decide(ALICE, ALL_NO)


def _run(*words: str) -> Result:
    return CliRunner().invoke(app, ["consent", "ledger", *words])


def test_a_whole_ledger_is_said_to_be_whole() -> None:
    result = _run()
    assert (result.exit_code, result.output) == (0, "The ledger is whole (records: 4).\n")


def test_an_empty_ledger_is_whole() -> None:
    with connection.cursor() as cursor:
        for table in ("consent_decision", "consent_served", "consent_head", "consent_standing"):
            cursor.execute(f"DELETE FROM {table}")
    assert _run().output == "The ledger is whole (records: 0).\n"


def test_a_decision_that_was_changed_ends_with_1() -> None:
    Decision.objects.filter(sequence=3).update(granted=0)
    result = _run()
    assert result.exit_code == 1
    assert "The ledger is not as it was written (records: 4)." in result.output
    assert "Record 3 was changed." in result.output


def test_a_notice_that_was_said_to_be_served_elsewhere_shows() -> None:
    Served.objects.update(course="course-v1:Bramble+X+2026")
    assert (_run().exit_code, "Record 1 was changed." in _run().output) == (1, True)


def test_a_decision_given_to_another_person_shows() -> None:
    Decision.objects.filter(sequence=3).update(person_key=ALICE.key)
    assert "The person of record 3 was changed." in _run().output


def test_a_removed_record_shows() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM consent_decision WHERE sequence = 2")
    result = _run()
    assert result.exit_code == 1
    assert "Record 3 does not follow the one before it." in result.output


def test_records_cut_off_the_end_show() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM consent_decision WHERE sequence = 4")
    assert "Records are missing at the end." in _run().output


def test_two_records_in_each_others_place_show() -> None:
    with connection.cursor() as cursor:
        for was, to in ((2, 99), (3, 2), (99, 3)):
            cursor.execute(
                "UPDATE consent_decision SET sequence = %s WHERE sequence = %s", [to, was]
            )
    assert _run().exit_code == 1


def test_an_end_that_was_moved_shows() -> None:
    Head.objects.update(digest=bytes(32))
    assert _run().exit_code == 1


def test_programs_get_json() -> None:
    assert json.loads(_run("--json").output) == {"whole": True, "records": 4, "faults": []}
    Decision.objects.filter(sequence=2).update(gpc=True)
    said = json.loads(_run("--json").output)
    assert (said["whole"], said["faults"]) == (False, ["Record 2 was changed."])
