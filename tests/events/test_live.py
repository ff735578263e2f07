"""The live view: what it shows, what it never holds, and that it says when it samples."""

from pathlib import Path

from privet.events.live import (
    SHOWN_PER_FLUSH,
    Arrival,
    LiveWriter,
    read_counters,
    read_recent,
)


def _stored(name: str, received: int) -> Arrival:
    return Arrival(name, "", 8, received, "web:hedgerow", "course-v1:Hedge+S101+2026")


def test_arrivals_are_read_newest_first_from_all_processes(tmp_path: Path) -> None:
    for name, moments in (("one", [1, 4]), ("two", [2, 3])):
        writer = LiveWriter(tmp_path, name)
        assert writer.room(2) == 2
        writer.show(_stored(f"event-{m}", m) for m in moments)
        writer.flush()
    recent = read_recent(tmp_path)
    assert [a.received for a in recent.arrivals] == [4, 3, 2, 1]
    assert not recent.is_sampled


def test_a_dropped_event_keeps_its_place_without_having_a_time(tmp_path: Path) -> None:
    writer = LiveWriter(tmp_path, "one")
    writer.room(3)
    writer.show([_stored("first", 5), Arrival("page_view", "refused"), _stored("last", 6)])
    writer.flush()
    names = [a.name for a in read_recent(tmp_path).arrivals]
    assert names == ["last", "page_view", "first"]
    dropped = read_recent(tmp_path).arrivals[1]
    assert not dropped.is_stored
    assert (dropped.received, dropped.source, dropped.course, dropped.uses) == (0, "", "", 0)


def test_only_so_many_are_shown_and_that_is_said(tmp_path: Path) -> None:
    writer = LiveWriter(tmp_path, "one")
    room = writer.room(1000)
    assert room == SHOWN_PER_FLUSH
    writer.show(_stored("event", n) for n in range(room))
    assert writer.room(10) == 0
    writer.flush()
    recent = read_recent(tmp_path, limit=5)
    assert len(recent.arrivals) == 5
    assert recent.is_sampled
    assert (recent.shown, recent.arrived) == (SHOWN_PER_FLUSH, 1010)
    assert writer.room(1) == 1, "the next stretch begins anew"


def test_batches_that_wait_for_the_disk_at_once_share_the_room(tmp_path: Path) -> None:
    writer = LiveWriter(tmp_path, "one")
    rooms = [writer.room(SHOWN_PER_FLUSH - 10) for _ in range(3)]
    assert rooms == [SHOWN_PER_FLUSH - 10, 10, 0]
    for room in rooms:
        writer.show(_stored("event", n) for n in range(room))
    writer.flush()
    recent = read_recent(tmp_path)
    assert (recent.shown, recent.arrived) == (SHOWN_PER_FLUSH, 3 * (SHOWN_PER_FLUSH - 10))


def test_counters_go_on_where_the_last_process_ended(tmp_path: Path) -> None:
    for _ in range(2):
        writer = LiveWriter(tmp_path, "one")
        writer.count("dropped:undecided", 3)
        writer.flush()
    other = LiveWriter(tmp_path, "two")
    other.count("accepted")
    other.flush()
    assert read_counters(tmp_path) == {"dropped:undecided": 6, "accepted": 1}
    assert other.counters()["accepted"] == 1


def test_a_file_of_another_version_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "old.live").write_bytes(b"something else")
    assert read_counters(tmp_path) == {}
    assert read_recent(tmp_path).arrivals == []


def test_nothing_is_written_while_nothing_happens(tmp_path: Path) -> None:
    writer = LiveWriter(tmp_path, "one")
    writer.flush()
    (tmp_path / "one.live").unlink()
    writer.flush()
    assert not list(tmp_path.iterdir())
