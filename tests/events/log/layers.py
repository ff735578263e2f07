"""File layers for tests: one that can lose what was not synced, one with a small disk."""

import errno
import random
from pathlib import Path

from privet.events.log import OpenFile, RealLayer


class PowerCutError(Exception):
    """The power went; nothing more is written."""


class _File:
    def __init__(self, layer: "PowerCutLayer", path: Path, inner: OpenFile) -> None:
        self._layer = layer
        self._path = path
        self._inner = inner

    def write(self, data: bytes) -> None:
        self._layer.step()
        self._inner.write(data)
        self._layer.contents[self._inode] += data

    def sync(self) -> None:
        self._layer.step()
        self._inner.sync()
        self._layer.synced[self._inode] = len(self._layer.contents[self._inode])

    def truncate(self, size_bytes: int) -> None:
        self._layer.step()
        self._inner.truncate(size_bytes)
        del self._layer.contents[self._inode][size_bytes:]
        # Until the next sync the old bytes may come back, but only those that were synced.
        self._layer.synced[self._inode] = min(self._layer.synced[self._inode], size_bytes)

    def close(self) -> None:
        self._inner.close()

    @property
    def _inode(self) -> int:
        return self._layer.inode_of[id(self)]


class PowerCutLayer(RealLayer):
    """Real files, and a model of what of them a power cut would leave.

    After ``cut_after`` operations every further one raises `PowerCutError`. `leave` then writes
    what survived to another directory: of each file what was synced and perhaps some of the rest,
    torn or as zeros, and of each directory the names as of its last sync or as they are now.
    """

    def __init__(self, seed: int, cut_after: int = 10**9) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - it has to be the same each time
        self.left = cut_after
        self.contents: dict[int, bytearray] = {}
        self.synced: dict[int, int] = {}
        self.inode_of: dict[int, int] = {}
        self.names: dict[Path, dict[str, int]] = {}
        self.durable_names: dict[Path, dict[str, int]] = {}
        self._files: list[_File] = []

    def step(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise PowerCutError

    def create(self, path: Path) -> OpenFile:
        self.step()
        inner = super().create(path)
        inode = len(self.contents)
        self.contents[inode], self.synced[inode] = bytearray(), 0
        self.names.setdefault(path.parent, {})[path.name] = inode
        return self._wrap(path, inner, inode)

    def reopen(self, path: Path) -> OpenFile:
        self.step()
        return self._wrap(path, super().reopen(path), self._adopt(path))

    def rename(self, old: Path, new: Path) -> None:
        self.step()
        inode = self._adopt(old)
        super().rename(old, new)
        names = self.names[old.parent]
        del names[old.name]
        names[new.name] = inode

    def unlink(self, path: Path) -> None:
        self.step()
        super().unlink(path)
        self.names.get(path.parent, {}).pop(path.name, None)

    def sync_directory(self, path: Path) -> None:
        self.step()
        self.durable_names[path] = dict(self.names.get(path, {}))

    def leave(self, target: Path) -> None:
        """Write what survived the cut under ``target``, which takes the place of the root."""
        for directory in self.names:
            kept = self.chance.choice(
                [self.durable_names.get(directory, {}), self.names[directory]]
            )
            # A name that was synced once and is still there is there in both.
            place = target / directory.name
            place.mkdir(parents=True, exist_ok=True)
            for name, inode in kept.items():
                (place / name).write_bytes(self._survivor(inode))

    def _survivor(self, inode: int) -> bytes:
        content, sure = self.contents[inode], self.synced[inode]
        extra = bytes(content[sure : sure + self.chance.randint(0, len(content) - sure)])
        tail = self.chance.choice([b"", extra, bytes(len(extra))])
        return bytes(content[:sure]) + tail

    def _adopt(self, path: Path) -> int:
        """The file's number; a file that was there before the layer is durable as it is."""
        names = self.names.setdefault(path.parent, {})
        if path.name not in names:
            inode = names[path.name] = len(self.contents)
            self.contents[inode] = bytearray(path.read_bytes())
            self.synced[inode] = len(self.contents[inode])
        return names[path.name]

    def _wrap(self, path: Path, inner: OpenFile, inode: int) -> OpenFile:
        file = _File(self, path, inner)
        self._files.append(file)  # Kept, so that no two files ever have one id.
        self.inode_of[id(file)] = inode
        return file


class SmallDisk(RealLayer):
    """A disk of a few bytes, on which a write may stop half way."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.fails_with: int | None = None

    def create(self, path: Path) -> OpenFile:
        return _SmallFile(self, super().create(path))

    def free_bytes(self, path: Path) -> int:
        """As if there were room, so that the write itself has to fail."""
        return super().free_bytes(path) + (1 << 40)


class _SmallFile:
    def __init__(self, disk: SmallDisk, inner: OpenFile) -> None:
        self._disk = disk
        self._inner = inner
        self._size = 0

    def write(self, data: bytes) -> None:
        fitting = data[: self._disk.capacity]
        self._inner.write(fitting)
        self._size += len(fitting)
        self._disk.capacity -= len(fitting)
        if len(fitting) < len(data):
            raise OSError(errno.ENOSPC, "full")

    def sync(self) -> None:
        if self._disk.fails_with is not None:
            number, self._disk.fails_with = self._disk.fails_with, None
            raise OSError(number, "sync")
        self._inner.sync()

    def truncate(self, size_bytes: int) -> None:
        self._disk.capacity += self._size - size_bytes
        self._size = size_bytes
        self._inner.truncate(size_bytes)

    def close(self) -> None:
        self._inner.close()
