"""A load generator: keep-alive connections on one thread, one request in flight on each.

It runs in a process of its own, with bodies made beforehand in which only the event ids change; it
can be kept to one core. Against a server that answers at once it sends some 26,000 requests/s.
"""

import json
import os
import re
import selectors
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import cycle
from multiprocessing import get_context
from typing import Any

ID_DIGITS = 12
"""How many of an id's last hexadecimal digits the generator rewrites."""


@dataclass(frozen=True, kw_only=True)
class Template:
    """A whole request, and where in it the changing digits of each event's id stand."""

    raw: bytes
    offsets: tuple[int, ...]

    def fresh(self, number: int) -> bytearray:
        """The request with ids that no other number gives."""
        request = bytearray(self.raw)
        for offset in self.offsets:
            request[offset : offset + ID_DIGITS] = b"%012x" % number
            number += 1
        return request


@dataclass(kw_only=True)
class Result:
    """What a run saw."""

    seconds: float
    requests: int
    statuses: dict[int, int]
    latencies: list[float] = field(repr=False)
    """Seconds, sorted."""

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    def quantile_ms(self, share: float) -> float:
        """The latency that this share of the requests did not exceed, in milliseconds."""
        if not self.latencies:
            return 0.0
        return 1000 * self.latencies[min(len(self.latencies) - 1, int(share * len(self.latencies)))]


def make_template(
    path: str, headers: Mapping[str, str], body: Mapping[str, Any] | list[Any], port: int
) -> Template:
    """A POST of a JSON body; every value ``"id"`` of its events gets changing digits."""
    text = json.dumps(body, separators=(",", ":")).encode()
    lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{k}: {v}" for k, v in headers.items()] + [f"Content-Length: {len(text)}"]
    raw = "\r\n".join(lines).encode() + b"\r\n\r\n" + text
    offsets = tuple(found.end() - ID_DIGITS for found in _ID.finditer(raw))
    return Template(raw=raw, offsets=offsets)


def run_load(
    templates: list[Template],
    *,
    port: int,
    seconds: float,
    connections: int,
    per_second: float | None = None,
    start: int = 0,
    core: int | None = None,
) -> Result:
    """Load a server for some seconds from another process; at a fixed rate if one is given.

    At a fixed rate a latency counts from when the request was due, so that a server that stalls
    is not spared what it kept waiting.
    """
    context = get_context("spawn")
    mine, theirs = context.Pipe()
    task = (templates, port, seconds, connections, per_second, start)
    process = context.Process(target=_work, args=(theirs, task), daemon=True)
    process.start()
    theirs.close()
    if core is not None and process.pid:
        os.sched_setaffinity(process.pid, {core})
    result: Result = mine.recv()
    process.join()
    return result


def _work(pipe: Any, task: tuple[Any, ...]) -> None:
    pipe.send(_Generator(*task).run())
    pipe.close()


class _Generator:
    def __init__(  # noqa: PLR0917 - they come through a pipe
        self,
        templates: list[Template],
        port: int,
        seconds: float,
        connections: int,
        per_second: float | None,
        start: int,
    ) -> None:
        self._templates = cycle(templates)
        self._port = port
        self._seconds = seconds
        self._rate = per_second
        self._number = start
        self._selector = selectors.DefaultSelector()
        self._idle = [self._connect() for _ in range(connections)]
        self._due: dict[socket.socket, float] = {}
        self._statuses: dict[int, int] = {}
        self._latencies: list[float] = []
        self._sent = 0

    def run(self) -> Result:
        began = time.perf_counter()
        until = began + self._seconds
        while (now := time.perf_counter()) < until:
            self._fill(began, now)
            for key, _ in self._selector.select(0.002 if self._idle else 1.0):
                self._take(key.fileobj)
        spent = time.perf_counter() - began
        self._latencies.sort()
        return Result(
            seconds=spent,
            requests=len(self._latencies),
            statuses=self._statuses,
            latencies=self._latencies,
        )

    def _fill(self, began: float, now: float) -> None:
        """Send on idle connections: all of them, or as many as are due by now."""
        while self._idle:
            due = now
            if self._rate is not None:
                due = began + self._sent / self._rate
                if due > now:
                    return
            self._send(self._idle.pop(), due)

    def _send(self, connection: socket.socket, due: float) -> None:
        template = next(self._templates)
        self._number += len(template.offsets)
        self._sent += 1
        self._due[connection] = due
        connection.sendall(template.fresh(self._number))

    def _take(self, connection: Any) -> None:
        try:
            answer = connection.recv(65536)
        except ConnectionResetError:
            answer = b""
        if not answer:
            self._selector.unregister(connection)
            self._statuses[0] = self._statuses.get(0, 0) + 1
            self._idle.append(self._connect())
            return
        head, _, body = answer.partition(b"\r\n\r\n")
        length = _length_of(head)
        while len(body) < length:
            body += connection.recv(65536)
        status = int(head[9:12])
        self._statuses[status] = self._statuses.get(status, 0) + 1
        self._latencies.append(time.perf_counter() - self._due[connection])
        self._idle.append(connection)

    def _connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self._port))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._selector.register(connection, selectors.EVENT_READ)
        return connection


def _length_of(head: bytes) -> int:
    at = head.lower().find(b"content-length:")
    return 0 if at == -1 else int(head[at + 15 :].split(b"\r\n", 1)[0])


_ID = re.compile(rb'"id":"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}')
