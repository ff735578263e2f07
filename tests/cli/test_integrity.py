"""``privet integrity evaluate``: how right the detectors are, on simulated learners."""

import json
from pathlib import Path

import pytest

from tests.intake.edx.installation import Installation

SMALL = ("--learners", "300", "--days", "28", "--stories", "20", "--problems", "24")


@pytest.fixture(scope="module")
def told(installation: Installation) -> dict[str, object]:
    """What is said of two seeds."""
    return installation.report("integrity", "evaluate", *SMALL, "--seeds", "1,2")


def test_several_seeds_are_added_up(
    installation: Installation, told: dict[str, dict[str, dict[str, int]]]
) -> None:
    each = [installation.report("integrity", "evaluate", *SMALL, "--seed", n) for n in ("1", "2")]
    for mode in ("immediate", "sharing"):
        parts = [one["recall"][mode] for one in each]
        assert told["recall"][mode]["of"] == sum(part["of"] for part in parts) > 0
        assert told["recall"][mode]["part"] == sum(part["part"] for part in parts)


def test_what_was_asked_is_said_with_it(told: dict[str, object]) -> None:
    asked = {name: told[name] for name in ("learners", "days", "stories", "problems", "seeds")}
    assert asked == {
        "learners": 300, "days": 28, "stories": 20.0, "problems": 24, "seeds": [1, 2],
    }  # fmt: skip


def test_the_installation_is_not_touched(installation: Installation, told: object) -> None:
    assert told
    assert not (installation.home / "simulated").exists()


def test_a_population_of_one_seed_is_said_in_words(installation: Installation) -> None:
    done = installation.run("integrity", "evaluate", *SMALL, "--seed", "1")
    assert done.returncode == 0, done.stderr
    assert b"precision " in done.stdout
    assert b"recall of immediate: " in done.stdout


@pytest.mark.parametrize("seeds", ["1,1", "1,two", ","])
def test_seeds_that_are_no_different_numbers_are_refused(
    installation: Installation, seeds: str
) -> None:
    done = installation.run("integrity", "evaluate", *SMALL, "--seeds", seeds)
    assert done.returncode == 2
    assert b"different whole numbers" in done.stderr


def test_a_description_of_courses_has_its_own_problems(
    installation: Installation, tmp_path: Path
) -> None:
    path = tmp_path / "courses.json"
    path.write_text(json.dumps({}))
    words = ("--learners", "10", "--lake", "--platform", str(path), "--problems", "40")
    done = installation.run("simulate", *words)
    assert done.returncode == 2
    assert b"have their problems" in done.stderr
