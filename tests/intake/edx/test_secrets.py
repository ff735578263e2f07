"""Nothing that was planted in a log is in what is written to the durable log."""

from privet.events.record import NOBODY
from tests.intake.edx.kit import Kit, encoded
from tests.intake.edx.secrets import PLANTED, planted_lines


def found_in(text: str) -> list[str]:
    return [planted for planted in PLANTED if planted.lower() in text.lower()]


def test_nothing_planted_is_in_any_batch_or_reject(kit: Kit) -> None:
    reading = kit.read_bytes(encoded(*planted_lines()))
    assert len(reading.entries) > 60
    for batch in reading.batches:
        for entry in batch.entries:
            assert found_in(str(entry)) == [], entry
        assert found_in(str(batch.circumstances)) == []
        assert found_in(str(batch.actors)) == []
    for payload in reading.result.payloads:
        assert found_in(payload.decode("latin-1")) == []
    assert len(reading.result.rejects) == 5
    assert found_in(str(reading.result.rejects)) == []
    assert found_in(str(reading.result.tally)) == []


def test_the_planted_lines_are_still_told_apart(kit: Kit) -> None:
    reading = kit.read_bytes(encoded(*planted_lines()))
    assert {entry.name for entry in reading.entries} > {"edx.implicit", "problem_check", "book"}
    assert all(entry.actor != NOBODY for entry in reading.entries)
    details = [entry.detail for entry in reading.entries if entry.name == "edx.implicit"]
    assert set(details) <= {b'{"method":"POST"}', b'{"method":"GET"}'}
