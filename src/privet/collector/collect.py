"""``POST /t/events`` from its first byte to its answer."""

import time
from collections.abc import Callable
from functools import cache

import msgspec

from privet.collector.append import Log
from privet.collector.client import Address, ClientAddress
from privet.collector.enrich import Enricher, Origin, read_hints
from privet.collector.http import Answer, Pace, Receive, Scope, says_gpc, text_header
from privet.collector.identify import Identifier
from privet.collector.limits import Limits
from privet.collector.metrics import ACCEPTED, DROPPED, FIELD, REFUSED, REQUESTS
from privet.collector.parse import parse_batch
from privet.collector.pipeline import Pipeline, Request
from privet.collector.rate import RateLimiter
from privet.collector.reasons import Counts, Reason, RefusedError
from privet.collector.totals import Totals
from privet.events.live import Arrival, LiveWriter
from privet.events.log import LogError, LogFullError, PayloadTooLargeError
from privet.kernel.clock import Clock, to_micros

JSON_TYPE = (b"content-type", b"application/json")
_NO_STORE = (b"cache-control", b"no-store")


class Tally(msgspec.Struct, gc=False):
    """What is told and shown of a batch once it is durable."""

    accepted: int
    dropped: Counts
    fields: Counts
    arrivals: list[Arrival]


class Collector:
    """Takes batches: the request path touches memory and the log, and nothing else."""

    def __init__(
        self,
        *,
        identifier: Identifier,
        enricher: Enricher,
        log: Log,
        live: LiveWriter,
        clients: ClientAddress,
        clock: Clock,
        limits: Limits,
        totals: Totals | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._identifier = identifier
        self._pipeline = Pipeline(identifier, enricher, limits)
        self._log = log
        self._live = live
        self._clients = clients
        self._clock = clock
        self._limits = limits
        self._totals = totals
        self.rate = RateLimiter(limits, monotonic)
        self.pace = Pace(limits, monotonic)

    async def collect(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> Answer:
        """Store what may be stored and say how much; every refusal is an answer, no exception."""
        try:
            client = scope.get("client")
            address = self.admit(client[0] if client else "", headers)
            body = await self.pace.read_body(headers, receive)
            payload, tally = self.prepare(body, headers, address)
            # While it waits for the disk a request holds nothing but its payload and its counts:
            # what it was read into is free again, and still in the processor's cache for the next.
            del body
            if payload:
                await self._log.append(payload)
            return self.answer(tally)
        except RefusedError as error:
            return self.refuse(error)
        except LogError as error:
            return self.refuse(refusal_of(error))

    def admit(self, peer: str, headers: dict[bytes, bytes]) -> Address | None:
        """Count a request, and give its client's address; raises `RefusedError` for too many."""
        self._live.count(REQUESTS)
        address = self._clients.find(peer, headers.get(b"x-forwarded-for"))
        if not self._identifier.is_server(headers) and not self.rate.allows(address):
            raise RefusedError(Reason.RATE)
        return address

    def prepare(
        self, body: bytes, headers: dict[bytes, bytes], address: Address | None
    ) -> tuple[bytes, Tally]:
        """All steps but the last: what to append, nothing if all was dropped, and the counts.

        Raises `RefusedError`.
        """
        parsed = parse_batch(body, self._limits)
        now = self._clock.now()
        micros = to_micros(now)
        agent = text_header(headers, b"user-agent", self._limits.agent_chars)
        sender = self._identifier.identify(parsed.envelope, headers, now)
        origin = Origin(address, agent, read_hints(headers))
        request = Request(sender, origin, says_gpc(headers), now, micros // 1000)
        room = self._live.room(len(parsed.envelope.events))
        outcome = self._pipeline.run(parsed, request, room)
        if parsed.unlisted:
            outcome.fields[Reason.UNLISTED_FIELD] += parsed.unlisted
        accepted = len(outcome.builder.entries)
        tally = Tally(accepted, outcome.dropped, outcome.fields, outcome.arrivals)
        if not accepted:
            if self._totals is not None:
                self._totals.count(parsed.envelope.events, request)
            return b"", tally
        site, source, namespace = sender.site.slug, sender.source, sender.namespace
        payload = outcome.builder.encode(
            source=source, namespace=namespace, site=site, received=micros
        )
        return payload, tally

    def answer(self, tally: Tally) -> Answer:
        """Count and tell; it comes after the append, so that only what is kept is counted."""
        self._live.count(ACCEPTED, tally.accepted)
        if tally.arrivals:
            self._live.show(tally.arrivals)
        if not tally.dropped and not tally.fields:
            return _all_kept(tally.accepted)
        for reason, number in tally.dropped.items():
            self._live.count(f"{DROPPED}:{reason}", number)
        fields = {reason: number for reason, number in tally.fields.items() if number}
        for reason, number in fields.items():
            self._live.count(f"{FIELD}:{reason}", number)
        told = {"accepted": tally.accepted, "dropped": tally.dropped}
        if fields:
            told["fields"] = fields
        return Answer(200, _encode(told), (JSON_TYPE, _NO_STORE))

    def refuse(self, error: RefusedError) -> Answer:
        """Count a refusal, and tell it."""
        self._live.count(f"{REFUSED}:{error.reason}")
        return refusal(error, self._limits)


@cache
def _all_kept(accepted: int) -> Answer:
    """The answer to nearly all batches; a batch has at most a hundred events."""
    return Answer(200, _encode({"accepted": accepted, "dropped": {}}), (JSON_TYPE, _NO_STORE))


def refusal_of(error: LogError) -> RefusedError:
    """What is said when the log could not keep a batch."""
    if isinstance(error, PayloadTooLargeError):
        return RefusedError(Reason.BODY_TOO_LARGE)
    return RefusedError(Reason.LOG_FULL if isinstance(error, LogFullError) else Reason.LOG_FAILED)


def refusal(error: RefusedError, limits: Limits) -> Answer:
    """The answer to a request that is refused whole."""
    told = {"error": {"reason": error.reason.value, "what": error.what, "remedy": error.remedy}}
    headers = [JSON_TYPE, _NO_STORE]
    if error.status in {429, 503}:
        headers.append((b"retry-after", b"%d" % limits.retry_after_seconds))
    return Answer(error.status, _encode(told), tuple(headers))


_encode = msgspec.json.Encoder().encode
