"""What keeps the lake in order beside the loading: merging, sweeping, the daily pass, rollups."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from privet.audit.service import checkpoint_file, sign_checkpoint
from privet.consent.passing import pass_day
from privet.events.compaction import compact, is_due
from privet.events.erasure import Erasing, run_erasure_pass
from privet.events.lake import Lake
from privet.events.rollup_build import refresh_rollups
from privet.events.rollups import register_rollups
from privet.events.sweeping import Sweeper, checkpoint_if_due, shorten_log
from privet.events.upkeep import last_pass, run_daily_pass
from privet.insight.recommend import build_if_due
from privet.insight.totals import fold_spools, forget_old_totals
from privet.intake.loader import waiting
from privet.intake.quarantine import Quarantine
from privet.intake.seen import forget_seen_before
from privet.jobs.casework import Casework
from privet.jobs.detecting import Detecting
from privet.jobs.measuring import Measuring
from privet.kernel.clock import Clock
from privet.kernel.config import Config
from privet.kernel.crypto import KeyRing

register_rollups("privet.insight.rollups")
register_rollups("privet.integrity.rollups")

PASS_HOUR = 3
"""The UTC hour from which the daily pass of a day is due."""
_ROLLUP_SECONDS = 5.0
"""So long are rollups made at a time; as long as the pause between two rounds, so half the time."""
_IN_STEP_SEGMENTS = 3
_SWEEP_EVERY = timedelta(minutes=1)
_SIGN_EVERY = timedelta(minutes=10)
_LONGEST_KEPT = timedelta(days=366 * 6)


@dataclass(kw_only=True)
class Upkeep:
    """The upkeep of one installation; call `do_what_is_due` every few seconds."""

    config: Config
    lake: Lake
    keys: KeyRing
    clock: Clock
    should_stop: Callable[[], bool] = lambda: False
    _swept: datetime | None = field(default=None)
    _signed: datetime | None = field(default=None)
    _sweeper: Sweeper = field(init=False)
    _casework: Casework = field(init=False)
    _detecting: Detecting = field(init=False)
    _measuring: Measuring = field(init=False)

    def __post_init__(self) -> None:
        self._sweeper = Sweeper(self.lake)
        self._casework = Casework(clock=self.clock)
        self._detecting = Detecting(
            config=self.config, lake=self.lake, clock=self.clock, should_stop=self.should_stop
        )
        self._measuring = Measuring(config=self.config, lake=self.lake, clock=self.clock)

    def do_what_is_due(self) -> None:
        """Do what is due: sign the audit, cases, merge, sweep, daily pass, rollups, detectors."""
        fold_spools(self.config.totals)
        now = self.clock.now()
        self.sign_audit(now)
        self._casework.do_what_is_due()
        files = self.lake.files()
        if is_due(files, today=now.date()):
            compact(self.lake, should_stop=self.should_stop)
        if files and (self._swept is None or now - self._swept >= _SWEEP_EVERY):
            self.sweep()
            self._swept = now
        try:
            if self.is_pass_due(now):
                self.do_daily_pass()
        finally:
            # A pass that fails, and is tried again, holds up neither dashboards nor detectors.
            self._work_out(has_files=bool(files))

    def _work_out(self, *, has_files: bool) -> None:
        """Make what pages and detectors read, while the loader is in step."""
        if has_files and not self.is_loader_behind():
            refresh_rollups(
                self.lake, at_most_seconds=_ROLLUP_SECONDS, should_stop=self.should_stop
            )
            build_if_due(home=self.config.home, clock=self.clock, lake=self.lake)
            self._detecting.do_what_is_due()
            self._measuring.do_what_is_due()

    def sign_audit(self, now: datetime) -> None:
        """Sign the chain of audited acts, so that cutting its end off shows from here on."""
        if self._signed is None or now - self._signed >= _SIGN_EVERY:
            sign_checkpoint(
                keys=self.keys, file=checkpoint_file(self.config.home), clock=self.clock
            )
            self._signed = now

    def is_loader_behind(self) -> bool:
        """Whether more waits than a loader in step leaves: then the machine is the loader's."""
        return waiting(self.config.log)[0] > _IN_STEP_SEGMENTS

    def sweep(self) -> None:
        """Remove what no commit names any more, and shorten the log."""
        with self.lake.turns.rewriting():
            self._sweeper.sweep()
            with self.lake.turn() as turn:
                checkpoint_if_due(self.lake, turn)
            shorten_log(self.lake)

    def is_pass_due(self, now: datetime) -> bool:
        """Whether today's pass has not been done and its hour has come."""
        last = last_pass()
        is_done = last is not None and last[0] >= now.date() and last[1] is not None
        return now.hour >= PASS_HOUR and not is_done

    def do_daily_pass(self) -> None:
        """Make true what is hidden, expire, erase who waits, merge what arrived late."""
        pass_day(by="worker", clock=self.clock)
        run_daily_pass(
            lake=self.lake,
            keys=self.keys,
            sealed_days=self.config.sealed_days,
            finish=self._finish_daily_pass,
        )

    def _finish_daily_pass(self) -> None:
        """What fails here is tried again soon, as the pass has not ended."""
        places = Erasing(
            lake=self.lake,
            log=self.config.log,
            quarantine=self.config.quarantine,
            keys=self.keys,
        )
        run_erasure_pass(by="worker", places=places)
        compact(self.lake, thoroughly=True, should_stop=self.should_stop)
        now = self.clock.now()
        Quarantine(self.config.quarantine).forget_old(now)
        forget_old_totals(clock=self.clock)
        forget_seen_before(self.config.home / "seen", now - _LONGEST_KEPT)
