"""Cuts a stream of bytes into blocks of whole lines, however long or broken the lines are."""

import os
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from privet.intake.edx_line import MAX_LINE_BYTES
from privet.intake.edx_reasons import Unread
from privet.intake.edx_tally import Rejected

CHUNK_BYTES = 1024 * 1024
_PIECE_BYTES = 8 * CHUNK_BYTES
"""How much of a plain file is read at once: what is done once for a piece is shared by more."""
_LOOK_BYTES = 64 * 1024
_GZIP_MAGIC = b"\x1f\x8b"
_WHOLE_GZIP = 31
"""zlib's word for a gzip header and the largest window."""


class Piece(NamedTuple):
    """Part of a stream: a block of whole lines, or one line that is rejected unread."""

    offset: int
    end: int
    """Where the next piece begins, in bytes of the (unpacked) stream."""
    block: bytes
    rejected: Rejected | None = None
    path: str = ""
    """A plain file from which the reader takes the block itself, instead of ``block``."""


HURRY = Piece(-1, -1, b"")
"""Stands where a followed log has nothing more for now."""


def cut_file(path: Path, *, skip_bytes: int, reject_key: bytes) -> Iterator[Piece]:
    """The pieces of a file; those of a plain one are only pointed at, which costs no copying."""
    with path.open("rb") as file:
        if is_gzip(path):
            yield from cut_stream(file, skip_bytes=skip_bytes, reject_key=reject_key)
            return
        start, size = skip_bytes, os.fstat(file.fileno()).st_size
        while start < size:
            end = _line_end(file, start + _PIECE_BYTES, size)
            if end is None:
                break
            yield Piece(start, end, b"", path=str(path))
            start = end
        # From a line on that is too long to be looked at, the file is read as a stream.
        file.seek(start)
        yield from cut_plain(file, offset=start, reject_key=reject_key)


