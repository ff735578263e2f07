"""Which of the lake's files came of which by merging alone, so that their rows are the same.

The table's log says of each commit whether it changed data. A merge does not: the rows of the files
that it took away are those of the files that it added. So what was found in the former holds for
the latter. Whatever else takes a file away (an erasure, a withdrawal made true, an expiry) changes
rows, and so may what is not known because its entry in the log is gone.
"""

import json
import threading
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from privet.events.schema import PARTITION
from privet.events.store import FileStore, LakeFile

MOST_REMEMBERED = 20_000
"""So many files that were merged are remembered at most; of an older one nothing is known."""

MOST_COMMITS = 300
"""So many commits are caught up with; who has not looked for longer knows nothing of before."""


@dataclass(frozen=True, eq=False)
class Merged:
    """A commit that changed no row."""

    removed: dict[str, LakeFile]
    added: frozenset[str]


class Lineage:
    """The merges of one lake since this process first looked; safe to share between threads."""

    def __init__(self, store: FileStore, *, most: int = MOST_REMEMBERED) -> None:
        self._most = most
        self._store = store
        self._known_up_to: int | None = None
        self._by_removed: dict[str, Merged] = {}
        self._guard = threading.Lock()

    def learn(self, version: int) -> None:
        """Read the log's entries up to a version; call it every few minutes, for they go."""
        with self._guard:
            known = self._known_up_to
            if known is None or not 0 <= version - known <= MOST_COMMITS:
                self._by_removed = {}
            else:
                for number in range(known + 1, version + 1):
                    self._learn_commit(number)
            self._known_up_to = version

    def follow(self, files: Set[str], live: Set[str]) -> frozenset[str] | None:
        """The same rows' files: merges of none but these are followed to what came of them.

        A file that was merged with others stays in the set, though the lake has it no more. None
        if rows of some file were changed since, or if that is not known.
        """
        with self._guard:
            left = set(files)
            while merged := self._merged_among(left, live):
                left = (left - merged.removed.keys()) | merged.added
            is_sound = all(self._is_unchanged(path, live) for path in left - live)
            return frozenset(left) if is_sound else None

    def merged_away(self, paths: Set[str]) -> list[LakeFile]:
        """Of some paths the files that a merge took away."""
        with self._guard:
            known = ((path, self._by_removed.get(path)) for path in sorted(paths))
            return [merged.removed[path] for path, merged in known if merged]

    def _merged_among(self, paths: Set[str], live: Set[str]) -> Merged | None:
        """A merge all of whose files are among some."""
        found = (self._by_removed.get(path) for path in paths - live)
        return next((one for one in found if one and one.removed.keys() <= paths), None)

    def _is_unchanged(self, path: str, live: Set[str]) -> bool:
        """Whether the lake has a file, or all that came of it by merging."""
        waiting = [path]
        while waiting:
            one = waiting.pop()
            merged = self._by_removed.get(one)
            if one not in live and merged is None:
                return False
            if one not in live and merged:
                waiting += merged.added
        return True

    def _learn_commit(self, number: int) -> None:
        try:
            merged = _read_merge(self._store.read_bytes(f"_delta_log/{number:020d}.json"))
        except (OSError, ValueError, KeyError):
            # What happened in between is not known, so nothing before it can be followed.
            self._by_removed = {}
            return
        self._by_removed |= dict.fromkeys(merged.removed, merged)
        for path in list(self._by_removed)[: max(0, len(self._by_removed) - self._most)]:
            del self._by_removed[path]


def _read_merge(text: bytes) -> Merged:
    """What a commit moved without changing data; nothing if it changed any."""
    actions = [json.loads(line) for line in text.splitlines() if line.strip()]
    moved = [
        (kind, action[kind]) for action in actions for kind in ("add", "remove") if kind in action
    ]
    if any(one.get("dataChange", True) for _, one in moved):
        return Merged({}, frozenset())
    return Merged(
        removed={file.path: file for file in _removed(moved)},
        added=frozenset(one["path"] for kind, one in moved if kind == "add"),
    )


def _removed(moved: list[tuple[str, dict[str, Any]]]) -> Iterator[LakeFile]:
    for kind, one in moved:
        if kind == "remove":
            day = date.fromisoformat(one["partitionValues"][PARTITION])
            yield LakeFile(path=one["path"], day=day, rows=0, size_bytes=one.get("size") or 0)
