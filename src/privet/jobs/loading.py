"""The loading loop's step: load what waits, count what was dropped, say how it goes."""

import os
from collections import Counter
from dataclasses import dataclass, field

from privet.consent.passing import follow_links
from privet.events.lake import Lake
from privet.events.live import LiveWriter
from privet.events.upkeep import last_pass
from privet.events.worker_status import WorkerStatus, write_status
from privet.intake.loader import Loader, LoadReport, waiting
from privet.intake.quarantine import Quarantine
from privet.kernel.clock import Clock
from privet.kernel.config import Config


@dataclass(kw_only=True)
class Loading:
    """Loads for one installation and keeps its status file."""

    config: Config
    lake: Lake
    loader: Loader
    clock: Clock
    live: LiveWriter
    last_error: str = ""
    _events: int = 0
    _dropped: Counter[str] = field(default_factory=Counter)
    _lag_seconds: float = 0.0

    def load(self) -> bool:
        """Do one load; true if something was there to load."""
        report = self.loader.load_once()
        self._note(report)
        # Loading may have shown that two names are one person's: a decision holds for both.
        follow_links(by="worker", clock=self.clock)
        return report.segments > 0

    def write_status(self) -> None:
        """Say in the status file how it goes."""
        segments, size = waiting(self.config.log)
        last = last_pass()
        status = WorkerStatus(
            beat=self.clock.now(),
            pid=os.getpid(),
            segments_waiting=segments,
            bytes_waiting=size,
            lag_seconds=self._lag_seconds if segments else 0.0,
            events_loaded=self._events,
            dropped=dict(self._dropped),
            parts_quarantined=len(Quarantine(self.config.quarantine).parts()),
            last_pass=last[0] if last else None,
            lake_version=self.lake.version(),
            last_error=self.last_error,
        )
        write_status(self.config.live, status)
        self.live.flush()

    def _note(self, report: LoadReport) -> None:
        self._events += report.events
        self._dropped += report.dropped
        for reason, number in report.dropped.items():
            self.live.count(f"dropped:{reason}", number)
        if report.events:
            self.live.count("loaded", report.events)
        if report.damaged:
            self.live.count("quarantined", len(report.damaged))
        if report.oldest is not None:
            self._lag_seconds = (self.clock.now() - report.oldest).total_seconds()
