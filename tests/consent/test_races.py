"""Several processes at once, on SQLite and on PostgreSQL: one person, one chain, nothing missed."""

import json
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.consent.racers import PEOPLE, ROUNDS
from tests.postgres import fresh_database

PROCESSES = 3
_ROOT = Path(__file__).parents[2]


class Installation:
    """An installation of its own, whose processes race."""

    def __init__(self, home: Path, database_url: str) -> None:
        self._home = home
        self._environ = os.environ | {
            "PRIVET_HOME": str(home),
            "PRIVET_DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "privet.web.settings",
        }
        self.python("-m", "django", "migrate", "--skip-checks", "--verbosity", "0")
        self.shell(
            "from privet.accounts.registry import create_site\n"
            "create_site(slug='hedgerow', name='Hedgerow', origins=[], by='operator')\n"
            "from tests.consent.kit import ask\nask()"
        )

    def python(self, *arguments: str) -> str:
        """What a Python process prints."""
        done = subprocess.run(
            [sys.executable, *arguments], env=self._environ, cwd=_ROOT, check=True,
            capture_output=True, text=True, timeout=600,
        )  # fmt: skip
        return done.stdout

    def shell(self, code: str) -> str:
        """What some lines print that run inside the installation."""
        return self.python("-c", f"import django; django.setup()\n{code}")

    def race(self, *jobs: str, goal: int = 0) -> list[object]:
        """Start a process for each job, open the gate for all at once; what each of them saw."""
        gate = self._home / secrets.token_hex(4)
        processes = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.consent.racers", job, str(n), str(gate), str(goal)],
                env=self._environ,
                cwd=_ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for n, job in enumerate(jobs)
        ]
        while len(list(self._home.glob(f"{gate.name}.ready-*"))) < len(jobs):
            assert all(process.poll() is None for process in processes)
            time.sleep(0.01)
        gate.touch()
        seen = []
        for process in processes:
            out, err = process.communicate(timeout=600)
            assert process.returncode == 0, err
            seen.append(json.loads(out))
        return seen


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def installation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Installation:
    """One for all races on a database: none of them touches what another counts."""
    home = tmp_path_factory.mktemp("races")
    if request.param == "sqlite":
        return Installation(home, f"sqlite:///{home / 'state.sqlite3'}")
    return Installation(home, fresh_database(request.getfixturevalue("postgres_url")))


def test_processes_that_map_the_same_people_at_once_agree(installation):
    installation.race(*["link"] * PROCESSES)
    found = json.loads(
        installation.shell(
            "import json\nfrom tests.consent.racers import link\nprint(json.dumps(link(0)))"
        )
    )
    assert len(found) == 2 * PEOPLE
    pairs = [(f"{2 * n:032x}", f"{2 * n + 1:032x}") for n in range(PEOPLE)]
    assert all(found[one] == found[other] for one, other in pairs)
    assert len({subject for subject, _ in found.values()}) == PEOPLE


def test_a_learner_who_comes_to_two_processes_at_once_gets_one_account(installation):
    seen = installation.race(*["make_account"] * PROCESSES)
    assert seen[0] == seen[1] == seen[2]
    assert len(set(seen[0])) == 10


def test_a_one_time_token_is_accepted_once_whoever_asks_first(installation):
    seen = installation.race(*["use_token"] * PROCESSES)
    accepted = sorted(number for numbers in seen for number in numbers)
    assert accepted == list(range(10))


def test_equal_proposals_of_a_member_at_once_make_one_entry(installation):
    installation.shell("from tests.consent.members.kit import make_members\nmake_members()")
    seen = installation.race(*["propose"] * PROCESSES)
    assert sorted(number for numbers in seen for number in numbers) == list(range(10))
    counted = installation.shell(
        "from privet.consent.members.models import InstitutionEntry\n"
        "print(InstitutionEntry.objects.count())"
    )
    assert counted.strip() == "10"


def test_decisions_of_many_processes_make_one_chain_and_no_poll_misses_one(installation):
    goal = 2 * PROCESSES * ROUNDS // 2
    *_, watched = installation.race(*["decide"] * PROCESSES, "watch", goal=goal)
    assert watched["late"] == []
    faults = installation.shell(
        "from privet.consent.ledger import find_faults\nprint(list(find_faults()))"
    )
    assert faults.strip() == "[]"
    counted = installation.shell(
        "from privet.consent.models import Decision, Standing\n"
        "from tests.consent.racers import watch\n"
        "numbers = list(Decision.objects.order_by('sequence').values_list('sequence', flat=True))\n"
        "print(numbers == list(range(1, len(numbers) + 1)), Standing.objects.count())"
    )
    assert counted.split() == ["True", str(PROCESSES * ROUNDS + 1)]
