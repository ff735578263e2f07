"""Finds the files of an import, and follows those that grow, are renamed or are cut."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from privet.intake.edx_blocks import CHUNK_BYTES, Cutter, Piece, cut_stream, is_gzip
from privet.kernel.errors import PrivetError

STDIN = "-"
_HEAD_BYTES = 512


class CannotReadError(PrivetError):
    """A file or directory that was named cannot be read."""


def find_files(paths: Iterable[str]) -> list[Path]:
    """The files named, and all regular files below the directories named, in order.

    Hidden files are left out below directories. Raises `CannotReadError` before anything is read.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        for file in _files_of(path):
            found[file.absolute()] = None
    return list(found)


def file_identity(path: Path, key: bytes) -> bytes:
    """A keyed hash of a file's number on its disk and its beginning: a renamed file keeps it."""
    with path.open("rb") as file:
        facts = os.fstat(file.fileno())
        head = file.read(_HEAD_BYTES).partition(b"\n")[0]
    named = f"{facts.st_dev}:{facts.st_ino}:".encode()
    return blake2b(named + head, key=key, digest_size=16).digest()


def _files_of(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise CannotReadError("A path does not exist.", remedy=f"Check the name: {path}")
    if not os.access(path, os.R_OK):
        raise CannotReadError("A path may not be read.", remedy=f"Check the rights of {path}")
    if not path.is_dir():
        yield path
        return
    for directory, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(directory, name)
            if not name.startswith(".") and file.is_file():
                yield file


@dataclass(kw_only=True)
class _Followed:
    """A file that is open to be read on as it grows."""

    path: Path
    handle: BinaryIO
    identity: bytes
    cutter: Cutter
    head: bytes = b""

    def is_replaced(self) -> bool:
        """Whether another file has its name now, or its content was cut and begun anew."""
        try:
            there = self.path.stat()
        except FileNotFoundError:
            return True
        own = os.fstat(self.handle.fileno())
        if (there.st_dev, there.st_ino) != (own.st_dev, own.st_ino):
            return True
        return own.st_size < self.cutter.position or not self._begins_the_same()

    def is_whole(self) -> bool:
        """Whether what is open is still whole: renamed, not cut."""
        own = os.fstat(self.handle.fileno())
        return own.st_size >= self.cutter.position and self._begins_the_same()

    def _begins_the_same(self) -> bool:
        now = os.pread(self.handle.fileno(), len(self.head), 0)
        return now == self.head


@dataclass(kw_only=True)
class Follower:
    """Reads what is added to files until it is told to stop.

    ``start`` tells how far a file of an identity was read before.
    """

    paths: list[str]
    key: bytes
    start: Callable[[Path, bytes], int]
    is_stopped: Callable[[], bool]
    wait_seconds: float = 0.5
    _open: dict[Path, _Followed] = field(default_factory=dict)
    _packed: set[tuple[int, int]] = field(default_factory=set)

    def pieces(self) -> Iterator[tuple[Path, bytes, Piece | None]]:
        """Path, identity and piece; no piece when a round found nothing more for now."""
        while True:
            is_last = self.is_stopped()
            found_any = False
            for piece in self._round():
                found_any = True
                yield piece
            if is_last:
                return
            if not found_any:
                yield Path(), b"", None
                time.sleep(self.wait_seconds)

    def _round(self) -> Iterator[tuple[Path, bytes, Piece]]:
        for path in find_files(p for p in self.paths if Path(p).exists()):
            if path not in self._open:
                # A file may go away between being listed and being opened.
                with suppress(FileNotFoundError):
                    yield from self._meet(path)
        for path, followed in list(self._open.items()):
            yield from self._read_on(path, followed)

    def _meet(self, path: Path) -> Iterator[tuple[Path, bytes, Piece]]:
        """Begin to follow a file; a compressed one is read once, since it does not grow."""
        facts = path.stat()
        number = (facts.st_dev, facts.st_ino)
        if number in self._packed or self._is_open_under_another_name(number):
            return
        followed = self._begin(path)
        if not is_gzip(path):
            self._open[path] = followed
            return
        self._packed.add(number)
        followed.handle.seek(0)
        skip = followed.cutter.position
        with followed.handle as file:
            for piece in cut_stream(file, skip_bytes=skip, reject_key=self.key):
                yield path, followed.identity, piece

    def _read_on(self, path: Path, followed: _Followed) -> Iterator[tuple[Path, bytes, Piece]]:
        is_replaced = followed.is_replaced()
        if not is_replaced or followed.is_whole():
            yield from self._read_to_end(followed)
        if is_replaced:
            for piece in followed.cutter.finish():
                yield path, followed.identity, piece
            followed.handle.close()
            del self._open[path]

    def _read_to_end(self, followed: _Followed) -> Iterator[tuple[Path, bytes, Piece]]:
        while chunk := followed.handle.read(CHUNK_BYTES):
            if len(followed.head) < _HEAD_BYTES:
                followed.head = os.pread(followed.handle.fileno(), _HEAD_BYTES, 0)
            for piece in followed.cutter.feed(chunk):
                yield followed.path, followed.identity, piece

    def _begin(self, path: Path) -> _Followed:
        identity = file_identity(path, self.key)
        offset = self.start(path, identity)
        handle = path.open("rb")
        handle.seek(offset)
        head = os.pread(handle.fileno(), min(offset, _HEAD_BYTES), 0)
        return _Followed(
            path=path,
            handle=handle,
            identity=identity,
            cutter=Cutter(offset, self.key),
            head=head,
        )

    def _is_open_under_another_name(self, number: tuple[int, int]) -> bool:
        """A renamed log beside the new one in a followed directory is read already."""
        open_now = (os.fstat(f.handle.fileno()) for f in self._open.values())
        return any((own.st_dev, own.st_ino) == number for own in open_now)
