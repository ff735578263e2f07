"""What was acknowledged survives a power cut at every operation of the file system."""

from pathlib import Path

import pytest

from privet.events.log import (
    LogError,
    LogLimits,
    RealLayer,
    SegmentWriter,
    claim_log,
    list_segments,
    read_segment,
    seal_abandoned,
)
from tests.events.log.layers import PowerCutError, PowerCutLayer

_LIMITS = LogLimits(reserve_bytes=0, segment_bytes=64, segment_seconds=1000)


def _round(root: Path, seed: int, cut_after: int) -> tuple[list[bytes], list[bytes]]:
    """Append until the cut; what was acknowledged, and what is found afterwards."""
    layer = PowerCutLayer(seed, cut_after)
    acknowledged: list[bytes] = []
    before, after = root / "before", root / "after"
    try:
        writer = SegmentWriter(claim_log(before, prefix="collector", layer=layer), limits=_LIMITS)
        for number in range(12):
            payload = b"payload %d" % number
            writer.append_sync(payload)
            writer.flush()
            acknowledged.append(payload)
        writer.close()
    except (PowerCutError, LogError):
        pass
    layer.leave(after)
    seal_abandoned(after)
    found = [f.payload for ref in list_segments(after) for f in read_segment(ref.path).frames]
    return acknowledged, found


def _check(acknowledged: list[bytes], found: list[bytes]) -> None:
    assert set(acknowledged) <= set(found), "an acknowledged payload is lost"
    assert len(found) == len(set(found)), "a payload is there twice"
    assert found == sorted(found, key=lambda payload: int(payload.split()[1]))
    assert len(found) <= len(acknowledged) + 1, "something was made up"


@pytest.mark.parametrize("cut_after", range(90))
def test_no_cut_loses_what_was_acknowledged(tmp_path: Path, cut_after: int) -> None:
    for seed in range(3):
        _check(*_round(tmp_path / str(seed), seed, cut_after))


@pytest.mark.soak
def test_no_cut_of_many_loses_what_was_acknowledged(tmp_path: Path) -> None:
    for seed in range(3000):
        _check(*_round(tmp_path / str(seed), seed, seed % 90))


def test_a_second_cut_during_recovery_loses_nothing(tmp_path: Path) -> None:
    for cut_after in range(40):
        root = tmp_path / str(cut_after)
        layer = PowerCutLayer(cut_after, 30)
        acknowledged = []
        try:
            writer = SegmentWriter(
                claim_log(root / "1", prefix="collector", layer=layer), limits=_LIMITS
            )
            for number in range(12):
                writer.append_sync(b"payload %d" % number)
                writer.flush()
                acknowledged.append(b"payload %d" % number)
        except PowerCutError:
            pass
        layer.leave(root / "2")
        again = PowerCutLayer(cut_after, cut_after % 12)
        for directory in (root / "2").iterdir():
            for path in directory.iterdir():
                if path.name != "lock":
                    again._adopt(path)
            again.durable_names[directory] = dict(again.names.get(directory, {}))
        try:
            seal_abandoned(root / "2", again)
        except PowerCutError:
            again.leave(root / "3")
        final = root / "3" if (root / "3").exists() else root / "2"
        seal_abandoned(final, RealLayer())
        found = [f.payload for r in list_segments(final) for f in read_segment(r.path).frames]
        _check(acknowledged, found)
