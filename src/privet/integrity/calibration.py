"""Calibration: what a course's thresholds flag, what chance would, and what moving one would do.

The figures are measured apart from the nightly run and kept without any pseudonym, so that a page
answers at once and looks at nobody anew.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from math import ceil

import msgspec
from django.db.models import QuerySet

from privet.audit.service import record_act
from privet.events.lake import Lake
from privet.integrity.candidates import Course
from privet.integrity.copying import PAIRS_AT_ONCE, Suspect, ask_pairs
from privet.integrity.course_thresholds import Chosen, find_chosen, list_chosen
from privet.integrity.findings import DETECTOR_VERSION
from privet.integrity.models import CourseFigures, LookedAt
from privet.integrity.reading import Reader, UnknownCourseError
from privet.integrity.rules import Pair, kind_of_copying
from privet.integrity.thresholds import (
    BY_KEY,
    LOOSEST,
    SHIFTS_SECONDS,
    Flagged,
    Point,
    count_decades,
    draw_curve,
    expect_by_chance,
    flag,
    keep_pairs,
    set_thresholds,
    suggest,
)

KEPT_DAYS = 90
"""So long figures are kept if no newer ones take their place."""
STALE_AFTER = timedelta(days=7)
_FIELDS = tuple(field.name for field in fields(Pair))


@dataclass(frozen=True, kw_only=True)
class World:
    """What was found in a course, or in one in which answers were got earlier."""

    pairs: tuple[Pair, ...]
    """Those that some setting could flag, their accounts under numbers of no meaning."""
    candidates: int
    """All pairs that were looked at: those with a chance."""
    decades: Mapping[str, int]
    """Of these, how many have which chance, by its power of ten."""
    fields: tuple[str, ...] = _FIELDS
    """What is known of a pair; figures that were taken otherwise are not read."""
    version: int = DETECTOR_VERSION
    """Of the detectors: figures of others would not tell what saving does."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A course with figures."""

    course: str
    institution: str
    measured: datetime
    first: date
    last: date
    chosen: Chosen | None


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What thresholds would do to a course, beside those in force."""

    now: Flagged
    then: Flagged
    now_by_chance: float
    then_by_chance: float
    gained: tuple[Suspect, ...]
    """Pairs that would be flagged in addition, the surest first."""
    lost: tuple[Suspect, ...]
    """Pairs that would no longer be."""
    curve: tuple[Point, ...]
    """Of the threshold that is looked at, the others as asked."""
    suggested: float
    """What chance alone would settle on."""
    world: World
    chance: tuple[World, ...]


def measure_courses(
    *, lake: Lake, by: str, now: datetime, course: str | None = None, only_stale: bool = False,
    most: int | None = None,
) -> list[str]:  # fmt: skip
    """Take the figures of courses anew, one by one; returns which.

    ``only_stale`` leaves out those with figures of the last week, ``most`` ends after so many.
    Raises `UnknownCourseError`.
    """
    last = now.date() - timedelta(days=1)
    begins: dict[str, date] = {}
    institution_of: dict[str, str] = {}
    # They come in the order of days; a course that moved is of where it was last.
    for row in Reader(by=by, lake=lake, start=date.min, end=last).ask("course_days"):
        if course in (None, row["course"]):
            begins.setdefault(row["course"], row["day"])
            institution_of[row["course"]] = row["institution"]
    if course is not None and not begins:
        raise UnknownCourseError(course, until=last)
    known = _rows(None).filter(measured__gt=now - STALE_AFTER)
    fresh = set(known.values_list("course", flat=True)) if only_stale else set()
    CourseFigures.objects.filter(expires__lte=now).delete()
    todo = [one for one in sorted(begins) if one not in fresh][:most]
    for key in todo:
        reader = Reader(by=by, lake=lake, start=begins[key], end=last)
        one = Course(key=key, institution=institution_of[key], since=begins[key])
        _measure(reader, one, now=now)
    if todo:
        record_act(act="integrity.calibrate", by=by, about={"courses": len(todo)})
    return todo


def has_looked() -> bool:
    """Whether the detectors have looked at anything yet."""
    return LookedAt.objects.exists()


def list_measured(*, institutions: frozenset[str] | None) -> list[Measured]:
    """The courses with figures, of some institutions or (none) of all."""
    rows = list(_rows(institutions).defer("pairs", "by_chance").order_by("course"))
    chosen = list_chosen([row.course for row in rows])
    return [_to_measured(row, chosen.get(row.course)) for row in rows]


def find_measured(course: str, *, institutions: frozenset[str] | None) -> Measured | None:
    """One of them; none if it has no figures, or is of another institution."""
    row = _rows(institutions).defer("pairs", "by_chance").filter(course=course).first()
    return _to_measured(row, find_chosen(course)) if row else None


def preview(course: str, *, values: Mapping[str, float], key: str) -> Preview:
    """What ``values`` would do to a measured course; ``key`` is the threshold to draw."""
    row = CourseFigures.objects.get(course=course)
    world = msgspec.convert(row.pairs, World)
    chance = msgspec.convert(row.by_chance, tuple[World, ...])
    worlds = [one.pairs for one in chance]
    chosen = find_chosen(course)
    before, after = set_thresholds(chosen.values if chosen else {}), set_thresholds(values)
    now, then = flag(world.pairs, before), flag(world.pairs, after)
    curve = draw_curve(BY_KEY[key], values, world.pairs, worlds)
    return Preview(
        now=now, then=then,
        now_by_chance=expect_by_chance(worlds, before),
        then_by_chance=expect_by_chance(worlds, after),
        gained=_only_in(then, now), lost=_only_in(now, then),
        curve=tuple(curve), suggested=suggest(BY_KEY[key], curve), world=world, chance=chance,
    )  # fmt: skip


def _measure(reader: Reader, course: Course, *, now: datetime) -> None:
    found = {earlier: look_at(reader, course, earlier=earlier) for earlier in (0, *SHIFTS_SECONDS)}
    CourseFigures.objects.update_or_create(
        course=course.key,
        defaults={
            "institution": course.institution,
            "pairs": msgspec.to_builtins(found[0]),
            "by_chance": [msgspec.to_builtins(found[earlier]) for earlier in SHIFTS_SECONDS],
            "first": reader.start,
            "last": reader.end,
            "measured": now,
            "expires": now + timedelta(days=KEPT_DAYS),
        },
    )


def look_at(
    reader: Reader,
    course: Course,
    *,
    earlier: int,
    at_once: int = PAIRS_AT_ONCE,
    part_accounts: int | None = None,
) -> World:
    """The pairs that some setting could flag, and how many were looked at.

    Of pairs that nothing links only those are looked at of which half of the least that serves the
    master comes within the loosest median: no setting flags others, and they are most of all. What
    is looked at is asked for some at a time and only what could be flagged is kept, so that memory
    is bounded by that.
    """
    kept: list[Pair] = []
    decades: Counter[int] = Counter()
    looked_at = 0
    window = max(LOOSEST.window_seconds, ceil(LOOSEST.quick_median_seconds))
    for one in ask_pairs(
        reader, course, LOOSEST, earlier=earlier, window_seconds=window, fed=LOOSEST.least_fed,
        at_once=at_once, part_accounts=part_accounts,
    ):  # fmt: skip
        if one.pair.x:
            looked_at += 1
            decades.update(count_decades([one.pair]))
            kept += [one.pair] if kind_of_copying(one.pair, LOOSEST) else []
    # Numbers of no meaning are given in this order, so that they are the same each time.
    kept.sort(key=lambda pair: (pair.harvester, pair.master))
    told = {str(power): number for power, number in decades.items()}
    return World(pairs=tuple(keep_pairs(kept)), candidates=looked_at, decades=told)


def _rows(institutions: frozenset[str] | None) -> QuerySet[CourseFigures]:
    rows = CourseFigures.objects.filter(
        pairs__fields=list(_FIELDS), pairs__version=DETECTOR_VERSION
    )
    return rows if institutions is None else rows.filter(institution__in=institutions)


def _to_measured(row: CourseFigures, chosen: Chosen | None) -> Measured:
    return Measured(
        course=row.course, institution=row.institution, measured=row.measured, first=row.first,
        last=row.last, chosen=chosen,
    )  # fmt: skip


def _only_in(one: Flagged, other: Flagged) -> tuple[Suspect, ...]:
    there = {pair for pair, *_ in other.suspects}
    found = [suspect for suspect in one.suspects if suspect[0] not in there]
    return tuple(sorted(found, key=lambda suspect: suspect[3]))
