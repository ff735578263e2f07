"""What is usual where nothing is said, logs in files, and the truth beside."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from privet.simulate.acts import Kind
from privet.simulate.service import (
    LogReport,
    Reached,
    SimulationError,
    Wanted,
    simulate_into_logs,
    want,
)
from privet.simulate.truth import write_truth
from tests.intake.edx.installation import Installation
from tests.simulate.town import Town, make_wanted, means


def _write(directory: Path, steps: list[Reached]) -> LogReport:
    wanted = make_wanted(learners=150, seed=3, days=14, courses=2)
    return simulate_into_logs(
        wanted, directory=directory / "logs", means=means(directory),
        truth=directory / "truth", on_progress=steps.append,
    )  # fmt: skip


def test_the_last_day_is_yesterday_if_none_is_named() -> None:
    wanted: Wanted = want(learners=1, seed=1, days=7)
    assert wanted.period.last == datetime.now(UTC).date() - timedelta(days=1)
    assert (wanted.period.last - wanted.period.first).days == 6


def test_logs_say_how_many_lines_they_have_and_how_far_it_is(tmp_path: Path) -> None:
    steps: list[Reached] = []
    report = _write(tmp_path, steps)
    files = sorted((tmp_path / "logs").iterdir())
    assert len(files) == report.files == 14
    assert sum(len(path.read_text().splitlines()) for path in files) == report.lines
    assert {step.step for step in steps} == {"Living", "Writing"}
    assert all(step.done <= step.total for step in steps)


def test_logs_that_are_there_are_left_alone(tmp_path: Path) -> None:
    _write(tmp_path, [])
    with pytest.raises(SimulationError):
        _write(tmp_path, [])


def test_the_same_seed_writes_the_same_logs_and_the_same_truth(tmp_path: Path) -> None:
    for name in ("one", "two"):
        _write(tmp_path / name, [])
    for path in (tmp_path / "one").rglob("*.csv"):
        assert path.read_bytes() == (tmp_path / "two" / "truth" / path.name).read_bytes()
    for path in (tmp_path / "one" / "logs").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / "logs" / path.name).read_bytes()


def test_the_truth_has_a_line_for_each_of_its_things(town: Town, tmp_path: Path) -> None:
    write_truth(town.world, town.book, tmp_path)
    people = town.world.people
    plots = people.plots
    tally = town.world.tally
    told = [cheat for cheat in plots.cheats if cheat.master in tally.copied]
    assert told
    expected = {
        "learners": len(people),
        "decisions": len(people),
        "enrolments": len(people.enrolments.learner),
        "cheats": sum(len(cheat.harvesters) for cheat in told),
        "companies": sum(len(company.members) for company in plots.companies),
        "sharing": len(tally.lent.keys() & {one.learner for one in plots.shared}),
        "problems": sum(len(course.problems) for course in town.world.platform.courses),
        "experiments": 2,
    }
    for name, count in expected.items():
        assert len(_rows(tmp_path / f"{name}.csv")) == count
    assert all(int(row["learners"]) > 1 for row in _rows(tmp_path / "networks.csv"))


def test_the_truth_of_enrolments_is_what_was_done(town: Town, tmp_path: Path) -> None:
    write_truth(town.world, town.book, tmp_path)
    told = {(int(row["learner"]), row["course"]) for row in _rows(tmp_path / "enrolments.csv")}
    keys = [course.key for course in town.world.platform.courses]
    enrolled = town.of(Kind.ENROLLED)
    done = {(int(act["learner"]), keys[act["course"]]) for act in enrolled}
    assert done <= told
    assert len(told - done) < 0.01 * len(told)


def test_the_command_fills_the_lake_and_says_where_the_truth_is(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "home")
    said = installation.report(
        "simulate", "--learners", "150", "--seed", "3", "--days", "14", "--courses", "2", "--lake"
    )
    assert said["events"] == len(installation.rows()) > 500
    assert Path(said["truth"], "learners.csv").exists()
    links = installation.select("SELECT count(*) FROM accounts_personkey")
    assert links[0][0] == said["learners"] == 150


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
