"""Whether an actor of the log was erased, and until when: the tombstones, held in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from privet.events.models import Counter, Tombstone
from privet.events.record import Actor
from privet.events.service import WITHHELD
from privet.events.tombstones import mark_of_person, mark_of_subject
from privet.kernel.clock import to_micros
from privet.kernel.crypto import KeyRing


@dataclass
class ErasedMarks:
    """All tombstones; ask `find`, which looks for new ones each time."""

    keys: KeyRing
    _sequence: int = -1
    _until: dict[bytes, int] = field(default_factory=dict)

    def find(self, actors: Sequence[Actor]) -> dict[int, int]:
        """By place in ``actors``: the microsecond up to which all they did is erased."""
        self._refresh()
        if not self._until:
            return {}
        found = {}
        for place, actor in enumerate(actors):
            marks = (
                mark_of_person(self.keys, key) for key in (actor.person_key, *actor.alias_keys)
            )
            until = max((self._until.get(mark, -1) for mark in marks), default=-1)
            if until >= 0:
                found[place] = until
        return found

    def find_subjects(self, subjects: Sequence[int]) -> dict[int, int]:
        """By place in ``subjects``, as `find` does for actors."""
        self._refresh()
        if not self._until:
            return {}
        marks = ((n, mark_of_subject(self.keys, subject)) for n, subject in enumerate(subjects))
        return {place: self._until[mark] for place, mark in marks if mark in self._until}

    def has_person(self, person_key: bytes) -> bool:
        """Whether the person of a key was erased."""
        self._refresh()
        return bool(self._until) and mark_of_person(self.keys, person_key) in self._until

    def _refresh(self) -> None:
        last = Counter.objects.filter(name=WITHHELD).values_list("value", flat=True).first() or 0
        if last == self._sequence:
            return
        if last < self._sequence:
            self._sequence, self._until = -1, {}
        rows = Tombstone.objects.filter(sequence__gt=self._sequence).values_list("mark", "up_to")
        self._until.update((bytes(mark), to_micros(up_to)) for mark, up_to in rows.iterator())
        self._sequence = last
