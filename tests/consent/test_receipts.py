"""Receipts: made from the ledger, checked offline, and what shows when one is forged."""

import copy
import json
import uuid
from datetime import timedelta

import pytest
from django.db.models import Q

from privet.accounts.registry import create_institution
from privet.catalogue.uses import Choice
from privet.consent.cookies import CONSENT_DAYS
from privet.consent.ledger import Layer, Place
from privet.consent.models import Decision
from privet.consent.notices import current_words
from privet.consent.passing import pass_day
from privet.consent.receipt_check import (
    UnreadableReceiptError,
    canonical,
    find_receipt_faults,
    read_key,
    read_receipt,
)
from privet.consent.receipt_keys import public_key, sign
from privet.consent.receipts import NoReceiptError, make_receipt
from privet.consent.registry import OPERATORS_FILE
from privet.consent.served import read_shown, sign_shown
from privet.kernel.clock import FixedClock
from privet.kernel.config import read_config
from privet.kernel.crypto import KeyRing
from tests.consent.kit import ALICE, ALL_NO, BOB, NOW, answers, decide, here
from tests.consent.test_clearing import ENTRY

pytestmark = pytest.mark.django_db
CLOCK = FixedClock(NOW)
TIME, SALE = Choice.PERFORMANCE, Choice.SALE_SHARING


def receipt_of(record: Decision, **more: Q):
    return make_receipt(
        record.record_id, ring=here().ring, config=read_config(), clock=CLOCK, **more
    )


@pytest.fixture
def receipt():
    """Alice's, with a notice before it and Bob's decision after it."""
    decide(BOB)
    words = current_words("en", clock=CLOCK).shown
    token = sign_shown(
        site="hedgerow", notice=words, place=Place.BANNER, layer=Layer.BANNER,
        ring=here().ring, clock=CLOCK,
    )  # fmt: skip
    shown = read_shown(token, site="hedgerow", ring=here().ring, clock=CLOCK)
    outcome = decide(ALICE, answers(yes=TIME, no=SALE), served=shown, institution="hill")
    decide(BOB, clock=FixedClock(NOW + timedelta(days=1)))
    return receipt_of(Decision.objects.get(record_id=outcome.record_id))


def faults(receipt, *, ring: KeyRing | None = None):
    # As it arrives: through a file.
    arrived = read_receipt(json.dumps(receipt))
    return find_receipt_faults(arrived, key=public_key(ring or here().ring)["ed25519"])


def test_a_receipt_as_it_was_given_out_is_sound(receipt):
    assert faults(receipt) == []


def test_the_last_record_of_the_ledger_has_a_sound_receipt_too():
    decide(ALICE)
    receipt = receipt_of(Decision.objects.get())
    assert len(receipt["chain"]["links"]) == 1
    assert faults(receipt) == []


def test_it_has_the_fields_of_the_standard(receipt):
    assert set(receipt["header"]) == {"schema_version", "record_id", "pii_principal_id"}
    fields = (
        "privacy_notice language purposes lawful_basis pii_information pii_controllers "
        "collection_method storage_locations retention_period jurisdiction "
        "recipient_third_parties withdrawal_method"
    )
    assert set(fields.split()) <= set(receipt["processing"])
    assert all(set(p) == {"id", "name", "role", "contact"} for p in receipt["parties"])
    assert [party["id"] for party in receipt["parties"]] == ["hedgerow", "hill"]
    event = "event_time validity_duration entity_id event_type event_state consent_type"
    assert set(event.split()) == set(receipt["event"])


def test_it_names_who_is_responsible_and_how_they_are_reached(receipt, monkeypatch):
    [site, _] = receipt["parties"]
    assert (site["name"], "/privacy/" in site["contact"]) == ("hedgerow", True)
    monkeypatch.setenv("PRIVET_CONTROLLER", "Hedge University, 1 Hedge Row")
    monkeypatch.setenv("PRIVET_CONTACT", "privacy@hedge.example")
    create_institution(slug="hill", name="Hill College", by="operator")
    [site, hill] = receipt_of(Decision.objects.get(institution="hill"))["parties"]
    assert (site["id"], site["name"]) == ("hedgerow", "Hedge University, 1 Hedge Row")
    assert site["contact"] == "privacy@hedge.example"
    assert (hill["id"], hill["name"]) == ("hill", "Hill College")


def test_it_names_the_others_whom_the_notice_named_for_what_is_in_force(monkeypatch, tmp_path):
    monkeypatch.setenv("PRIVET_HOME", str(tmp_path))
    entry = {"kind": "pixel", "name": "/p", "party": "third", "host": "m.example"}
    text = ENTRY.format(**entry, category="performance")
    (tmp_path / OPERATORS_FILE).write_text("version = 1\n" + text)
    named = []
    for who, said in ((ALICE, answers(yes=TIME)), (BOB, answers(yes=SALE))):
        record = Decision.objects.get(record_id=decide(who, said).record_id)
        named.append(receipt_of(record)["processing"]["recipient_third_parties"])
    assert named == [["Hedgerow Courses"], []]


