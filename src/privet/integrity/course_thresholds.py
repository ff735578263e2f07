"""The thresholds of a course: the usual ones, or what an officer set for it, with a reason."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from privet.audit.service import record_act
from privet.integrity.findings import USUAL
from privet.integrity.models import CourseThresholds, LookedAt
from privet.integrity.preset import Thresholds
from privet.integrity.thresholds import BY_KEY, set_thresholds
from privet.kernel.errors import PrivetError

MOST_WHY = 500


class ThresholdError(PrivetError):
    """Thresholds cannot be set as asked."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What was set for a course."""

    values: Mapping[str, float]
    """Only what differs from the usual."""
    why: str
    saved: datetime


def thresholds_for(course: str) -> Thresholds:
    """What the detectors of copying ask of pairs of this course.

    Raises `ThresholdError` if something was set that cannot be set any more.
    """
    chosen = find_chosen(course)
    if chosen and not chosen.values.keys() <= BY_KEY.keys():
        raise ThresholdError(
            "A threshold was set for this course that does not exist any more.",
            remedy="Save the course's thresholds anew.",
        )
    return set_thresholds(chosen.values if chosen else {})


def find_chosen(course: str) -> Chosen | None:
    """What was set for the course; none if it has the usual thresholds."""
    return list_chosen([course]).get(course)


def list_chosen(courses: Collection[str]) -> dict[str, Chosen]:
    """What was set for some courses; those with the usual thresholds are left out."""
    return {
        row.course: Chosen(values=row.values, why=row.why, saved=row.saved)
        for row in CourseThresholds.objects.filter(course__in=courses)
    }


def save_thresholds(
    *, course: str, institution: str, values: Mapping[str, float], why: str, by: str, now: datetime
) -> None:
    """Set a course's thresholds; all as usual sets nothing aside. The next run uses them.

    That run looks at all days of the course anew: earlier findings that no longer stand fall.
    Raises `ThresholdError` for a value outside its bounds, or without a reason.
    """
    why = why.replace("\x00", "").strip()
    if not why or len(why) > MOST_WHY:
        raise ThresholdError(
            "The reason is missing, or too long.",
            remedy=f"Say in up to {MOST_WHY} characters why this course needs it.",
        )
    moved = {key: _check(key, value) for key, value in values.items()}
    moved = {key: value for key, value in moved.items() if value != BY_KEY[key].usual}
    with transaction.atomic():
        about = {"course": course} | {key: f"{value:g}" for key, value in moved.items()}
        act = record_act(act="integrity.thresholds", by=by, about=about, why=why)
        CourseThresholds.objects.filter(course=course).delete()
        if moved:
            CourseThresholds.objects.create(
                course=course, institution=institution, values=moved, why=why, saved=now, act=act
            )
        LookedAt.objects.filter(course=course, preset=USUAL).delete()


def _check(key: str, value: float) -> float:
    movable = BY_KEY.get(key)
    if movable is None:
        raise ThresholdError(
            f"There is no threshold {key!r} to move.", remedy=f"Move one of {', '.join(BY_KEY)}."
        )
    if not movable.least <= value <= movable.most or (movable.is_whole and value != int(value)):
        raise ThresholdError(
            f"{key} cannot be {value:g}.",
            remedy=f"Give a value from {movable.least:g} to {movable.most:g}.",
        )
    return float(value)
