"""The courses are whole: what they ask can be answered, and what they show is there."""

import pytest

from demo.content import Course, read_library
from demo.grading import ProblemKind, grade

LIBRARY = read_library()
COURSES = [pytest.param(course, id=slug) for slug, course in LIBRARY.courses.items()]
MEDIA = "demo/media"


@pytest.mark.parametrize("course", COURSES)
def test_each_problem_can_be_solved(course: Course) -> None:
    for problem in (p for unit in course.units for p in unit.problems):
        right = list(problem.answers) if problem.kind is ProblemKind.MANY else [problem.answers[0]]
        assert grade(problem, right) == problem.points, problem.id


@pytest.mark.parametrize("course", COURSES)
def test_right_answers_are_among_the_options(course: Course) -> None:
    for problem in (p for unit in course.units for p in unit.problems):
        if problem.kind in {ProblemKind.ONE, ProblemKind.MANY}:
            assert set(problem.answers) < set(problem.options), problem.id


@pytest.mark.parametrize("course", COURSES)
def test_a_problems_name_is_its_own_within_the_course(course: Course) -> None:
    names = [problem.id for unit in course.units for problem in unit.problems]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("course", COURSES)
def test_each_course_has_units_with_text_and_problems(course: Course) -> None:
    assert len(course.units) == 4
    assert all(len(unit.text) > 800 and unit.problems for unit in course.units)


def test_each_institution_has_a_course_of_its_own() -> None:
    assert all(LIBRARY.courses_of(one) for one in LIBRARY.institutions.values())


@pytest.mark.parametrize("course", COURSES)
def test_films_come_with_poster_captions_and_transcript(
    course: Course, request: pytest.FixtureRequest
) -> None:
    media = request.config.rootpath / MEDIA
    for video in (unit.video for unit in course.units if unit.video):
        assert (media / f"{video.id}.mp4").stat().st_size < 300_000
        assert (media / f"{video.id}.png").exists()
        captions = (media / f"{video.id}.vtt").read_text("utf-8")
        assert captions.startswith("WEBVTT")
        assert all(line in captions for line in video.transcript)


def test_search_wants_every_word() -> None:
    found = LIBRARY.search("Median INCOMES")
    assert [(course.slug, unit.number) for course, unit in found if unit] == [("statistics", 1)]


def test_search_for_nothing_finds_nothing() -> None:
    assert LIBRARY.search("  ") == []


def test_a_unit_that_is_not_there_is_none() -> None:
    course = LIBRARY.courses["python"]
    assert course.find_unit(0) is None
    assert course.find_unit(5) is None


def test_an_institution_is_called_as_in_the_keys_of_its_courses() -> None:
    for course in LIBRARY.courses.values():
        org = course.key.removeprefix("course-v1:").partition("+")[0]
        assert course.institution.slug == org.lower()