def test_it_says_what_was_asked_granted_and_served(receipt):
    said = {p["purpose"]: (p["asked"], p["granted"]) for p in receipt["processing"]["purposes"]}
    assert said["performance"] == (True, True)
    assert said["sale_sharing"] == (True, False)
    assert said["research"] == (False, False)
    assert receipt["notice_served"]["place"] == "banner"
    assert receipt["event"]["event_state"] == "consent given"


def test_it_tells_nothing_of_the_neighbours_but_their_digests(receipt):
    assert all(set(link) == {"sequence", "content", "digest"} for link in receipt["chain"]["links"])


def test_it_does_not_name_the_person(receipt):
    assert ALICE.key is not None
    assert ALICE.key.hex() not in json.dumps(receipt)


ALTERED = {
    "a yes that was a no": (
        lambda r: r["processing"]["purposes"][4].update(granted=True),
        "The receipt says of sale_sharing other than the record.",
    ),
    "another yes in the record": (
        lambda r: r["record"].update(granted=63),
        "What the record says is not what stands in the ledger.",
    ),
    "another day": (
        lambda r: r["event"].update(event_time="2020-01-01T00:00:00+00:00"),
        "The readable part differs from the record.",
    ),
    "another neighbour": (
        lambda r: r["chain"]["links"][1].update(content="00" * 32),
        "does not follow the one before it in the ledger.",
    ),
    "a cut chain": (
        lambda r: r["chain"]["links"].pop(),
        "The signed place in the ledger is not where the receipt ends.",
    ),
    "another place": (
        lambda r: r["chain"]["checkpoint"].update(time="2020-01-01T00:00:00+00:00"),
        "The signature over the place in the ledger is not ours.",
    ),
    "another notice": (
        lambda r: r["notice_served"].update(notice_digest="0" * 64),
        "The notice that was served is not the one that was decided on.",
    ),
    "another address": (
        lambda r: r["processing"].update(withdrawal_method="https://mallory.example"),
        "The signature is not ours",
    ),
    "a missing part": (lambda r: r.pop("chain"), "A part of the receipt is missing"),
    "a part of another kind": (lambda r: r.update(signature=7), "A part of the receipt is missing"),
}


@pytest.mark.parametrize("name", ALTERED)
def test_an_altered_receipt_says_what_is_wrong_with_it(receipt, name):
    alter, expected = ALTERED[name]
    forged = copy.deepcopy(receipt)
    alter(forged)
    assert any(expected in fault for fault in faults(forged))


def test_an_altered_receipt_that_mallory_signs_anew_is_no_better(receipt, tmp_path):
    mallory = KeyRing(tmp_path)
    forged = copy.deepcopy(receipt) | {"key": public_key(mallory)}
    forged["signature"] = sign(canonical(forged), mallory)
    assert len(faults(forged)) >= 2
    assert "another key" in faults(forged)[0]


def test_a_name_that_is_there_twice_makes_it_no_receipt(receipt):
    # Programs read the last of two, people the first.
    text = json.dumps(receipt).replace('"gpc": false', '"gpc": true, "gpc": false', 1)
    with pytest.raises(UnreadableReceiptError):
        read_receipt(text)


def test_a_part_that_is_deeper_than_programs_go_is_a_fault(receipt):
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert find_receipt_faults(receipt | {"more": deep}, key=public_key(here().ring)["ed25519"])


@pytest.mark.parametrize("padded", ["=", "", " ", "\n"])
def test_the_key_may_be_padded_as_some_programs_write_it(receipt, padded):
    key = read_key(public_key(here().ring)["ed25519"] + padded)
    assert find_receipt_faults(receipt, key=key) == []


def state_of_event(outcome) -> str:
    record = Decision.objects.get(record_id=outcome.record_id)
    found: str = receipt_of(record)["event"]["event_state"]
    return found


def test_it_says_of_each_event_what_became_of_the_consent():
    assert state_of_event(decide(ALICE, ALL_NO)) == "consent refused"
    assert state_of_event(decide(ALICE, answers(yes=TIME))) == "consent given"
    assert state_of_event(decide(ALICE, ALL_NO)) == "consent withdrawn"
    decide(ALICE, answers(yes=TIME))
    pass_day(by="worker", clock=FixedClock(NOW + timedelta(days=CONSENT_DAYS)))
    expired = Decision.objects.order_by("-sequence")[0]
    assert receipt_of(expired)["event"]["event_state"] == "consent expired"


@pytest.mark.parametrize("text", ["", "[]", "{}", "not json", "[" * 100_000, '{"format": "x"}'])
def test_what_is_no_receipt_is_refused_with_a_remedy(text):
    with pytest.raises(UnreadableReceiptError):
        read_receipt(text)


def test_there_is_no_receipt_of_what_is_not_there():
    with pytest.raises(NoReceiptError):
        make_receipt(uuid.uuid4(), ring=here().ring, config=read_config(), clock=CLOCK)


def test_there_is_no_receipt_of_what_is_somebody_elses():
    decide(BOB)
    with pytest.raises(NoReceiptError):
        receipt_of(Decision.objects.get(), theirs=Q(person_key=ALICE.key))
