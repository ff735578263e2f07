"""Which event ids have been loaded, so that a repeated event adds nothing, weeks later too.

One SQLite file holds the ids of one month, which a UUIDv7 carries. An id is kept as the second it
carries and a keyed hash of itself and its namespace: enough to know it again, and nothing that
leads to a person. The new ids of a load are written in transactions that are committed after the
lake's commit; if the process dies in between, the segments are still there and say them again.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path

from privet.kernel.crypto import KeyRing

_HASH_BYTES = 12
_SECOND_BYTES = 5
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_ELSEWHERE = "other"
_MILLIS_A_DAY = 86_400_000
_MOST_OPEN = 12


class SeenIndex:
    """The ids of all events that are in the lake; one writer at a time, under the lake's turn."""

    def __init__(self, directory: Path, keys: KeyRing) -> None:
        self._directory = directory
        self._hash = blake2b(digest_size=_HASH_BYTES, key=keys.signing_key("event-index"))
        self._open: dict[str, sqlite3.Connection] = {}
        self._months: dict[int, str] = {}

    def add(self, namespaces: Sequence[bytes], ids: Sequence[bytes]) -> list[int]:
        """Note ids, and return the places of those that were noted before, in rising order.

        Nothing is kept before `commit`.
        """
        by_month: dict[str, tuple[list[int], list[tuple[bytes]]]] = {}
        for place, (month, key) in enumerate(self._keys(namespaces, ids)):
            places, keys = by_month.setdefault(month, ([], []))
            places.append(place)
            keys.append((key,))
        repeated: list[int] = []
        for month, (places, keys) in by_month.items():
            repeated += [places[number] for number in self._insert(month, keys)]
        return sorted(repeated)

    def commit(self) -> None:
        """Keep what was added; returns when it would survive a power cut."""
        for connection in self._open.values():
            if connection.in_transaction:
                connection.execute("COMMIT")
        self._close_some()

    def rollback(self) -> None:
        """Forget what was added since the last commit."""
        for connection in self._open.values():
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def close(self) -> None:
        """Let go of all files; what was not committed is forgotten."""
        self.rollback()
        for connection in self._open.values():
            connection.close()
        self._open.clear()

    def _keys(
        self, namespaces: Sequence[bytes], ids: Sequence[bytes]
    ) -> Iterator[tuple[str, bytes]]:
        base = self._hash
        months = self._months
        for namespace, event_id in zip(namespaces, ids, strict=True):
            millis = int.from_bytes(event_id[:6], "big")
            day = millis // _MILLIS_A_DAY
            month = months.get(day) or self._month_of(day)
            hashed = base.copy()
            hashed.update(namespace + event_id)
            yield month, (millis // 1000).to_bytes(_SECOND_BYTES, "big") + hashed.digest()

    def _month_of(self, day: int) -> str:
        try:
            at = datetime.fromtimestamp(day * 86_400, UTC)
        except (ValueError, OverflowError):
            return _ELSEWHERE
        month = f"{at:%Y-%m}" if _FIRST_YEAR <= at.year < _LAST_YEAR else _ELSEWHERE
        self._months[day] = month
        return month

    def _insert(self, month: str, keys: list[tuple[bytes]]) -> list[int]:
        """Insert keys; returns the places of those that were there."""
        connection = self._connection(month)
        if not connection.in_transaction:
            connection.execute("BEGIN IMMEDIATE")
        connection.execute("SAVEPOINT batch")
        before = connection.total_changes
        connection.executemany("INSERT OR IGNORE INTO seen VALUES (?)", sorted(keys))
        if connection.total_changes - before == len(keys):
            connection.execute("RELEASE batch")
            return []
        # Some were there. It is rare, so only now each is asked for by itself.
        connection.execute("ROLLBACK TO batch")
        connection.execute("RELEASE batch")
        insert = connection.cursor()
        return [
            place
            for place, key in enumerate(keys)
            if insert.execute("INSERT OR IGNORE INTO seen VALUES (?)", key).rowcount == 0
        ]

    def _connection(self, month: str) -> sqlite3.Connection:
        if month not in self._open:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._directory / f"{month}.sqlite3"
            connection = sqlite3.connect(
                path, isolation_level=None, timeout=60, check_same_thread=False
            )
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA cache_size = -65536")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS seen (key BLOB PRIMARY KEY) WITHOUT ROWID"
            )
            self._open[month] = connection
        return self._open[month]

    def _close_some(self) -> None:
        while len(self._open) > _MOST_OPEN:
            month = min(self._open)
            self._open.pop(month).close()


def forget_seen_before(directory: Path, moment: datetime) -> int:
    """Remove the months to which nothing was added since ``moment``; returns how many.

    History that is imported today has ids of months long past and is kept from today on, so it is
    the last addition that counts and not the month.
    """
    files = directory.glob("*.sqlite3")
    old = [path for path in files if path.stat().st_mtime < moment.timestamp()]
    for path in old:
        for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            name.unlink(missing_ok=True)
    return len(old)
