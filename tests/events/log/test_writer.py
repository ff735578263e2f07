"""The two writers: what they acknowledge is there, in order, and a full disk does no harm."""

import asyncio
import errno
from pathlib import Path

import pytest

from privet.events.log import (
    LogClosedError,
    LogError,
    LogFailedError,
    LogFullError,
    LogLimits,
    LogWriter,
    PayloadTooLargeError,
    SegmentWriter,
    claim_log,
    list_segments,
    read_segment,
)
from tests.events.log.layers import SmallDisk

_LIMITS = LogLimits(reserve_bytes=0, segment_seconds=60)
_FULL = 1 << 60


def _payloads(root: Path) -> list[bytes]:
    return [f.payload for ref in list_segments(root) for f in read_segment(ref.path).frames]


def _damage(root: Path) -> list[object]:
    return [d for ref in list_segments(root) for d in read_segment(ref.path).damage]


def _writer(root: Path, limits: LogLimits = _LIMITS, disk: SmallDisk | None = None) -> LogWriter:
    return LogWriter(claim_log(root, prefix="collector", layer=disk), limits=limits)


def test_what_was_appended_is_in_the_log_once(tmp_path: Path) -> None:
    sent = [b"%d" % n for n in range(300)]

    async def append_all() -> None:
        writer = _writer(tmp_path)
        await asyncio.gather(*(writer.append(payload) for payload in sent))
        await asyncio.to_thread(writer.close)

    asyncio.run(append_all())
    assert _payloads(tmp_path) == sent


def test_a_segment_is_sealed_when_it_is_large_enough(tmp_path: Path) -> None:
    async def append_all() -> None:
        writer = _writer(tmp_path, LogLimits(reserve_bytes=0, segment_bytes=100))
        for _ in range(5):
            await writer.append(b"x" * 120)
        await asyncio.to_thread(writer.close)

    asyncio.run(append_all())
    assert len(list_segments(tmp_path)) == 5


def test_a_segment_is_sealed_by_age_when_nothing_more_comes(tmp_path: Path) -> None:
    async def append_one() -> None:
        writer = _writer(tmp_path, LogLimits(reserve_bytes=0, segment_seconds=0.02))
        await writer.append(b"alone")
        while not list_segments(tmp_path):
            await asyncio.sleep(0.01)
        await asyncio.to_thread(writer.close)

    asyncio.run(append_one())
    assert _payloads(tmp_path) == [b"alone"]


def test_a_closed_log_takes_nothing(tmp_path: Path) -> None:
    async def append_late() -> None:
        writer = _writer(tmp_path)
        writer.close()
        writer.close()
        with pytest.raises(LogClosedError):
            await writer.append(b"late")

    asyncio.run(append_late())


def test_who_waits_when_the_log_is_closed_is_told(tmp_path: Path) -> None:
    async def close_before_the_hand_over() -> BaseException | None:
        writer = _writer(tmp_path)
        task = writer.append(b"late")
        writer.close()
        (found,) = await asyncio.gather(task, return_exceptions=True)
        return found

    found = asyncio.run(close_before_the_hand_over())
    assert isinstance(found, LogClosedError)
    assert _payloads(tmp_path) == []


def test_a_payload_that_fits_no_frame_is_refused(tmp_path: Path) -> None:
    async def append_huge() -> None:
        writer = _writer(tmp_path)
        with pytest.raises(PayloadTooLargeError):
            await writer.append(bytes(16 * 1024 * 1024 + 1))
        await asyncio.to_thread(writer.close)

    asyncio.run(append_huge())


def test_a_waiter_that_gave_up_does_not_disturb_the_others(tmp_path: Path) -> None:
    async def give_up() -> None:
        writer = _writer(tmp_path)
        lost = asyncio.ensure_future(writer.append(b"lost"))
        kept = asyncio.ensure_future(writer.append(b"kept"))
        await asyncio.sleep(0)
        lost.cancel()
        await kept
        await asyncio.to_thread(writer.close)

    asyncio.run(give_up())
    assert b"kept" in _payloads(tmp_path)


def test_a_full_disk_is_told_leaves_nothing_torn_and_ends_by_itself(tmp_path: Path) -> None:
    disk = SmallDisk(_FULL)

    async def fill() -> list[bytes]:
        writer = _writer(tmp_path, disk=disk)
        await writer.append(b"before")
        disk.capacity = 20
        with pytest.raises(LogFullError):
            await writer.append(b"refused" * 10)
        disk.capacity = _FULL
        await writer.append(b"after")
        await asyncio.to_thread(writer.close)
        return _payloads(tmp_path)

    assert asyncio.run(fill()) == [b"before", b"after"]
    assert _damage(tmp_path) == []


def test_a_failed_sync_ends_the_segment_and_the_next_one_goes_on(tmp_path: Path) -> None:
    disk = SmallDisk(_FULL)

    async def fail() -> list[bytes]:
        writer = _writer(tmp_path, disk=disk)
        await writer.append(b"before")
        disk.fails_with = errno.EIO
        with pytest.raises(LogFailedError):
            await writer.append(b"doubtful")
        await writer.append(b"after")
        await asyncio.to_thread(writer.close)
        return _payloads(tmp_path)

    assert asyncio.run(fail()) == [b"before", b"after"]
    assert len(list_segments(tmp_path)) == 2


def test_a_segment_that_cannot_be_begun_leaves_no_file(tmp_path: Path) -> None:
    disk = SmallDisk(4)
    claim = claim_log(tmp_path, prefix="import")
    claim.layer = disk
    disk.capacity = _FULL
    claim.next_sequence()
    disk.capacity = 4
    writer = SegmentWriter(claim, limits=_LIMITS)
    writer.append_sync(b"a")
    with pytest.raises(LogFullError):
        writer.flush()
    assert not list(claim.directory.glob("*.open"))
    disk.capacity = _FULL
    writer.append_sync(b"b")
    writer.close()
    assert _payloads(tmp_path) == [b"b"]


def test_the_reserve_of_the_disk_is_left_for_the_loader(tmp_path: Path) -> None:
    limits = LogLimits(reserve_bytes=1 << 60)
    writer = SegmentWriter(claim_log(tmp_path, prefix="import"), limits=limits)
    writer.append_sync(b"a")
    with pytest.raises(LogFullError):
        writer.flush()
    writer.close()


def test_the_synchronous_writer_is_durable_after_a_flush(tmp_path: Path) -> None:
    claim = claim_log(tmp_path, prefix="import")
    writer = SegmentWriter(claim, limits=_LIMITS, buffer_bytes=10)
    writer.append_sync(b"more than ten bytes")
    writer.append_sync(b"few")
    (left,) = claim.directory.glob("*.open")
    assert [f.payload for f in read_segment(left).frames] == [b"more than ten bytes"]
    writer.seal()
    assert _payloads(tmp_path) == [b"more than ten bytes", b"few"]
    writer.close()


def test_every_error_of_the_log_says_what_to_do() -> None:
    for error in (LogFullError(), LogFailedError(), LogClosedError(), PayloadTooLargeError(1)):
        assert isinstance(error, LogError)
        assert error.what.endswith(".")
        assert error.remedy.endswith(".")
