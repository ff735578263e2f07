"""The command brings logs into the lake once, whatever happens between."""

import gzip
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from privet.intake.edx_forking import ALONE_BYTES
from tests.conftest import SHARED_LOGS
from tests.intake import loading_child
from tests.intake.edx.installation import EVERYTHING, Installation, balance
from tests.intake.edx.kit import act, encoded, line
from tests.intake.edx.secrets import PLANTED, planted_lines

REAL = SHARED_LOGS / "user_activity_tracking.log"


def acts(count: int, *, first: int = 0) -> list[dict[str, Any]]:
    """So many submissions, each at a moment of its own."""
    return [
        act(time=f"2026-11-20T{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02}.000000+00:00",
            context={"user_id": 1 + n % 50})
        for n in range(first, first + count)
    ]  # fmt: skip


def wait_for(is_true: Callable[[], bool], seconds: float = 600) -> None:
    until = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < until, "It took too long."
        time.sleep(0.05)


def test_a_real_log_is_stored_and_the_second_time_adds_nothing(installation: Installation) -> None:
    first = installation.import_edx(REAL, "--uses", EVERYTHING, "--site", "hedgerow")
    assert (first["lines"], first["events"], first["rejected"]) == (207, 207, {})
    balance(first)
    rows = installation.rows()
    assert len(rows) == first["stored"] == 207 - first["duplicates"]
    assert {row["source"] for row in rows} == {"edx:hedgerow"}
    again = installation.import_edx(REAL, "--uses", EVERYTHING, "--site", "hedgerow")
    balance(again)
    assert (again["stored"], again["duplicates"]) == (0, 207)
    assert len(installation.rows()) == len(rows)


def test_a_copy_under_another_name_or_compression_adds_nothing(
    installation: Installation, tmp_path: Path
) -> None:
    plain, packed = tmp_path / "a.log", tmp_path / "b.log.gz"
    plain.write_bytes(encoded(*acts(20)))
    packed.write_bytes(gzip.compress(encoded(*acts(10)) + encoded(*acts(30, first=10))))
    assert installation.import_edx(plain)["stored"] == 20
    report = installation.import_edx(packed)
    assert (report["lines"], report["stored"], report["duplicates"]) == (40, 20, 20)


def test_a_line_that_stands_twice_is_one_event(installation: Installation, tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(encoded(*acts(3), *acts(3)))
    report = installation.import_edx(path)
    assert (report["events"], report["stored"], report["duplicates"]) == (6, 3, 3)


def test_directories_are_read_to_the_bottom_in_order(
    installation: Installation, tmp_path: Path
) -> None:
    (tmp_path / "logs" / "deep" / "er").mkdir(parents=True)
    (tmp_path / "logs" / "tracking.log").write_bytes(encoded(*acts(2)))
    (tmp_path / "logs" / "deep" / "tracking.log-2.gz").write_bytes(
        gzip.compress(encoded(*acts(2, first=2))) + gzip.compress(encoded(*acts(2, first=4)))
    )
    (tmp_path / "logs" / "deep" / "er" / "other").write_bytes(encoded(*acts(1, first=6))[:-1])
    (tmp_path / "logs" / ".hidden").write_bytes(b"not read\n")
    report = installation.import_edx(tmp_path / "logs")
    assert (report["lines"], report["stored"]) == (7, 7)
    shown = installation.report("import", "show", "1")
    assert [Path(file["path"]).name for file in shown["files"]] == [
        "other",
        "tracking.log-2.gz",
        "tracking.log",
    ] or [Path(file["path"]).name for file in shown["files"]] == [
        "tracking.log",
        "tracking.log-2.gz",
        "other",
    ]
    assert all(file["complete"] for file in shown["files"])


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_standard_input_is_read(installation: Installation, pack: Callable[[bytes], bytes]) -> None:
    report = installation.import_edx("-", stdin=pack(b"# c\n\n" + encoded(*acts(3)) + b"oops"))
    balance(report)
    assert (report["lines"], report["events"], report["stored"]) == (6, 3, 3)
    assert report["skipped"] == {"comment": 1, "blank": 1}
    assert report["rejected"] == {"not_json": 1}


def test_what_the_operator_does_not_permit_is_not_stored(
    installation: Installation, tmp_path: Path
) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(encoded(line(), act()))
    report = installation.import_edx(path)
    assert report["not_permitted"] == {"no_use": 1}
    assert [row["name"] for row in installation.rows()] == ["problem_check"]
    report = installation.import_edx(path, "--uses", "analytics")
    assert (report["stored"], report["duplicates"]) == (1, 1)
    assert {row["name"]: row["uses"] for row in installation.rows()} == {
        "problem_check": 7,
        "play_video": 8,
    }


def test_old_history_is_kept_from_the_day_of_its_import_on(
    installation: Installation, tmp_path: Path
) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(encoded(act(time="2013-11-20T10:00:00+00:00")))
    assert installation.import_edx(path)["stored"] == 1


def test_what_cannot_be_read_is_recorded_by_place_hash_and_reason(
    installation: Installation, tmp_path: Path
) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"# c\nnonsense\n" + encoded(act()) + encoded(act())[:200])
    report = installation.import_edx(path)
    assert report["rejected"] == {"not_json": 1, "cut": 1}
    shown = installation.report("import", "show", "1")
    assert [(r["offset"], r["bytes"], r["reason"]) for r in shown["rejects"]] == [
        (4, 8, "not_json"),
        (13 + len(encoded(act())), 200, "cut"),
    ]
    assert all(len(bytes.fromhex(reject["hash"])) == 16 for reject in shown["rejects"])
    assert "nonsense" not in json.dumps(shown)


