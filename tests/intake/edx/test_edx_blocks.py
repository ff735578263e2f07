"""Streams are cut into blocks of whole lines, whatever their lengths and however they end."""

import gzip
import io
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privet.intake.edx_blocks import CHUNK_BYTES, Cutter, Piece, cut_file, cut_stream, is_gzip
from privet.intake.edx_line import MAX_LINE_BYTES

KEY = b"r" * 32


class Trickle(io.RawIOBase):
    """Gives out a few bytes at a time, as a pipe may."""

    def __init__(self, data: bytes, step: int) -> None:
        self._data = io.BytesIO(data)
        self._step = step

    def read(self, size: int = -1, /) -> bytes:
        return self._data.read(min(size, self._step) if size >= 0 else self._step)


def pieces_of(data: bytes, *, step: int = 1 << 30, skip: int = 0) -> list[Piece]:
    return list(cut_stream(Trickle(data, step), skip_bytes=skip, reject_key=KEY))


def content(pieces: list[Piece]) -> bytes:
    return b"".join(piece.block for piece in pieces)


@given(st.binary(max_size=300), st.integers(1, 40))
def test_the_pieces_of_a_stream_are_the_stream(data: bytes, step: int) -> None:
    cutter = Cutter(0, KEY)
    parts = [data[n : n + step] for n in range(0, len(data), step)]
    pieces = [piece for part in parts for piece in cutter.feed(part)] + list(cutter.finish())
    assert content(pieces) == data
    assert all(piece.block.endswith(b"\n") for piece in pieces[:-1])
    assert [p.offset for p in pieces[1:]] == [p.end for p in pieces[:-1]]


@settings(max_examples=50)
@given(st.lists(st.binary(max_size=80), max_size=5), st.integers(1, 30), st.data())
def test_gzip_members_are_unpacked_one_after_the_other(
    members: list[bytes], step: int, data: st.DataObject
) -> None:
    packed = b"".join(map(gzip.compress, members))
    plain = b"".join(members)
    if not packed:
        return
    assert content(pieces_of(packed, step=step)) == plain
    skip = data.draw(st.integers(0, len(plain)))
    assert content(pieces_of(packed, step=step, skip=skip)) == plain[skip:]


def test_zeros_behind_a_gzip_file_are_padding() -> None:
    assert content(pieces_of(gzip.compress(b"a\nb\n") + b"\0" * 512)) == b"a\nb\n"


@pytest.mark.parametrize("kept", [30, 200, 500])
def test_of_a_truncated_gzip_file_the_good_part_is_read_and_the_rest_reported(kept: int) -> None:
    lines = b"".join(sha256(b"%d" % n).hexdigest().encode() + b"\n" for n in range(200))
    packed = gzip.compress(lines)[:-kept]
    *good, last = pieces_of(packed)
    assert lines.startswith(content(good))
    assert content(good).endswith(b"\n")
    assert last.rejected is not None
    assert last.rejected.reason == "damaged_gzip"
    assert last.rejected.offset == len(content(good))


def test_of_a_corrupted_gzip_file_the_members_before_are_read() -> None:
    bad = bytearray(gzip.compress(b"two\n"))
    bad[12] ^= 0xFF
    *good, last = pieces_of(gzip.compress(b"one\n") + bytes(bad))
    assert content(good) == b"one\n"
    assert last.rejected is not None


def test_what_is_no_gzip_behind_a_member_is_reported() -> None:
    *good, last = pieces_of(gzip.compress(b"one\n") + b"not gzip at all")
    assert content(good) == b"one\n"
    assert last.rejected is not None


def test_a_line_that_is_too_long_is_passed_over_and_hashed() -> None:
    data = b"before\n" + b"x" * (3 * MAX_LINE_BYTES) + b"\nafter\n"
    pieces = pieces_of(data, step=CHUNK_BYTES // 3)
    (reject,) = [piece.rejected for piece in pieces if piece.rejected]
    assert (reject.offset, reject.size_bytes, reject.reason) == (7, 3 * MAX_LINE_BYTES, "too_long")
    assert content(pieces) == b"before\nafter\n"
    assert pieces[-1].end == len(data)


def test_a_line_that_is_too_long_may_be_the_last() -> None:
    data = b"before\n" + b"x" * (2 * MAX_LINE_BYTES)
    last = pieces_of(data, step=CHUNK_BYTES // 3)[-1]
    assert last.rejected is not None
    assert last.end == len(data)


def test_a_small_gzip_bomb_does_not_grow_in_memory() -> None:
    packed = gzip.compress(b"x" * (64 * 1024 * 1024))
    (piece,) = pieces_of(packed)
    assert piece.rejected is not None
    assert piece.rejected.size_bytes == 64 * 1024 * 1024


def test_a_plain_file_is_only_pointed_at(tmp_path: Path) -> None:
    path = tmp_path / "tracking.log"
    data = b"".join(b"%d\n" % n for n in range(4_200_000)) + b"no end"
    path.write_bytes(data)
    pieces = list(cut_file(path, skip_bytes=0, reject_key=KEY))
    assert len(pieces) > 3
    assert all(piece.path == str(path) and piece.block == b"" for piece in pieces)
    assert [data[p.offset : p.end] for p in pieces[:-1]] == [
        data[p.offset : p.end] for p in pieces[:-1] if data[p.end - 1 : p.end] == b"\n"
    ]
    assert (pieces[0].offset, pieces[-1].end) == (0, len(data))
    assert list(cut_file(path, skip_bytes=len(data), reject_key=KEY)) == []


def test_a_plain_file_with_a_line_that_is_too_long_is_read_as_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "tracking.log"
    path.write_bytes(b"a\n" + b"x" * (12 * MAX_LINE_BYTES) + b"\nb\n")
    pieces = list(cut_file(path, skip_bytes=0, reject_key=KEY))
    assert content(pieces) == b"a\nb\n"
    assert [piece.rejected.reason for piece in pieces if piece.rejected] == ["too_long"]


def test_a_file_is_known_as_gzip_by_its_first_bytes(tmp_path: Path) -> None:
    path = tmp_path / "tracking.log"
    path.write_bytes(gzip.compress(b"x\n"))
    assert is_gzip(path)
    assert content(list(cut_file(path, skip_bytes=0, reject_key=KEY))) == b"x\n"
