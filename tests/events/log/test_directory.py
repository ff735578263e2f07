"""Log directories: who holds them, how segments are numbered, what a dead writer leaves."""

from pathlib import Path

from privet.events.log import (
    LogLimits,
    SegmentWriter,
    claim_log,
    frame,
    list_segments,
    read_segment,
    remove_segments,
    seal_abandoned,
)
from privet.events.log.segment import MAGIC

_LIMITS = LogLimits(reserve_bytes=0)


def _write(root: Path, *payloads: bytes) -> str:
    with SegmentWriter(claim_log(root, prefix="collector"), limits=_LIMITS) as writer:
        writer.extend(payloads)
        return writer.log_id


def test_two_writers_never_share_a_directory(tmp_path: Path) -> None:
    first, second = (claim_log(tmp_path, prefix="collector") for _ in range(2))
    assert first.log_id != second.log_id
    first.release()
    second.release()


def test_the_next_writer_takes_over_a_free_directory(tmp_path: Path) -> None:
    assert _write(tmp_path, b"a") == _write(tmp_path, b"b")


def test_numbers_rise_even_when_all_segments_are_gone(tmp_path: Path) -> None:
    _write(tmp_path, b"a")
    before = list_segments(tmp_path)
    remove_segments(before)
    _write(tmp_path, b"b")
    (after,) = list_segments(tmp_path)
    assert after.sequence > before[0].sequence


def test_importers_and_collectors_have_logs_of_their_own(tmp_path: Path) -> None:
    collector = _write(tmp_path, b"a")
    with SegmentWriter(claim_log(tmp_path, prefix="import"), limits=_LIMITS) as writer:
        assert writer.log_id != collector


def test_an_abandoned_segment_is_sealed_without_its_torn_tail(tmp_path: Path) -> None:
    log_id = _write(tmp_path, b"sealed")
    left = tmp_path / log_id / f"{999_999_999:020d}.open"
    left.write_bytes(MAGIC + frame(b"kept") + frame(b"torn")[:-2])
    assert seal_abandoned(tmp_path) == [log_id]
    content = read_segment(left.with_suffix(".seg"))
    assert [f.payload for f in content.frames] == [b"kept"]
    assert content.damage == []


def test_an_abandoned_segment_without_a_frame_is_removed(tmp_path: Path) -> None:
    log_id = _write(tmp_path, b"sealed")
    for number, content in enumerate([b"", MAGIC, MAGIC[:3], MAGIC + frame(b"torn")[:5]]):
        (tmp_path / log_id / f"{10**9 + number:020d}.open").write_bytes(content)
    seal_abandoned(tmp_path)
    assert len(list_segments(tmp_path)) == 1
    assert not list((tmp_path / log_id).glob("*.open"))


def test_damage_inside_an_abandoned_segment_stays_for_the_loader_to_report(tmp_path: Path) -> None:
    log_id = _write(tmp_path, b"sealed")
    left = tmp_path / log_id / f"{10**9:020d}.open"
    left.write_bytes(MAGIC + frame(b"a") + b"rubbish" + frame(b"b"))
    seal_abandoned(tmp_path)
    assert read_segment(left.with_suffix(".seg")).damage


def test_the_segment_of_a_living_writer_is_left_alone(tmp_path: Path) -> None:
    writer = SegmentWriter(claim_log(tmp_path, prefix="collector"), limits=_LIMITS)
    writer.append_sync(b"a")
    writer.flush()
    assert seal_abandoned(tmp_path) == []
    assert list_segments(tmp_path) == []
    writer.close()
    assert len(list_segments(tmp_path)) == 1


def test_a_root_that_is_not_there_holds_no_segments(tmp_path: Path) -> None:
    assert list_segments(tmp_path / "none") == []
    assert seal_abandoned(tmp_path / "none") == []


def test_a_reserved_block_of_numbers_that_was_half_written_is_written_again(
    tmp_path: Path,
) -> None:
    log_id = _write(tmp_path, b"a")
    (tmp_path / log_id / "floor.draft").write_text("1")
    assert _write(tmp_path, b"b") == log_id
    assert len(list_segments(tmp_path)) == 2
