"""Which event ids have been loaded, so that a repeated event adds nothing, weeks later too.

One SQLite file holds the ids of one month, which a UUIDv7 carries. An id is kept as the time it
carries, to a quarter of a second, and a keyed hash of itself and its namespace: enough to know it
again, and nothing that leads to a person. The time stands first, so that what is loaded together
lies together. The new ids of a load are written in transactions that are committed after the
lake's commit; if the process dies in between, the segments are still there and say them again.
"""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from privet.kernel.crypto import KeyRing

_HASH_BYTES = 12
_TIME_BYTES = 5
_STRETCH_BYTES = 4
"""The first four bytes of a UUIDv7 count stretches of 65.536 seconds."""
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_ELSEWHERE = "other"
_SECONDS_A_STRETCH = 65.536
_MOST_OPEN = 12
_KEYS_A_STATEMENT = 200
_MOST_REMEMBERED = 100_000


class SeenIndex:
    """The ids of all events that are in the lake; one writer at a time, under the lake's turn."""

    def __init__(self, directory: Path, keys: KeyRing) -> None:
        self._directory = directory
        self._key = keys.signing_key("event-index")
        self._open: dict[str, sqlite3.Connection] = {}
        self._months: dict[bytes, str] = {}

    def add(self, namespaces: Sequence[bytes], ids: Sequence[bytes]) -> list[int]:
        """Note ids, and return the places of those that were noted before, in rising order.

        Nothing is kept before `commit`.
        """
        repeated: list[int] = []
        for month, places in self._by_month(ids).items():
            if len(places) == len(ids):
                return self._insert(month, self._keys(namespaces, ids))
            keys = self._keys([namespaces[n] for n in places], [ids[n] for n in places])
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

    def _keys(self, namespaces: Sequence[bytes], ids: Sequence[bytes]) -> list[bytes]:
        """What is kept of each id. The hash is cut, so the key may stand before what is hashed."""
        heads = {namespace: self._key + namespace for namespace in set(namespaces)}
        return [
            each[:_TIME_BYTES] + sha256(heads[namespace] + each).digest()[:_HASH_BYTES]
            for namespace, each in zip(namespaces, ids, strict=True)
        ]

    def _by_month(self, ids: Sequence[bytes]) -> dict[str, list[int]]:
        """The places of the ids of each month."""
        stretches = [each[:_STRETCH_BYTES] for each in ids]
        months = {each: self._month_of(each) for each in set(stretches)}
        found: dict[str, list[int]] = {month: [] for month in months.values()}
        if len(found) == 1:  # As nearly always: then nobody has to be asked.
            return {month: list(range(len(ids))) for month in found}
        for place, stretch in enumerate(stretches):
            found[months[stretch]].append(place)
        return found

    def _month_of(self, stretch: bytes) -> str:
        known = self._months.get(stretch)
        if known is None:
            if len(self._months) > _MOST_REMEMBERED:
                self._months.clear()
            known = self._months[stretch] = _month_at(int.from_bytes(stretch, "big"))
        return known

    def _insert(self, month: str, keys: Sequence[bytes]) -> list[int]:
        """Insert keys; returns the places of those that were there."""
        connection = self._connection(month)
        if not connection.in_transaction:
            connection.execute("BEGIN IMMEDIATE")
        connection.execute("SAVEPOINT batch")
        before = connection.total_changes
        _insert_all(connection, sorted(keys))
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
            if insert.execute("INSERT OR IGNORE INTO seen VALUES (?)", (key,)).rowcount == 0
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


def _insert_all(connection: sqlite3.Connection, keys: Sequence[bytes]) -> None:
    """Insert keys that are not there, many by one statement, which takes half as long."""
    for start in range(0, len(keys), _KEYS_A_STATEMENT):
        some = keys[start : start + _KEYS_A_STATEMENT]
        places = ",".join(["(?)"] * len(some))
        connection.execute(f"INSERT OR IGNORE INTO seen VALUES {places}", some)  # noqa: S608


def _month_at(stretch: int) -> str:
    try:
        at = datetime.fromtimestamp(stretch * _SECONDS_A_STRETCH, UTC)
    except (ValueError, OverflowError):
        return _ELSEWHERE
    return f"{at:%Y-%m}" if _FIRST_YEAR <= at.year < _LAST_YEAR else _ELSEWHERE


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
