"""The courses: read from TOML files once, at the start."""

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from demo.grading import Problem, ProblemKind

COURSES = Path(__file__).parent / "courses"


@dataclass(frozen=True, kw_only=True)
class Institution:
    """A member that gives courses."""

    slug: str
    """Its id in events: the organisation in its courses' keys, in lower case."""
    name: str
    motto: str
    about: str
    advertisements: bool


@dataclass(frozen=True, kw_only=True)
class Video:
    """A film with captions and a transcript."""

    id: str
    title: str
    seconds: int
    transcript: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One page of a course."""

    number: int
    title: str
    minutes: int
    summary: str
    text: str
    """Markdown."""
    problems: tuple[Problem, ...]
    video: Video | None


@dataclass(frozen=True, kw_only=True)
class Course:
    """One course of one institution."""

    slug: str
    key: str
    """Its id in events: ``course-v1:Org+Course+Run``."""
    title: str
    tagline: str
    institution: Institution
    teacher: str
    hours: int
    level: str
    about: str
    """Markdown."""
    learn: tuple[str, ...]
    units: tuple[Unit, ...]

    @cached_property
    def points(self) -> float:
        """The most points that its problems give."""
        return sum(problem.points for unit in self.units for problem in unit.problems)

    def find_unit(self, number: int) -> Unit | None:
        """The unit of that number, or none."""
        return self.units[number - 1] if 0 < number <= len(self.units) else None

    def usage_key(self, kind: str, name: str) -> str:
        """The id of a part of the course in events: ``block-v1:…+type@kind+block@name``."""
        return f"{self.key.replace('course-v1:', 'block-v1:')}+type@{kind}+block@{name}"


@dataclass(frozen=True, kw_only=True)
class Library:
    """All courses and institutions."""

    institutions: dict[str, Institution]
    courses: dict[str, Course]

    def courses_of(self, institution: Institution) -> list[Course]:
        """The courses that one institution gives."""
        return [c for c in self.courses.values() if c.institution == institution]

    def search(self, query: str) -> list[tuple[Course, Unit | None]]:
        """Courses, then units, that hold every word of the query."""
        words = query.lower().split()
        if not words:
            return []
        courses = self.courses.values()
        whole: list[tuple[Course, Unit | None]] = [
            (c, None)
            for c in courses
            if _holds(words, c.title, c.tagline, c.about, c.institution.name)
        ]
        parts: list[tuple[Course, Unit | None]] = [
            (c, u) for c in courses for u in c.units if _holds(words, u.title, u.summary, u.text)
        ]
        return whole + parts


@cache
def read_library(directory: Path = COURSES) -> Library:
    """Read ``institutions.toml`` and every course beside it."""
    table = tomllib.loads((directory / "institutions.toml").read_text("utf-8"))
    institutions = {slug: Institution(slug=slug, **fields) for slug, fields in table.items()}
    courses = {
        slug: _read_course(slug, tomllib.loads(path.read_text("utf-8")), institutions)
        for path in sorted(directory.glob("*.toml"))
        if (slug := path.stem) != "institutions"
    }
    ordered = sorted(courses.values(), key=lambda course: course.key)
    return Library(institutions=institutions, courses={c.slug: c for c in ordered})


def _read_course(slug: str, table: dict[str, Any], institutions: dict[str, Institution]) -> Course:
    units = table.pop("units")
    learn = tuple(table.pop("learn"))
    institution = institutions[table.pop("institution")]
    return Course(
        slug=slug,
        institution=institution,
        learn=learn,
        units=tuple(_read_unit(number, unit) for number, unit in enumerate(units, 1)),
        **table,
    )


def _read_unit(number: int, table: dict[str, Any]) -> Unit:
    problems = tuple(_read_problem(problem) for problem in table.pop("problems", ()))
    video = table.pop("video", None)
    if video is not None:
        video = Video(**{**video, "transcript": tuple(video["transcript"])})
    return Unit(number=number, problems=problems, video=video, **table)


def _read_problem(table: dict[str, Any]) -> Problem:
    return Problem(
        kind=ProblemKind(table.pop("kind")),
        options=tuple(table.pop("options", ())),
        answers=tuple(table.pop("answers")),
        **table,
    )


def _holds(words: list[str], *texts: str) -> bool:
    text = " ".join(texts).lower()
    return all(word in text for word in words)
