"""The two ways to write the log: many waiters on one sync, and one writer after the other."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Self

from privet.events.log.directory import LogClaim
from privet.events.log.errors import LogClosedError, LogError, PayloadTooLargeError
from privet.events.log.roll import LogLimits, SegmentRoll, check_sizes
from privet.events.log.segment import MAX_PAYLOAD_BYTES

Settle = Callable[[LogError | None], None]
"""Called in the loop when a payload is durable, or with the reason why it was not kept."""
_Group = list[tuple[bytes, Settle]]
_RETRY_SECONDS = 0.5


class LogWriter:
    """Appends payloads from the coroutines of one event loop; each returns when its own is on disk.

    While a commit is under way the next group gathers in the loop, and is handed over whole when
    it has ended: a hundred waiters cost one sync, and the two threads meet twice a commit. The
    thread also seals segments by age, when nothing comes.
    """

    def __init__(
        self,
        claim: LogClaim,
        *,
        limits: LogLimits | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._claim = claim
        self._roll = SegmentRoll(claim, limits or LogLimits(), monotonic)
        self._queue: SimpleQueue[_Group | None] = SimpleQueue()
        self._gathered: _Group = []
        self._is_busy = False
        self._is_closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._run, name="privet-log", daemon=True)
        self._thread.start()

    @property
    def log_id(self) -> str:
        """The id under which the loader knows this log."""
        return self._claim.log_id

    def append(self, payload: bytes) -> asyncio.Future[None]:
        """Done when ``payload`` would survive a power cut; raises `LogError` if it is not kept.

        A waiter that is cancelled may find its payload kept all the same.
        """
        waiter = self._running_loop().create_future()
        self.append_then(payload, partial(_tell, waiter))
        return waiter

    def append_then(self, payload: bytes, settle: Settle) -> None:
        """As `append`, without a future for each: ``settle`` is told, and must not raise."""
        if self._is_closed:
            raise LogClosedError
        if len(payload) > MAX_PAYLOAD_BYTES:
            raise PayloadTooLargeError(MAX_PAYLOAD_BYTES)
        loop = self._running_loop()
        self._gathered.append((payload, settle))
        if not self._is_busy:
            # Not at once: what else the loop does in this turn comes along.
            self._is_busy = True
            loop.call_soon(self._hand_over)

    def close(self) -> None:
        """Write what was handed over, seal the segment and give the directory up.

        Call it from another thread than the loop's, or when nobody waits any more.
        """
        if self._is_closed:
            return
        self._is_closed = True
        self._queue.put(None)
        self._thread.join()
        self._claim.release()
        if self._loop is not None:
            with suppress(RuntimeError):  # The loop is closed: nobody waits any more.
                self._loop.call_soon_threadsafe(self._abandon)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        return self._loop

    def _hand_over(self) -> None:
        group, self._gathered = self._gathered, []
        self._queue.put(group)

    def _settle(self, group: _Group, error: LogError | None) -> None:
        for _, settle in group:
            settle(error)
        if self._gathered:
            self._hand_over()
        else:
            self._is_busy = False

    def _abandon(self) -> None:
        """Tell those who came too late for the last commit."""
        left, self._gathered = self._gathered, []
        while not self._queue.empty():
            left += self._queue.get() or []
        self._settle(left, LogClosedError())

    def _run(self) -> None:
        is_open = True
        while is_open:
            try:
                group = self._queue.get(timeout=self._patience())
                is_open = group is not None
            except Empty:
                group = []
            if group:
                self._commit(group)
            with suppress(LogError):  # It stays due, and is tried again in the next round.
                if is_open:
                    self._roll.seal_if_due()
                else:
                    self._roll.seal()

    def _patience(self) -> float | None:
        left = self._roll.seconds_to_seal()
        return _RETRY_SECONDS if left == 0.0 else left

    def _commit(self, group: _Group) -> None:
        error: LogError | None = None
        try:
            self._roll.write([payload for payload, _ in group])
        except LogError as raised:
            error = raised
        with suppress(RuntimeError):  # The loop is closed: nobody waits any more.
            self._running_loop().call_soon_threadsafe(self._settle, group, error)


def _tell(waiter: asyncio.Future[None], error: LogError | None) -> None:
    if waiter.done():
        return
    if error is None:
        waiter.set_result(None)
    else:
        waiter.set_exception(error)


class SegmentWriter:
    """Appends payloads from one thread, for importers; durable after `flush`.

    Use it as a context: leaving it seals the last segment and gives the directory up.
    """

    def __init__(
        self,
        claim: LogClaim,
        *,
        limits: LogLimits | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        buffer_bytes: int = 1024 * 1024,
    ) -> None:
        self._claim = claim
        self._roll = SegmentRoll(claim, limits or LogLimits(), monotonic)
        self._buffer: list[bytes] = []
        self._buffered_bytes = 0
        self._buffer_bytes = buffer_bytes

    @property
    def log_id(self) -> str:
        """The id under which the loader knows this log."""
        return self._claim.log_id

    def append_sync(self, payload: bytes) -> None:
        """Take a payload; it is durable after the next `flush`. Raises `LogError`.

        After an error what was taken since the last `flush` may or may not be kept: append it
        again, since event ids make that harmless.
        """
        check_sizes([payload])
        self._buffer.append(payload)
        self._buffered_bytes += len(payload)
        if self._buffered_bytes >= self._buffer_bytes:
            self.flush()

    def extend(self, payloads: Iterable[bytes]) -> None:
        """`append_sync` for each of the payloads."""
        for payload in payloads:
            self.append_sync(payload)

    def flush(self) -> None:
        """Return when all that was taken would survive a power cut; raises `LogError`."""
        taken, self._buffer, self._buffered_bytes = self._buffer, [], 0
        if taken:
            self._roll.write(taken)
        self._roll.seal_if_due()

    def seal(self) -> None:
        """Flush, and make all of it visible to the loader now."""
        self.flush()
        self._roll.seal()

    def close(self) -> None:
        """Seal, and give the directory up."""
        try:
            self.seal()
        finally:
            self._claim.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
