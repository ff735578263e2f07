"""Works out an answer, or brings one up to date when somebody was hidden or shown since.

An answer is a sum over learners. So what those have in it who were hidden or shown is taken out as
it was, and what they have in it now is put in: that is the answer worked out anew, and a test
compares the two for every query. Where it cannot be said for sure, it is worked out anew.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from time import monotonic
from typing import Any

from privet.catalogue.uses import Use
from privet.events.query import Result, Scope, query
from privet.events.shares import Shares
from privet.events.standing import Standing, carried_over, hidden_now
from privet.events.statements import Statement
from privet.events.withheld import HiddenFrom
from privet.insight.answers import Answer, shares_of
from privet.insight.noise import Noise
from privet.insight.protection import Row, Spoken, protect, read_text
from privet.insight.sums import Sums, read_sums

MOST_CHANGED = 200
"""When more learners were hidden or shown since, an answer is worked out anew."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A query as it is asked: everything that its answer hangs on but the lake."""

    statement: Statement
    use: Use
    scope: Scope
    by: str
    params: Mapping[str, Any]
    noise: Noise

    @cached_property
    def key(self) -> Hashable:
        """Equal for two if they have the same answer whenever the lake stands the same."""
        said = tuple(sorted((name, repr(value)) for name, value in self.params.items()))
        statement = self.statement
        return (statement.name, statement.text, self.use, self.scope, said, self.noise)

    def is_running(self, today: date) -> bool:
        """Whether its days reach today, so that events may still come."""
        return bool(self.params.get("end", date.max) >= today)

    def work_out(self, standing: Standing, now: datetime, *, is_unhurried: bool = False) -> Answer:
        """The answer from the lake; ``is_unhurried`` if nobody waits for it."""
        begin = monotonic()
        found = query(
            self.statement.name, use=self.use, scope=self.scope, by=self.by, is_whole=True,
            is_unhurried=is_unhurried, **self.params,
        )  # fmt: skip
        sums = read_sums(found, self._spoken)
        first = replace(found, rows=found.rows[: self.statement.limit])
        rows = self._show(sums) if sums else self._protect(first)
        # Files that came in between are in the rows, and the standing does not know of them.
        can_change = found.files == standing.files
        return Answer(
            rows=rows, standing=standing, at=now, took=timedelta(seconds=monotonic() - begin),
            sums=sums if can_change else None, hidden=found.hidden,
        )  # fmt: skip

    def bring_up_to_date(self, answer: Answer, standing: Standing) -> Answer | None:
        """The answer as it is now that others are hidden; none if that is not sure.

        It still tells of the files that it was made from, and of no others.
        """
        hidden = hidden_now(self.use)
        standing = replace(answer.standing, sequence=standing.sequence)
        changed = answer.hidden.differing(hidden)
        if not changed:
            # Looked at after who is hidden: of whom a pass took all rows, nobody has to be hidden.
            if carried_over(answer.standing.files) is None:
                return None
            return replace(answer, standing=standing, hidden=hidden)
        if answer.sums is None or len(changed) > MOST_CHANGED:
            return None
        shares = shares_of(changed)
        sums = self._without(answer.sums, shares, answer.hidden, standing)
        sums = self._with(sums, shares, hidden, standing) if sums else None
        if sums is None:
            return None
        return replace(answer, rows=self._show(sums), standing=standing, sums=sums, hidden=hidden)

    def _without(
        self, sums: Sums, shares: Shares, hidden: HiddenFrom, standing: Standing
    ) -> Sums | None:
        if shares.subjects <= hidden.wholly:
            return sums
        share = self._share(shares, hidden, standing)
        return sums.less(share) if share else None

    def _with(
        self, sums: Sums, shares: Shares, hidden: HiddenFrom, standing: Standing
    ) -> Sums | None:
        if shares.subjects <= hidden.wholly:
            return sums
        share = self._share(shares, hidden, standing)
        return sums.plus(share) if share else None

    def _share(self, shares: Shares, hidden: HiddenFrom, standing: Standing) -> Sums | None:
        found = shares.find(
            self.statement.name, use=self.use, scope=self.scope, hidden=hidden,
            files=standing.files, **self.params,
        )  # fmt: skip
        return read_sums(found, self._spoken) if found else None

    def _show(self, sums: Sums) -> tuple[Row, ...]:
        return self._protect(sums.result(self._spoken, limit=self.statement.limit))

    def _protect(self, found: Result) -> tuple[Row, ...]:
        return tuple(protect(found, noise=self.noise, spoken=self._spoken))

    @property
    def _spoken(self) -> Spoken:
        return read_text(self.statement.text)
