"""Who is hidden from which use, as the view and the loader need it: fresh, and held in memory.

A counter rises with every change (`privet.events.service.next_sequence`). As long as it stands
still nothing is read again; when it moved, only the changed withholdings are.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from privet.catalogue.uses import Use
from privet.events.models import Counter, Erasure, Restriction, Withholding
from privet.events.service import WITHHELD

Until = datetime | None


@dataclass(frozen=True)
class HiddenFrom:
    """Who is hidden from one use."""

    wholly: frozenset[int]
    """Subjects of whom no row may be seen."""
    partly: dict[int, datetime]
    """Subjects whose rows up to a moment may not be seen."""

    def differing(self, other: "HiddenFrom") -> frozenset[int]:
        """The subjects of whom another set of rows is hidden from it."""
        if other is self:
            return frozenset()
        until = {one for one, _ in self.partly.items() ^ other.partly.items()}
        return (self.wholly ^ other.wholly) | until

    def wholly_table(self) -> pa.Table:
        """The column ``subject``."""
        return pa.table({"subject": pa.array(sorted(self.wholly), pa.int64())})

    def partly_table(self) -> pa.Table:
        """The columns ``subject`` and ``until``."""
        subjects = sorted(self.partly)
        moments = [self.partly[subject] for subject in subjects]
        return pa.table(
            {
                "subject": pa.array(subjects, pa.int64()),
                "until": pa.array(moments, pa.timestamp("us", tz="UTC")),
            }
        )


NOBODY_HIDDEN = HiddenFrom(frozenset(), {})


@dataclass
class Withheld:
    """What a process knows of who is hidden; ask `hidden_from`, which looks again each time."""

    _sequence: int = -1
    _by_subject: dict[int, dict[int, tuple[Until, bool]]] = field(default_factory=dict)
    _hidden: frozenset[int] = frozenset()
    _made: dict[int, HiddenFrom] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def hidden_from(self, use: Use) -> HiddenFrom:
        """Who is hidden from a use now."""
        with self._guard:
            self._refresh()
            if use.value not in self._made:
                self._made[use.value] = self._make(use)
            return self._made[use.value]

    def sequence(self) -> int:
        """A number that is another one as soon as anybody is hidden or shown again."""
        with self._guard:
            self._refresh()
            return self._sequence

    def withholdings(self) -> dict[int, dict[int, tuple[Until, bool]]]:
        """By subject and use: until when (none: still) and whether the lake is clear of it."""
        with self._guard:
            self._refresh()
            return self._by_subject

    def _make(self, use: Use) -> HiddenFrom:
        wholly, partly = set(self._hidden), {}
        for subject, uses in self._by_subject.items():
            until, is_cleared = uses.get(use.value, (None, True))
            if is_cleared:
                continue  # No row has the bit, and the loader lets none in.
            if until is None:
                wholly.add(subject)
            else:
                partly[subject] = until
        return HiddenFrom(frozenset(wholly), partly)

    def _refresh(self) -> None:
        last = Counter.objects.filter(name=WITHHELD).values_list("value", flat=True).first() or 0
        if last == self._sequence:
            return
        if last < self._sequence:  # An older state was restored: nothing known holds.
            self._sequence, self._by_subject = -1, {}
        changed = Withholding.objects.filter(sequence__gt=self._sequence)
        for subject, use, until, is_cleared in changed.values_list(
            "subject", "use", "until", "is_cleared"
        ).iterator(chunk_size=10_000):
            self._by_subject.setdefault(subject, {})[use] = (until, is_cleared)
        gone = Erasure.objects.values_list("subject", flat=True)
        restricted = Restriction.objects.values_list("subject", flat=True)
        self._hidden = frozenset(gone) | frozenset(restricted)
        self._sequence, self._made = last, {}
