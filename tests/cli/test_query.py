"""``privet query``: figures in words, JSON and CSV; never a row of a person."""

import csv
import io
import json

import pytest

from tests.conftest import SHARED_LOGS
from tests.intake.edx.installation import Installation


@pytest.fixture(scope="module")
def imported(installation: Installation) -> Installation:
    """The real logs, whose operator says that analytics may use them."""
    installation.run("site", "create", "hedgerow", "--name", "Hedgerow")
    installation.import_edx(SHARED_LOGS, "--site", "hedgerow", "--uses", "instruction,analytics")
    return installation


def test_it_lists_the_questions(imported: Installation) -> None:
    listed = {one["name"]: one for one in imported.report("query", "--list")}
    assert "course" in listed["activity_totals"]["takes"]


def test_a_question_is_answered_in_json_and_in_csv_alike(imported: Installation) -> None:
    words = ("query", "activity_by_course", "--from", "2000-01-01", "--to", "2030-01-01")
    said = imported.report(*words)
    assert said["use"] == "analytics"
    assert len(said["rows"]) > 1
    text = imported.run(*words, "--csv").stdout.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["learners"] for row in rows] == [str(row["learners"]) for row in said["rows"]]


def test_it_is_narrowed(imported: Installation) -> None:
    words = ("query", "activity_by_course", "--from", "2000-01-01", "--to", "2030-01-01")
    course = next(row["course"] for row in imported.report(*words)["rows"] if row["course"])
    rows = imported.report(*words, "--set", f"course={course}")["rows"]
    assert {row["course"] for row in rows} == {course}


def test_without_days_it_tells_of_the_last_28(imported: Installation) -> None:
    said = imported.report("query", "activity_totals")
    assert said["rows"][0]["learners"] == 0


@pytest.mark.parametrize(
    ("words", "code", "problem"),
    [
        (("query", "nothing"), 1, "no question"),
        (("query", "activity_totals", "--use", "instruction"), 1, "analytics or for marketing"),
        (("query", "activity_totals", "--use", "curiosity"), 2, "no use"),
        (("query", "activity_totals", "--set", "course"), 2, "NAME=VALUE"),
        (("query", "activity_totals", "--from", "soon"), 1, "A day is written"),
        (("query", "activity_totals", "--to", "soon"), 1, "A day is written"),
        (("query", "activity_totals", "--to", "0001-01-01"), 1, "from 1970 to 2199"),
        (("query", "activity_totals", "--set", "subject=5"), 1, "does not take subject"),
    ],
)
def test_what_cannot_be_answered_is_said(
    imported: Installation, words: tuple[str, ...], code: int, problem: str
) -> None:
    done = imported.run(*words)
    assert done.returncode == code
    assert problem in " ".join(done.stderr.decode().replace("│", " ").split())
    assert json.dumps(done.stdout.decode()) == '""'
