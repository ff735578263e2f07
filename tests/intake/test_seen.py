"""The index of ids: what was noted is known again, and leads to nobody."""

import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from privet.intake import seen
from privet.intake.seen import SeenIndex, forget_seen_before
from privet.kernel.crypto import KeyRing
from privet.kernel.ids import event_id_from

SEPTEMBER, NOVEMBER = 1_789_473_600_000, 1_795_000_000_000
ALICE, BOB = b"alice---", b"bob-----"


@pytest.fixture
def index(tmp_path: Path) -> SeenIndex:
    return SeenIndex(tmp_path / "seen", KeyRing(tmp_path / "keys"))


def ids(*numbers: int, at: int = SEPTEMBER) -> list[bytes]:
    return [event_id_from(at, number).bytes for number in numbers]


def test_an_id_is_new_once(index: SeenIndex) -> None:
    assert index.add([ALICE] * 3, ids(1, 2, 3)) == []
    index.commit()
    assert index.add([ALICE] * 3, ids(4, 2, 3)) == [1, 2]


def test_an_id_twice_in_one_load_is_repeated_the_second_time(index: SeenIndex) -> None:
    assert index.add([ALICE] * 3, ids(1, 2, 1)) == [2]


def test_an_id_is_unique_only_within_its_namespace(index: SeenIndex) -> None:
    assert index.add([ALICE, BOB], ids(1, 1)) == []


def test_ids_of_several_namespaces_and_months_are_known_where_they_stand(index: SeenIndex) -> None:
    mixed = ids(1) + ids(2, at=NOVEMBER) + ids(1) + ids(2, at=NOVEMBER) + ids(3)
    owners = [ALICE, BOB, BOB, ALICE, ALICE]
    assert index.add(owners, mixed) == []
    assert index.add([*owners, BOB], mixed + ids(3)) == [0, 1, 2, 3, 4]


def test_what_is_kept_of_an_id_follows_from_the_installations_key(tmp_path: Path) -> None:
    def kept(home: Path) -> bytes:
        index = SeenIndex(home / "seen", KeyRing(home / "keys"))
        index.add([ALICE], ids(1))
        index.commit()
        index.close()
        with sqlite3.connect(home / "seen" / "2026-09.sqlite3") as connection:
            ((key,),) = connection.execute("SELECT key FROM seen").fetchall()
        connection.close()
        return bytes(key)

    mine, other = kept(tmp_path / "mine"), kept(tmp_path / "other")
    assert mine[:5] == other[:5]
    assert mine[5:] != other[5:]


def test_what_was_not_committed_is_not_known(index: SeenIndex, tmp_path: Path) -> None:
    index.add([ALICE], ids(1))
    index.close()
    again = SeenIndex(tmp_path / "seen", KeyRing(tmp_path / "keys"))
    assert again.add([ALICE], ids(1)) == []
    again.commit()
    again.rollback()
    assert again.add([ALICE], ids(1)) == [0]


def test_each_month_has_a_file_of_its_own(index: SeenIndex, tmp_path: Path) -> None:
    index.add([ALICE] * 4, ids(1) + ids(1, at=NOVEMBER) + ids(1, at=2**48 - 1) + ids(1, at=0))
    index.commit()
    assert {path.name for path in (tmp_path / "seen").glob("*.sqlite3")} == {
        "2026-09.sqlite3", "2026-11.sqlite3", "other.sqlite3",
    }  # fmt: skip


def test_a_load_of_many_months_leaves_few_files_open(
    index: SeenIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "_MOST_OPEN", 2)
    month = 31 * 86_400_000
    spread = [found for n in range(6) for found in ids(1, at=SEPTEMBER - n * month)]
    index.add([ALICE] * 6, spread)
    index.commit()
    assert len(index._open) == 2
    assert index.add([ALICE] * 6, spread) == [0, 1, 2, 3, 4, 5]


def test_months_to_which_nothing_was_added_for_years_are_forgotten(
    index: SeenIndex, tmp_path: Path
) -> None:
    index.add([ALICE] * 2, ids(1) + ids(1, at=NOVEMBER))
    index.commit()
    index.close()
    old = datetime(2020, 9, 1, tzinfo=UTC)
    os.utime(tmp_path / "seen" / "2026-09.sqlite3", (old.timestamp(), old.timestamp()))
    assert forget_seen_before(tmp_path / "seen", old + timedelta(days=1)) == 1
    assert index.add([ALICE] * 2, ids(1) + ids(1, at=NOVEMBER)) == [1]


def test_the_index_holds_no_id_and_no_namespace(index: SeenIndex, tmp_path: Path) -> None:
    (said,) = ids(77)
    index.add([ALICE], [said])
    index.commit()
    index.close()
    with sqlite3.connect(tmp_path / "seen" / "2026-09.sqlite3") as connection:
        ((key,),) = connection.execute("SELECT key FROM seen").fetchall()
    connection.close()
    assert said[6:] not in key
    assert ALICE not in key
    assert key[:5] == said[:5]  # The time, to a quarter of a second.
    assert UUID(bytes=said).version == 7


def test_a_commit_survives_a_copy_of_its_files_at_that_moment(
    index: SeenIndex, tmp_path: Path
) -> None:
    """A power cut keeps what was synced: the files as they are after the commit, and no more."""
    index.add([ALICE], ids(1))
    index.commit()
    index.add([ALICE], ids(2))
    there = tmp_path / "after-the-cut"
    there.mkdir()
    for path in (tmp_path / "seen").iterdir():
        if path.suffix != ".sqlite3-shm":
            (there / path.name).write_bytes(path.read_bytes())
    again = SeenIndex(there, KeyRing(tmp_path / "keys"))
    assert again.add([ALICE] * 2, ids(1, 2)) == [0]
