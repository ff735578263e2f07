"""What the worker does for integrity's measures: fairness daily, a course's figures weekly."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from privet.events.lake import Lake
from privet.integrity.calibration import has_looked, measure_courses
from privet.integrity.fairness import mark_disparities
from privet.kernel.clock import Clock
from privet.kernel.config import Config

WORKER = "worker"
_BETWEEN_COURSES = timedelta(minutes=1)
_WHEN_ALL_ARE_FRESH = timedelta(hours=6)


@dataclass(kw_only=True)
class Measuring:
    """Measures one thing at a time, so that loading never waits long."""

    config: Config
    lake: Lake
    clock: Clock
    _next: datetime | None = field(default=None)
    _marked: date | None = field(default=None)

    def do_what_is_due(self) -> None:
        """Compare groups once a day, then measure one course that has no fresh figures.

        Nothing is measured before the detectors have looked at anything.
        """
        now = self.clock.now()
        if (self._next is not None and now < self._next) or not has_looked():
            return
        if self._marked != now.date():
            allowed = self.config.allowed_disparity
            mark_disparities(lake=self.lake, allowed=allowed, by=WORKER, clock=self.clock)
            self._marked = now.date()
            return
        done = measure_courses(lake=self.lake, by=WORKER, now=now, only_stale=True, most=1)
        self._next = now + (_BETWEEN_COURSES if done else _WHEN_ALL_ARE_FRESH)
