"""The description of a platform: made up, or read from a file."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from demo.content import read_library
from demo.crowd import describe_platform
from privet.simulate.platform import (
    PlatformError,
    make_platform,
    read_platform,
)


def _described() -> dict[str, Any]:
    return describe_platform(read_library())


def _write(directory: Path, value: object) -> Path:
    path = directory / "platform.json"
    path.write_text(json.dumps(value))
    return path


def test_the_demos_courses_can_be_read(tmp_path: Path) -> None:
    found = read_platform(_write(tmp_path, _described()))
    assert [course.slug for course in found.courses] == list(read_library().courses)
    assert found.courses[0].units[0].problems


def test_what_was_made_up_reads_back_the_same(tmp_path: Path) -> None:
    made = make_platform(courses=7, seed=2)
    assert read_platform(_write(tmp_path, msgspec.to_builtins(made))) == made


@pytest.mark.parametrize("problems", [12, 40, 300])
def test_courses_have_as_many_problems_as_asked_for_in_units_of_about_as_many(
    problems: int,
) -> None:
    for course in make_platform(courses=6, seed=2, problems=problems).courses:
        counts = [len(unit.problems) for unit in course.units]
        assert sum(counts) == problems == len(set(course.problems))
        assert max(counts) - min(counts) <= 1


def test_how_many_problems_there_are_changes_nothing_else_of_the_platform() -> None:
    usual, many = (make_platform(courses=6, seed=2, problems=n) for n in (None, 300))
    assert [course.key for course in usual.courses] == [course.key for course in many.courses]
    assert [len(course.units) for course in usual.courses] == [len(c.units) for c in many.courses]


def test_difficulties_belong_to_the_course_and_not_to_the_seed() -> None:
    one, other = (make_platform(courses=3, seed=2).courses[1] for _ in range(2))
    assert one.difficulty.tolist() == other.difficulty.tolist()
    assert len(one.difficulty) == len(one.problems)


def _without_courses(value: dict[str, Any]) -> None:
    value["courses"] = []


def _of_nobody(value: dict[str, Any]) -> None:
    value["courses"][0]["institution"] = "nowhere"


def _without_units(value: dict[str, Any]) -> None:
    value["courses"][0]["units"] = []


def _twice(value: dict[str, Any]) -> None:
    value["courses"].append(value["courses"][0])


def _without_a_key(value: dict[str, Any]) -> None:
    del value["courses"][0]["key"]


@pytest.mark.parametrize(
    "spoil", [_without_courses, _of_nobody, _without_units, _twice, _without_a_key]
)
def test_a_description_that_makes_no_sense_is_refused(tmp_path: Path, spoil: Any) -> None:
    value = _described()
    spoil(value)
    with pytest.raises(PlatformError):
        read_platform(_write(tmp_path, value))


def test_a_file_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(PlatformError) as caught:
        read_platform(tmp_path / "missing.json")
    assert "description of the platform" in caught.value.what
