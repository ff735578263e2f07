"""Several processes at one case at once, on SQLite and on PostgreSQL; and cases on PostgreSQL."""

import json
import os
import secrets
import subprocess
import sys
import time
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
    """An installation of its own, whose processes race for its one case."""

    def __init__(self, home: Path, database_url: str) -> None:
        self._home = home
        self._environ = os.environ | {
            "PRIVET_HOME": str(home),
            "PRIVET_DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "privet.web.settings",
        }
        self._python("-m", "django", "migrate", "--verbosity", "0")

    def tell(self, code: str) -> str:
        """What some lines print that run inside the installation."""
        return self._python("-c", f"import django; django.setup()\n{code}").strip()

    def race(self, job: str, state: str) -> list[object]:
        """Three processes do a job at once on a case in a state; what each of them saw."""
        self.tell(f"from tests.integrity.racers import prepare\nprepare({state!r})")
        gate = self._home / secrets.token_hex(4)
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.integrity.racers", job, str(number), str(gate)],
                env=self._environ, cwd=_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                text=True,
            )
            for number in range(3)
        ]  # fmt: skip
        while len(list(self._home.glob(f"{gate.name}.ready-*"))) < len(processes):
            assert all(process.poll() is None for process in processes)
            time.sleep(0.01)
        gate.touch()
        return [self._seen(process) for process in processes]

    def case(self) -> list[object]:
        """How the one case stands: state, reply, and its decisions."""
        code = (
            "import json\nfrom privet.integrity.models import Case\ncase = Case.objects.get()\n"
            "print(json.dumps([case.state, case.reply, "
            "case.acts.filter(kind='decided').count()]))"
        )
        found: list[object] = json.loads(self.tell(code))
        return found

    def _seen(self, process: "subprocess.Popen[str]") -> object:
        out, err = process.communicate(timeout=_PATIENCE)
        assert process.returncode == 0, err
        return json.loads(out)

    def _python(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], env=self._environ, cwd=_ROOT, check=False,
            capture_output=True, text=True, timeout=_PATIENCE,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def installation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Installation:
    home = tmp_path_factory.mktemp("races")
    if request.param == "sqlite":
        return Installation(home, f"sqlite:///{home / 'state.sqlite3'}")
    return Installation(home, fresh_database(request.getfixturevalue("postgres_url")))


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
    state, reply, _ = installation.case()
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
