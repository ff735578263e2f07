"""A full disk: a clear answer, nothing torn, and it goes on by itself."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from privet.events.log import (
    LogLimits,
    LogWriter,
    RealLayer,
    claim_log,
    list_segments,
    read_segment,
    remove_segments,
)
from tests.collector.kit import Rig, allows
from tests.events.log.layers import SmallDisk

_SIZE = 512 * 1024


@pytest.fixture
def small(tmp_path: Path) -> Iterator[tuple[Path, RealLayer]]:
    """A directory on a disk of half a megabyte: a real one for root, else a layer that counts."""
    place = tmp_path / "small"
    place.mkdir()
    if os.geteuid() != 0 or _mount(place) != 0:
        yield place, SmallDisk(_SIZE)
        return
    try:
        yield place, RealLayer()
    finally:
        subprocess.run(["umount", str(place)], check=True)


def _mount(place: Path) -> int:
    command = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(place)]
    return subprocess.run(command, check=False, capture_output=True).returncode


def test_a_full_disk_is_answered_clearly_and_recovers_without_hands(
    tmp_path: Path, small: tuple[Path, RealLayer]
) -> None:
    place, layer = small
    limits = LogLimits(reserve_bytes=0, segment_bytes=64 * 1024)
    log = LogWriter(claim_log(place, prefix="collector", layer=layer), limits=limits)
    rig = Rig(tmp_path, log=log)
    rig.decide("alice", allows())
    accepted = []

    async def post() -> int:
        event = rig.event(data={"title": "x" * 500})
        reply = await rig.post(rig.batch(*_many(event), token=rig.token()))
        if reply.status == 200:
            accepted.append(reply.json["accepted"])
        else:
            assert (reply.status, reply.reason) == (503, "log_full")
            assert reply.headers[b"retry-after"] == b"5"
        return reply.status

    def _many(event: dict[str, object]) -> list[dict[str, object]]:
        return [event | {"id": rig.event()["id"]} for _ in range(50)]

    async def scenario() -> None:
        while await post() == 200:
            assert len(accepted) < 1000
        assert await post() == 503
        assert (await rig.request("GET", "/t/health")).status == 200
        _load(place, layer)
        assert await post() == 200

    before = 0

    def _load(root: Path, disk: RealLayer) -> None:
        """Take the sealed segments away, as the loader does."""
        nonlocal before
        refs = list_segments(root)
        assert refs
        for ref in refs:
            content = read_segment(ref.path)
            assert content.damage == []
            before += len(content.frames)
            if isinstance(disk, SmallDisk):
                disk.capacity += ref.path.stat().st_size
        remove_segments(refs)

    rig.run(scenario())
    contents = [read_segment(ref.path) for ref in list_segments(place)]
    assert all(content.damage == [] for content in contents)
    assert before + sum(len(c.frames) for c in contents) == len(accepted)
