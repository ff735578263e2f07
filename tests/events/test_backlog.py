"""What waits in an installation's directories, what was set aside, what is free."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from privet.events.backlog import Room, read_room, read_set_aside, read_waiting
from privet.events.log import LogLimits

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def _segment(log: Path, number: int, age_seconds: int) -> Path:
    path = log / "collector-a" / f"{number:020d}.seg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * 100)
    moment = NOW.timestamp() - age_seconds
    os.utime(path, (moment, moment))
    return path


def test_the_lag_is_the_age_of_the_oldest_segment(tmp_path: Path) -> None:
    _segment(tmp_path, 1, 90)
    _segment(tmp_path, 2, 5)
    waiting = read_waiting(tmp_path, now=NOW)
    assert (waiting.segments, waiting.size_bytes) == (2, 200)
    assert waiting.oldest_seconds == pytest.approx(90, abs=0.01)


def test_an_empty_log_has_no_lag(tmp_path: Path) -> None:
    waiting = read_waiting(tmp_path / "nothing", now=NOW)
    assert (waiting.segments, waiting.oldest_seconds) == (0, None)


def test_a_segment_that_is_loaded_meanwhile_is_no_fault(tmp_path: Path) -> None:
    gone = tmp_path / "collector-a" / f"{1:020d}.seg"
    gone.parent.mkdir()
    gone.symlink_to(tmp_path / "gone")
    assert read_waiting(tmp_path, now=NOW).segments == 0


def test_a_clock_that_went_back_makes_no_negative_lag(tmp_path: Path) -> None:
    _segment(tmp_path, 1, -60)
    assert read_waiting(tmp_path, now=NOW).oldest_seconds == 0


def test_what_is_set_aside_is_counted(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "part").write_bytes(b"xyz")
    aside = read_set_aside(tmp_path)
    assert (aside.files, aside.size_bytes) == (1, 3)


def test_room_is_short_long_before_the_log_refuses(tmp_path: Path) -> None:
    refused_below = LogLimits().reserve_bytes
    assert Room(free_bytes=4 * refused_below - 1).is_short
    assert not Room(free_bytes=4 * refused_below).is_short
    disk = os.statvfs(tmp_path)
    assert read_room(tmp_path).free_bytes <= disk.f_blocks * disk.f_frsize
    assert read_room(tmp_path).free_bytes > 0
