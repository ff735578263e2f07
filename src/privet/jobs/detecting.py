"""What the worker does to find copied answers and shared accounts: each night, if it is set to."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from privet.events.lake import Lake
from privet.integrity.pipeline import Wanted, run_detectors
from privet.kernel.clock import Clock
from privet.kernel.config import Config

DETECT_HOUR = 4
"""The UTC hour from which a night's run is due: after the daily pass, when the day is whole."""
AT_MOST_SECONDS = 20.0
"""So long one step goes on to the next course; then merging and rollups have their turn."""


@dataclass(kw_only=True)
class Detecting:
    """Looks at what is new, some courses at a time, until nothing is left for the day."""

    config: Config
    lake: Lake
    clock: Clock
    should_stop: Callable[[], bool] = lambda: False
    at_most_seconds: float = AT_MOST_SECONDS
    _done: date | None = field(default=None)
    _failed: tuple[date, frozenset[str]] = field(default=(date.min, frozenset()))
    """What failed in a night: it does not stop the others, and waits for the next night."""

    def do_what_is_due(self) -> None:
        """Run the detectors for a while; where it stops, the next step or worker goes on."""
        now = self.clock.now()
        if not self.config.detects or now.hour < DETECT_HOUR or self._done == now.date():
            return
        failed = self._failed[1] if self._failed[0] == now.date() else frozenset[str]()
        until = time.monotonic() + self.at_most_seconds
        report = run_detectors(
            Wanted(but=failed), lake=self.lake, by="worker", now=now,
            should_stop=lambda: self.should_stop() or time.monotonic() >= until,
        )  # fmt: skip
        self._failed = (now.date(), failed | set(report.failed))
        if not report.left:
            self._done = now.date()
