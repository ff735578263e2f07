"""The platform on which it all happens: institutions, courses, their units, problems and videos."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np

from privet.kernel.errors import PrivetError
from privet.simulate.randomness import Array, number_of, stream

_SUBJECTS = ("Statistics", "Programming", "Botany", "History", "Economics", "Music", "Chemistry",
             "Philosophy")  # fmt: skip
FIELDS = len(_SUBJECTS)
_LEVELS = ("Introduction to", "Foundations of", "Topics in", "Advanced")
_INSTITUTIONS = 8


class PlatformError(PrivetError):
    """The description of a platform cannot be used."""


@dataclass(frozen=True, kw_only=True)
class Video:
    """A film of a unit."""

    id: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One page of a course: a week's work."""

    title: str
    problems: tuple[str, ...] = ()
    videos: tuple[Video, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Course:
    """One course of one institution."""

    slug: str
    key: str
    title: str
    institution: str
    units: tuple[Unit, ...]
    advertises: bool = False
    field: int = 0
    """Its field of study; learners tend to stay in one."""

    @cached_property
    def problems(self) -> tuple[str, ...]:
        """All problems' names, in the order of the course."""
        return tuple(problem for unit in self.units for problem in unit.problems)

    @cached_property
    def videos(self) -> tuple[Video, ...]:
        """All videos, in the order of the course."""
        return tuple(video for unit in self.units for video in unit.videos)

    @cached_property
    def first_problem(self) -> Array:
        """For each unit, the number of its first problem."""
        return np.cumsum([0, *(len(unit.problems) for unit in self.units)])[:-1]

    @cached_property
    def first_video(self) -> Array:
        """For each unit, the number of its first video."""
        return np.cumsum([0, *(len(unit.videos) for unit in self.units)])[:-1]

    @cached_property
    def difficulty(self) -> Array:
        """Rasch difficulties in logits, later units a little harder; from the course's key."""
        drawn = stream(number_of(0, self.key), "difficulty").normal(0.0, 1.0, len(self.problems))
        unit = np.repeat(np.arange(len(self.units)), [len(unit.problems) for unit in self.units])
        found: Array = drawn + 0.6 * unit / max(1, len(self.units) - 1)
        return found

    def usage_key(self, kind: str, name: str) -> str:
        """The id of a part of the course: ``block-v1:…+type@kind+block@name``."""
        return f"{self.key.replace('course-v1:', 'block-v1:')}+type@{kind}+block@{name}"


@dataclass(frozen=True, kw_only=True)
class Platform:
    """A site with its institutions and courses."""

    site: str
    name: str
    institutions: Mapping[str, str]
    """Slug → name."""
    courses: tuple[Course, ...]


def make_platform(
    *, courses: int, seed: int, site: str = "simulated", problems: int | None = None
) -> Platform:
    """A platform of so many courses; about one institution for five of them.

    Each course has so many ``problems``, spread over its units; None: three to six in a unit.
    """
    members = max(2, min(_INSTITUTIONS, courses // 5))
    institutions = {f"member{n + 1}": f"Member University {n + 1}" for n in range(members)}
    random = stream(seed, "platform")
    return Platform(
        site=site,
        name="Simulated Courses",
        institutions=institutions,
        courses=tuple(_make_course(random, n, members, problems) for n in range(courses)),
    )


def _make_course(
    random: np.random.Generator, number: int, members: int, problems: int | None
) -> Course:
    member = number % members + 1
    units = int(random.integers(6, 13))
    field = (number // members) % FIELDS
    return Course(
        slug=f"c{number + 1:03d}",
        key=f"course-v1:Member{member}+C{number + 1:03d}+2026",
        title=f"{_LEVELS[number % 4]} {_SUBJECTS[field]} {number + 1}",
        institution=f"member{member}",
        units=tuple(
            _make_unit(random, number, n, problems and _part(problems, n, units))
            for n in range(units)
        ),
        advertises=number % 2 == 0,
        field=field,
    )


def _part(whole: int, number: int, parts: int) -> int:
    """So much of a whole falls to one of its parts, which differ by one at most."""
    return whole * (number + 1) // parts - whole * number // parts


def _make_unit(
    random: np.random.Generator, course: int, number: int, count_problems: int | None
) -> Unit:
    name = f"{course + 1:03d}{number + 1:02d}"
    few = int(random.integers(3, 7))
    problems = tuple(
        f"p{name}{n}" for n in range(few if count_problems is None else count_problems)
    )
    seconds = np.round(np.clip(420 * np.exp(0.5 * random.standard_normal(2)), 90, 1500))
    count = int(random.integers(1, 3))
    videos = tuple(Video(id=f"v{name}{n}", seconds=float(seconds[n])) for n in range(count))
    return Unit(title=f"Week {number + 1}", problems=problems, videos=videos)


def read_platform(path: Path) -> Platform:
    """A platform described in JSON, as docs/how-to/simulate-learners.md shows; raises errors."""
    try:
        found = msgspec.convert(json.loads(path.read_text("utf-8")), Platform)
    except (OSError, ValueError) as error:
        raise PlatformError(
            "The description of the platform cannot be read.",
            remedy="Compare it with docs/how-to/simulate-learners.md and try again.",
        ) from error
    return check_platform(found)


def check_platform(platform: Platform) -> Platform:
    """The platform if it makes sense; raises `PlatformError`."""
    keys = [course.key for course in platform.courses]
    problem = _fault(platform, keys)
    if problem:
        raise PlatformError(problem, remedy="Mend the description and try again.")
    return platform


def _fault(platform: Platform, keys: list[str]) -> str:
    if not keys or len(set(keys)) < len(keys):
        return "A platform needs courses, each with a key of its own."
    for course in platform.courses:
        if course.institution not in platform.institutions:
            return f"The course {course.key} belongs to an institution that is not listed."
        if not course.units or any(video.seconds <= 0 for video in course.videos):
            return f"The course {course.key} has no units, or a video without length."
    return ""
