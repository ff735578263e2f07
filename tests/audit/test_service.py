"""The chain of acts: it grows in order, shows every tampering, and survives forgetting."""

import json
from pathlib import Path

import pytest
from django.db import connection, transaction

from privet.audit.models import Checkpoint, Head, Record
from privet.audit.service import erase_said, record_act, sign_checkpoint, verify_chain
from privet.kernel.crypto import KeyRing

pytestmark = pytest.mark.django_db


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "keys")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "audit" / "checkpoints.jsonl"


def record_three() -> None:
    for number in range(3):
        record_act(act="decision.recorded", by="account:1", about={"decision": number})


@transaction.atomic
def record_and_fail() -> None:
    record_act(act="decision.recorded", by="account:1", about={})
    raise RuntimeError


def faults(keys: KeyRing, file: Path) -> list[tuple[int, str]]:
    return [(fault.seq, fault.what) for fault in verify_chain(keys=keys, file=file)]


def test_an_untouched_chain_has_no_fault(keys: KeyRing, file: Path) -> None:
    record_three()
    assert sign_checkpoint(keys=keys, file=file) == 3
    assert faults(keys, file) == []


def test_an_empty_chain_has_no_fault_and_nothing_to_sign(keys: KeyRing, file: Path) -> None:
    assert sign_checkpoint(keys=keys, file=file) is None
    assert faults(keys, file) == []


def test_a_checkpoint_is_signed_once(keys: KeyRing, file: Path) -> None:
    record_three()
    sign_checkpoint(keys=keys, file=file)
    assert sign_checkpoint(keys=keys, file=file) is None
    assert len(file.read_text().splitlines()) == 1


def test_an_act_whose_transaction_fails_leaves_no_gap(keys: KeyRing, file: Path) -> None:
    record_three()
    with pytest.raises(RuntimeError):
        record_and_fail()
    assert record_act(act="decision.recorded", by="account:1", about={}) == 4
    assert faults(keys, file) == []


def test_a_changed_reason_shows(keys: KeyRing, file: Path) -> None:
    record_three()
    Record.objects.filter(seq=2).update(why="another")
    assert faults(keys, file) == [(2, "what the record says was changed")]


def test_a_changed_act_shows(keys: KeyRing, file: Path) -> None:
    record_three()
    Record.objects.filter(seq=2).update(act="decision.withdrawn")
    assert faults(keys, file) == [(2, "the record does not follow from those before it")]


def test_a_removed_record_shows(keys: KeyRing, file: Path) -> None:
    record_three()
    Record.objects.filter(seq=2).delete()
    assert (2, "records are missing") in faults(keys, file)


def test_a_cut_end_shows_by_the_head(keys: KeyRing, file: Path) -> None:
    record_three()
    Record.objects.filter(seq=3).delete()
    assert faults(keys, file) == [(3, "the chain does not end where its head says")]


def test_a_cut_end_with_its_head_set_back_shows_by_the_file(keys: KeyRing, file: Path) -> None:
    record_three()
    sign_checkpoint(keys=keys, file=file)
    Record.objects.filter(seq=3).delete()
    Checkpoint.objects.all().delete()
    Head.objects.update(seq=2, digest=Record.objects.get(seq=2).digest)
    assert faults(keys, file) == [(3, "the chain differs from the checkpoint file")]


def test_two_records_in_another_order_show(keys: KeyRing, file: Path) -> None:
    record_three()
    Record.objects.filter(seq=1).update(seq=9)
    Record.objects.filter(seq=2).update(seq=1)
    Record.objects.filter(seq=9).update(seq=2)
    assert {seq for seq, _ in faults(keys, file)} >= {1, 2}


def test_a_checkpoint_signed_by_another_key_shows(
    keys: KeyRing, file: Path, tmp_path: Path
) -> None:
    record_three()
    sign_checkpoint(keys=KeyRing(tmp_path / "other"), file=file)
    assert (3, "the checkpoint's signature is not ours") in faults(keys, file)


def test_a_rewritten_chain_differs_from_what_was_signed(keys: KeyRing, file: Path) -> None:
    record_three()
    sign_checkpoint(keys=keys, file=file)
    Record.objects.all().delete()
    Head.objects.all().delete()
    record_three()
    assert (3, "the chain differs from what was signed") in faults(keys, file)


def test_forgetting_what_was_said_leaves_the_chain_whole(keys: KeyRing, file: Path) -> None:
    record_three()
    sign_checkpoint(keys=keys, file=file)
    assert erase_said(seqs=[1, 3]) == 2
    assert Record.objects.get(seq=1).about is None
    assert faults(keys, file) == []


def test_the_checkpoint_file_holds_what_was_signed(keys: KeyRing, file: Path) -> None:
    record_three()
    sign_checkpoint(keys=keys, file=file)
    said = json.loads(file.read_text())
    assert bytes.fromhex(said["digest"]) == bytes(Checkpoint.objects.get().digest)


def test_words_put_into_a_record_that_was_forgotten_show(keys: KeyRing, file: Path) -> None:
    record_three()
    Record.objects.filter(seq=2).update(salt=None, about={"decision": 9})
    assert faults(keys, file) == [(2, "what the record says was changed")]


def test_an_end_that_nobody_wrote_down_shows(keys: KeyRing, file: Path) -> None:
    record_three()
    Head.objects.all().delete()
    assert faults(keys, file) == [(1, "the record stands behind the end of the chain")]


def test_a_record_behind_the_end_shows(keys: KeyRing, file: Path) -> None:
    record_three()
    Head.objects.update(seq=2, digest=Record.objects.get(seq=2).digest)
    assert faults(keys, file) == [(3, "the record stands behind the end of the chain")]


def test_acts_that_are_recorded_during_the_look_are_no_fault(keys: KeyRing, file: Path) -> None:
    record_three()
    sign_checkpoint(keys=keys, file=file)
    with connection.execute_wrapper(ActsInBetween()):
        assert faults(keys, file) == []
    assert Record.objects.count() > 6


class ActsInBetween:
    """Somebody records an act before each question to the database."""

    def __init__(self) -> None:
        self._is_recording = False

    def __call__(self, execute, sql, params, many, context):
        if not self._is_recording:
            self._is_recording = True
            record_act(act="decision.recorded", by="account:1", about={})
            self._is_recording = False
        return execute(sql, params, many, context)


def test_a_line_of_the_file_that_another_key_signed_shows(
    keys: KeyRing, file: Path, tmp_path: Path
) -> None:
    record_three()
    sign_checkpoint(keys=KeyRing(tmp_path / "other"), file=file)
    Checkpoint.objects.all().delete()
    assert faults(keys, file) == [(3, "the checkpoint file's signature is not ours")]


@pytest.mark.parametrize(
    "line", ["", "{", "[]", "{}", '{"seq": 3, "digest": "x", "at": 0}', "\x00"]
)
def test_a_line_of_the_file_that_is_torn_shows(keys: KeyRing, file: Path, line: str) -> None:
    record_three()
    sign_checkpoint(keys=keys, file=file)
    with file.open("a") as out:
        out.write(f"{line}\n")
    assert faults(keys, file) == [(0, "line 2 of the checkpoint file is unreadable")]


def test_a_checkpoint_that_the_file_cannot_take_stands_nowhere(keys: KeyRing, file: Path) -> None:
    record_three()
    file.mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        sign_checkpoint(keys=keys, file=file)
    assert not Checkpoint.objects.exists()
