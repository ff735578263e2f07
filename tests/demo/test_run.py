"""The demo's own machinery: its home, its processes, its log and its box."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import weakref
from datetime import date
from pathlib import Path

import pytest

from demo.children import Children
from demo.home import DemoError, Home, Person, make_password, write_secret
from demo.passers_by import PASSERS_BY, passers_by
from demo.population import CHARACTERS
from demo.run import ending_on_signals, main
from demo.tracking_log import SHIPPED, move_to
from demo.welcome import say_welcome

ROOT = Path(__file__).parents[2]
SLEEP = [sys.executable, "-c", "import time; print('awake', flush=True); time.sleep(600)"]


def test_a_port_that_is_taken_is_named_with_the_way_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["--port", str(port), "--home", str(tmp_path / "home")]) == 1
    said = capsys.readouterr().err
    assert f"Port {port} is taken" in said
    assert f"make demo PORT={port + 1}" in said
    assert not (tmp_path / "home").exists()


def test_two_demos_do_not_share_a_home(tmp_path: Path) -> None:
    first, second = Home(tmp_path), Home(tmp_path)
    first.open()
    with pytest.raises(DemoError, match="Another demo is running"):
        second.open()


def test_a_fresh_start_empties_only_what_a_demo_has_made(tmp_path: Path) -> None:
    other = tmp_path / "thesis"
    other.mkdir()
    (other / "chapter.txt").write_text("Years of work.")
    with pytest.raises(DemoError, match="was not made by the demo"):
        Home(other).empty()
    assert (other / "chapter.txt").exists()


def test_a_fresh_start_throws_a_demo_away(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.open()
    home.empty()
    assert not home.directory.exists()
    home.empty()


def test_accounts_are_kept_for_the_owner_alone(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.open()
    assert home.read_accounts() == []
    bob = Person(name="Bob", email="bob@x.example", password="p", role="analyst")
    home.write_accounts([bob])
    assert home.read_accounts() == [bob]
    assert (tmp_path / "accounts.json").stat().st_mode & 0o777 == 0o600


def test_a_secret_replaces_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "key"
    write_secret(path, "old")
    write_secret(path, "new")
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_passwords_are_long_and_different() -> None:
    made = {make_password() for _ in range(50)}
    assert len(made) == 50
    assert all(len(one) >= 15 for one in made)


def test_children_end_with_the_block(tmp_path: Path) -> None:
    with Children(tmp_path, {}) as children:
        child = children.start("sleeper", SLEEP)
        assert child.process.poll() is None
    assert child.process.returncode is not None


def test_children_of_a_killed_demo_end_too(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from demo.children import Children\n"
        f"child = Children(Path({str(tmp_path)!r}), {{}}).start('sleeper', {SLEEP!r})\n"
        "print(child.process.pid, flush=True); time.sleep(600)"
    )
    demo = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE)
    assert demo.stdout is not None
    with demo.stdout:
        pid = int(demo.stdout.readline())
    demo.kill()
    demo.wait()
    assert _is_gone(pid)


def test_a_child_that_ends_by_itself_is_told_with_its_last_words(tmp_path: Path) -> None:
    with Children(tmp_path, {}) as children:
        child = children.start("grump", [sys.executable, "-c", "raise SystemExit('No more.')"])
        child.process.wait()
        children.check(but=("grump",))
        with pytest.raises(DemoError, match=r"The grump ended by itself[^!]*No more\."):
            children.check()
        children.forget(child)
        children.check()


def test_a_step_that_fails_is_told_with_its_words(tmp_path: Path) -> None:
    with (
        Children(tmp_path, {}) as children,
        pytest.raises(DemoError, match=r"“step” failed:\nNo\."),
    ):
        children.run("step", [sys.executable, "-c", "raise SystemExit('No.')"])


def test_a_step_answers_what_it_prints(tmp_path: Path) -> None:
    program = "import sys; print(sys.stdin.read()[::-1], end='')"
    with Children(tmp_path, {}) as children:
        assert children.run("step", [sys.executable, "-c", program], "abc") == "cba"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_end_that_the_interpreter_drops_is_heard_all_the_same() -> None:
    class Thing:
        pass

    thing = Thing()
    with ending_on_signals() as ending:
        ending.check()
        callback = weakref.ref(thing, lambda _: os.kill(os.getpid(), signal.SIGTERM))
        del thing
        with pytest.raises(KeyboardInterrupt):
            ending.check()
    assert callback() is None


def test_the_tracking_log_is_moved_by_whole_days(tmp_path: Path) -> None:
    moved = tmp_path / "tracking.log"
    move_to(date(2031, 3, 1), moved)
    before, after = SHIPPED.read_text("utf-8"), moved.read_text("utf-8")
    times = re.findall(r'"time": "(\d{4}-\d\d-\d\d)T(\S+)"', after)
    assert max(day for day, _ in times) == "2031-03-01"
    assert [time for _, time in re.findall(r'"time": "(\S{10})T(\S+)"', before)] == [
        time for _, time in times
    ]
    assert len(before) == len(after)


def test_the_tracking_log_is_of_people_who_never_lived() -> None:
    lines = [line[line.index("{") :] for line in SHIPPED.read_text("utf-8").splitlines()]
    events = [json.loads(line) for line in lines]
    assert 300 <= len(events) <= 500
    assert {event["context"]["user_id"] for event in events} <= set(range(9000, 9100))
    addresses = re.findall(r"[\w.]+@[\w.]+", " ".join(lines))
    assert all(one.endswith(".example") for one in addresses if "." in one and "+" not in one)


def test_the_box_names_one_address_and_every_account(tmp_path: Path) -> None:
    people = [
        Person(name="Bob", email="bob@x.example", password="secret words", role="analyst"),
        Person(name="Alice", email="alice@x.example", password="other words", role="all"),
    ]
    box = say_welcome("http://127.0.0.1:8000", people, tmp_path)
    lines = box.splitlines()
    assert len({len(line) for line in lines}) == 1
    for word in ("http://127.0.0.1:8000", "bob@x.example", "secret words", "alice@x.example"):
        assert word in box


def test_each_kind_of_decision_is_among_the_people() -> None:
    assert any(one.choices is None for one in CHARACTERS)
    assert any(one.gpc for one in CHARACTERS)
    assert any(one.withdraws for one in CHARACTERS)
    assert any(one.control == "reject_all" for one in CHARACTERS)
    assert any(one.control == "accept_all" for one in CHARACTERS)


def test_passers_by_come_from_different_places_and_answer_differently() -> None:
    mix = list(passers_by())
    assert len({one.ip for one in mix}) == PASSERS_BY
    assert {one.control for one in mix} == {"accept_all", "reject_all", "choose"}
    assert {one.language for one in mix} == {"en", "es"}
    assert {one.gpc for one in mix} == {True, False}


def _is_gone(pid: int) -> bool:
    for _ in range(6000):
        status = Path(f"/proc/{pid}/stat")
        if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False
