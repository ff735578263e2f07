"""Removes files that the table no longer names, and old entries of its log.

In everyday use files stay for some minutes after they were replaced, so that a query that is
running finds them. An erasure waits for nobody: its readers take the new list and try again.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from privet.events.lake import Lake, Turn

GRACE = timedelta(minutes=10)
CHECKPOINT_EVERY = 100
_LOG = "_delta_log/"
_NUMBERED = re.compile(rf"{_LOG}(\d{{20}})\.(json|checkpoint\.parquet)$")


@dataclass
class Sweeper:
    """Remembers since when it has seen a file unnamed, since nothing else says so."""

    lake: Lake
    _unnamed: dict[str, datetime] = field(default_factory=dict)

    def sweep(self, *, grace: timedelta = GRACE) -> int:
        """Remove what has been unnamed for ``grace``; returns how many files that were.

        The caller holds the right to rewrite, so that no file is about to be named; with no grace
        it holds the turn as well.
        """
        now = self.lake.clock.now()
        named = {file.path for file in self.lake.files()}
        lying = {p for p, _ in self.lake.store.list_files() if not p.startswith(_LOG)}
        unnamed = lying - named
        self._unnamed = {path: self._unnamed.get(path, now) for path in unnamed}
        due = [path for path, since in self._unnamed.items() if now - since >= grace]
        return self.lake.store.remove(due)


def checkpoint_if_due(lake: Lake, turn: Turn) -> bool:
    """Write a checkpoint when a hundred commits came since the last one."""
    if lake.version() - _last_checkpoint(lake) < CHECKPOINT_EVERY:
        return False
    turn.checkpoint()
    return True


def shorten_log(lake: Lake, *, grace: timedelta = GRACE) -> int:
    """Remove the log's entries that the newest checkpoint makes needless; returns how many."""
    last = _last_checkpoint(lake)
    before = lake.clock.now() - grace
    needless = [
        path
        for path, written in lake.store.list_files(_LOG.rstrip("/"))
        if (match := _NUMBERED.search(path))
        and int(match[1]) < last
        and (not grace or written <= before)
    ]
    return lake.store.remove(needless)


def _last_checkpoint(lake: Lake) -> int:
    names = [path for path, _ in lake.store.list_files(_LOG.rstrip("/"))]
    found = [int(m[1]) for n in names if (m := _NUMBERED.search(n)) and n.endswith(".parquet")]
    return max(found, default=-1)
