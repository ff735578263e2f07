"""What an operator watches beside the counters, as the collector tells it."""

import os
from datetime import timedelta

from privet.events.worker_status import WorkerStatus, write_status
from tests.collector.kit import NOW, Rig


def _told(rig: Rig) -> dict[str, float]:
    async def scenario() -> None:
        texts.append((await rig.request("GET", "/metrics")).body.decode())

    texts: list[str] = []
    rig.run(scenario())
    lines = [line for line in texts[0].splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def _say(rig: Rig, *, silent_seconds: int, last_error: str = "") -> None:
    status = WorkerStatus(
        beat=NOW - timedelta(seconds=silent_seconds), pid=1, segments_waiting=0, bytes_waiting=0,
        lag_seconds=0, events_loaded=0, dropped={}, parts_quarantined=0, last_pass=None,
        lake_version=0, last_error=last_error,
    )  # fmt: skip
    write_status(rig.config.live, status)


def test_what_waits_for_the_worker_is_told_with_its_age(rig: Rig) -> None:
    segment = rig.config.log / "collector-a" / f"{1:020d}.seg"
    segment.parent.mkdir(parents=True)
    segment.write_bytes(b"x" * 100)
    moment = NOW.timestamp() - 90
    os.utime(segment, (moment, moment))
    told = _told(rig)
    assert told["privet_log_waiting_segments"] == 1
    assert told["privet_log_waiting_bytes"] == 100
    assert told["privet_log_waiting_seconds"] == 90


def test_damage_and_room_are_told(rig: Rig) -> None:
    rig.config.quarantine.mkdir(parents=True)
    (rig.config.quarantine / "part").write_bytes(b"x")
    told = _told(rig)
    assert told["privet_quarantine_files"] == 1
    assert told["privet_home_free_bytes"] > 0


def test_of_a_worker_that_never_was_nothing_is_told(rig: Rig) -> None:
    assert not [name for name in _told(rig) if name.startswith("privet_worker")]


def test_a_worker_that_is_silent_or_failing_is_seen(rig: Rig) -> None:
    _say(rig, silent_seconds=1)
    told = _told(rig)
    assert (told["privet_worker_silent_seconds"], told["privet_worker_failing"]) == (1, 0)
    _say(rig, silent_seconds=60, last_error="ab12cd34")
    told = _told(rig)
    assert (told["privet_worker_silent_seconds"], told["privet_worker_failing"]) == (60, 1)
