"""The form of a batch as columns: what is written is read, and nothing else is taken for one."""

from typing import Any

import pyarrow as pa
import pytest

from privet.events.record import Actor
from privet.events.record_columns import (
    COLUMN_VERSION,
    ColumnBatch,
    Head,
    decode_columns,
    encode_columns,
    is_columns,
    log_schema,
    without,
)

ALICE = Actor(b"alice".ljust(16, b"-"))
AT = 1_789_473_600_000_000


def head(**values: Any) -> Head:
    said = {
        "version": COLUMN_VERSION, "source": "edx:hedgerow", "namespace": b"hedgerow",
        "site": "hedgerow", "received": AT, "actors": [ALICE],
    }  # fmt: skip
    return Head(**(said | values))


def columns(**values: list[Any]) -> dict[str, pa.Array]:
    said: dict[str, list[Any]] = {
        "event_id": [b"\1" * 16], "time": [AT], "session": [7], "uses": [8], "actor": [1],
        "detail": ['{"method":"GET"}'],
    }  # fmt: skip
    made = {}
    for field in log_schema():
        value = (said | values).get(field.name, [None if field.nullable else ""])
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        array = pa.array(value, kind)
        made[field.name] = array.dictionary_encode() if kind != field.type else array
    return made


def altered(change: Any) -> bytes:
    """A batch whose table was changed after it was written."""
    rows = change(pa.ipc.open_stream(encode_columns(head(), columns())).read_all())
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as stream:
        stream.write_table(rows)
    found: bytes = sink.getvalue().to_pybytes()
    return found


def test_what_is_written_is_read() -> None:
    payload = encode_columns(head(), columns(course=["S101"]))
    assert is_columns(payload)
    batch = decode_columns(payload)
    assert (batch.head, len(batch), batch.ids()) == (head(), 1, [b"\1" * 16])
    assert (batch.namespace, batch.received) == (b"hedgerow", AT)
    assert batch.rows.column("course").to_pylist() == ["S101"]


def test_a_column_that_an_older_version_did_not_write_is_null() -> None:
    batch = decode_columns(altered(lambda rows: rows.drop_columns(["organisation"])))
    assert batch.rows.schema.names == log_schema().names
    assert batch.rows.column("organisation").to_pylist() == [None]


@pytest.mark.parametrize(
    "payload",
    [
        b"\xff\xff\xff\xff",
        b"\xff\xff\xff\xff" + b"x" * 100,
        encode_columns(head(), columns())[:-300],
        encode_columns(head(version=COLUMN_VERSION + 1), columns()),
        encode_columns(head(), columns(actor=[2])),
        encode_columns(head(), columns(actor=[-1])),
        encode_columns(head(), columns(event_id=[b"\1" * 15])),
        altered(lambda rows: rows.replace_schema_metadata(None)),
        altered(lambda rows: rows.replace_schema_metadata({"privet": "other"})),
        altered(lambda rows: rows.drop_columns(["course"])),
        altered(lambda rows: rows.append_column("other", pa.array([1]))),
        altered(lambda rows: rows.set_column(0, "event_id", pa.array(["text"]))),
        altered(lambda rows: rows.set_column(0, "event_id", pa.array([None], pa.binary()))),
    ],
)
def test_what_is_no_batch_of_columns_is_refused(payload: bytes) -> None:
    assert is_columns(payload)
    with pytest.raises(ValueError, match=r"."):
        decode_columns(payload)


def test_no_batch_of_entries_passes_for_columns() -> None:
    assert not is_columns(b"\x98\x01")
    assert not is_columns(b"")


BOB = Actor(b"bob".ljust(16, b"-"))


def of_three() -> ColumnBatch:
    """Alice, somebody unknown, Bob and Alice again, each on a page of their own."""
    said: dict[str, list[Any]] = {
        f.name: [None if f.nullable else ""] * 4 for f in log_schema()
    } | {
        "event_id": [bytes([n]) * 16 for n in range(4)], "time": [AT, AT, AT, AT + 10],
        "session": [1, 2, 3, 4], "uses": [8] * 4, "actor": [1, 0, 2, 1],
        "page_path": ["/alice", "/nobody", "/bob", "/later"],
    }  # fmt: skip
    made = columns(**said)
    return decode_columns(encode_columns(head(actors=[ALICE, BOB], received=AT + 20), made))


def test_what_an_actor_did_up_to_a_moment_is_taken_out_of_a_batch() -> None:
    payload = without(of_three(), {0: AT + 5})
    assert payload is not None
    left = decode_columns(payload)
    assert left.rows.column("page_path").to_pylist() == ["/nobody", "/bob", "/later"]
    places = left.rows.column("actor").to_pylist()
    assert [left.head.actors[n - 1] if n else None for n in places] == [None, BOB, ALICE]
    assert b"/alice" not in payload


def test_an_actor_with_nothing_left_is_not_named_any_more() -> None:
    payload = without(of_three(), {0: AT + 30})
    assert payload is not None
    assert decode_columns(payload).head.actors == [BOB]
    assert ALICE.person_key not in payload


def test_a_batch_of_others_stays_as_it_is() -> None:
    assert without(of_three(), {}) is None
    assert without(of_three(), {1: AT - 1}) is None
