"""The verb of the importer: bring tracking logs into the lake, once, whatever happens between.

Each checkpoint makes a segment durable first and says in the database second how far the files
have been read. A kill between the two means that lines are read again; their ids come from their
content, so the loader keeps them once.
"""

import fcntl
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from privet.catalogue.uses import ESSENTIAL, Use
from privet.events.log import LogFullError, LogLimits, SegmentWriter, claim_log
from privet.events.room import telling_when_full
from privet.intake.edx_blocks import HURRY, Piece, cut_file, cut_stream
from privet.intake.edx_files import STDIN, Follower, file_identity, find_files
from privet.intake.edx_loading import Loading, LoadOnce
from privet.intake.edx_pool import BlockPool
from privet.intake.edx_record import ImportRecord
from privet.intake.edx_tally import BlockResult, Rejected, Tally
from privet.intake.edx_worker import ReadingPlan
from privet.intake.models import Import, ImportFile
from privet.kernel.clock import Clock, SystemClock, to_micros
from privet.kernel.config import Config
from privet.kernel.crypto import KeyRing
from privet.kernel.errors import PrivetError

_CHECKPOINT_BYTES = 8 * 1024 * 1024
_CHECKPOINT_SECONDS = 5.0
_FOLLOWING_SECONDS = 1.0
"""Who follows a log wants to see its events soon."""
_LOOK_FOR_ROOM_SECONDS = 0.5


class AlreadyRunningError(PrivetError):
    """The same import is at work in another process."""


@dataclass(frozen=True, kw_only=True)
class ImportRequest:
    """What an operator asks for."""

    paths: tuple[str, ...]
    site: str = "edx"
    uses: Use = ESSENTIAL
    """What the events may be used for, on the operator's word."""
    name: str = ""
    is_following: bool = False

    def digest(self) -> bytes:
        """The same for the same request; by it a stopped import is taken up."""
        parts = (*map(os.path.abspath, self.paths), self.site, str(int(self.uses)), self.name)
        return sha256("\0".join((*parts, str(self.is_following))).encode()).digest()[:16]

    @property
    def can_resume(self) -> bool:
        """Standard input cannot be read again from the middle."""
        return STDIN not in self.paths


