"""Sends what lies in the outbox to Privet, in the background, until Privet has confirmed it.

A page never waits for Privet. An event leaves the outbox only when Privet answered that it holds
it; everything else is tried again under the same event ids, which Privet tells apart.
"""

import asyncio
import json
import logging
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from demo.settings import Settings
from demo.storage import open_store, transaction

BATCH_EVENTS = 100
IDLE_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 60.0
_REFUSED = frozenset({400, 413, 415, 422})
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of one sending."""

    settled: bool
    """Privet has the events or will never take them; otherwise they are tried again."""
    wait_seconds: float = 0


class Outbox:
    """Empties the outbox table of one platform."""

    def __init__(self, settings: Settings, client: httpx.AsyncClient) -> None:
        self._settings = settings
        self._client = client
        self._wake = asyncio.Event()
        self._failures = 0

    def wake(self) -> None:
        """Say that there is something to send; safe to call from the loop's own thread."""
        self._wake.set()

    async def run(self) -> None:
        """Send for ever; cancelled when the platform stops."""
        while True:
            answer = await self.send_some()
            if answer.wait_seconds:
                await asyncio.sleep(answer.wait_seconds)
                continue
            if count_waiting(self._settings.database) == 0:
                await self._rest()

    async def send_some(self) -> Answer:
        """Send one batch of what waits, and take out what is settled."""
        waiting = _read_waiting(self._settings.database)
        if not waiting:
            return Answer(settled=True)
        answer = await self._send(waiting)
        if answer.settled:
            self._failures = 0
        return answer

    async def _rest(self) -> None:
        self._wake.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), IDLE_SECONDS)

    async def _send(self, waiting: Sequence[tuple[str, str]]) -> Answer:
        ids = [event_id for event_id, _ in waiting]
        try:
            response = await self._post([json.loads(event) for _, event in waiting])
        except (httpx.HTTPError, OSError):
            return self._later(None)
        if response.status_code == 200:
            _take_out(self._settings.database, ids)
            return Answer(settled=True)
        if response.status_code not in _REFUSED:
            _log.warning("Privet answered %d; trying again.", response.status_code)
            return self._later(response.headers.get("retry-after"))
        if len(waiting) > 1:
            return await self._send_one_by_one(waiting)
        _set_aside(self._settings.database, ids[0], _reason_of(response))
        return Answer(settled=True)

    async def _send_one_by_one(self, waiting: Sequence[tuple[str, str]]) -> Answer:
        """One bad event refuses its whole batch; alone, it keeps nobody else waiting."""
        for one in waiting:
            answer = await self._send([one])
            if not answer.settled:
                return answer
        return Answer(settled=True)

    async def _post(self, events: list[object]) -> httpx.Response:
        key = self._settings.api_key.read_text("ascii").strip()
        return await self._client.post(
            f"{self._settings.privet_url}/t/events",
            json={"site": self._settings.site, "events": events},
            headers={"Authorization": f"Bearer {key}"},
        )

    def _later(self, retry_after: str | None) -> Answer:
        self._failures += 1
        wait = min(2.0 ** min(self._failures - 2, 8), LONGEST_WAIT_SECONDS)
        if retry_after is not None and retry_after.isdecimal():
            wait = min(float(retry_after), LONGEST_WAIT_SECONDS)
        return Answer(settled=False, wait_seconds=wait)


def count_waiting(database: Path) -> int:
    """How many events have yet to be sent."""
    store = open_store(database)
    try:
        row = store.execute("select count(*) from outbox where refused is null").fetchone()
        return int(row[0])
    finally:
        store.close()


def _read_waiting(database: Path) -> list[tuple[str, str]]:
    store = open_store(database)
    try:
        rows = store.execute(
            "select id, event from outbox where refused is null order by id limit ?",
            (BATCH_EVENTS,),
        )
        return [(row["id"], row["event"]) for row in rows]
    finally:
        store.close()


def _take_out(database: Path, ids: Sequence[str]) -> None:
    _write(database, "delete from outbox where id = ?", [(one,) for one in ids])


def _set_aside(database: Path, event_id: str, reason: str) -> None:
    """Keep what Privet will never take for the operator to look at, without its contents."""
    _log.error("Privet refused an event for good: %s.", reason)
    row = (reason, event_id)
    _write(database, "update outbox set refused = ?, event = '' where id = ?", [row])


def _write(database: Path, statement: str, rows: Sequence[tuple[str, ...]]) -> None:
    store = open_store(database)
    try:
        with transaction(store):
            store.executemany(statement, rows)
    except sqlite3.OperationalError:
        # The database is busy for longer than its timeout: the events stay and are sent again,
        # which adds nothing at Privet.
        _log.warning("The outbox could not be written; its events will be sent again.")
    finally:
        store.close()


def _reason_of(response: httpx.Response) -> str:
    try:
        return str(response.json()["error"]["reason"])[:100]
    except (ValueError, KeyError, TypeError):
        return f"status {response.status_code}"
