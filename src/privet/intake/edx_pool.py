"""Reads blocks in processes beside this one, and gives their results back in order."""

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TYPE_CHECKING, TypeVar

from privet.intake.edx_blocks import HURRY, Piece
from privet.intake.edx_forking import ALONE_BYTES, reader_context
from privet.intake.edx_tally import BlockResult
from privet.intake.edx_worker import ReadingPlan, read_block, start_worker
from privet.kernel.errors import PrivetError

if TYPE_CHECKING:
    from privet.intake.edx_block import BlockReader

_WAITING_A_WORKER = 3

Tag = TypeVar("Tag")


class ReaderEndedError(PrivetError):
    """A process that was reading was ended from outside."""

    def __init__(self) -> None:
        super().__init__(
            "A process that was reading the log ended, as the system does when memory runs out.",
            remedy="Run the same import again: it goes on where it stopped. With --workers 1 it "
            "needs less memory.",
        )


class BlockPool:
    """Reads blocks; one process of its own for each core, once there is enough to read."""

    def __init__(
        self, plan: ReadingPlan, *, workers: int | None = None, expected_bytes: int = 0
    ) -> None:
        self._plan = plan
        self._expected_bytes = expected_bytes
        self._workers = workers or max(1, min(os.cpu_count() or 1, 8))
        self._own: BlockReader | None = None
        self._pool: ProcessPoolExecutor | None = None
        self._read_bytes = 0

    def read_all(
        self, pieces: Iterable[tuple[Tag, Piece | None]]
    ) -> Iterator[tuple[Tag, BlockResult | None]]:
        """For each tag and piece its result, in order; none for no piece or a rejected line.

        At `HURRY` all results before it are given out before the next piece is asked for. Raises
        `ReaderEndedError`.
        """
        waiting: deque[tuple[Tag, Future[BlockResult] | BlockResult | None]] = deque()
        for tag, piece in pieces:
            has_lines = piece is not None and piece is not HURRY and piece.rejected is None
            waiting.append((tag, self._begin(piece) if piece and has_lines else None))
            while waiting and (piece is HURRY or len(waiting) > self._workers * _WAITING_A_WORKER):
                yield _end(*waiting.popleft())
            while waiting and _is_done(waiting[0][1]):
                yield _end(*waiting.popleft())
        while waiting:
            yield _end(*waiting.popleft())

    def release(self) -> None:
        """Let the processes end when they have nothing left to do, without waiting for them."""
        if self._pool is not None:
            self._pool.shutdown(wait=False)

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def _begin(self, piece: Piece) -> Future[BlockResult] | BlockResult:
        self._read_bytes += piece.end - piece.offset
        is_large = max(self._read_bytes, self._expected_bytes) > ALONE_BYTES
        if self._pool is None and is_large and self._workers > 1:
            self._pool = self._start()
        if self._pool is None:
            self._own = self._own or _make_reader(self._plan)
            return self._own.read_piece(piece)
        try:
            return self._pool.submit(read_block, piece)
        except BrokenProcessPool as error:
            raise ReaderEndedError from error

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self._workers,
            mp_context=reader_context(),
            initializer=start_worker,
            initargs=(self._plan,),
        )


def _make_reader(plan: ReadingPlan) -> "BlockReader":
    """What a reader needs is imported only now, since a large import has others read."""
    from privet.intake.edx_reading import make_reader  # noqa: PLC0415

    return make_reader(plan)


def _end(
    tag: Tag, result: Future[BlockResult] | BlockResult | None
) -> tuple[Tag, BlockResult | None]:
    try:
        return tag, result.result() if isinstance(result, Future) else result
    except BrokenProcessPool as error:
        raise ReaderEndedError from error


def _is_done(result: Future[BlockResult] | BlockResult | None) -> bool:
    return not isinstance(result, Future) or result.done()
