"""The worker's measures of integrity: fairness each day, then one course after another."""

from datetime import timedelta

from privet.audit.models import Record
from privet.events.lake import default_lake
from privet.integrity.calibration import list_measured
from privet.jobs.measuring import Measuring
from privet.kernel.clock import FixedClock
from privet.kernel.config import Config
from tests.integrity.scene import COURSE, NOW, PROBLEMS, Scene, run
from tests.web.conftest import empty_home

__all__ = ["empty_home"]


def _measuring(config: Config, clock: FixedClock) -> Measuring:
    return Measuring(config=config, lake=default_lake(), clock=clock)


def _compared() -> int:
    return Record.objects.filter(act="integrity.fairness").count()


def test_nothing_is_measured_before_the_detectors_have_looked(empty_home: Config) -> None:
    _measuring(empty_home, FixedClock(NOW)).do_what_is_due()
    assert _compared() == 0


def test_groups_are_compared_daily_and_a_course_weekly(empty_home: Config) -> None:
    scene = Scene()
    scene.crowd(PROBLEMS)
    scene.load()
    run()
    clock = FixedClock(NOW)
    measuring = _measuring(empty_home, clock)
    measuring.do_what_is_due()
    assert (_compared(), list_measured(institutions=None)) == (1, [])
    measuring.do_what_is_due()
    assert [one.course for one in list_measured(institutions=None)] == [COURSE]
    clock.advance(timedelta(days=1))
    for _ in range(3):
        measuring.do_what_is_due()
    assert _compared() == 2
    (line,) = list_measured(institutions=None)
    assert line.measured == NOW
    clock.advance(timedelta(days=7))
    for _ in range(3):
        measuring.do_what_is_due()
    (line,) = list_measured(institutions=None)
    assert line.measured > NOW
