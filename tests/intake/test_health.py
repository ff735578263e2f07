"""How intake fares, read from files and records."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from privet.catalogue.uses import Use
from privet.events.log import LogLimits
from privet.intake.health import Room, read_room, read_set_aside, read_waiting
from privet.intake.imports import list_imports
from privet.intake.models import Import, ImportState

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


@pytest.mark.django_db
def test_imports_are_listed_newest_first() -> None:
    for hours in (3, 1, 2):
        Import.objects.create(
            name=f"{hours} hours ago",
            site="hedgerow",
            uses=int(Use.ANALYTICS | Use.INSTRUCTION),
            by="operator",
            started=NOW - timedelta(hours=hours),
            state=ImportState.FINISHED,
            request=b"x",
            lines=10,
            events=8,
            skipped={"blank": 2},
        )
    found = list_imports(limit=2)
    assert [record.name for record in found] == ["1 hours ago", "2 hours ago"]
    assert found[0].uses == Use.ANALYTICS | Use.INSTRUCTION
    assert found[0].lines == found[0].events + sum(found[0].skipped.values())


def test_room_is_short_long_before_the_log_refuses(tmp_path: Path) -> None:
    refused_below = LogLimits().reserve_bytes
    assert Room(free_bytes=4 * refused_below - 1).is_short
    assert not Room(free_bytes=4 * refused_below).is_short
    disk = os.statvfs(tmp_path)
    assert read_room(tmp_path).free_bytes <= disk.f_blocks * disk.f_frsize
    assert read_room(tmp_path).free_bytes > 0
