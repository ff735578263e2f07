"""An import on a full disk: it says so, loses nothing, and is done when there is room."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from deltalake import DeltaTable

from tests.intake.edx.importing_child import import_without_room
from tests.intake.edx.installation import Installation
from tests.intake.edx.kit import act, encoded

MIB = 1024 * 1024
EVENTS = 5000
LEFT_BY_BALLAST = 16 * MIB
"""Less than the room that the log never takes, and enough for the database."""


@dataclass
class SmallDisk:
    """A disk of its own for an installation, or for its lake."""

    place: Path

    def fill(self, *, leaving: int) -> Path:
        """Fill it up but for so many bytes; returns the file to remove."""
        facts, ballast = os.statvfs(self.place), self.place / "ballast"
        ballast.write_bytes(bytes(facts.f_bavail * facts.f_frsize - leaving))
        return ballast


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[SmallDisk | None]:
    """A disk of that size, or none where none may be mounted."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        yield None
        return
    try:
        yield SmallDisk(place)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log that takes more than a mebibyte in the log of events."""
    path = tmp_path / "tracking.log"
    moments = (f"2026-11-20T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}Z" for n in range(EVENTS))
    path.write_bytes(
        encoded(
            *(
                act(time=moment, ip=f"11.{n % 250}.{n // 250}.7", context={"user_id": n})
                for n, moment in enumerate(moments)
            )
        )
    )
    return path


@dataclass
class Crowded:
    """An installation whose disk has no room for a segment of the log."""

    installation: Installation
    ballast: str


@pytest.fixture(params=["disk", "limit"])
def crowded(
    request: pytest.FixtureRequest, set_up: Installation, tmp_path: Path
) -> Iterator[Crowded]:
    """On a small disk if one may be mounted, else (and always once) under a limit on files."""
    with small_disk(tmp_path / "small", 96 * MIB) as disk:
        home = tmp_path / "small" / "home"
        shutil.copytree(set_up.home, home)
        if disk is None or request.param == "limit":
            yield Crowded(Installation(home), str(MIB))
        else:
            yield Crowded(Installation(home), str(disk.fill(leaving=LEFT_BY_BALLAST)))


def test_an_import_waits_for_room_in_the_log_and_goes_on_without_hands(
    crowded: Crowded, log: Path
) -> None:
    said = import_without_room(
        crowded.installation, log, patience_seconds=60, ballast=crowded.ballast
    )
    assert said == {"stored": EVENTS, "waited": 1}
    assert len(crowded.installation.rows()) == EVENTS


def test_an_import_whose_log_stays_full_says_so_and_is_done_when_it_is_given_again(
    crowded: Crowded, log: Path
) -> None:
    said = import_without_room(
        crowded.installation, log, patience_seconds=0, ballast=crowded.ballast
    )
    assert said == {"problem": "The disk of the event log is full.", "waited": 0}
    state, problem = crowded.installation.select("SELECT state, problem FROM intake_import")[0]
    assert (state, problem) == ("failed", said["problem"])
    assert crowded.installation.rows() == []
    Path(crowded.ballast).unlink(missing_ok=True)
    report = crowded.installation.import_edx(log)
    assert (report["import"], report["lines"], report["stored"]) == (1, EVENTS, EVENTS)
    assert len(crowded.installation.rows()) == EVENTS


@dataclass
class LakeElsewhere(Installation):
    """An installation whose lake is on another disk."""

    lake: Path

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "PRIVET_LAKE": str(self.lake)}


def test_an_import_whose_lake_is_full_says_so_and_is_done_when_it_is_given_again(
    installation: Installation, tmp_path: Path, log: Path
) -> None:
    with small_disk(tmp_path / "small", 4 * MIB) as disk:
        if disk is None:
            pytest.skip("Only root may mount a disk; a load under a limit on files is tested.")
        there = LakeElsewhere(installation.home, disk.place / "lake")
        for room in (0, 64 * 1024):
            ballast = disk.fill(leaving=room)
            done = there.run("import", "edx", log)
            assert done.returncode == 1
            assert b"disk of the lake" in done.stderr
            ballast.unlink()
        report = there.import_edx(log)
        assert report["lines"] == EVENTS
        assert report["stored"] + report["duplicates"] == EVENTS
        assert len(DeltaTable(there.lake).to_pyarrow_table()) == EVENTS
