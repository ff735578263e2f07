"""The segment that is being written, and its change for the next one."""

import errno
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from privet.events.log.directory import OPEN, SEALED, LogClaim
from privet.events.log.errors import LogError, LogFailedError, LogFullError, PayloadTooLargeError
from privet.events.log.layer import OpenFile
from privet.events.log.segment import MAGIC, MAX_PAYLOAD_BYTES, frame_head

_CHECK_BYTES = 4 * 1024 * 1024
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, kw_only=True)
class LogLimits:
    """When a segment is sealed, and how much of the disk the log leaves alone."""

    segment_bytes: int = 32 * 1024 * 1024
    segment_seconds: float = 1.0
    """A segment that holds something is sealed at this age, so that the loader sees it soon."""
    reserve_bytes: int = 64 * 1024 * 1024
    """Room that the log never takes: the loader needs it to turn segments into rows, and so to
    free the disk without hands."""


@dataclass(kw_only=True)
class _Segment:
    path: Path
    file: OpenFile
    opened: float
    durable_bytes: int = 0
    """How far the file is known to survive a power cut."""


class SegmentRoll:
    """Writes frames durably to one segment after the other. Not safe between threads."""

    def __init__(
        self,
        claim: LogClaim,
        limits: LogLimits,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._claim = claim
        self._layer = claim.layer
        self._limits = limits
        self._monotonic = monotonic
        self._segment: _Segment | None = None
        self._unchecked_bytes = _CHECK_BYTES

    def write(self, payloads: Sequence[bytes]) -> None:
        """Return when all payloads are durable; raises `LogError` if none of them is kept.

        After an error the file is as it was before, so that no torn frame stays in it.
        """
        check_sizes(payloads)
        data = b"".join([part for payload in payloads for part in (frame_head(payload), payload)])
        try:
            self._check_room(len(data))
            segment = self._segment or self._begin()
            self._append(segment, data)
        except OSError as error:
            raise _typed(error) from error

    def seconds_to_seal(self) -> float | None:
        """How long until the open segment is old enough to be sealed; none if there is none."""
        if self._segment is None:
            return None
        age = self._monotonic() - self._segment.opened
        return max(0.0, self._limits.segment_seconds - age)

    def seal_if_due(self) -> None:
        """Seal the open segment if it is old or large enough; raises `LogError`."""
        segment = self._segment
        if segment is None:
            return
        is_large = segment.durable_bytes >= self._limits.segment_bytes
        if is_large or self.seconds_to_seal() == 0.0:
            self.seal()

    def seal(self) -> None:
        """Make the open segment visible to the loader; raises `LogError` and can be repeated."""
        segment = self._segment
        if segment is None:
            return
        try:
            if segment.durable_bytes <= len(MAGIC):
                self._layer.unlink(segment.path)
            else:
                self._layer.rename(segment.path, segment.path.with_suffix(SEALED))
            self._segment = None
            segment.file.close()
            self._layer.sync_directory(self._claim.directory)
        except OSError as error:
            raise _typed(error) from error

    def _begin(self) -> _Segment:
        path = self._claim.directory / f"{self._claim.next_sequence():020d}{OPEN}"
        file = self._layer.create(path)
        segment = _Segment(path=path, file=file, opened=self._monotonic())
        try:
            file.write(MAGIC)
            file.sync()
            self._layer.sync_directory(self._claim.directory)
        except OSError:
            with suppress(OSError):
                file.close()
                self._layer.unlink(path)
            raise
        segment.durable_bytes = len(MAGIC)
        self._segment = segment
        return segment

    def _append(self, segment: _Segment, data: bytes) -> None:
        try:
            segment.file.write(data)
            segment.file.sync()
        except OSError as error:
            self._undo(segment, is_sound=error.errno in NO_ROOM)
            raise
        segment.durable_bytes += len(data)

    def _undo(self, segment: _Segment, *, is_sound: bool) -> None:
        """Cut back to what is durable.

        After a failed sync the kernel may have dropped pages that it calls clean, so that file is
        not written again; what it holds so far has been synced and is sealed.
        """
        try:
            segment.file.truncate(segment.durable_bytes)
            segment.file.sync()
        except OSError:
            is_sound = False
        if not is_sound:
            with suppress(LogError):
                self.seal()

    def _check_room(self, wanted_bytes: int) -> None:
        """Raise ``ENOSPC`` if the reserve would be touched; it is looked at now and then."""
        self._unchecked_bytes += wanted_bytes
        if self._unchecked_bytes < _CHECK_BYTES and self._segment is not None:
            return
        free = self._layer.free_bytes(self._claim.directory)
        if free < wanted_bytes + self._limits.reserve_bytes:
            self._unchecked_bytes = _CHECK_BYTES
            raise OSError(errno.ENOSPC, "reserve")
        self._unchecked_bytes = 0


def check_sizes(payloads: Sequence[bytes]) -> None:
    """Raise `PayloadTooLargeError` if a payload does not fit into a frame."""
    if max(map(len, payloads)) > MAX_PAYLOAD_BYTES:
        raise PayloadTooLargeError(MAX_PAYLOAD_BYTES)


def _typed(error: OSError) -> LogError:
    return LogFullError() if error.errno in NO_ROOM else LogFailedError()