def _line_end(file: BinaryIO, near: int, size: int) -> int | None:
    """Where the line at ``near`` ends, or the file; none if the line is too long."""
    if near >= size:
        return size
    file.seek(near - 1)
    for _ in range(MAX_LINE_BYTES // _LOOK_BYTES):
        part = file.read(_LOOK_BYTES)
        found = part.find(b"\n")
        if found >= 0:
            return file.tell() - len(part) + found + 1
        if not part:
            return size
    return None


class Readable(Protocol):
    """An open file or a pipe."""

    def read(self, size: int, /) -> bytes: ...


class DamagedGzipError(Exception):
    """The compressed stream is damaged or ends too early; all before it was given out."""


class Cutter:
    """Takes chunks and gives out pieces; what follows the last line end waits in it."""

    def __init__(self, offset: int, reject_key: bytes) -> None:
        self._start = offset
        self._rest: list[bytes] = []
        self._rest_bytes = 0
        self._key = reject_key
        self._skipping: blake2b | None = None

    @property
    def position(self) -> int:
        """The byte up to which the stream has been taken in."""
        return self._start + self._rest_bytes

    def feed(self, chunk: bytes) -> Iterator[Piece]:
        """The pieces that this chunk completes."""
        while chunk:
            chunk = yield from self._take(chunk)

    def finish(self, *, reason: Unread | None = None) -> Iterator[Piece]:
        """What is left at the end of the stream: a last line without its end.

        With a ``reason``, the stream broke off there: what is left is rejected for it.
        """
        if self._skipping is not None:
            yield self._oversize(self._rest_bytes)
        elif reason is not None:
            yield self._reject(b"".join(self._rest), reason)
        elif self._rest:
            yield self._piece(b"".join(self._rest))

    def _take(self, chunk: bytes) -> Generator[Piece, None, bytes]:
        """Give out what a chunk completes; returns the part of it that is still to be taken."""
        if self._skipping is not None:
            return (yield from self._skip(chunk))
        end = chunk.rfind(b"\n") + 1
        if end:
            yield self._piece(b"".join((*self._rest, chunk[:end])))
        if len(chunk) > end:
            self._rest.append(chunk[end:])
            self._rest_bytes += len(chunk) - end
        if self._rest_bytes > MAX_LINE_BYTES:
            self._skipping = blake2b(key=self._key, digest_size=16)
            for part in self._rest:
                self._skipping.update(part)
            self._rest = []
        return b""

    def _skip(self, chunk: bytes) -> Generator[Piece, None, bytes]:
        """Pass over a line that is too long, keeping nothing of it but its hash."""
        end = chunk.find(b"\n")
        part = chunk if end < 0 else chunk[:end]
        if self._skipping is not None:
            self._skipping.update(part)
        self._rest_bytes += len(part)
        if end < 0:
            return b""
        yield self._oversize(self._rest_bytes + 1)
        return chunk[end + 1 :]

    def _piece(self, block: bytes) -> Piece:
        piece = Piece(self._start, self._start + len(block), block)
        self._begin(piece.end)
        return piece

    def _reject(self, line: bytes, reason: Unread) -> Piece:
        digest = blake2b(line, key=self._key, digest_size=16).digest()
        rejected = Rejected(self._start, len(line), digest, reason.value)
        piece = Piece(self._start, self._start + len(line), b"", rejected)
        self._begin(piece.end)
        return piece

    def _oversize(self, size_bytes: int) -> Piece:
        digest = self._skipping.digest() if self._skipping else b""
        rejected = Rejected(self._start, self._rest_bytes, digest, Unread.TOO_LONG.value)
        piece = Piece(self._start, self._start + size_bytes, b"", rejected)
        self._begin(piece.end)
        return piece

    def _begin(self, offset: int) -> None:
        self._start, self._rest, self._rest_bytes, self._skipping = offset, [], 0, None


def cut_stream(file: Readable, *, skip_bytes: int, reject_key: bytes) -> Iterator[Piece]:
    """The pieces of a stream, plain or gzip, from ``skip_bytes`` of its unpacked content on."""
    cutter = Cutter(skip_bytes, reject_key)
    try:
        for chunk in _without_first(read_chunks(file), skip_bytes):
            yield from cutter.feed(chunk)
    except DamagedGzipError:
        yield from cutter.finish(reason=Unread.DAMAGED_GZIP)
    else:
        yield from cutter.finish()


def cut_plain(file: Readable, *, offset: int, reject_key: bytes) -> Iterator[Piece]:
    """The pieces of a plain stream that stands at ``offset``."""
    cutter = Cutter(offset, reject_key)
    while chunk := file.read(CHUNK_BYTES):
        yield from cutter.feed(chunk)
    yield from cutter.finish()


def is_gzip(path: Path) -> bool:
    """Whether a file's first bytes say that it is compressed; its name says nothing."""
    with path.open("rb") as file:
        return file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC


def read_chunks(file: Readable) -> Iterator[bytes]:
    """The unpacked content of a stream; raises `DamagedGzipError` after its last good byte."""
    first = file.read(CHUNK_BYTES)
    while len(first) < len(_GZIP_MAGIC) and (more := file.read(CHUNK_BYTES)):
        first += more
    chunks = _prepend(first, iter(lambda: file.read(CHUNK_BYTES), b""))
    return _unpack(chunks) if first.startswith(_GZIP_MAGIC) else chunks


def _prepend(first: bytes, others: Iterable[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from others


def _unpack(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack gzip members one after the other; zeros behind the last are padding."""
    packed = b""
    while packed or (packed := next(chunks, b"")):
        if not packed.strip(b"\0"):
            packed = b""
            continue
        packed = yield from _unpack_member(packed, lambda: next(chunks, b""))


def _unpack_member(packed: bytes, more: Callable[[], bytes]) -> Generator[bytes, None, bytes]:
    """Unpack one member; returns what follows it."""
    unpacker = zlib.decompressobj(_WHOLE_GZIP)
    try:
        while not unpacker.eof:
            plain = unpacker.decompress(packed, CHUNK_BYTES)
            packed = unpacker.unconsumed_tail
            if plain:
                yield plain
            elif not packed and not unpacker.eof and not (packed := more()):
                raise DamagedGzipError
    except zlib.error as error:
        raise DamagedGzipError from error
    return unpacker.unused_data


def _without_first(chunks: Iterator[bytes], size_bytes: int) -> Iterator[bytes]:
    for chunk in chunks:
        if size_bytes >= len(chunk):
            size_bytes -= len(chunk)
            continue
        yield chunk[size_bytes:]
        size_bytes = 0
