"""``privet consent verify``: offline, with the published key, in words that say what is wrong."""

import json

import pytest

from privet.cli.app import app
from privet.consent.receipt_keys import public_key
from privet.consent.receipts import make_receipt
from privet.kernel.clock import FixedClock
from privet.kernel.config import read_config
from privet.kernel.crypto import KeyRing
from tests.consent.kit import ALICE, NOW, decide, here

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt():
    record = decide(ALICE).record_id
    assert record is not None
    return make_receipt(record, ring=here().ring, config=read_config(), clock=FixedClock(NOW))


@pytest.fixture
def file(tmp_path, receipt):
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(receipt))
    return path


def run(*words: str):
    from typer.testing import CliRunner

    return CliRunner().invoke(app, ["consent", "verify", *words])


def key() -> str:
    return public_key(here().ring)["ed25519"]


def test_a_sound_receipt_is_said_to_be_sound(file):
    result = run(str(file), "--key", key())
    assert (result.exit_code, result.output) == (0, "The receipt is sound.\n")


def test_without_a_key_it_is_checked_against_this_installation(file):
    assert run(str(file)).exit_code == 0


def test_an_altered_receipt_ends_with_1_and_says_what_is_wrong(file, receipt):
    receipt["processing"]["purposes"][0]["granted"] = False
    file.write_text(json.dumps(receipt))
    result = run(str(file), "--key", key())
    assert result.exit_code == 1
    assert "The receipt says of performance other than the record." in result.output


def test_programs_get_json(file, tmp_path):
    other = public_key(KeyRing(tmp_path / "mallory"))["ed25519"]
    result = run(str(file), "--key", other, "--json")
    said = json.loads(result.output)
    assert (result.exit_code, said["sound"]) == (1, False)
    assert said["faults"]


@pytest.mark.parametrize("wrong", ["x", "key.json", "ñ", "{}", "[]", '{"ed25519": 5}'])
def test_what_is_no_key_is_said_to_be_none_and_the_receipt_is_not_blamed(file, wrong):
    result = run(str(file), "--key", wrong)
    assert result.exit_code == 1
    assert "is no key of receipts" in str(result.exception)


def test_the_published_key_may_come_with_the_json_around_it(file):
    result = run(str(file), "--key", json.dumps(public_key(here().ring)))
    assert (result.exit_code, result.output) == (0, "The receipt is sound.\n")


def test_a_file_that_is_no_receipt_is_refused(tmp_path):
    wrong = tmp_path / "x.json"
    wrong.write_text("{}")
    assert run(str(wrong)).exit_code == 1
    assert run(str(tmp_path / "nothing")).exit_code == 1


def test_where_there_is_no_key_it_says_where_to_get_one(file, tmp_path, monkeypatch):
    monkeypatch.setenv("PRIVET_KEYS", str(tmp_path / "none"))
    result = run(str(file))
    assert result.exit_code == 1
    assert "--key" in str(result.exception)
    assert not (tmp_path / "none").exists()
