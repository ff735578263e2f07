"""Collects the acts of one block of enrolments, in any order, and puts them in one."""

from dataclasses import dataclass, field

import numpy as np

from privet.simulate.acts import ACT, MICROS, Kind
from privet.simulate.randomness import Array

_VISIT_FIELDS = ("learner", "visit", "address", "device", "course", "unit", "page")


@dataclass
class Sheet:
    """Acts as pieces of columns; `visits` says who, from where and with what."""

    visits: Array
    """Records of `acts.ACT`, one a visit, with what all its acts share."""
    _pieces: list[Array] = field(default_factory=list)

    def add(self, kind: Kind, visit: Array, seconds: Array, **columns: Array | int | float) -> None:
        """Acts of one kind: the places of their visits, and seconds since each visit's start."""
        start = self.visits["time"][visit]
        self.add_at(kind, visit, start + (np.asarray(seconds) * MICROS).astype(np.int64), **columns)

    def add_at(self, kind: Kind, visit: Array, time: Array, **columns: Array | int | float) -> None:
        """Acts of one kind at moments in microseconds since 1970 UTC."""
        piece = np.zeros(len(visit), ACT)
        for name in _VISIT_FIELDS:
            piece[name] = self.visits[name][visit]
        piece["kind"] = kind
        piece["time"] = time
        for name, values in columns.items():
            piece[name] = values
        self._pieces.append(piece)

    def gather(self) -> Array:
        """All acts."""
        return np.concatenate(self._pieces)


def number_acts(acts: Array, first_id: int) -> Array:
    """Acts by learner and time, numbered from ``first_id``."""
    acts = acts[np.lexsort((acts["item"], acts["kind"], acts["time"], acts["learner"]))]
    acts["id"] = np.uint64(first_id) + np.arange(len(acts), dtype=np.uint64)
    return acts


def running_sum(values: Array, group: Array) -> Array:
    """For each value, the sum of those before it in its group; groups are sorted."""
    total = np.cumsum(values)
    before: Array = total - values
    if not len(values):
        return before
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    lengths = np.diff(np.r_[starts, len(values)])
    inside: Array = before - np.repeat(before[starts], lengths)
    return inside


def ragged(counts: Array) -> tuple[Array, Array]:
    """For counts per owner: the owner of each part, and its place within its owner."""
    owner = np.repeat(np.arange(len(counts)), counts)
    ends = np.cumsum(counts)
    return owner, np.arange(len(owner)) - np.repeat(ends - counts, counts)
