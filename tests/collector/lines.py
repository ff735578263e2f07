"""Connections to the server for collecting alone, as a test speaks over them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from privet.collector.direct import serve_direct
from privet.events.record import Batch
from tests.collector.kit import ALICE_AGENT, ORIGIN, Rig

_PATIENCE_SECONDS = 300


class Line:
    """A client's end of a connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def answer(self, *, of_head: bool = False) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the next answer."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in lines)
            size = 0 if of_head else int(headers.get("content-length", 0))
            return int(first.split()[1]), headers, await self.reader.readexactly(size)

    async def is_ended(self) -> bool:
        """Wait for the server to end the connection; whether it sent nothing more."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            with suppress(ConnectionResetError):
                return await self.reader.read() == b""
        return True


@asynccontextmanager
async def serving(rig: Rig) -> AsyncIterator[Callable[[], Awaitable[Line]]]:
    """The rig behind the server; gives what makes a connection to it."""
    stop, port = asyncio.Event(), asyncio.get_running_loop().create_future()
    task = asyncio.create_task(
        serve_direct(host="127.0.0.1", port=0, stop=stop, app=rig.app, on_ready=port.set_result)
    )
    lines: list[Line] = []

    async def connect() -> Line:
        lines.append(Line(*await asyncio.open_connection("127.0.0.1", await port)))
        return lines[-1]

    try:
        yield connect
    finally:
        stop.set()
        await task
        for line in lines:
            line.writer.close()


def post(body: bytes, *more: str, path: str = "/t/events") -> bytes:
    """A request as Alice's browser writes it."""
    head = [
        f"POST {path} HTTP/1.1", "Host: hedge.example", "Content-Type: application/json",
        f"Origin: {ORIGIN}", f"User-Agent: {ALICE_AGENT}", *more,
    ]  # fmt: skip
    if not any(line.lower().startswith("transfer-encoding") for line in more):
        head.append(f"Content-Length: {len(body)}")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def run(rig: Rig, scenario: Callable[[Line], Awaitable[None]]) -> list[Batch]:
    """Run a scenario on one connection, end the server, and return what it stored."""

    async def whole() -> None:
        async with serving(rig) as connect:
            await scenario(await connect())

    asyncio.run(whole())
    return rig.stored()
