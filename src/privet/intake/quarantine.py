"""What could not be read of a segment: set aside, counted, shown, and kept for a month at most."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

import msgspec

from privet.events.log import Damage

KEPT = timedelta(days=30)
_PART = ".part"
_REPORT = ".json"


class FrameFault(StrEnum):
    """What is wrong with a frame that is whole."""

    NOT_A_BATCH = "not_a_batch"
    NOT_STORABLE = "not_storable"


class QuarantinedPart(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a segment that was set aside, without what it says."""

    log_id: str
    sequence: int
    offset: int
    """Where it began in its segment."""
    size_bytes: int
    reason: str
    found: datetime


@dataclass(frozen=True)
class Quarantine:
    """The directory of parts, each with a report beside it."""

    directory: Path

    def set_aside(
        self, data: bytes, *, log_id: str, sequence: int, offset: int, reason: str, now: datetime
    ) -> QuarantinedPart:
        """Keep a part; the same part twice is one. It would survive a power cut."""
        part = QuarantinedPart(
            log_id=log_id, sequence=sequence, offset=offset, size_bytes=len(data),
            reason=reason, found=now,
        )  # fmt: skip
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{log_id}-{sequence}-{offset}"
        _write(self.directory / f"{name}{_PART}", data)
        _write(self.directory / f"{name}{_REPORT}", msgspec.json.encode(part))
        _sync(self.directory)
        return part

    def set_damage_aside(
        self, segment: bytes, damage: Damage, *, log_id: str, sequence: int, now: datetime
    ) -> QuarantinedPart:
        """Keep a damaged part of a segment's bytes."""
        data = segment[damage.offset : damage.offset + damage.size_bytes]
        return self.set_aside(
            data, log_id=log_id, sequence=sequence, offset=damage.offset,
            reason=damage.reason.value, now=now,
        )  # fmt: skip

    def parts(self) -> list[QuarantinedPart]:
        """All that is set aside, the newest first."""
        reports = [
            msgspec.json.decode(path.read_bytes(), type=QuarantinedPart)
            for path in self.directory.glob(f"*{_REPORT}")
        ]
        return sorted(reports, key=lambda part: part.found, reverse=True)

    def forget_old(self, now: datetime) -> int:
        """Remove what has lain there for a month; returns how many parts that were."""
        old = [part for part in self.parts() if part.found < now - KEPT]
        for part in old:
            self._remove(part)
        return len(old)

    def _path(self, part: QuarantinedPart) -> Path:
        return self.directory / f"{part.log_id}-{part.sequence}-{part.offset}{_PART}"

    def _remove(self, part: QuarantinedPart) -> None:
        path = self._path(part)
        path.unlink(missing_ok=True)
        path.with_suffix(_REPORT).unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
