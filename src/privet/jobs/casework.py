"""What the worker does for integrity cases: let their periods end, open new ones from findings."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from privet.integrity.case_deadlines import pass_deadlines
from privet.integrity.cases import open_cases, state_of_findings
from privet.integrity.findings import forget_old_findings
from privet.kernel.clock import Clock

_EVERY = timedelta(minutes=1)


@dataclass(kw_only=True)
class Casework:
    """The cases of one installation; call `do_what_is_due` every few seconds."""

    clock: Clock
    _done: datetime | None = field(default=None)
    _findings: tuple[int, datetime | None] | None = field(default=None)

    def do_what_is_due(self) -> None:
        """Once a minute: pass deadlines, forget old findings, open cases from new ones."""
        now = self.clock.now()
        if self._done is not None and now - self._done < _EVERY:
            return
        pass_deadlines(clock=self.clock)
        forget_old_findings(now=now)
        findings = state_of_findings()
        if findings != self._findings:
            open_cases(clock=self.clock)
            self._findings = findings
        self._done = now
