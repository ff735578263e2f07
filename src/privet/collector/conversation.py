"""HTTP/1.1 straight from a connection to the collector, in the thread of the event loop.

A general server hands each request over four times between its threads and builds for it what ASGI
promises. Here a request is read by `httptools` (Node's parser), prepared where it stands, and
answered when the log says that it is durable. See docs/decisions/0008-a-server-for-collecting.md.
"""

import asyncio
from collections import deque
from functools import lru_cache
from http import HTTPStatus
from typing import Protocol, cast
from urllib.parse import unquote_to_bytes

import httptools

from privet.collector.app import CollectorApp, fault
from privet.collector.assembly import Parts
from privet.collector.client import Address
from privet.collector.collect import Tally, refusal, refusal_of
from privet.collector.cors import is_known_origin, origin_headers
from privet.collector.http import Answer, Header, check_form, read_headers, text_header
from privet.collector.reasons import Reason, RefusedError
from privet.events.log import LogError, LogFailedError

HEAD_BYTES = 64 * 1024
"""A request's line and headers may be so long."""
_PIECE_BYTES = 16 * 1024
"""So much is read at a time. What ends within a head is counted with it, up to this much: many
requests that arrive together are not one long head."""
MOST_WAITING = 32
"""Requests of one connection that wait for their answers; it is not read from beyond that."""
IDLE_SECONDS = 75.0
_READ_ON = 4
"""A body that is up to so many times too large is read to its end: who is cut off while it sends
may never see the answer."""
_EVENTS = "/t/events"


class Hub(Protocol):
    """What the connections of one process share; see `privet.collector.direct`."""

    app: CollectorApp
    parts: Parts
    seconds: float
    """How long the process has worked, as of the last look; one look a second."""
    held_bytes: int
    """Bodies that are arriving, and batches that wait for the disk."""
    most_held_bytes: int
    date: bytes
    """The header ``Date`` of this second, with its end of line."""

    def greet(self, conversation: "Conversation") -> bool: ...

    def part(self, conversation: "Conversation") -> None: ...