def test_the_good_part_of_a_truncated_gzip_file_is_stored(
    installation: Installation, tmp_path: Path
) -> None:
    path = tmp_path / "a.log.gz"
    path.write_bytes(gzip.compress(encoded(*acts(3000)))[:-2000])
    report = installation.import_edx(path)
    balance(report)
    assert report["rejected"] == {"damaged_gzip": 1}
    assert report["stored"] > 100


def test_the_record_says_who_said_what(installation: Installation, tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(encoded(act()))
    installation.import_edx(path, "--uses", "instruction, research", "--name", "spring term")
    (listed,) = installation.report("import", "list")
    assert (listed["uses"], listed["name"], listed["state"]) == (
        "instruction,research",
        "spring term",
        "finished",
    )
    assert listed["by"]
    assert listed["started"].endswith("+00:00")
    shown = installation.report("import", "show", "1")
    assert shown["paths"] == [str(path)]
    acts_done = installation.select(
        "SELECT act FROM audit_record WHERE act LIKE 'import.%' ORDER BY seq"
    )
    assert acts_done == [("import.started",), ("import.finished",)]


def test_nothing_planted_is_anywhere_on_the_disk(
    installation: Installation, tmp_path: Path
) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(encoded(*planted_lines()))
    done = installation.run("import", "edx", path, "--uses", EVERYTHING, "--json")
    assert json.loads(done.stdout)["stored"] > 60
    shown = installation.run("import", "show", "1")
    decoded = [done.stdout, done.stderr, shown.stdout, str(installation.rows()).encode()]
    decoded += [
        file.read_bytes() for file in installation.home.rglob("*") if file.is_file()
        and file.suffix != ".parquet"
    ]  # fmt: skip
    for planted in PLANTED:
        assert [d for d in decoded if planted.lower().encode() in d.lower()] == [], planted


# --- Kills and resumption -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def large_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough lines that an import of them can be killed in the middle."""
    path = tmp_path_factory.mktemp("large") / "tracking.log"
    with path.open("wb") as file:
        for first in range(0, 40_000, 4_000):
            file.write(encoded(*acts(4_000, first=first)))
    return path


@pytest.mark.parametrize("moment", ["log", "record", "lake"])
def test_a_killed_import_is_taken_up_and_nothing_is_lost_or_twice(
    installation: Installation, large_log: Path, moment: str
) -> None:
    process = installation.start("import", "edx", large_log, "--json", start_new_session=True)
    wait_for(lambda: process.poll() is not None or has_reached(installation, moment))
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    # A fast machine may be done before the kill arrives; then there is nothing to take up.
    was_done = installation.select("SELECT 1 FROM intake_import WHERE finished IS NOT NULL")
    report = installation.import_edx(large_log)
    balance(report)
    assert (report["lines"], report["events"]) == (40_000, 40_000)
    assert report["import"] == (2 if was_done else 1)
    rows = installation.rows()
    assert len(rows) == len({row["event_id"] for row in rows}) == 40_000
    assert installation.segments() == []


def test_two_kills_of_an_import_at_random_lose_nothing_and_repeat_nothing(
    installation: Installation, large_log: Path
) -> None:
    rows = kill_at_random(installation, large_log, rounds=2)
    assert len(rows) == len({row["event_id"] for row in rows}) == 40_000


@pytest.mark.soak
def test_fifty_kills_of_an_import_at_random_lose_nothing_and_repeat_nothing(
    installation: Installation, large_log: Path
) -> None:
    rows = kill_at_random(installation, large_log, rounds=50)
    assert len(rows) == len({row["event_id"] for row in rows}) == 40_000


def kill_at_random(installation: Installation, log: Path, *, rounds: int) -> list[dict[str, Any]]:
    """The rows of the lake after the last of so many imports, which alone came to its end."""
    chance = Random(rounds)  # noqa: S311 - it has to be the same each time
    for _ in range(rounds):
        process = installation.start("import", "edx", log, "--json")
        time.sleep(chance.uniform(0.5, 5))
        process.kill()
        process.communicate()
    report = installation.import_edx(log)
    balance(report)
    assert (report["events"], report["loaded_elsewhere"]) == (40_000, 0)
    assert installation.segments() == []
    return installation.rows()


def has_reached(installation: Installation, moment: str) -> bool:
    match moment:
        case "log":
            return any((installation.home / "log").glob("import-*/*"))
        case "lake":
            return any((installation.home / "lake").glob("_delta_log/*1.json"))
        case _:
            return bool(
                (installation.home / "state.sqlite3").exists()
                and installation.select("SELECT name FROM sqlite_master WHERE name='intake_import'")
                and installation.select("SELECT 1 FROM intake_import WHERE lines > 0")
            )


def test_its_readers_end_with_a_killed_import(installation: Installation) -> None:
    # Its input does not end, so nothing but the kill ends it.
    process = installation.start("import", "edx", "-", "--workers", "2", stdin=subprocess.PIPE)
    assert process.stdin is not None
    lines = encoded(*acts(2_000))
    for _ in range(-(-2 * ALONE_BYTES // len(lines))):
        process.stdin.write(lines)
    process.stdin.flush()
    # A server, a tracker, and two readers, which have done something.
    wait_for(lambda: len(children_of(process.pid)) >= 4)
    wait_for(lambda: has_reached(installation, "log"))
    children = children_of(process.pid)
    assert process.poll() is None
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    wait_for(lambda: not any(Path(f"/proc/{child}").exists() for child in children))


def test_a_reader_that_is_killed_ends_its_import_in_words(installation: Installation) -> None:
    process = installation.start("import", "edx", "-", "--workers", "2", stdin=subprocess.PIPE)
    assert process.stdin is not None
    lines = encoded(*acts(2_000))
    for _ in range(-(-2 * ALONE_BYTES // len(lines))):
        process.stdin.write(lines)
    process.stdin.flush()
    wait_for(lambda: len(children_of(process.pid)) >= 4)
    wait_for(lambda: has_reached(installation, "log"))
    # The readers are the server's children, so they stand last.
    os.kill(children_of(process.pid)[-1], signal.SIGKILL)
    _, errors = process.communicate(lines * 8)
    assert process.returncode == 1
    assert b"Run the same import again" in errors
    ((state, problem),) = installation.select("SELECT state, problem FROM intake_import")
    assert state == "failed"
    assert "process that was reading" in problem


def children_of(pid: int) -> list[int]:
    """All processes below one, by their parents' numbers."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(status.parent.name)] = int(fields[1])
    found = [pid]
    for own in found:
        found += [child for child, parent in parents.items() if parent == own]
    return found[1:]


def test_an_interrupted_import_stops_cleanly_and_can_be_taken_up(
    installation: Installation, large_log: Path
) -> None:
    process = installation.start("import", "edx", large_log, "--json")
    wait_for(lambda: process.poll() is not None or has_reached(installation, "record"))
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate()
    assert b"Traceback" not in output
    report = installation.import_edx(large_log)
    balance(report)
    assert report["lines"] % 40_000 == 0
    assert len(installation.rows()) == 40_000


def test_the_same_import_does_not_run_twice_at_once(
    installation: Installation, tmp_path: Path
) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(encoded(act()))
    process = installation.start("import", "edx", path, "--follow")
    wait_for(lambda: bool(list((installation.home / "imports").glob("*.lock"))))
    second = installation.run("import", "edx", path, "--follow")
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert second.returncode == 1
    assert b"running already" in second.stderr


def test_what_a_worker_loads_of_an_import_is_told_apart_too(
    installation: Installation, large_log: Path
) -> None:
    worker = loading_child.start(installation.home)
    try:
        first = installation.import_edx(large_log)
        again = installation.import_edx(large_log)
    finally:
        worker.kill()
        worker.communicate()
    for report in (first, again):
        balance(report)
        assert report["loaded_elsewhere"] == 0
    assert (first["stored"], first["duplicates"]) == (40_000, 0)
    assert (again["stored"], again["duplicates"]) == (0, 40_000)


# --- Following ----------------------------------------------------------------------------------


class Followed:
    """An import that follows a log while a test writes it."""

    def __init__(self, installation: Installation, path: Path) -> None:
        self.installation = installation
        self.process = installation.start("import", "edx", path, "--follow", "--json")

    def wait_for_rows(self, count: int) -> None:
        wait_for(lambda: self.process.poll() is not None or self.rows() >= count)
        assert self.rows() == count

    def rows(self) -> int:
        return len(self.installation.rows())

    def stop(self) -> Any:
        self.process.send_signal(signal.SIGTERM)
        output, errors = self.process.communicate(timeout=600)
        assert self.process.returncode == 0, errors.decode()
        return json.loads(output)


def append(path: Path, *parts: dict[str, Any] | bytes) -> None:
    with path.open("ab") as file:
        file.write(b"".join(p if isinstance(p, bytes) else encoded(p) for p in parts))


def test_a_log_is_followed_through_growth_renaming_and_truncation(
    installation: Installation, tmp_path: Path
) -> None:
    path = tmp_path / "tracking.log"
    one, two, three, four, five, six = acts(6)
    # The file is shorter after it was cut than before, whenever the follower looks at it.
    four |= {"host": "h" * 400}
    append(path, one)
    followed = Followed(installation, path)
    followed.wait_for_rows(1)
    text = encoded(two)
    append(path, text[:100])
    time.sleep(1.2)
    append(path, text[100:])
    followed.wait_for_rows(2)
    append(path, three)
    path.rename(tmp_path / "tracking.log-1")
    append(path, four)
    followed.wait_for_rows(4)
    shutil.copy(path, tmp_path / "tracking.log-2")
    os.truncate(path, 0)
    append(path, five)
    followed.wait_for_rows(5)
    append(path, encoded(six)[:-1])
    report = followed.stop()
    balance(report)
    assert (report["lines"], report["stored"]) == (5, 5)
    assert report["rejected"] == {}
    report = installation.import_edx(path)
    assert (report["events"], report["stored"]) == (2, 1)


def test_a_follower_that_was_killed_goes_on_where_it_was(
    installation: Installation, tmp_path: Path
) -> None:
    path = tmp_path / "tracking.log"
    one, two = acts(2)
    append(path, one)
    followed = Followed(installation, path)
    followed.wait_for_rows(1)
    wait_for(lambda: bool(installation.select("SELECT 1 FROM intake_import WHERE lines = 1")))
    followed.process.kill()
    followed.process.communicate()
    append(path, two)
    again = Followed(installation, path)
    again.wait_for_rows(2)
    report = again.stop()
    assert report["lines"] == 2
    balance(report)


# --- Errors -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["missing.log"], 1, b"does not exist"),
        (["missing.log", "--uses", "everything"], 2, b"unknown"),
        ([], 2, b"PATH"),
    ],
)
def test_mistakes_are_told_in_words(
    installation: Installation, words: list[str], code: int, said: bytes
) -> None:
    done: subprocess.CompletedProcess[bytes] = installation.run("import", "edx", *words)
    assert done.returncode == code
    assert said in done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stdout == b""


def test_an_import_that_is_not_there_is_told(installation: Installation) -> None:
    done = installation.run("import", "show", "7")
    assert done.returncode == 1
    assert b"no import of that number" in done.stderr
