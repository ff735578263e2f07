"""Suggestions obey: only who allows them gets any, and feeds the model."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from privet.catalogue.uses import ESSENTIAL, Choice, Use
from privet.consent.rules import UNDECIDED, Standing
from privet.events.lake import Lake
from privet.events.service import withhold
from privet.insight.recommend import (
    BUILD_EVERY,
    LONGEST_USED,
    Off,
    Suggested,
    build,
    build_if_due,
    suggest,
    usable_model,
    why_off,
)
from privet.kernel.clock import FixedClock
from tests.events.rows import ALICE, NOON, make_lake, row, table

pytestmark = pytest.mark.django_db
ALLOWS = Standing(
    uses=int(ESSENTIAL | Use.PERSONALISATION), choices=int(Choice.FUNCTIONALITY), decided=True
)
BOTANY, POETRY = "course-v1:Hedge+B1+2026", "course-v1:Hedge+P1+2026"
ENROLLED, LEFT = "edx.course.enrollment.activated", "edx.course.enrollment.deactivated"
PERSONAL = int(Use.INSTRUCTION | Use.PERSONALISATION)
FIRST = 8_000_000_000


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def lake(tmp_path: Path, clock: FixedClock) -> Lake:
    """Six learners took both courses; Alice took one."""
    found = make_lake(tmp_path, clock)
    found.append(table(*_six(), took(ALICE, BOTANY)))
    return found


def took(subject: int, course: str, **values: Any) -> dict[str, Any]:
    return row(subject, course=course, **{"name": ENROLLED, "uses": PERSONAL} | values)


def _six() -> list[dict[str, Any]]:
    return [took(FIRST + n, course) for n in range(6) for course in (BOTANY, POETRY)]


def for_alice(home: Path, lake: Lake, clock: FixedClock, standing: Standing = ALLOWS) -> Suggested:
    return suggest(
        standing=standing, subjects=[ALICE], most=5, by="account:1", home=home, clock=clock,
        lake=lake,
    )  # fmt: skip


def courses(found: Suggested) -> list[tuple[str, str]]:
    return [(one.course, one.because) for one in found.suggestions]


def test_a_learner_is_shown_what_others_went_on_with(tmp_path: Path, lake: Lake, clock: FixedClock):
    build(home=tmp_path, clock=clock, lake=lake)
    found = for_alice(tmp_path, lake, clock)
    assert courses(found) == [(POETRY, BOTANY)]
    assert (found.off, found.built) == (None, NOON)


def test_without_the_use_there_are_none(tmp_path: Path, lake: Lake, clock: FixedClock):
    build(home=tmp_path, clock=clock, lake=lake)
    assert for_alice(tmp_path, lake, clock, UNDECIDED) == Suggested(off=Off.UNDECIDED)


def test_who_withdrew_feeds_nothing_after_the_next_build(
    tmp_path: Path, lake: Lake, clock: FixedClock
):
    build(home=tmp_path, clock=clock, lake=lake)
    withhold(subjects=[FIRST, FIRST + 1], uses=Use.PERSONALISATION, by="test")
    assert build(home=tmp_path, clock=clock, lake=lake).neighbours == {}


def test_who_withdrew_has_no_history_at_once(tmp_path: Path, lake: Lake, clock: FixedClock):
    build(home=tmp_path, clock=clock, lake=lake)
    withhold(subjects=[ALICE], uses=Use.PERSONALISATION, by="test")
    assert all(not because for _, because in courses(for_alice(tmp_path, lake, clock)))


def test_rows_without_the_use_are_no_history(tmp_path: Path, clock: FixedClock):
    other = make_lake(tmp_path / "other", clock)
    rows = [took(FIRST + n, c, uses=int(Use.ANALYTICS)) for n in range(9) for c in (BOTANY, POETRY)]
    other.append(table(*rows))
    assert build(home=tmp_path, clock=clock, lake=other).neighbours == {}


def test_a_course_that_somebody_left_speaks_for_nothing_and_is_not_suggested_again(
    tmp_path: Path, lake: Lake, clock: FixedClock
):
    later = NOON + timedelta(minutes=5)
    lake.append(table(took(ALICE, POETRY), took(ALICE, POETRY, name=LEFT, at=later)))
    build(home=tmp_path, clock=clock, lake=lake)
    assert courses(for_alice(tmp_path, lake, clock)) == []


def test_who_has_no_pseudonym_is_shown_what_many_take(
    tmp_path: Path, lake: Lake, clock: FixedClock
):
    build(home=tmp_path, clock=clock, lake=lake)
    found = suggest(
        standing=ALLOWS, subjects=[], most=1, by="learner", home=tmp_path, clock=clock, lake=lake
    )
    assert courses(found) == [(BOTANY, "")]


def test_a_model_is_built_once_a_day(tmp_path: Path, lake: Lake, clock: FixedClock):
    assert build_if_due(home=tmp_path, clock=clock, lake=lake)
    assert not build_if_due(home=tmp_path, clock=clock, lake=lake)
    clock.advance(BUILD_EVERY)
    assert timedelta(days=1) > BUILD_EVERY
    assert build_if_due(home=tmp_path, clock=clock, lake=lake)


def test_a_model_that_has_not_heard_of_withdrawals_for_two_days_is_not_used(
    tmp_path: Path, lake: Lake, clock: FixedClock
):
    build(home=tmp_path, clock=clock, lake=lake)
    clock.advance(LONGEST_USED + timedelta(seconds=1))
    assert usable_model(tmp_path, clock) is None
    assert for_alice(tmp_path, lake, clock) == Suggested(off=None)


@pytest.mark.parametrize(
    ("standing", "off"),
    [
        (ALLOWS, None),
        (UNDECIDED, Off.UNDECIDED),
        (Standing(uses=int(ESSENTIAL), choices=0, decided=True), Off.REFUSED),
        (
            Standing(
                uses=int(ESSENTIAL), choices=2, decided=True, objected=int(Use.PERSONALISATION)
            ),
            Off.OBJECTED,
        ),
        (ALLOWS._replace(restricted=True), Off.RESTRICTED),
    ],
)
def test_each_reason_why_there_are_none(standing: Standing, off: Off | None):
    assert why_off(standing) is off
