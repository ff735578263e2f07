"""Step 6, append: what the gate let through becomes one batch of the durable log."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from privet.events.log import LogError
from privet.events.record import (
    NOBODY,
    VERSION,
    Actor,
    Circumstance,
    PlainBatch,
    PlainEntry,
    encode_batch,
)


class Log(Protocol):
    """The durable log as the collector sees it."""

    def append(self, payload: bytes) -> Awaitable[None]:
        """Done when the payload is durable; raises `privet.events.log.LogError`."""

    def append_then(self, payload: bytes, settle: Callable[[LogError | None], None]) -> None:
        """As `append`; ``settle`` is called in the loop, with the error if it is not kept."""


class BatchBuilder:
    """Collects entries, and names each actor and circumstance once."""

    def __init__(self) -> None:
        self.entries: list[PlainEntry] = []
        self._actors: dict[bytes, int] = {}
        self._circumstances: list[Circumstance] = []
        self._actor_list: list[Actor] = []

    def actor(self, actor: Actor | None) -> int:
        """The actor's index."""
        if actor is None:
            return NOBODY
        index = self._actors.setdefault(actor.person_key, len(self._actor_list))
        if index == len(self._actor_list):
            self._actor_list.append(actor)
        return index

    def circumstance(self, circumstance: Circumstance | None) -> int:
        """The circumstance's index."""
        if circumstance is None:
            return NOBODY
        # The enricher gives one object for one origin and the same uses: no need to compare more.
        for index, known in enumerate(self._circumstances):
            if known is circumstance:
                return index
        self._circumstances.append(circumstance)
        return len(self._circumstances) - 1

    def encode(self, *, source: str, namespace: bytes, site: str, received: int) -> bytes:
        """The payload for the log; ``received`` in microseconds since 1970 UTC."""
        batch: PlainBatch = (
            VERSION, source, namespace, site, received,
            self._actor_list, self._circumstances, self.entries,
        )  # fmt: skip
        return encode_batch(batch)
