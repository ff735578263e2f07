"""Which event ids have been loaded, so that a repeated event adds nothing, weeks later too.

One SQLite file holds the ids of one month, which a UUIDv7 carries. An id is kept as the time it
carries, to a quarter of a second, and a keyed hash of itself and its namespace: enough to know it
again, and nothing that leads to a person. An id is one block of AES, so the hash is the cipher
under a key of the namespace, and the id added to what comes out (Matyas, Meyer and Oseas), which
nobody can turn round who has the key; and all ids of a load are hashed by one call. The time stands
first, so that what is loaded together lies together. The new ids of a load are written in
transactions that are committed after the lake's commit; if the process dies in between, the
segments are still there and say them again.
"""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from privet.events.record import ID_BYTES
from privet.kernel.crypto import KeyRing

_HASH_BYTES = 12
_TIME_BYTES = 5
_STRETCH = ">u4"
"""The first four bytes of a UUIDv7 count stretches of 65.536 seconds."""
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_ELSEWHERE = "other"
_SECONDS_A_STRETCH = 65.536
_MOST_OPEN = 12
_KEYS_A_STATEMENT = 200
_MOST_REMEMBERED = 100_000


_Ids = npt.NDArray[np.uint8]
"""Ids below each other, a byte in each column."""


class SeenIndex:
    """The ids of all events that are in the lake; one writer at a time, under the lake's turn."""

    def __init__(self, directory: Path, keys: KeyRing) -> None:
        self._directory = directory
        self._key = keys.signing_key("event-index")
        self._open: dict[str, sqlite3.Connection] = {}
        self._months: dict[int, str] = {}

    def add(self, namespaces: Sequence[bytes], ids: Sequence[bytes]) -> list[int]:
        """Note ids, and return the places of those that were noted before, in rising order.

        Nothing is kept before `commit`.
        """
        if not ids:
            return []
        numbers = np.frombuffer(b"".join(ids), np.uint8).reshape(len(ids), ID_BYTES)
        keys = self._keys(namespaces, numbers)
        months = self._by_month(numbers)
        if len(months) == 1:  # As nearly always.
            return self._insert(next(iter(months)), keys)
        repeated: list[int] = []
        for month, places in months.items():
            found = self._insert(month, [keys[place] for place in places])
            repeated += [places[number] for number in found]
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

    def _keys(self, namespaces: Sequence[bytes], ids: _Ids) -> list[bytes]:
        """What is kept of each id."""
        hashed = np.empty_like(ids)
        for namespace, places in _places_of(namespaces).items():
            hashed[places] = self._hash(namespace, ids[places])
        kept = np.hstack((ids[:, :_TIME_BYTES], hashed[:, :_HASH_BYTES])).tobytes()
        length = _TIME_BYTES + _HASH_BYTES
        return [kept[at : at + length] for at in range(0, len(kept), length)]

    def _hash(self, namespace: bytes, ids: _Ids) -> _Ids:
        # No two blocks are the same, so that what is wrong with this mode elsewhere cannot happen.
        cipher = Cipher(algorithms.AES(sha256(self._key + namespace).digest()), modes.ECB())  # noqa: S305
        blocks = np.frombuffer(cipher.encryptor().update(ids.tobytes()), np.uint8)
        return blocks.reshape(ids.shape) ^ ids

    def _by_month(self, ids: _Ids) -> dict[str, list[int]]:
        """The places of the ids of each month."""
        stretches = np.ascontiguousarray(ids[:, :4]).view(_STRETCH).ravel()
        found: dict[str, list[int]] = {}
        for stretch in np.unique(stretches).tolist():
            found.setdefault(self._month_of(stretch), []).append(stretch)
        if len(found) == 1:
            return found
        return {
            month: np.flatnonzero(np.isin(stretches, theirs)).tolist()
            for month, theirs in found.items()
        }

    def _month_of(self, stretch: int) -> str:
        known = self._months.get(stretch)
        if known is None:
            if len(self._months) > _MOST_REMEMBERED:
                self._months.clear()
            known = self._months[stretch] = _month_at(stretch)
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


def _places_of(namespaces: Sequence[bytes]) -> dict[bytes, list[int] | slice]:
    """Where the ids of each namespace stand."""
    kinds = set(namespaces)
    if len(kinds) == 1:  # As nearly always.
        return dict.fromkeys(kinds, slice(None))
    found: dict[bytes, list[int]] = {namespace: [] for namespace in kinds}
    for place, namespace in enumerate(namespaces):
        found[namespace].append(place)
    return dict(found)


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
