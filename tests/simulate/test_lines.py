"""Tracking logs of a simulated platform, taken in by the importer as any others."""

import csv
import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.intake.edx.installation import EVERYTHING, Installation, balance

_DAYS = ("--days", "28", "--courses", "3", "--learners", "400", "--seed", "6", "--stories", "4")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installation, Path, Any]:
    """An installation, the directory that was written, and what the command said."""
    home = tmp_path_factory.mktemp("lines")
    installation = Installation(home / "home")
    return (
        installation,
        home / "out",
        installation.report("simulate", "--out", home / "out", *_DAYS),
    )


@pytest.fixture(scope="module")
def imported(written: tuple[Installation, Path, Any]) -> tuple[Any, list[dict[str, Any]]]:
    """What the import said, and the rows that it made."""
    installation, out, _ = written
    said = installation.import_edx(out / "logs", "--site", "simulated", "--uses", EVERYTHING)
    return said, installation.rows()


def test_every_line_is_imported_and_none_is_rejected(
    written: tuple[Installation, Path, Any], imported: tuple[Any, list[dict[str, Any]]]
) -> None:
    said, _ = imported
    balance(said)
    assert said["rejected"] == said["skipped"] == said["not_permitted"] == {}
    assert said["lines"] == said["stored"] == written[2]["lines"]


def test_the_counts_by_name_are_those_that_were_written(
    written: tuple[Installation, Path, Any], imported: tuple[Any, list[dict[str, Any]]]
) -> None:
    _, rows = imported
    assert Counter(row["name"] for row in rows) == written[2]["by_name"]


def test_as_many_learners_and_enrolments_arrive_as_the_truth_has(
    written: tuple[Installation, Path, Any], imported: tuple[Any, list[dict[str, Any]]]
) -> None:
    _, out, said = written
    with (out / "truth" / "enrolments.csv").open(encoding="utf-8") as file:
        told = Counter(row["course"] for row in csv.DictReader(file))
    _, rows = imported
    enrolled = [row for row in rows if row["name"] == "edx.course.enrollment.activated"]
    assert Counter(row["course"] for row in enrolled) == told
    assert len({row["subject"] for row in rows} - {0}) == said["learners"]


def test_grades_attempts_and_positions_survive(
    imported: tuple[Any, list[dict[str, Any]]],
) -> None:
    _, rows = imported
    checks = [json.loads(row["detail"]) for row in rows if row["name"] == "problem_check"]
    assert {check["grade"] for check in checks} == {0, 1}
    assert max(check["attempts"] for check in checks) > 2
    plays = [json.loads(row["detail"]) for row in rows if row["name"] == "play_video"]
    assert any(play["currentTime"] > 0 for play in plays)
    assert all(row["object"].startswith("block-v1:") for row in rows if row["name"] == "showanswer")


def test_no_address_password_or_mail_of_the_log_is_stored(
    imported: tuple[Any, list[dict[str, Any]]],
) -> None:
    _, rows = imported
    text = "".join(str(row["detail"]) + row["page_path"] for row in rows)
    assert "not-a-real-password" not in text
    assert "@" not in text.replace("type@", "").replace("block@", "")


def test_some_lines_carry_the_words_of_a_logger(written: tuple[Installation, Path, Any]) -> None:
    _, out, _ = written
    lines = [line for path in (out / "logs").iterdir() for line in path.read_text().splitlines()]
    prefixed = [line for line in lines if not line.startswith("{")]
    assert 0.01 < len(prefixed) / len(lines) < 0.03
    assert all("[tracking] [user " in line for line in prefixed)


def test_one_learners_lines_come_with_the_same_person_each_time(
    written: tuple[Installation, Path, Any],
) -> None:
    _, out, _ = written
    known: dict[str, set[int]] = {}
    for path in (out / "logs").iterdir():
        for line in path.read_text().splitlines():
            said = json.loads(line[line.index("{") :])
            known.setdefault(said["username"], set()).add(said["context"]["user_id"])
    assert all(len(ids) == 1 for ids in known.values())


def test_compressed_logs_hold_the_same(
    written: tuple[Installation, Path, Any], tmp_path: Path
) -> None:
    _, out, _ = written
    path = sorted((out / "logs").iterdir())[-1]
    (tmp_path / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
    other = Installation(tmp_path / "home")
    said = other.import_edx(tmp_path / f"{path.name}.gz", "--uses", EVERYTHING)
    assert said["stored"] == len(path.read_text().splitlines())


def test_logs_are_not_written_over_others(written: tuple[Installation, Path, Any]) -> None:
    installation, out, _ = written
    done = installation.run("simulate", "--out", out, *_DAYS)
    assert done.returncode == 1
    assert b"holds tracking logs already" in done.stderr


def test_a_place_has_to_be_named(written: tuple[Installation, Path, Any]) -> None:
    installation, _, _ = written
    done = installation.run("simulate", *_DAYS)
    assert done.returncode == 2
    assert b"--lake or --out" in done.stderr
