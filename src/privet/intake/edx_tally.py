"""What became of the lines of a log: counts of them, where those stand that could not be read.

It needs nothing of what reading needs, so whoever has others read need not import that.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(kw_only=True)
class Tally:
    """What became of the lines and fields of a block."""

    lines: int = 0
    events: int = 0
    kept: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    not_permitted: Counter[str] = field(default_factory=Counter)
    fields_dropped: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Take another tally's counts into this one."""
        self.lines += other.lines
        self.events += other.events
        self.kept += other.kept
        for mine, theirs in (
            (self.skipped, other.skipped),
            (self.rejected, other.rejected),
            (self.not_permitted, other.not_permitted),
            (self.fields_dropped, other.fields_dropped),
        ):
            mine.update(theirs)


class Rejected(NamedTuple):
    """A line that could not be read: where it is and why, never what it says."""

    offset: int
    size_bytes: int
    hash: bytes
    reason: str


@dataclass(kw_only=True)
class BlockResult:
    """What became of a block."""

    payloads: list[bytes] = field(default_factory=list)
    """Encoded batches for the log."""
    tally: Tally = field(default_factory=Tally)
    rejects: list[Rejected] = field(default_factory=list)
