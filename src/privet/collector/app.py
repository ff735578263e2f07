"""The collector as an ASGI application: its paths, its start and its stop."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from typing import Protocol

from privet.collector.assembly import Parts, assemble
from privet.collector.collect import JSON_TYPE, refusal
from privet.collector.cors import is_known_origin, origin_headers, preflight
from privet.collector.gauges import read_gauges
from privet.collector.http import (
    Answer,
    Receive,
    Scope,
    Send,
    read_headers,
    send_answer,
    text_header,
)
from privet.collector.metrics import TYPE, Gauge, render
from privet.collector.reasons import Reason, RefusedError
from privet.events.live import FLUSH_SECONDS
from privet.kernel.errors import place_of

_log = logging.getLogger(__name__)


class Assemble(Protocol):
    """Makes all parts of a collector; it is called when the server starts."""

    def __call__(self) -> Parts: ...


class CollectorApp:
    """Routes requests under ``/t/`` and ``/metrics``; catches what nobody foresaw."""

    def __init__(self, make: Assemble) -> None:
        self._make = make
        self._parts: Parts | None = None
        self._flusher: asyncio.Task[None] | None = None
        self._routes: dict[str, Callable[[Parts, Scope, dict[bytes, bytes]], Answer]] = {
            "/t/privet.js": lambda parts, _, headers: parts.script.answer(headers),
            "/t/health": lambda parts, *_: _health(parts),
            "/metrics": lambda parts, *_: _metrics(parts),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or take part in the server's start and stop."""
        if scope["type"] == "lifespan":
            await self._live_through(receive, send)
        elif scope["type"] == "http":
            await self._serve(scope, receive, send)

    async def start(self) -> Parts:
        """Make the parts; safe to call again."""
        if self._parts is None:
            self._parts = await asyncio.to_thread(self._make)
            self._flusher = asyncio.create_task(_tend(self._parts))
        return self._parts

    async def stop(self) -> None:
        """Seal the log and give everything up."""
        parts, self._parts = self._parts, None
        if self._flusher is not None:
            self._flusher.cancel()
        if parts is not None:
            await asyncio.to_thread(parts.close)

    async def _live_through(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        parts = self._parts or await self.start()
        headers = read_headers(scope["headers"])
        origin = headers.get(b"origin", b"")
        is_known = bool(origin) and is_known_origin(
            text_header(headers, b"origin"), parts.consent.sites
        )
        try:
            if scope["path"] == "/t/events" and scope["method"] == "POST":
                answer = await parts.collector.collect(scope, headers, receive)
            else:
                answer = self.answer(parts, scope, headers, is_known=is_known)
        except RefusedError as error:
            answer = refusal(error, parts.limits)
        except Exception as error:  # noqa: BLE001 - a door: the fault gets a number, no text
            answer = fault(error, parts)
        await send_answer(send, answer, origin_headers(origin, is_known=is_known))

    def answer(
        self, parts: Parts, scope: Scope, headers: dict[bytes, bytes], *, is_known: bool
    ) -> Answer:
        """The answer to all but a batch: it waits for nothing. Raises `RefusedError`."""
        path, method = scope["path"], scope["method"]
        if path == "/t/events":
            if method == "OPTIONS":
                return preflight(headers.get(b"origin", b""), is_known=is_known)
            raise RefusedError(Reason.METHOD)
        route = self._routes.get(path)
        if route is None:
            raise RefusedError(Reason.NOT_FOUND)
        if method not in {"GET", "HEAD"}:
            raise RefusedError(Reason.METHOD, remedy="Use GET.")
        return route(parts, scope, headers)


def fault(error: Exception, parts: Parts) -> Answer:
    """Log the kind and the place of what nobody foresaw: its text may quote what was sent."""
    number = secrets.token_hex(6)
    _log.error("Fault %s: %s at %s", number, type(error).__name__, place_of(error))
    parts.live.count(f"refused:{Reason.FAULT}")
    return refusal(RefusedError(Reason.FAULT, what=f"Fault {number}."), parts.limits)


def _health(parts: Parts) -> Answer:
    """Whether the collector takes events; a stale snapshot only makes everybody undecided."""
    is_stale = parts.consent.is_stale(parts.clock.now())
    body = b'{"status":"ok","consent":"%b"}' % (b"stale" if is_stale else b"fresh")
    return Answer(200, body, (JSON_TYPE, (b"cache-control", b"no-store")))


def _metrics(parts: Parts) -> Answer:
    now = parts.clock.now()
    gauges = {
        "privet_collector_consent_stale": Gauge(
            float(parts.consent.is_stale(now)), "1 while everybody counts as undecided."
        ),
        "privet_collector_clients": Gauge(
            len(parts.collector.rate), "Addresses whose rate is known."
        ),
        **read_gauges(parts.config, now=now),
    }
    return Answer(200, render(parts.all_counters(), gauges), ((b"content-type", TYPE),))


async def _tend(parts: Parts) -> None:
    while True:
        await asyncio.sleep(FLUSH_SECONDS)
        parts.collector.pace.sweep()
        try:
            parts.live.flush()
            parts.totals.flush_if_due()
        except OSError as error:
            # A full disk must not end the view for ever; counters stay in memory until then.
            _log.warning("The live view was not written: %s", type(error).__name__)


application = CollectorApp(assemble)
