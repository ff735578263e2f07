"""The two ways to write the log: many waiters on one sync, and one writer after the other."""

import asyncio
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Self

from privet.events.log.directory import LogClaim
from privet.events.log.errors import LogClosedError, LogError, PayloadTooLargeError
from privet.events.log.roll import LogLimits, SegmentRoll, check_sizes
from privet.events.log.segment import MAX_PAYLOAD_BYTES

_Waiter = asyncio.Future[None]
_RETRY_SECONDS = 0.5


class LogWriter:
    """Appends payloads from coroutines; each returns when its payload is on the disk.

    One thread takes all payloads that wait, writes them at once and syncs once, so that a hundred
    waiters cost one sync. It also seals segments by age, when nothing comes.
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
        self._queue: SimpleQueue[tuple[bytes, _Waiter] | None] = SimpleQueue()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="privet-log", daemon=True)
        self._thread.start()

    @property
    def log_id(self) -> str:
        """The id under which the loader knows this log."""
        return self._claim.log_id

    async def append(self, payload: bytes) -> None:
        """Return when ``payload`` would survive a power cut; raises `LogError` if it is not kept.

        A waiter that is cancelled may find its payload kept all the same.
        """
        if self._is_closed:
            raise LogClosedError
        if len(payload) > MAX_PAYLOAD_BYTES:
            raise PayloadTooLargeError(MAX_PAYLOAD_BYTES)
        waiter = asyncio.get_running_loop().create_future()
        self._queue.put((payload, waiter))
        await waiter

    def close(self) -> None:
        """Write what waits, seal the segment and give the directory up."""
        if self._is_closed:
            return
        self._is_closed = True
        self._queue.put(None)
        self._thread.join()
        self._claim.release()

    def _run(self) -> None:
        is_open = True
        while is_open:
            group, is_open = self._take_group()
            if group:
                self._commit(group)
            with suppress(LogError):  # It stays due, and is tried again in the next round.
                if is_open:
                    self._roll.seal_if_due()
                else:
                    self._roll.seal()

    def _take_group(self) -> tuple[list[tuple[bytes, _Waiter]], bool]:
        """All that waits; an empty list if the segment's age comes first."""
        group: list[tuple[bytes, _Waiter]] = []
        try:
            item = self._queue.get(timeout=self._patience())
            while item is not None:
                group.append(item)
                item = self._queue.get_nowait()
        except Empty:
            return group, True
        return group, False

    def _patience(self) -> float | None:
        left = self._roll.seconds_to_seal()
        return _RETRY_SECONDS if left == 0.0 else left

    def _commit(self, group: list[tuple[bytes, _Waiter]]) -> None:
        error: LogError | None = None
        try:
            self._roll.write([payload for payload, _ in group])
        except LogError as raised:
            error = raised
        by_loop: defaultdict[asyncio.AbstractEventLoop, list[_Waiter]] = defaultdict(list)
        for _, waiter in group:
            by_loop[waiter.get_loop()].append(waiter)
        for loop, waiters in by_loop.items():
            with suppress(RuntimeError):  # The loop is closed: nobody waits any more.
                loop.call_soon_threadsafe(_settle, waiters, error)


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


def _settle(waiters: list[_Waiter], error: LogError | None) -> None:
    for waiter in waiters:
        if waiter.done():
            continue
        if error is None:
            waiter.set_result(None)
        else:
            waiter.set_exception(error)