class Conversation(asyncio.Protocol):
    """One connection: its requests are answered in their order."""

    # The request that is arriving:
    _url: bytes
    _pairs: list[Header]
    _headers: dict[bytes, bytes]
    _body: list[bytes]
    _size: int
    _path: str
    _method: str
    _address: Address | None
    _refused: RefusedError | None
    _is_batch: bool
    _is_in_head: bool

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._parser = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport | None = None
        self._peer = ""
        self._waiting: deque[_Reply] = deque()
        self._is_ending = self._is_paused = False
        self._head_bytes = 0
        self.is_receiving = False
        self.since = hub.seconds
        """When the request that is arriving began, or else the last one was answered."""
        self._begin()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet a client, unless there are too many."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one but for its class.
        peer = transport.get_extra_info("peername")
        self._peer = peer[0] if isinstance(peer, tuple) else ""
        if not self._hub.greet(self):
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - the protocol's
        """What waits for the disk is stored all the same, and counted."""
        self._transport = None
        self._let_go()
        self._hub.part(self)

    def data_received(self, data: bytes) -> None:
        """Read what came, as far as the connection is not to be ended."""
        for start in range(0, len(data), _PIECE_BYTES):
            self._read(data[start : start + _PIECE_BYTES])

    def _read(self, piece: bytes) -> None:
        if self._is_ending:
            return
        try:
            self._parser.feed_data(piece)
        except httptools.HttpParserUpgrade:
            self.end()
        except httptools.HttpParserError:
            self._break_off(HTTPStatus.BAD_REQUEST)
        if self._is_in_head and not self._is_ending:
            self._head_bytes += len(piece)
            if self._head_bytes > HEAD_BYTES + _PIECE_BYTES:
                self._break_off(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def eof_received(self) -> bool:
        """A client that sends no more still gets its answers."""
        self.end()
        return self.is_waiting

    def pause_writing(self) -> None:
        """A client that does not read its answers is not asked for more."""
        self._is_paused = True
        self._pace()

    def resume_writing(self) -> None:
        """It reads again."""
        self._is_paused = False
        self._pace()

    # What the parser calls: nothing here may raise.

    def on_message_begin(self) -> None:
        """A request begins."""
        self.is_receiving = True
        self.since = self._hub.seconds
        self._begin()

    def on_url(self, url: bytes) -> None:
        """A part of the address."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header."""
        self._pairs.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Let the request in before its body is read, or refuse it."""
        self._is_in_head, self._head_bytes = False, 0
        if self._is_ending:
            return
        self._headers = headers = read_headers(self._pairs)
        self._path = _path_of(self._url)
        self._method = self._parser.get_method().decode()
        if self._path == _EVENTS and self._method == "POST":
            self._is_batch = True
            try:
                self._address = self._hub.parts.collector.admit(self._peer, headers)
                check_form(headers, self._hub.parts.limits)
            except RefusedError as error:
                self._refused = error
        waits = b"expect" in headers and not self._waiting and self._refused is None
        if waits and self._transport is not None:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, part: bytes) -> None:
        """A part of the body; that of a refused request is passed over."""
        if self._is_ending:
            return
        hub = self._hub
        self._size += len(part)
        limit = hub.parts.limits.body_bytes
        if self._size > limit:
            self._let_go()
            self._refused = self._refused or RefusedError(Reason.BODY_TOO_LARGE)
            if self._size > _READ_ON * limit:
                self._break_off(self._refused)
        elif self._is_batch and self._refused is None:
            self._body.append(part)
            hub.held_bytes += len(part)
            if hub.held_bytes > hub.most_held_bytes:
                self._break_off(HTTPStatus.SERVICE_UNAVAILABLE)

    def on_message_complete(self) -> None:
        """The whole request is there: answer it, or have it written first."""
        self.is_receiving = False
        if self._is_ending:
            return
        is_last = not self._parser.should_keep_alive()
        origin = self._headers.get(b"origin", b"")
        reply = _Reply(self, self._hub, origin, is_last=is_last, is_head=self._method == "HEAD")
        self._waiting.append(reply)
        self._answer(reply)
        self._let_go()
        if len(self._waiting) > MOST_WAITING:
            self._pace()

    # What the hub calls.

    def end_if_late(self, seconds: float, body_seconds: float) -> None:
        """End the connection if a request takes too long to arrive, or none came for long.

        While nothing is read from it, its client is not the one who is slow.
        """
        if self._is_held_back:
            self.since = seconds
        age = seconds - self.since
        if self.is_receiving and age > body_seconds:
            self._break_off(RefusedError(Reason.BODY_TOO_SLOW))
        elif not self.is_receiving and not self._waiting and age > IDLE_SECONDS:
            self.end()

    def end(self) -> None:
        """Take no more requests; those that wait are answered first."""
        self._is_ending = True
        if not self._waiting and self._transport is not None:
            self._transport.close()

    @property
    def is_waiting(self) -> bool:
        """Whether a request waits for its answer."""
        return bool(self._waiting)

    def give(self) -> None:
        """Send the answers that are there and whose turn it is."""
        hub, transport = self._hub, self._transport
        is_full = len(self._waiting) > MOST_WAITING
        self.since = hub.seconds
        while self._waiting and (text := self._waiting[0].text):
            reply = self._waiting.popleft()
            if transport is None:
                continue
            transport.write(text)
            if reply.is_last:
                self._is_ending = True
        if self._is_ending and not self._waiting and transport is not None:
            transport.close()
        elif is_full:
            self._pace()

    @property
    def _is_held_back(self) -> bool:
        """Whether the client is to wait: it does not read, or too many answers are due."""
        return self._is_paused or len(self._waiting) > MOST_WAITING

    def _begin(self) -> None:
        self._is_in_head, self._is_batch = True, False
        self._url, self._path, self._method = b"", "", ""
        self._pairs, self._headers = [], {}
        self._body, self._size = [], 0
        self._refused = self._address = None

    def _let_go(self) -> None:
        """Give up what is held of a body."""
        if self._body:
            self._hub.held_bytes -= sum(map(len, self._body))
            self._body = []

    def _break_off(self, why: RefusedError | HTTPStatus) -> None:
        """Answer at once what is not worth reading to its end, and end the connection."""
        if self._is_ending:
            return
        self._is_ending, self.is_receiving = True, False
        self._let_go()
        reply = _Reply(self, self._hub, self._headers.get(b"origin", b""), is_last=True)
        self._waiting.append(reply)
        if isinstance(why, RefusedError):
            reply.give(self._hub.parts.collector.refuse(why))
        else:
            reply.give(Answer(why.value))

    def _pace(self) -> None:
        """Read on, or let the client wait."""
        if self._transport is None or self._transport.is_closing():
            return
        if self._is_held_back:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def _answer(self, reply: "_Reply") -> None:
        parts = self._hub.parts
        try:
            if self._refused is not None:
                raise self._refused
            if not self._is_batch:
                reply.give(self._answer_at_once(parts))
                return
            body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
            payload, reply.tally = parts.collector.prepare(body, self._headers, self._address)
            if payload:
                reply.hold(len(payload))
                parts.log.append_then(payload, reply.settle)
            else:
                reply.settle(None)
        except RefusedError as error:
            is_batch = self._is_batch
            reply.give(parts.collector.refuse(error) if is_batch else refusal(error, parts.limits))
        except LogError as error:
            reply.settle(error)
        except Exception as error:  # noqa: BLE001 - a door: the fault gets a number, no text
            reply.give(fault(error, parts))

    def _answer_at_once(self, parts: Parts) -> Answer:
        scope = {"path": self._path, "method": self._method}
        origin = text_header(self._headers, b"origin")
        is_known = is_known_origin(origin, parts.consent.sites)
        return self._hub.app.answer(parts, scope, self._headers, is_known=is_known)


class _Reply:
    """The answer to one request, from when the request is there until its turn comes."""

    __slots__ = (
        "_conversation",
        "_held_bytes",
        "_hub",
        "_is_head",
        "_origin",
        "is_last",
        "tally",
        "text",
    )

    def __init__(
        self,
        conversation: Conversation,
        hub: Hub,
        origin: bytes,
        *,
        is_last: bool,
        is_head: bool = False,
    ) -> None:
        self._conversation = conversation
        self._hub = hub
        self._origin = origin
        self._is_head = is_head
        self.is_last = is_last
        self.tally: Tally | None = None
        self.text = b""
        self._held_bytes = 0

    def hold(self, size_bytes: int) -> None:
        """Count a batch that waits for the disk."""
        self._held_bytes = size_bytes
        self._hub.held_bytes += size_bytes

    def settle(self, error: LogError | None) -> None:
        """Answer a batch that is durable, or was not kept; the log calls it."""
        parts = self._hub.parts
        try:
            if error is not None or self.tally is None:
                answer = parts.collector.refuse(refusal_of(error or LogFailedError()))
            else:
                answer = parts.collector.answer(self.tally)
        except Exception as unforeseen:  # noqa: BLE001 - a door, as above
            answer = fault(unforeseen, parts)
        self.give(answer)

    def give(self, answer: Answer) -> None:
        """Have it sent when its turn comes."""
        self._hub.held_bytes -= self._held_bytes
        self._held_bytes = 0
        origin = self._origin
        sites = self._hub.parts.consent.sites
        is_known = bool(origin) and is_known_origin(origin.decode("latin-1"), sites)
        head, rest = _written(answer, origin, is_known, self.is_last, self._is_head)
        self.text = head + self._hub.date + rest
        self._conversation.give()


@lru_cache(maxsize=256)
def _written(
    answer: Answer, origin: bytes, is_known: bool, is_last: bool, is_head: bool
) -> tuple[bytes, bytes]:
    """An answer as it is sent, but for the date that stands between its two parts."""
    status = HTTPStatus(answer.status)
    headers = [*answer.headers, *origin_headers(origin, is_known=is_known)]
    if status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}:
        headers.append((b"content-length", b"%d" % len(answer.body)))
    if is_last:
        headers.append((b"connection", b"close"))
    lines = b"".join([b"%b: %b\r\n" % header for header in headers])
    head = b"HTTP/1.1 %d %b\r\n" % (status.value, status.phrase.encode())
    return head, lines + b"\r\n" + (b"" if is_head else answer.body)


@lru_cache(maxsize=256)
def _path_of(url: bytes) -> str:
    """The path of a request's address without its query, as ASGI has it."""
    path = url.partition(b"?")[0]
    if not path.startswith(b"/"):  # As clients of a proxy write it: the whole address.
        path = b"/" + path.partition(b"://")[2].partition(b"/")[2]
    return unquote_to_bytes(path).decode(errors="replace")
