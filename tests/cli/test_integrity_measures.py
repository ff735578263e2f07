"""``privet integrity`` run, fairness and calibrate: what they print, for people and programs."""

import json

import pytest
from typer.testing import CliRunner

from privet.cli.app import app
from privet.kernel.config import Config
from tests.integrity.scene import COURSE, PROBLEMS, Scene, run, spoil
from tests.web.conftest import empty_home

__all__ = ["empty_home"]


def _said(*words: str) -> str:
    result = CliRunner().invoke(app, ["integrity", *words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_detector_that_exceeds_is_printed(empty_home: Config) -> None:
    scene = Scene()
    scene.crowd(PROBLEMS)
    for pair in range(8):
        home = {"address": 300 + pair, "country": "BR"}
        for number, problem in enumerate(PROBLEMS):
            second = 90_000.0 + 300 * pair + 200 * number
            scene.shows(2000 + pair, problem, day=number % 7, second=second, **home)
            scene.submits(3000 + pair, problem, day=number % 7, second=second + 20, **home)
    scene.load()
    run()
    (one,) = json.loads(_said("fairness", "--json"))
    assert (one["kind"], one["by_what"], one["name"]) == ("immediate", "country", "BR")
    assert one["ratio"]["high"] is None
    assert "immediate by country: BR" in _said("fairness")


def test_courses_are_measured_by_command(empty_home: Config) -> None:
    assert "No detector" in _said("fairness")
    scene = Scene()
    scene.crowd(PROBLEMS)
    scene.load()
    assert json.loads(_said("calibrate", "--json")) == {"courses": [COURSE]}
    assert _said("calibrate", "--course", COURSE) == "1 course measured.\n"


@pytest.mark.parametrize("act", ["run", "calibrate"])
def test_a_course_that_nobody_knows_is_said_to_be_unknown(empty_home: Config, act: str) -> None:
    scene = Scene()
    scene.crowd(PROBLEMS)
    scene.load()
    refused = CliRunner().invoke(app, ["integrity", act, "--course", "another"])
    assert refused.exit_code != 0
    assert "'another'" in str(refused.exception)


def test_a_run_says_which_course_failed_and_ends_with_an_error(empty_home: Config) -> None:
    scene = Scene()
    scene.crowd(PROBLEMS)
    scene.load()
    spoil(COURSE)
    failed = CliRunner().invoke(app, ["integrity", "run"])
    assert failed.exit_code == 1
    assert f"{COURSE}: failed" in failed.output
    assert "0 courses" in failed.output
