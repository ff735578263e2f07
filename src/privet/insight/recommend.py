"""Suggestions: "learners like you continued with …", only for and from those who allow it.

Histories are read under the personalisation use, so whoever withdrew, objected, is restricted or
erased is in none: at the next request for their own suggestions, and from the next build for what
they add to others'. A model is built once a day, and one older than two days is not used.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from privet.catalogue.uses import Use
from privet.consent.rules import Standing
from privet.events.lake import Lake
from privet.events.query import Scope, query, register_queries
from privet.insight.recommend_model import Model, Suggestion, read_model, write_model
from privet.kernel.clock import Clock

register_queries("privet.insight.histories")

BUILD_EVERY = timedelta(hours=20)
"""Well inside a day, so that a withdrawal is out of the model within one."""
LONGEST_USED = timedelta(hours=48)
MOST = 20
"""The most suggestions in one answer."""
_NOBODY = 0


class Off(StrEnum):
    """Why somebody gets no suggestions."""

    UNDECIDED = "undecided"
    REFUSED = "refused"
    OBJECTED = "objected"
    """They turned suggestions off, and nothing else."""
    RESTRICTED = "restricted"


@dataclass(frozen=True, kw_only=True)
class Suggested:
    """What is suggested to one learner."""

    off: Off | None
    suggestions: tuple[Suggestion, ...] = ()
    built: datetime | None = None
    """When the model was built; none if there is none that may be used."""


def why_off(standing: Standing) -> Off | None:
    """Why nothing is suggested to somebody with this standing; none if it is allowed."""
    if standing.uses & Use.PERSONALISATION and not standing.restricted:
        return None
    if standing.restricted:
        return Off.RESTRICTED
    if standing.objected & Use.PERSONALISATION:
        return Off.OBJECTED
    return Off.REFUSED if standing.decided else Off.UNDECIDED


def suggest(
    *,
    standing: Standing,
    subjects: Collection[int],
    most: int,
    by: str,
    home: Path,
    clock: Clock,
    lake: Lake | None = None,
) -> Suggested:
    """Courses for the learner with these pseudonyms; their own history is read for this alone."""
    off = why_off(standing)
    if off is not None:
        return Suggested(off=off)
    model = usable_model(home, clock)
    if model is None:
        return Suggested(off=None)
    liked, known = _own_courses(subjects, by=by, lake=lake)
    found = model.suggest(liked, known=known, most=min(most, MOST))
    return Suggested(off=None, suggestions=tuple(found), built=model.built)


def usable_model(home: Path, clock: Clock) -> Model | None:
    """The model, unless it is too old to have heard of every withdrawal."""
    model = read_model(_path(home))
    if model is None or clock.now() - model.built > LONGEST_USED:
        return None
    return model


def build_if_due(*, home: Path, clock: Clock, lake: Lake) -> bool:
    """Build the model anew if the one that is there is not of today; whether it did."""
    model = read_model(_path(home))
    if model is not None and timedelta() <= clock.now() - model.built < BUILD_EVERY:
        return False
    build(home=home, clock=clock, lake=lake)
    return True


def build(*, home: Path, clock: Clock, lake: Lake) -> Model:
    """Read all histories that may serve suggestions, and put the new model in place."""
    # The web asks for suggestions and never builds: it need not carry the library in memory.
    from privet.insight.recommend_fit import fit  # noqa: PLC0415

    found = query(
        "course_histories", use=Use.PERSONALISATION, scope=Scope(), by="worker", lake=lake
    )
    model = fit(((subject, course) for subject, course in found.rows), built=clock.now())
    write_model(model, _path(home))
    return model


def _own_courses(
    subjects: Collection[int], *, by: str, lake: Lake | None
) -> tuple[list[str], set[str]]:
    """The courses that a learner took, newest first, and all that they ever entered."""
    mine = sorted(set(subjects) - {_NOBODY})
    if not mine:
        return [], set()
    found = query(
        "own_courses",
        use=Use.PERSONALISATION,
        scope=Scope(),
        by=by,
        lake=lake,
        subjects=mine,
        least=mine[0],
        most=mine[-1],
    )
    liked = [course for course, has_left in found.rows if not has_left]
    return liked, {course for course, _ in found.rows}


def _path(home: Path) -> Path:
    return home / "recommendations" / "model.json"
