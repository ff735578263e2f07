"""A server for collecting alone: what is under ``/t/``, and ``/metrics``, and nothing else."""

import asyncio
import signal
import time
from collections.abc import Callable
from email.utils import formatdate

from privet.collector.app import CollectorApp, application
from privet.collector.assembly import Parts
from privet.collector.conversation import Conversation
from privet.collector.working import LOOK_SECONDS, WorkingTime
from privet.kernel.errors import PrivetError

MOST_CONNECTIONS = 10_000
MOST_HELD_BYTES = 256 * 1024 * 1024
"""What arrives and what waits for the disk may take so much memory; beyond it, clients get 503."""
_QUEUE = 1024
"""Connections that the system keeps until they are taken."""
_LAST_ANSWERS_SECONDS = 10.0


class CannotListenError(PrivetError):
    """The address or the port cannot be had."""


class DirectServer:
    """The connections of one process, and what they share."""

    def __init__(
        self,
        app: CollectorApp,
        parts: Parts,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        most_connections: int = MOST_CONNECTIONS,
        most_held_bytes: int = MOST_HELD_BYTES,
    ) -> None:
        self.app = app
        self.parts = parts
        self._monotonic = monotonic
        self._most_connections = most_connections
        self.most_held_bytes = most_held_bytes
        self.held_bytes = 0
        self._conversations: set[Conversation] = set()
        self._time = WorkingTime(monotonic)
        self.seconds = self._time.seconds
        self.date = b""
        self.look()

    def greet(self, conversation: Conversation) -> bool:
        """Take a connection in; false if there are too many."""
        if len(self._conversations) >= self._most_connections:
            return False
        self._conversations.add(conversation)
        return True

    def part(self, conversation: Conversation) -> None:
        """Forget a connection."""
        self._conversations.discard(conversation)

    def look(self) -> None:
        """Look at the clocks, and end the connections that are too slow; once a second."""
        self.seconds = self._time.look()
        self.date = f"date: {formatdate(usegmt=True)}\r\n".encode()
        for conversation in list(self._conversations):
            conversation.end_if_late(self.seconds, self.parts.limits.body_seconds)

    async def end(self) -> None:
        """Take no more requests, and answer those that wait for the disk."""
        until = self._monotonic() + _LAST_ANSWERS_SECONDS
        for conversation in list(self._conversations):
            conversation.end()
        while any(c.is_waiting for c in self._conversations) and self._monotonic() < until:
            await asyncio.sleep(0.01)


async def serve_direct(
    *,
    host: str,
    port: int,
    stop: asyncio.Event,
    app: CollectorApp = application,
    on_ready: Callable[[int], None] = lambda _: None,
) -> None:
    """Serve until ``stop`` is set; ``on_ready`` is told the port.

    Several processes may have one port: the system shares the connections out among them.
    Raises `CannotListenError`.
    """
    parts = await app.start()
    try:
        hub = DirectServer(app, parts)
        server = await _listen(lambda: Conversation(hub), host, port)
        on_ready(server.sockets[0].getsockname()[1])
        while not stop.is_set():
            hub.look()
            await _wait(stop, LOOK_SECONDS)
        server.close()
        await hub.end()
    finally:
        await app.stop()


async def _listen(talk: Callable[[], Conversation], host: str, port: int) -> asyncio.Server:
    loop = asyncio.get_running_loop()
    try:
        return await loop.create_server(talk, host, port, reuse_port=True, backlog=_QUEUE)
    except OSError as error:
        raise CannotListenError(
            f"The server cannot listen on port {port} of {host}.",
            remedy="Say another with --host and --port, or end what uses it.",
        ) from error


async def serve_until_signalled(*, host: str, port: int, on_ready: Callable[[int], None]) -> None:
    """`serve_direct` until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await serve_direct(host=host, port=port, stop=stop, on_ready=on_ready)


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        pass
