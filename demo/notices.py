"""What Privet says is collected at sign-up and at enrolment: shown on the page, and told back.

The page shows the words as they came. When the account is made, or the learner enrols, the word
that came with them (``served``) is kept with the act and sent back in the background, so that
Privet's ledger holds what this learner had before them. Where Privet does not answer, the page
links to Privet's own page of the same notice, and nobody is kept from enrolling.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from demo.content import Course
from demo.ids import Randomness
from demo.people import Learner, find_learner
from demo.settings import Settings
from demo.storage import open_store, transaction
from demo.tokens import TokenMaker

PATIENCE_SECONDS = 3.0
IDLE_SECONDS = 1.0
_REST_MS = 30_000
_WEEK_MS = 7 * 86_400_000
_LONGEST_WORD = 2_048
_SETTLED = frozenset({200, 201, 400, 404, 409, 413, 415})
"""What Privet will not answer otherwise tomorrow: it has the word, or never takes it."""
_MOST_AT_ONCE = 50
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Notice:
    """A notice as Privet gave it out."""

    title: str
    lead: str
    sections: Sequence[dict[str, Any]]
    served: str
    """Goes back when the learner acts on the page."""


class Notices:
    """Gets notices from Privet; safe to call from threads."""

    def __init__(
        self, settings: Settings, clock: Callable[[], int], client: httpx.Client | None = None
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._client = client or httpx.Client(timeout=PATIENCE_SECONDS)
        self._rests_until = 0

    def at_sign_up(self) -> Notice | None:
        """What having an account collects; none if Privet does not answer."""
        return self._get("sign-up", {})

    def at_enrolment(self, course: Course) -> Notice | None:
        """What a course and its member collect; none if Privet does not answer."""
        where = {"institution": course.institution.slug, "course": course.key}
        return self._get("enrolment", where)

    def _get(self, occasion: str, where: dict[str, str]) -> Notice | None:
        if self._clock() < self._rests_until:
            return None
        address = f"{self._settings.privet_url}/api/v1/notices/{occasion}"
        query = {"site": self._settings.site, "lang": "en", **where}
        try:
            answer = self._client.get(address, params=query)
            answer.raise_for_status()
            said = answer.json()
            return Notice(**said["text"], served=said["served"])
        except (httpx.HTTPError, OSError, ValueError, KeyError, TypeError):
            # For a while the page asks no more, so that nobody waits for a Privet that is away.
            self._rests_until = self._clock() + _REST_MS
            _log.warning("Privet gave no notice for %s; its own page is linked.", occasion)
            return None


def keep_word(store: sqlite3.Connection, word: str, learner: Learner, *, now: int) -> None:
    """Keep the word of what was shown, within the transaction of what it was shown for."""
    if word and len(word) <= _LONGEST_WORD:
        row = (word, learner.id, now)
        store.execute("insert or ignore into notice_word values (?, ?, ?)", row)


class NoticeSender:
    """Tells Privet in the background what was shown to whom."""

    def __init__(
        self,
        settings: Settings,
        client: httpx.AsyncClient,
        tokens: TokenMaker,
        *,
        clock: Callable[[], int],
        randomness: Randomness,
    ) -> None:
        self._settings = settings
        self._client = client
        self._tokens = tokens
        self._clock = clock
        self._randomness = randomness

    async def run(self) -> None:
        """Send for ever; cancelled when the platform stops."""
        while True:
            await self.send_some()
            await asyncio.sleep(IDLE_SECONDS)

    async def send_some(self) -> None:
        """Send what waits; what Privet does not take now is tried again for a week."""
        for word, learner_id, at in self._waiting():
            if at + _WEEK_MS < self._clock() or await self._is_settled(word, learner_id):
                self._take_out(word)

    async def _is_settled(self, word: str, learner_id: str) -> bool:
        learner = self._find(learner_id)
        if learner is None:
            return True
        token = self._tokens.vouch(learner, now=self._clock(), randomness=self._randomness)
        body = {"site": self._settings.site, "served": word, "token": token}
        try:
            address = f"{self._settings.privet_url}/api/v1/notices/served"
            answer = await self._client.post(address, json=body)
        except (httpx.HTTPError, OSError):
            return False
        return answer.status_code in _SETTLED

    def _waiting(self) -> list[tuple[str, str, int]]:
        store = open_store(self._settings.database)
        try:
            rows = store.execute("select * from notice_word order by at limit ?", (_MOST_AT_ONCE,))
            return [(row["word"], row["learner"], row["at"]) for row in rows]
        finally:
            store.close()

    def _find(self, learner_id: str) -> Learner | None:
        store = open_store(self._settings.database)
        try:
            return find_learner(store, learner_id)
        finally:
            store.close()

    def _take_out(self, word: str) -> None:
        store = open_store(self._settings.database)
        try:
            with transaction(store):
                store.execute("delete from notice_word where word = ?", (word,))
        except sqlite3.OperationalError:
            # The database is busy: the word stays, and sent again it adds nothing at Privet.
            _log.warning("A word of a notice stays for another round.")
        finally:
            store.close()