class Progress(NamedTuple):
    """How far an import is."""

    lines: int
    done_bytes: int
    total_bytes: int | None
    """None if it cannot be known: standard input, compressed or followed files."""


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What an import takes from outside; tests put their own in place."""

    config: Config
    load_once: LoadOnce
    clock: Clock = field(default_factory=SystemClock)
    on_progress: Callable[[Progress], None] = lambda _: None
    is_stopped: Callable[[], bool] = lambda: False
    """Asked between blocks; a stopped import keeps what it has and can be taken up."""
    workers: int | None = None
    wait: Callable[[float], None] = time.sleep
    """Lets so many seconds pass, for the loader to make room on a full disk."""
    full_disk_patience_seconds: float = 60.0


class _Tag(NamedTuple):
    """Where a block comes from."""

    file: ImportFile
    end: int
    rejected: Rejected | None
    is_last: bool


def run_import(request: ImportRequest, *, by: str, around: Surroundings) -> Import:
    """Import, or take up the same import where it stopped; returns its record.

    Raises `CannotReadError` before anything is read, `AlreadyRunningError`, `LogFullError` if the
    disk of the log stays full, and `DiskFullError` if another is.
    """
    paths = [Path(STDIN) if p == STDIN else Path(p) for p in request.paths]
    find_files(str(p) for p in paths if str(p) != STDIN)
    with telling_when_full(), _alone(around.config.home / "imports", request.digest()):
        record = ImportRecord.begin(request, by=by, clock=around.clock)
        try:
            _Run(request, record, around).run()
        except BaseException as error:
            record.fail(error, by=by)
            raise
        return record.finish(by=by)


class _Run:
    """One process's work at an import."""

    def __init__(self, request: ImportRequest, record: ImportRecord, around: Surroundings) -> None:
        self._request = request
        self._record = record
        self._around = around
        keys = KeyRing(around.config.keys)
        self._reject_key = keys.signing_key("edx-reject")
        self._plan = ReadingPlan(
            config=around.config,
            site=request.site,
            uses=request.uses,
            received=to_micros(around.clock.now()),
            tally=record.row.pk,
        )
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._checked = time.monotonic()
        self._done_bytes = 0
        self._total_bytes: int | None = None

    def run(self) -> None:
        """Read everything, make it durable and have it loaded."""
        around = self._around
        claim = claim_log(around.config.log, prefix="import")
        pool = BlockPool(
            self._plan, workers=around.workers, expected_bytes=_plain_bytes(self._request)
        )
        loading = Loading(log=around.config.log, load_once=around.load_once)
        # A checkpoint writes all that is pending at once: one sync for it, and one for its name.
        limits = LogLimits(segment_bytes=4 * _CHECKPOINT_BYTES, segment_seconds=3600.0)
        try:
            with SegmentWriter(claim, limits=limits, buffer_bytes=4 * _CHECKPOINT_BYTES) as writer:
                for tag, result in pool.read_all(self._tagged()):
                    loading.check()
                    self._take(tag, result)
                    if self._is_due():
                        self._checkpoint(writer)
                        loading.wake()
                pool.release()
                self._checkpoint(writer)
                loading.wake()
            loading.finish(claim.log_id)
            self._record.save()
        finally:
            loading.stop()
            pool.close()

    def _tagged(self) -> Iterator[tuple[_Tag, Piece | None]]:
        found = self._followed() if self._request.is_following else self._pieces()
        for file, piece, is_last in found:
            if piece is None or piece is HURRY:
                yield _Tag(file, -1, None, is_last), piece
            else:
                self._done_bytes += piece.end - piece.offset
                yield _Tag(file, piece.end, piece.rejected, is_last), piece
            if self._around.is_stopped() and not self._request.is_following:
                return

    def _pieces(self) -> Iterator[tuple[ImportFile, Piece | None, bool]]:
        files = find_files(p for p in self._request.paths if p != STDIN)
        is_all_plain = STDIN not in self._request.paths
        self._total_bytes = sum(p.stat().st_size for p in files) if is_all_plain else None
        for path in files:
            identity = file_identity(path, self._reject_key)
            file = self._record.file(path=str(path), identity=identity)
            if file.is_complete:
                self._done_bytes += path.stat().st_size
                continue
            self._done_bytes += file.offset
            for piece in cut_file(path, skip_bytes=file.offset, reject_key=self._reject_key):
                yield file, piece, False
            yield file, None, True
        if not is_all_plain:
            file = self._record.file(path=STDIN, identity=b"")
            for piece in cut_stream(sys.stdin.buffer, skip_bytes=0, reject_key=self._reject_key):
                yield file, piece, False
            yield file, None, True

    def _followed(self) -> Iterator[tuple[ImportFile, Piece | None, bool]]:
        follower = Follower(
            paths=list(self._request.paths),
            key=self._reject_key,
            start=lambda path, identity: (
                self._record.file(path=str(path), identity=identity).offset
            ),
            is_stopped=self._around.is_stopped,
        )
        nothing = ImportFile()
        for path, identity, piece in follower.pieces():
            if piece is None:
                yield nothing, HURRY, False
            else:
                yield self._record.file(path=str(path), identity=identity), piece, False

    def _take(self, tag: _Tag, result: BlockResult | None) -> None:
        if result is not None:
            self._pending.extend(result.payloads)
            self._pending_bytes += sum(map(len, result.payloads))
            self._record.note(tag.file, result.tally, result.rejects)
        if tag.rejected is not None:
            tally = Tally(lines=1)
            tally.rejected[tag.rejected.reason] += 1
            self._record.note(tag.file, tally, [tag.rejected])
        if tag.end >= 0:
            tag.file.offset = tag.end
        if tag.is_last:
            tag.file.is_complete = True
        self._record.touch(tag.file)
        self._around.on_progress(Progress(self._record.lines, self._done_bytes, self._total_bytes))

    def _is_due(self) -> bool:
        age = time.monotonic() - self._checked
        patience = _FOLLOWING_SECONDS if self._request.is_following else _CHECKPOINT_SECONDS
        return self._pending_bytes >= _CHECKPOINT_BYTES or age >= patience

    def _checkpoint(self, writer: SegmentWriter) -> None:
        """Make what was taken durable, then say so."""
        self._write(writer)
        self._pending, self._pending_bytes = [], 0
        self._record.save()
        self._checked = time.monotonic()

    def _write(self, writer: SegmentWriter) -> None:
        """Append and seal; a full disk is waited for, since the loader makes room."""
        until = time.monotonic() + self._around.full_disk_patience_seconds
        while True:
            try:
                writer.extend(self._pending)
                writer.seal()
            except LogFullError:
                if time.monotonic() >= until:
                    raise
                self._around.wait(_LOOK_FOR_ROOM_SECONDS)
            else:
                return


def _plain_bytes(request: ImportRequest) -> int:
    """How much there is to read at least, as far as that is known before."""
    files = find_files(path for path in request.paths if path != STDIN)
    return 0 if request.is_following else sum(path.stat().st_size for path in files)


@contextmanager
def _alone(directory: Path, request: bytes) -> Iterator[None]:
    """Hold the lock of a request, so that two processes do not count the same lines."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(directory / f"{request.hex()}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise AlreadyRunningError(
            "The same import is running already.",
            remedy="Wait for it, or stop it; it can be taken up again.",
        ) from error
    try:
        yield
    finally:
        os.close(handle)
