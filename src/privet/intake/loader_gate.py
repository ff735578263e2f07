"""The loader's gate: what became forbidden between the door and the lake is not let in.

It asks five things of every event: whether its actor was erased after it, whether its actor allows
its uses now, whether they were withheld when it happened, and whether the time of its uses, or of
what is sealed in it, is over.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import pyarrow as pa
import pyarrow.compute as pc

from privet.accounts.service import subjects_for
from privet.catalogue.uses import ALL_USES
from privet.consent.snapshot import Snapshot
from privet.events.erased import ErasedMarks
from privet.events.narrowing import clear_expired, clear_uses, earlier_micros, narrow
from privet.events.record import Actor
from privet.events.schema import lake_schema
from privet.events.withheld import Withheld
from privet.intake.loader_rows import NAMESPACE, TALLY, Gathered
from privet.kernel.clock import to_micros

_EVERYTHING = ALL_USES.value


class LoadDrop(StrEnum):
    """Why the loader did not store an event that a door had accepted."""

    ERASED = "erased"
    """Its actor was erased after it happened."""
    NOT_ALLOWED = "not_allowed_any_more"
    """Its actor withdrew or objected before it was loaded."""
    EXPIRED = "expired"
    """None of its uses may keep an event as old."""
    DUPLICATE = "duplicate"
    """Its source sent it before."""


Outcomes = Counter[tuple[int, str]]
"""How many events of each tally had an outcome: `STORED` or a `LoadDrop`."""
STORED = "stored"


def count_outcome(outcomes: Outcomes, outcome: str, tallies: pa.ChunkedArray) -> None:
    """Add events, given by their tallies."""
    for found in pc.value_counts(tallies).to_pylist():
        outcomes[found["values"], outcome] += found["counts"]


@dataclass(frozen=True, kw_only=True)
class Admission:
    """What may be stored, and what may not, in counts."""

    rows: pa.Table
    """In the lake's form, texts by dictionaries."""
    namespaces: pa.ChunkedArray
    """Of each row."""
    tallies: pa.ChunkedArray
    """Of each row."""
    dropped: Outcomes
    """What became of the others; who stores the rows adds to it what becomes of these."""


class LoaderGate:
    """Decides under the facts as they stand when it is asked; refresh the snapshot before."""

    def __init__(
        self, *, snapshot: Snapshot, withheld: Withheld, erased: ErasedMarks, sealed_days: int
    ) -> None:
        self._snapshot = snapshot
        self._withheld = withheld
        self._erased = erased
        self._sealed_days = sealed_days

    def admit(self, gathered: Gathered, *, today: date) -> Admission:
        """The rows that may be stored, with their subjects, narrowed to what they may be."""
        dropped: Outcomes = Counter()
        rows = self._without(gathered.rows, self._erased.find(gathered.actors), dropped)
        subjects = _find_subjects(rows, gathered.actors)
        rows = self._without(rows, self._erased.find_subjects(subjects), dropped)
        rows = self._with_subjects(rows, subjects)
        rows = _keep(self._allowed(rows, gathered.actors, subjects), LoadDrop.NOT_ALLOWED, dropped)
        rows = _keep(clear_expired(rows, today), LoadDrop.EXPIRED, dropped)
        rows = self._without_old_seals(rows, today)
        # Every row has a use left by now, so `narrow` leaves out none.
        return Admission(
            rows=narrow(rows.select(lake_schema().names)),
            namespaces=rows.column(NAMESPACE),
            tallies=rows.column(TALLY),
            dropped=dropped,
        )

    def _without(self, rows: pa.Table, until: Mapping[int, int], dropped: Outcomes) -> pa.Table:
        """Leave out what erased people did up to a microsecond; they are known by their place."""
        if not until:
            return rows
        limits = pa.array([None, *(until.get(n) for n in range(max(until) + 1))], pa.int64())
        place = pc.if_else(pc.less(_actors(rows), len(limits)), _actors(rows), 0)
        is_before = pc.less_equal(earlier_micros(rows), limits.take(place))
        is_erased = pc.fill_null(is_before, fill_value=False)
        count_outcome(dropped, LoadDrop.ERASED, rows.column(TALLY).filter(is_erased))
        return rows.filter(pc.invert(is_erased))

    def _with_subjects(self, rows: pa.Table, subjects: Sequence[int]) -> pa.Table:
        taken = pa.array([0, *subjects], pa.int64()).take(_actors(rows))
        return rows.append_column(lake_schema().field("subject"), taken)

    def _allowed(
        self, rows: pa.Table, actors: Sequence[Actor], subjects: Sequence[int]
    ) -> pa.Table:
        """The rows with only those uses that their actors allow, now and when they happened."""
        allowed = [_EVERYTHING, *map(self._allowed_to, actors)]
        withheld = self._withheld.withholdings()
        limits: dict[int, list[int | None]] = {}
        for place, subject in enumerate(subjects, start=1):
            for use, (until, _) in withheld.get(subject, {}).items():
                if until is None:
                    allowed[place] &= ~use
                else:
                    limits.setdefault(use, [None] * len(allowed))[place] = to_micros(until)
        mask = pa.array(allowed, pa.int32()).take(_actors(rows))
        rows = _set_uses(rows, pc.bit_wise_and(rows.column("uses"), mask))
        for use, moments in limits.items():
            limit = pa.array(moments, pa.int64()).take(_actors(rows))
            is_before = pc.fill_null(pc.less_equal(earlier_micros(rows), limit), fill_value=False)
            rows = clear_uses(rows, is_before, use)
        return rows

    def _allowed_to(self, actor: Actor) -> int:
        standing = self._snapshot.standing_of(actor)
        if standing is None:
            return _EVERYTHING
        return standing.uses if standing.decided else _EVERYTHING & ~standing.objected

    def _without_old_seals(self, rows: pa.Table, today: date) -> pa.Table:
        """What is sealed goes when the day's key would have gone."""
        oldest = pa.scalar(today - timedelta(days=self._sealed_days), pa.date32())
        is_old = pc.less(rows.column("day"), oldest)
        if not pc.any(is_old).as_py():
            return rows
        at = rows.schema.get_field_index("sealed")
        field = rows.schema.field(at)
        none = pa.scalar(None, field.type)
        return rows.set_column(at, field, pc.if_else(is_old, none, rows.column(at)))


def _find_subjects(rows: pa.Table, actors: Sequence[Actor]) -> list[int]:
    """The pseudonym of each actor; only who has a row left gets one, the others have 0."""
    present = [place - 1 for place in pc.unique(rows.column("actor")).to_pylist() if place]
    subjects = [0] * len(actors)
    found = subjects_for([actors[place] for place in present])
    for place, subject in zip(present, found, strict=True):
        subjects[place] = subject
    return subjects


def _keep(rows: pa.Table, reason: LoadDrop, dropped: Outcomes) -> pa.Table:
    """The rows that have a use left; the others are counted."""
    has_use = pc.not_equal(rows.column("uses"), 0)
    if pc.all(has_use).as_py():
        return rows
    count_outcome(dropped, reason, rows.column(TALLY).filter(pc.invert(has_use)))
    return rows.filter(has_use)


def _set_uses(rows: pa.Table, uses: pa.ChunkedArray) -> pa.Table:
    at = rows.schema.get_field_index("uses")
    return rows.set_column(at, rows.schema.field(at), uses)


def _actors(rows: pa.Table) -> pa.Array:
    return rows.column("actor").combine_chunks()
