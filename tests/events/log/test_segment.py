"""The form of segments: round trips, and what is found in damaged ones."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privet.events.log import DamageReason, frame, parse_segment, read_segment
from privet.events.log.segment import MAGIC, MARK

PAYLOADS = st.lists(st.binary(max_size=200), max_size=8)


def _segment(payloads: list[bytes]) -> bytes:
    return MAGIC + b"".join(map(frame, payloads))


@given(PAYLOADS)
def test_what_was_framed_is_read(payloads: list[bytes]) -> None:
    content = parse_segment(_segment(payloads))
    assert [f.payload for f in content.frames] == payloads
    assert content.damage == []


@given(PAYLOADS, st.data())
def test_a_cut_segment_gives_its_whole_frames_and_a_torn_tail(
    payloads: list[bytes], data: st.DataObject
) -> None:
    whole = _segment(payloads)
    at = data.draw(st.integers(0, len(whole)))
    content = parse_segment(whole[:at])
    assert [f.payload for f in content.frames] == payloads[: len(content.frames)]
    assert {d.reason for d in content.damage} <= {DamageReason.TORN_TAIL}
    ends = [f.offset + 12 + len(f.payload) for f in content.frames]
    rest = at - (ends[-1] if ends else len(MAGIC))
    assert len(content.damage) == (1 if rest > 0 or 0 < at < len(MAGIC) else 0)


@given(st.lists(st.binary(min_size=1, max_size=60), min_size=1, max_size=6), st.data())
def test_one_changed_byte_costs_no_other_frame(payloads: list[bytes], data: st.DataObject) -> None:
    whole = bytearray(_segment(payloads))
    at = data.draw(st.integers(len(MAGIC), len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    content = parse_segment(bytes(whole))
    found = [f.payload for f in content.frames]
    assert len(found) >= len(payloads) - 1
    assert all(payload in payloads for payload in found)
    assert sum(d.size_bytes for d in content.damage) > 0


def test_damage_is_told_with_its_place_its_size_and_its_reason() -> None:
    whole = bytearray(_segment([b"first", b"second", b"third"]))
    second = len(MAGIC) + len(frame(b"first"))
    whole[second + 13] ^= 1
    content = parse_segment(bytes(whole))
    assert [f.payload for f in content.frames] == [b"first", b"third"]
    (damage,) = content.damage
    assert damage.offset == second
    assert damage.size_bytes == len(frame(b"second"))
    assert damage.reason is DamageReason.BAD_CHECKSUM


def test_bytes_between_frames_are_told_apart_from_a_broken_frame() -> None:
    content = parse_segment(MAGIC + frame(b"a") + b"rubbish" + frame(b"b"))
    assert [f.payload for f in content.frames] == [b"a", b"b"]
    assert content.damage[0].reason is DamageReason.NOT_A_FRAME


def test_a_file_of_another_kind_is_not_a_segment() -> None:
    content = parse_segment(b"PAR1 something else" + frame(b"a"))
    assert content.damage[0].reason is DamageReason.NOT_A_SEGMENT
    assert [f.payload for f in content.frames] == [b"a"]


@pytest.mark.parametrize("rest", [b"\0" * 3, b"\0" * 40, MARK + b"\5\0\0\0" + b"\0" * 10])
def test_zeros_that_a_file_system_left_are_a_torn_tail(rest: bytes) -> None:
    content = parse_segment(_segment([b"kept"]) + rest)
    assert [f.payload for f in content.frames] == [b"kept"]
    assert content.damage[0].reason is DamageReason.TORN_TAIL


def test_a_length_that_no_frame_has_is_not_followed() -> None:
    content = parse_segment(MAGIC + MARK + b"\xff\xff\xff\xff" + b"1234" + frame(b"after"))
    assert [f.payload for f in content.frames] == [b"after"]


def test_an_empty_file_holds_nothing_and_is_not_damaged(tmp_path: Path) -> None:
    path = tmp_path / "1.seg"
    path.write_bytes(b"")
    content = read_segment(path)
    assert content.frames == []
    assert content.damage == []
