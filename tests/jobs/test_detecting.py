"""The worker runs the detectors: when it is set to, at night, and a piece at a time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from privet.audit.models import Record
from privet.events.lake import default_lake
from privet.integrity.models import LookedAt
from privet.jobs.detecting import Detecting
from privet.jobs.worker import run_worker
from privet.kernel.clock import FixedClock
from privet.kernel.config import Config
from tests.integrity.scene import COURSE, MONDAY, OTHER_COURSE, PROBLEMS, Scene, findings, spoil
from tests.web.conftest import empty_home

__all__ = ["empty_home"]

NIGHT = datetime(2026, 12, 1, 5, tzinfo=UTC)


@pytest.fixture
def config(empty_home: Config) -> Config:
    """An installation in which somebody copied, and the worker is set to look."""
    scene = Scene()
    scene.crowd(PROBLEMS, people=20)
    scene.copies(PROBLEMS)
    scene.load()
    return replace(empty_home, detects=True)


def _detecting(config: Config, *, now: datetime = NIGHT, seconds: float = 600) -> Detecting:
    return Detecting(
        config=config, lake=default_lake(), clock=FixedClock(now), at_most_seconds=seconds
    )


def test_the_worker_finds_at_night_what_was_copied(config: Config) -> None:
    run_worker(once=True, config=config, clock=FixedClock(NIGHT))
    assert [str(one.kind) for one in findings()] == ["immediate"]


@pytest.mark.parametrize(
    ("detects", "now"),
    [(False, NIGHT), (True, NIGHT.replace(hour=3))],
    ids=["not set", "too early"],
)
def test_it_looks_at_nothing(config: Config, detects: bool, now: datetime) -> None:
    _detecting(replace(config, detects=detects), now=now).do_what_is_due()
    assert not LookedAt.objects.exists()


def test_a_step_that_was_stopped_goes_on_with_the_next(config: Config) -> None:
    stopped = _detecting(config, seconds=0)
    stopped.do_what_is_due()
    assert not LookedAt.objects.exists()
    stopped.at_most_seconds = 600
    stopped.do_what_is_due()
    assert len(findings()) == 1


def test_it_looks_once_a_night_and_only_at_what_is_new(config: Config) -> None:
    detecting = _detecting(config)
    detecting.do_what_is_due()
    looked = LookedAt.objects.count()
    later = Scene()
    later.submits(1, "p00", day=30, second=0)
    later.load()
    detecting.do_what_is_due()
    assert LookedAt.objects.count() == looked
    _detecting(config, now=NIGHT + timedelta(days=1)).do_what_is_due()
    new = LookedAt.objects.order_by("pk")[looked:]
    assert {row.day for row in new} == {(MONDAY + timedelta(days=30)).date()}


def test_a_course_that_fails_holds_up_nothing_and_is_tried_again_the_next_night(
    empty_home: Config,
) -> None:
    scene = Scene()
    scene.crowd(PROBLEMS, people=20)
    scene.copies(PROBLEMS)
    scene.same_in(OTHER_COURSE)
    scene.load()
    config = replace(empty_home, detects=True)
    spoilt = spoil(COURSE)
    clock = FixedClock(NIGHT)
    detecting = Detecting(config=config, lake=default_lake(), clock=clock, at_most_seconds=600)
    # The step ends after the course that fails; the next one begins with the course after it.
    answers = iter([False, True, False, False])
    detecting.should_stop = lambda: next(answers)
    detecting.do_what_is_due()
    assert findings() == []
    detecting.do_what_is_due()
    assert [one.course for one in findings()] == [OTHER_COURSE]
    spoilt.delete()
    detecting.do_what_is_due()
    assert len(findings()) == 1
    detecting.should_stop = lambda: False
    clock.advance(timedelta(days=1))
    detecting.do_what_is_due()
    assert {one.course for one in findings()} == {COURSE, OTHER_COURSE}


def test_upkeep_goes_on_after_a_course_that_fails(config: Config) -> None:
    spoil(COURSE)
    run_worker(once=True, config=config, clock=FixedClock(NIGHT))
    assert findings() == []
    assert Record.objects.filter(act="integrity.fairness").exists()
