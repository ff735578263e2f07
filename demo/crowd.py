"""A crowd for the demo: simulated learners of its own courses, for the console to show.

Privet's own command simulates them; the demo only says which courses there are.
"""

import json
from pathlib import Path
from typing import Any

from demo.content import Course, Library, Unit
from demo.settings import SITE

LEARNERS = 1500
DAYS = 56
SEED = 7
STORIES = 6
"""Times as many who copy or share as in real courses, so that so small a crowd shows some cases."""


def describe_platform(library: Library) -> dict[str, Any]:
    """The courses as ``privet simulate --platform`` reads them."""
    return {
        "site": SITE,
        "name": "Hedgerow Courses",
        "institutions": {one.slug: one.name for one in library.institutions.values()},
        "courses": [
            _describe_course(course, field) for field, course in enumerate(library.courses.values())
        ],
    }


def write_platform(library: Library, target: Path) -> None:
    """Write the description to a file."""
    target.write_text(json.dumps(describe_platform(library)), "utf-8")


def simulate_command(privet: str, platform: Path) -> list[str]:
    """The command that brings the crowd in."""
    command = [privet, "simulate", "--platform", str(platform), "--learners", str(LEARNERS)]
    command += ["--days", str(DAYS), "--seed", str(SEED), "--stories", str(STORIES)]
    return [*command, "--lake", "--json"]


def _describe_course(course: Course, field: int) -> dict[str, Any]:
    return {
        "slug": course.slug,
        "key": course.key,
        "title": course.title,
        "institution": course.institution.slug,
        "advertises": course.institution.advertisements,
        "field": field,
        "units": [_describe_unit(unit) for unit in course.units],
    }


def _describe_unit(unit: Unit) -> dict[str, Any]:
    videos = [{"id": unit.video.id, "seconds": unit.video.seconds}] if unit.video else []
    return {
        "title": unit.title,
        "problems": [problem.id for problem in unit.problems],
        "videos": videos,
    }
