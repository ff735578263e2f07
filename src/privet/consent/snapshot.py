"""What doors obey: sites, API keys and standings in memory, never older than some seconds.

A thread polls the database by sequence. Reading a fact is one look-up in a dictionary, so the
collector's request path and the loader call it for every event. Sequences are given in the order
of commits (see ``ledger``), so nothing can be missed; the poll still reads an overlap again.
"""

import logging
import threading
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from django.db import connection

from privet.accounts.counters import REGISTRY, read_number
from privet.accounts.facts import SiteFacts, SourceFacts
from privet.accounts.registry import api_key_digest, read_sites, read_sources
from privet.consent.cookies import day_of
from privet.consent.models import Head
from privet.consent.models import Standing as StandingRow
from privet.consent.rules import UNDECIDED, Standing, narrow, void_decision
from privet.events.record import Actor
from privet.kernel.clock import Clock, SystemClock
from privet.kernel.crypto import KeyRing

STALE_AFTER = timedelta(seconds=5)
INTERVAL_SECONDS = 0.2
OVERLAP = 1_000
_CHUNK = 5_000
_CATCH_UP_EVERY = timedelta(seconds=1)
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_log = logging.getLogger(__name__)


class Snapshot:
    """The facts, as of the last `refresh`. Reading is safe from every thread."""

    def __init__(
        self,
        *,
        keys: KeyRing,
        clock: Clock | None = None,
        overlap: int = OVERLAP,
        chunk: int = _CHUNK,
    ) -> None:
        self.sites: Mapping[str, SiteFacts] = {}
        """By slug."""
        self.read_at: datetime | None = None
        """When the database was last seen to agree."""
        self._keys = keys
        self._overlap = overlap
        self._chunk = chunk
        self._clock = clock or SystemClock()
        self._sources: Mapping[bytes, SourceFacts] = {}
        self._standings: dict[bytes, Standing] = {}
        self._same: dict[Standing, Standing] = {}
        self._today = 0
        self._sequence = 0
        self._generation = -1
        self._registry = -1
        self._one_at_a_time = threading.Lock()

    def __len__(self) -> int:
        return len(self._standings)

    def standing(self, key: bytes) -> Standing | None:
        """What the person of this key allows, none if nothing was ever recorded of them."""
        found = self._standings.get(key)
        if found is None or not found.expires_day or found.expires_day > self._today:
            return found
        return void_decision(found)

    def standing_of(self, actor: Actor) -> Standing | None:
        """As `standing`, under all keys of an actor: the most restrictive wins."""
        found = self.standing(actor.person_key)
        for key in actor.alias_keys:
            other = self.standing(key)
            if other is not None:
                found = other if found is None else narrow(found, other)
        return found

    def in_force(self, key: bytes, now: datetime) -> Standing:
        """What a door may rely on: undecided if nothing is known, or if this is stale."""
        if self.is_stale(now):
            return UNDECIDED
        return self.standing(key) or UNDECIDED

    def is_stale(self, now: datetime) -> bool:
        """Whether the facts are too old to be obeyed; then everybody counts as undecided."""
        return self.read_at is None or now - self.read_at > STALE_AFTER

    def source_of_key(self, key: str) -> SourceFacts | None:
        """Whose server shows this API key, none if nobody's."""
        return self._sources.get(api_key_digest(key))

    def refresh(self) -> None:
        """Read what is new, now. It queries the database, so never call it in an event loop."""
        with self._one_at_a_time:
            now = self._clock.now()
            self._refresh_registry()
            self._refresh_standings()
            self._today = day_of(now)
            self.read_at = max(now, self.read_at or now)

    def _refresh_registry(self) -> None:
        number = read_number(REGISTRY)
        if number != self._registry:
            self._sources = read_sources()
            self.sites = read_sites(self._keys)
            self._registry = number

    def _refresh_standings(self) -> None:
        head = Head.objects.values_list("sequence", "generation").first()
        sequence, generation = head or (0, 0)
        if generation != self._generation:
            self._read_all()
            self._generation = generation
        elif sequence > self._sequence:
            self._standings.update(self._read(after=self._sequence - self._overlap))
        self._sequence = sequence

    def _read_all(self) -> None:
        """Something was removed: read what is left into a new dictionary, then put it in place.

        With a million people that takes seconds. What is decided meanwhile is put in force every
        second all the same, so that these facts do not grow stale.
        """
        fresh: dict[bytes, Standing] = {}
        looked = self._clock.now()
        for key, standing in self._read(after=-1):
            fresh[key] = standing
            if len(fresh) % self._chunk == 0 and self._clock.now() - looked >= _CATCH_UP_EVERY:
                looked = self._clock.now()
                self._catch_up(looked)
        # What was decided while reading stands in the old dictionary, or is read by the overlap.
        fresh.update(self._read(after=self._sequence - self._overlap))
        self._standings = fresh

    def _catch_up(self, now: datetime) -> None:
        """Put new decisions in force beside the old ones; before the first read there are none."""
        if self.read_at is not None:
            self._standings.update(self._read(after=self._sequence - self._overlap))
            self._today, self.read_at = day_of(now), now

    def _read(self, *, after: int) -> Iterator[tuple[bytes, Standing]]:
        rows = StandingRow.objects.filter(sequence__gt=after).values_list(
            "person_key", "uses", "choices", "decided", "restricted", "objected", "gpc", "expires",
            "confirmed",
        )  # fmt: skip
        for (
            key,
            uses,
            choices,
            decided,
            restricted,
            objected,
            gpc,
            expires,
            confirmed,
        ) in rows.iterator(chunk_size=self._chunk):
            standing = Standing(
                uses=uses,
                choices=choices,
                decided=decided is not None,
                restricted=restricted,
                objected=objected,
                gpc=gpc,
                expires_day=expires.toordinal() - _EPOCH_ORDINAL if expires else 0,
                confirmed=confirmed,
            )
            # A million people share some hundreds of standings.
            yield bytes(key), self._same.setdefault(standing, standing)


class SnapshotPoller:
    """Refreshes a snapshot in a thread of its own until it is stopped."""

    def __init__(self, snapshot: Snapshot, *, interval_seconds: float = INTERVAL_SECONDS) -> None:
        self.snapshot = snapshot
        self._interval_seconds = interval_seconds
        self._stop = threading.Event()
        self._has_polled = threading.Event()
        self._thread = threading.Thread(target=self._run, name="consent-snapshot", daemon=True)

    def start(self, *, wait_seconds: float = 10) -> bool:
        """Start polling; returns whether the first poll has succeeded in the time given."""
        self._thread.start()
        return self._has_polled.wait(wait_seconds)

    def stop(self) -> None:
        """Stop, and wait until the thread has ended."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._poll()
            if self._stop.wait(self._interval_seconds):
                connection.close()
                return

    def _poll(self) -> None:
        try:
            self.snapshot.refresh()
        except Exception as error:  # noqa: BLE001 - a door: the thread has to live on
            # The facts grow stale, and the doors deny; the next poll tries a new connection.
            kind = type(error).__name__
            _log.warning("The consent snapshot could not be read (%s); it is tried again.", kind)
            connection.close()
        else:
            self._has_polled.set()
