"""The loader on a full disk: it says so, loses nothing, and goes on without hands."""

import os
import resource
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest

from privet.events.compaction import FAN, compact
from privet.events.errors import DiskFullError
from privet.events.log import LogLimits, SegmentWriter, claim_log, list_segments
from privet.intake.loader import Point
from privet.kernel.config import Config
from tests.intake.loading import (
    AT,
    batch,
    entry,
    make_config,
    make_lake,
    make_loader,
    times_stored,
)

pytestmark = pytest.mark.django_db
DAY = 86_400_000_000
_SIZE = 4 * 1024 * 1024
_PAGE = 4096

Leaving = Callable[[int], AbstractContextManager[None]]
"""Within it, no more than so many bytes can be written."""


@pytest.fixture(params=["disk", "limit"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, Leaving]]:
    """A directory, and how to leave little room there: a small disk if that may be mounted, else
    (and always once) a limit on the size of each file."""
    home = tmp_path / "small"
    home.mkdir()
    if request.param == "limit" or os.geteuid() != 0 or _mount(home) != 0:
        yield home, _limit
        return
    try:
        yield home, lambda room: _ballast(home, room)
    finally:
        subprocess.run(["umount", "-l", str(home)], check=True)


def _mount(place: Path) -> int:
    command = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(place)]
    return subprocess.run(command, check=False, capture_output=True).returncode


@contextmanager
def _ballast(place: Path, room: int) -> Iterator[None]:
    facts = os.statvfs(place)
    ballast = place / "ballast"
    ballast.write_bytes(b"-" * max(0, facts.f_bavail * facts.f_frsize - room))
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def _limit(room: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _what_a_full_place_raises(leaving: Leaving) -> tuple[type[Exception], ...]:
    """SQLite does not tell a limit on a file from a disk that fails, so that its error may pass."""
    return (DiskFullError, sqlite3.OperationalError) if leaving is _limit else (DiskFullError,)


def _fill(config: Config, first: int) -> None:
    """Three days of events in one segment, each with much that cannot be compressed."""
    entries = [
        entry(n, at=AT + n % 3 * DAY, detail=b'{"title":"%s"}' % os.urandom(40).hex().encode())
        for n in range(first, first + 90)
    ]
    claim = claim_log(config.log, prefix="test")
    with SegmentWriter(claim, limits=LogLimits(reserve_bytes=0)) as writer:
        writer.extend([batch(*entries)])


def _lying(config: Config) -> set[Path]:
    return set(Path(config.lake).rglob("*.parquet*"))


def test_a_load_on_a_full_disk_says_so_leaves_nothing_in_the_way_and_is_done_when_there_is_room(
    place: tuple[Path, Leaving],
) -> None:
    home, leaving = place
    config = make_config(home)
    _fill(config, 1)
    make_loader(config).load_once()
    _fill(config, 101)
    before = _lying(config)
    reached: list[Point] = []
    loader = make_loader(config, reach=reached.append)
    died_after: set[Point] = set()
    was_committed = False
    for room in range(0, _SIZE, _PAGE // 4):
        reached.clear()
        try:
            with leaving(room):
                loader.load_once()
        except _what_a_full_place_raises(leaving):
            died_after |= set(reached[-1:])
            was_committed |= Point.COMMITTED in reached
            assert list_segments(config.log)
            assert was_committed or _lying(config) == before
        else:
            break
    assert Point.READ in died_after
    assert list_segments(config.log) == []
    assert times_stored(config) == dict.fromkeys([*range(1, 91), *range(101, 191)], 1)


def test_what_cannot_be_committed_for_want_of_room_is_taken_back(
    place: tuple[Path, Leaving],
) -> None:
    home, leaving = place
    config = make_config(home)
    _fill(config, 1)

    with ExitStack() as full:

        def fill_the_disk(point: Point) -> None:
            if point is Point.WRITTEN:
                assert _lying(config)
                full.enter_context(leaving(0))

        with pytest.raises(DiskFullError):
            make_loader(config, reach=fill_the_disk).load_once()
    assert _lying(config) == set()
    make_loader(config).load_once()
    assert times_stored(config) == dict.fromkeys(range(1, 91), 1)


def test_merging_on_a_full_disk_leaves_the_files_as_they_were(place: tuple[Path, Leaving]) -> None:
    home, leaving = place
    config = make_config(home)
    for number in range(FAN):
        _fill(config, 100 * number)
        make_loader(config).load_once()
    before, lake = _lying(config), make_lake(config)
    for room in (0, _PAGE, 3 * _PAGE):
        with pytest.raises(OSError), leaving(room):  # noqa: PT011 - the system's own
            compact(lake)
        assert _lying(config) == before
    assert compact(lake) > 0
    numbers = [100 * number + n for number in range(FAN) for n in range(90)]
    assert times_stored(config) == dict.fromkeys(numbers, 1)
