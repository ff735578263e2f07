"""Several processes at one case at once, on SQLite and on PostgreSQL; and cases on PostgreSQL."""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import fresh_database

_ROOT = Path(__file__).parents[2]
_PARTS = (
    "test_cases.py",
    "test_deciding.py",
    "test_case_names.py",
    "test_case_deadlines.py",
    "test_personal_data.py",
)
_PATIENCE = 600


class Installation:
    """An installation of its own, whose three processes race for its one case."""

    def __init__(self, home: Path, database_url: str) -> None:
        self._home = home
        self._environ = os.environ | {
            "PRIVET_HOME": str(home),
            "PRIVET_DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "privet.web.settings",
        }
        command = [sys.executable, "-m", "django", "migrate", "--skip-checks", "--verbosity", "0"]
        subprocess.run(command, env=self._environ, cwd=_ROOT, check=True, timeout=_PATIENCE)
        self._processes = [self._start(number) for number in range(3)]

    def race(self, job: str, state: str) -> list[object]:
        """All do a job at once on a case in a state; what each of them saw."""
        assert self._ask("prepare", state) == 1
        gate = self._home / secrets.token_hex(4)
        for process in self._processes:
            _give(process, job, "", str(gate))
        while len(list(self._home.glob(f"{gate.name}.ready-*"))) < len(self._processes):
            assert all(process.poll() is None for process in self._processes), self._words()
            time.sleep(0.01)
        gate.touch()
        return [self._seen(process) for process in self._processes]

    def case(self) -> object:
        """How the one case stands: state, reply, and how many have decided."""
        return self._ask("tell", "")

    def end(self) -> None:
        """End the processes, which have nothing left to do."""
        for process in self._processes:
            process.communicate(timeout=_PATIENCE)
            assert process.returncode == 0, self._words()

    def _start(self, number: int) -> "subprocess.Popen[str]":
        with (self._home / "racers.log").open("a") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.integrity.racers", str(number)],
                env=self._environ, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=log, text=True,
            )  # fmt: skip

    def _ask(self, job: str, word: str) -> object:
        _give(self._processes[0], job, word, "")
        return self._seen(self._processes[0])

    def _seen(self, process: "subprocess.Popen[str]") -> object:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, self._words()
        return json.loads(line)

    def _words(self) -> str:
        return (self._home / "racers.log").read_text()


def _give(process: "subprocess.Popen[str]", *job: str) -> None:
    assert process.stdin is not None
    process.stdin.write(json.dumps(job) + "\n")
    process.stdin.flush()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def installation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    home = tmp_path_factory.mktemp("races")
    if request.param == "sqlite":
        made = Installation(home, f"sqlite:///{home / 'state.sqlite3'}")
    else:
        made = Installation(home, fresh_database(request.getfixturevalue("postgres_url")))
    yield made
    made.end()


def _done(seen: list[object]) -> int:
    return sum(one == 1 for one in seen)


def test_one_finding_becomes_one_case_whoever_opens_it(installation: Installation) -> None:
    assert _done(installation.race("open", "finding")) == 1
    assert installation.case() == ["opened", "", 0]


def test_of_reviews_at_once_the_first_counts(installation: Installation) -> None:
    assert _done(installation.race("review", "opened")) == 1


def test_of_three_who_decide_at_once_two_do(installation: Installation) -> None:
    seen = installation.race("decide", "deciding")
    assert (_done(seen), seen.count("WrongStateError")) == (2, 1)
    assert installation.case() == ["upheld", "Reply 0", 2]


def test_one_person_in_three_windows_decides_once(installation: Installation) -> None:
    seen = installation.race("decide_twice", "deciding")
    assert (_done(seen), seen.count("SamePersonError")) == (1, 2)
    assert installation.case() == ["deciding", "Reply 0", 1]


def test_a_reply_that_is_sent_three_times_is_one(installation: Installation) -> None:
    assert _done(installation.race("reply", "told")) == 1
    state, reply, _ = installation.case()  # type: ignore[misc]
    assert state == "deciding"
    assert str(reply).startswith("Reply ")


def test_cases_work_on_postgresql(postgres_url: str) -> None:
    environ = os.environ | {"PRIVET_DATABASE_URL": fresh_database(postgres_url)}
    parts = [str(Path(__file__).parent / part) for part in _PARTS]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *parts],
        env=environ, cwd=_ROOT, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]
