"""Every line is an event, or skipped or rejected for one reason."""

import json

import pytest

from privet.intake.edx_line import MAX_LINE_BYTES, Line, read_line
from privet.intake.edx_reasons import Skip, Unread
from tests.intake.edx.kit import line

TEXT = json.dumps(line()).encode()
PREFIX = b"2026-11-20 10:00:00,001 INFO 20 [tracking] [user 4] [ip 203.0.113.7] logger.py:41 - "
SYSLOG = b"Nov 20 10:00:00 ip-10-0 [service_variant=lms][tracking] INFO [ip 1] [logger.py:60] - "


def read(text: bytes) -> Line:
    found = read_line(text)
    assert isinstance(found, tuple)
    return found[1]


def test_an_object_is_an_event() -> None:
    assert read(TEXT).event_type == "play_video"


@pytest.mark.parametrize(
    "prefix", [PREFIX, SYSLOG, b"[tracking] - ", b"\xef\xbb\xbf", b"  ", b"\0"]
)
def test_what_stands_before_the_object_does_not_matter(prefix: bytes) -> None:
    found = read_line(prefix + TEXT)
    assert isinstance(found, tuple)
    assert found[0] == TEXT


@pytest.mark.parametrize("end", [b"\r", b"  ", b"\t", b"\0\0\0"])
def test_what_stands_behind_the_object_does_not_matter(end: bytes) -> None:
    found = read_line(TEXT + end)
    assert isinstance(found, tuple)
    assert found[0] == TEXT


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", Skip.BLANK),
        (b" \t\r", Skip.BLANK),
        (b"# expected: five segments", Skip.COMMENT),
        (b"  # indented", Skip.COMMENT),
        (b"hello", Unread.NOT_JSON),
        (b"{oops}", Unread.NOT_JSON),
        (TEXT[:300], Unread.CUT),
        (PREFIX + TEXT[:300], Unread.CUT),
        (PREFIX, Unread.NOT_JSON),
        (b"[1, 2]", Unread.NOT_AN_OBJECT),
        (b'"text"', Unread.NOT_AN_OBJECT),
        (b"null", Unread.NOT_AN_OBJECT),
        (b"42", Unread.NOT_AN_OBJECT),
        (b'[{"a": 1}]', Unread.NOT_AN_OBJECT),
        (TEXT + b" trailing", Unread.CUT),
        (b'{"event":' + b"[" * 100_000 + b"]" * 100_000 + b"}", Unread.TOO_DEEP),
        (b"x" * (MAX_LINE_BYTES + 1), Unread.TOO_LONG),
    ],
)  # fmt: skip
def test_what_is_no_event_has_a_reason(text: bytes, reason: Skip | Unread) -> None:
    assert read_line(text) is reason


def test_of_a_key_that_stands_twice_the_last_value_counts() -> None:
    assert read(b'{"event_type": "a", "event_type": "b"}').event_type == "b"


def test_parts_of_unexpected_types_are_read_as_far_as_they_make_sense() -> None:
    strange = {
        "username": 12,
        "event_type": ["x"],
        "ip": {"a": 1},
        "session": True,
        "time": 3.5,
        "context": {"user_id": 4, "course_id": 7, "module": {"usage_key": 9}},
        "event": {"id": 5},
    }
    found = read(json.dumps(strange).encode())
    assert (found.username, found.event_type, found.ip, found.session) == ("12", None, None, None)
    assert found.context is not None
    assert (found.context.user_id, found.context.course_id) == (4, "7")
    assert found.context.module is not None
    assert found.context.module.usage_key == "9"
    assert json.loads(bytes(found.event)) == {"id": 5}


@pytest.mark.parametrize("context", [None, "text", 5, [], {"module": "text"}, {"user_id": 1.0}])
def test_any_context_can_be_read(context: object) -> None:
    assert read(json.dumps({"event_type": "x", "context": context}).encode()).event_type == "x"


def test_bytes_that_are_no_utf8_are_replaced_and_the_event_stays() -> None:
    found = read(b'{"event_type": "problem_check", "agent": "caf\xe9"}')
    assert (found.event_type, found.agent) == ("problem_check", "caf\ufffd")


def test_half_of_a_surrogate_pair_is_replaced() -> None:
    assert read(rb'{"username": "a\ud800b"}').username == "a?b"


def test_a_number_too_long_to_write_out_is_nothing() -> None:
    assert read(b'{"username": ' + b"9" * 5000 + b"}").username is None


def test_not_a_number_is_read_as_pythons_json_does() -> None:
    assert read(b'{"event_type": "x", "event": {"grade": NaN}}').event_type == "x"
