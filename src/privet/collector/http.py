"""The little of HTTP that the collector needs: a request's headers, its body, an answer."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, NamedTuple

from privet.collector.limits import Limits
from privet.collector.reasons import Reason, RefusedError
from privet.collector.working import WorkingTime

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]

_TYPES = frozenset({b"application/json", b"text/plain"})
_REPEATABLE = frozenset({b"cookie", b"x-forwarded-for", b"sec-gpc"})
_JOINERS = {b"cookie": b"; "}


class Answer(NamedTuple):
    """What goes back."""

    status: int
    body: bytes = b""
    headers: tuple[Header, ...] = ()


def read_headers(pairs: Iterable[Header]) -> dict[bytes, bytes]:
    """Headers by lower-case name. Of those that may be repeated all values are joined."""
    pairs = pairs if isinstance(pairs, list) else list(pairs)
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    found = {}
    for name, value in pairs:
        if name in _REPEATABLE and name in found:
            found[name] += _JOINERS.get(name, b", ") + value
        else:
            found[name] = value
    return found


def text_header(headers: dict[bytes, bytes], name: bytes, longest: int = 1024) -> str:
    """A header's value as text, cut; empty if it is not there."""
    return headers.get(name, b"")[:longest].decode("latin-1")


def says_gpc(headers: dict[bytes, bytes]) -> bool:
    """Whether ``Sec-GPC`` is exactly ``1``, once among however many it was sent."""
    value = headers.get(b"sec-gpc")
    return value is not None and b"1" in (part.strip() for part in value.split(b","))


class Pace:
    """Ends the reading of bodies that take too long, at the cost of two dictionary accesses each.

    A timer for each request would cost more than reading its body.
    """

    def __init__(self, limits: Limits, monotonic: Callable[[], float]) -> None:
        self._limits = limits
        self._time = WorkingTime(monotonic)
        self._began: dict[asyncio.Task[Any], float] = {}
        self._late: set[asyncio.Task[Any]] = set()

    async def read_body(self, headers: dict[bytes, bytes], receive: Receive) -> bytes:
        """The whole body; raises `RefusedError` if its form, its size or its pace is wrong."""
        check_form(headers, self._limits)
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("A body is read outside of a task.")
        self._began[task] = self._time.seconds
        try:
            message = await receive()
            if message.get("more_body") or message["type"] != "http.request":
                return await _receive_rest(message, receive, self._limits.body_bytes)
        except asyncio.CancelledError:
            if task not in self._late:
                raise
            task.uncancel()
            raise RefusedError(Reason.BODY_TOO_SLOW) from None
        finally:
            del self._began[task]
            self._late.discard(task)
        body: bytes = message.get("body", b"")
        if len(body) > self._limits.body_bytes:
            raise RefusedError(Reason.BODY_TOO_LARGE)
        return body

    def sweep(self) -> None:
        """End those that are too late; call it about every second."""
        latest = self._time.look() - self._limits.body_seconds
        for task, began in list(self._began.items()):
            if began > latest:
                return  # The others began later.
            if task not in self._late:
                self._late.add(task)
                task.cancel()


def check_form(headers: dict[bytes, bytes], limits: Limits) -> None:
    kind = headers.get(b"content-type", b"")
    if kind not in _TYPES and kind.partition(b";")[0].strip().lower() not in _TYPES:
        raise RefusedError(Reason.CONTENT_TYPE)
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise RefusedError(Reason.CONTENT_ENCODING)
    length = headers.get(b"content-length", b"")
    if length.isdigit() and (len(length) > 12 or int(length) > limits.body_bytes):
        raise RefusedError(Reason.BODY_TOO_LARGE)


async def _receive_rest(
    message: MutableMapping[str, Any], receive: Receive, limit_bytes: int
) -> bytes:
    """The body of which ``message`` brought the beginning."""
    parts: list[bytes] = [message.get("body", b"")]
    size = len(parts[0])
    while message.get("more_body", False):
        if size > limit_bytes:
            break
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RefusedError(Reason.BODY_INCOMPLETE)
        parts.append(message.get("body", b""))
        size += len(parts[-1])
    if message["type"] == "http.disconnect":
        raise RefusedError(Reason.BODY_INCOMPLETE)
    if size > limit_bytes:
        raise RefusedError(Reason.BODY_TOO_LARGE)
    return b"".join(parts)


async def send_answer(send: Send, answer: Answer, extra: Iterable[Header] = ()) -> None:
    """Send an answer with its length and further headers."""
    length = (b"content-length", b"%d" % len(answer.body))
    headers = [length, *answer.headers, *extra]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
