"""The few file operations that durability rests on, behind a protocol that a test can cut."""

import os
from pathlib import Path
from typing import Protocol


class OpenFile(Protocol):
    """A file that is being written from its beginning to its end."""

    def write(self, data: bytes) -> None:
        """Write all of ``data`` at the end; raises `OSError` after part of it may be there."""

    def sync(self) -> None:
        """Return when all that was written would survive a power cut."""

    def truncate(self, size_bytes: int) -> None:
        """Cut the file and go on writing at its new end."""

    def close(self) -> None: ...


class FileLayer(Protocol):
    """What the log asks of a file system."""

    def create(self, path: Path) -> OpenFile:
        """Open a new file; raises `FileExistsError` if the name is taken."""

    def reopen(self, path: Path) -> OpenFile:
        """Open a file that exists, to write at its end."""

    def rename(self, old: Path, new: Path) -> None: ...

    def unlink(self, path: Path) -> None: ...

    def make_directory(self, path: Path) -> None:
        """Make a directory, readable by the service's user alone, if it is not there."""

    def sync_directory(self, path: Path) -> None:
        """Return when the names in a directory would survive a power cut."""

    def free_bytes(self, path: Path) -> int:
        """How many bytes the service may still write to the disk of ``path``."""


class RealFile:
    """An `OpenFile` of the operating system."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._handle, rest) :]

    def sync(self) -> None:
        os.fdatasync(self._handle)

    def truncate(self, size_bytes: int) -> None:
        os.ftruncate(self._handle, size_bytes)
        os.lseek(self._handle, size_bytes, os.SEEK_SET)

    def close(self) -> None:
        os.close(self._handle)


class RealLayer:
    """The operating system's files."""

    def create(self, path: Path) -> OpenFile:
        return RealFile(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))

    def reopen(self, path: Path) -> OpenFile:
        handle = os.open(path, os.O_WRONLY)
        os.lseek(handle, 0, os.SEEK_END)
        return RealFile(handle)

    def rename(self, old: Path, new: Path) -> None:
        old.rename(new)

    def unlink(self, path: Path) -> None:
        path.unlink(missing_ok=True)

    def make_directory(self, path: Path) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def sync_directory(self, path: Path) -> None:
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def free_bytes(self, path: Path) -> int:
        facts = os.statvfs(path)
        return facts.f_bavail * facts.f_frsize
