"""The server for collecting alone: HTTP over real connections, spoken well and badly."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from privet.collector.conversation import HEAD_BYTES, IDLE_SECONDS, MOST_WAITING, Conversation
from privet.collector.direct import CannotListenError, DirectServer, serve_direct
from privet.collector.limits import LIMITS
from privet.consent.rules import ALL_CHOICES
from privet.events.log import LogError, LogFullError
from privet.events.record import Batch
from tests.collector.kit import ALICE_AGENT, API_KEY, ORIGIN, Rig, allows

_PATIENCE_SECONDS = 120


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


@pytest.fixture
def agreed(rig: Rig) -> Rig:
    """Alice has allowed everything."""
    rig.decide("alice", allows())
    return rig


def test_a_batch_is_stored_and_answered_as_behind_any_server(agreed: Rig) -> None:
    async def scenario(line: Line) -> None:
        line.send(post(agreed.batch(token=agreed.token())))
        status, headers, body = await line.answer()
        assert (status, body) == (200, b'{"accepted":1,"dropped":{}}')
        assert headers["access-control-allow-origin"] == ORIGIN
        assert headers["content-type"] == "application/json"
        assert headers["date"].endswith("gmt")

    stored = run(agreed, scenario)
    assert [len(batch.entries) for batch in stored] == [1]


def test_requests_of_one_connection_are_answered_in_their_order(agreed: Rig) -> None:
    async def scenario(line: Line) -> None:
        batch = post(agreed.batch(token=agreed.token()))
        health = b"GET /t/health HTTP/1.1\r\nHost: x\r\n\r\n"
        line.send(batch + health + post(b"[") + batch)
        statuses = [(await line.answer())[0] for _ in range(4)]
        assert statuses == [200, 200, 400, 200]

    assert len(run(agreed, scenario)) == 2


def test_more_requests_at_once_than_may_wait_are_all_answered(agreed: Rig) -> None:
    many = 5 * MOST_WAITING

    async def scenario(line: Line) -> None:
        for _ in range(many):
            line.send(post(agreed.batch(token=agreed.token())))
        assert {(await line.answer())[0] for _ in range(many)} == {200}

    assert len(run(agreed, scenario)) == many


def test_a_body_may_come_in_pieces_and_in_chunks(agreed: Rig) -> None:
    body = agreed.batch(token=agreed.token())
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(p), p) for p in (body[:7], body[7:])) + b"0\r\n\r\n"
    whole = post(chunks, "Transfer-Encoding: chunked")

    async def scenario(line: Line) -> None:
        for place in range(0, len(whole), 50):
            line.send(whole[place : place + 50])
            await line.writer.drain()
            await asyncio.sleep(0)
        assert (await line.answer())[0] == 200

    assert len(run(agreed, scenario)) == 1


def test_who_waits_for_leave_to_send_gets_it(agreed: Rig) -> None:
    body = agreed.batch(token=agreed.token())
    whole = post(body, "Expect: 100-continue")

    async def scenario(line: Line) -> None:
        line.send(whole[: -len(body)])
        assert (await line.answer())[0] == 100
        line.send(body)
        assert (await line.answer())[0] == 200

    assert len(run(agreed, scenario)) == 1


def test_a_header_that_comes_twice_is_joined_as_elsewhere(agreed: Rig) -> None:
    cookies = agreed.visitor_cookies(ALL_CHOICES)
    first, second = cookies.split("; ")

    async def scenario(line: Line) -> None:
        line.send(post(agreed.batch(), f"Cookie: {first}", f"Cookie: {second}"))
        status, _, body = await line.answer()
        assert (status, body) == (200, b'{"accepted":1,"dropped":{}}')

    run(agreed, scenario)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /t/health HTTP/1.1\r\nHost: x\r\n\r\n", 200),
        (b"GET http://x/t/health?a=b HTTP/1.1\r\nHost: x\r\n\r\n", 200),
        (b"GET /t/%68ealth HTTP/1.1\r\nHost: x\r\n\r\n", 200),
        (b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", 200),
        (b"GET /console HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"PUT /t/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nxx", 405),
        (b"OPTIONS /t/events HTTP/1.1\r\nHost: x\r\nOrigin: %b\r\n\r\n" % ORIGIN.encode(), 204),
    ],
)
def test_the_collectors_other_paths_are_served_and_no_others(
    rig: Rig, request_: bytes, status: int
) -> None:
    async def scenario(line: Line) -> None:
        line.send(request_ + b"GET /t/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = await line.answer()
        assert answer[0] == status
        assert ("content-length" in answer[1]) == (status != 204)
        status_then, headers, _ = await line.answer()
        assert (status_then, headers["connection"]) == (200, "close")
        assert await line.is_ended()

    run(rig, scenario)


def test_the_head_alone_is_sent_if_only_it_is_asked_for(rig: Rig) -> None:
    async def scenario(line: Line) -> None:
        line.send(b"HEAD /t/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        status, headers, _ = await line.answer(of_head=True)
        assert (status, int(headers["content-length"]) > 0) == (200, True)
        assert await line.is_ended()

    run(rig, scenario)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01 not http at all\r\n\r\n", 400),
        (
            b"POST /t/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            400,
        ),
        (
            (
                b"POST /t/events HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            ),
            400,
        ),
        (b"GET /t/health HTTP/1.1\r\nHost: x\r\nX: " + b"x" * (HEAD_BYTES + 1), 431),
    ],
)
def test_what_is_not_http_is_refused_and_the_connection_ended(
    rig: Rig, sent: bytes, status: int
) -> None:
    async def scenario(line: Line) -> None:
        line.send(sent)
        assert (await line.answer())[0] == status
        assert await line.is_ended()

    run(rig, scenario)


def test_an_offer_to_speak_another_protocol_is_answered_and_ended(rig: Rig) -> None:
    async def scenario(line: Line) -> None:
        upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
        line.send(b"GET /t/health HTTP/1.1\r\nHost: x\r\n" + upgrade + b"\r\n")
        assert (await line.answer())[0] == 200
        assert await line.is_ended()

    run(rig, scenario)


def test_a_body_that_is_too_large_is_refused_with_its_reason(agreed: Rig) -> None:
    async def scenario(line: Line) -> None:
        line.send(post(b"x" * (LIMITS.body_bytes + 1)))
        status, _, body = await line.answer()
        assert (status, b"body_too_large" in body) == (413, True)
        line.send(post(agreed.batch(token=agreed.token())))
        assert (await line.answer())[0] == 200

    assert len(run(agreed, scenario)) == 1


def test_a_body_without_end_is_cut_off(rig: Rig) -> None:
    async def scenario(line: Line) -> None:
        line.send(post(b"", "Transfer-Encoding: chunked"))
        with suppress(ConnectionError):
            for _ in range(10):
                line.send(b"%x\r\n%b\r\n" % (LIMITS.body_bytes, b"x" * LIMITS.body_bytes))
                await line.writer.drain()
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            assert (await line.answer())[0] == 413
        assert await line.is_ended()

    assert run(rig, scenario) == []


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (("Content-Encoding: gzip",), b"content_encoding"),
        (("Authorization: Bearer x",), b"bad_key"),
    ],
)
def test_a_refused_batch_is_told_why_and_the_next_is_taken(
    agreed: Rig, more: tuple[str, ...], reason: bytes
) -> None:
    async def scenario(line: Line) -> None:
        batch = agreed.batch(token=agreed.token())
        line.send(post(batch, *more) + post(batch))
        assert reason in (await line.answer())[2]
        assert (await line.answer())[0] == 200

    assert len(run(agreed, scenario)) == 1


def test_what_nobody_decided_about_is_dropped_and_answered_at_once(rig: Rig) -> None:
    async def scenario(line: Line) -> None:
        line.send(post(rig.batch()))
        assert (await line.answer())[2] == b'{"accepted":0,"dropped":{"undecided":1}}'

    assert run(rig, scenario) == []


def test_who_sends_no_more_is_answered_all_the_same(agreed: Rig) -> None:
    async def scenario(line: Line) -> None:
        line.send(post(agreed.batch(token=agreed.token())))
        await line.writer.drain()
        line.writer.write_eof()
        assert (await line.answer())[0] == 200

    assert len(run(agreed, scenario)) == 1


def test_a_fault_nobody_foresaw_tells_a_number_and_no_text(tmp_path: Path) -> None:
    class BrokenLog:
        log_id = "collector-broken"

        def append_then(self, *_: object) -> None:
            raise ValueError("alice@hedge.example")

        def close(self) -> None:
            pass

    rig = Rig(tmp_path, log=BrokenLog())
    rig.decide("alice", allows())

    async def scenario(line: Line) -> None:
        line.send(post(rig.batch(token=rig.token())))
        status, _, body = await line.answer()
        assert (status, b"fault" in body, b"alice" in body) == (500, True, False)

    run(rig, scenario)


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    class FullLog:
        log_id = "collector-full"

        def append_then(self, _: bytes, settle: Callable[[LogError | None], None]) -> None:
            asyncio.get_running_loop().call_soon(settle, LogFullError())

        def close(self) -> None:
            pass

    rig = Rig(tmp_path, log=FullLog())
    rig.decide("alice", allows())

    async def scenario(line: Line) -> None:
        line.send(post(rig.batch(token=rig.token())))
        status, _, body = await line.answer()
        assert (status, b"log_full" in body) == (503, True)

    run(rig, scenario)


class _Wire:
    """What a conversation writes to, in a test that sets the clock by hand."""

    def __init__(self) -> None:
        self.written = b""
        self.is_closed = self.is_paused = False

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        self.is_closed = True

    def is_closing(self) -> bool:
        return self.is_closed

    def pause_reading(self) -> None:
        self.is_paused = True

    def resume_reading(self) -> None:
        self.is_paused = False

    def get_extra_info(self, _: str) -> tuple[str, int]:
        return ("192.0.2.1", 4711)


def _on_wires(rig: Rig, scenario: Callable[[DirectServer, list[float]], None], most: int) -> None:
    """Run a scenario on a server whose clock is the list's one number."""

    async def whole() -> None:
        seconds = [0.0]
        parts = await rig.app.start()
        scenario(
            DirectServer(rig.app, parts, monotonic=lambda: seconds[0], most_connections=most),
            seconds,
        )
        await rig.app.stop()

    asyncio.run(whole())


def _meet(hub: DirectServer) -> tuple[Conversation, _Wire]:
    talk, wire = Conversation(hub), _Wire()
    talk.connection_made(wire)  # type: ignore[arg-type] - as much of one as is used
    return talk, wire


def test_who_is_silent_for_long_is_let_go(rig: Rig) -> None:
    def scenario(hub: DirectServer, seconds: list[float]) -> None:
        _, wire = _meet(hub)
        seconds[0] = IDLE_SECONDS
        hub.look()
        assert not wire.is_closed
        seconds[0] = IDLE_SECONDS + 1
        hub.look()
        assert (wire.is_closed, wire.written) == (True, b"")

    _on_wires(rig, scenario, 10)


def test_a_request_that_arrives_too_slowly_is_refused(rig: Rig) -> None:
    def scenario(hub: DirectServer, seconds: list[float]) -> None:
        talk, wire = _meet(hub)
        talk.data_received(post(b"{}")[:-1])
        seconds[0] = LIMITS.body_seconds + 1
        hub.look()
        assert b" 408 " in wire.written
        assert wire.is_closed
        talk.data_received(b"}")
        assert wire.written.count(b"HTTP/1.1") == 1

    _on_wires(rig, scenario, 10)


def test_beyond_the_most_connections_nobody_is_let_in(rig: Rig) -> None:
    def scenario(hub: DirectServer, _: list[float]) -> None:
        (first, _wire), (_, refused) = _meet(hub), _meet(hub)
        assert refused.is_closed
        first.connection_lost(None)
        assert not _meet(hub)[1].is_closed

    _on_wires(rig, scenario, 1)


def test_a_client_that_does_not_read_its_answers_is_not_read_from(rig: Rig) -> None:
    def scenario(hub: DirectServer, _: list[float]) -> None:
        talk, wire = _meet(hub)
        talk.pause_writing()
        assert wire.is_paused
        talk.resume_writing()
        assert not wire.is_paused

    _on_wires(rig, scenario, 1)


def test_a_port_that_cannot_be_had_is_said(rig: Rig) -> None:
    async def scenario() -> None:
        with pytest.raises(CannotListenError):
            await serve_direct(host="192.0.2.1", port=9, stop=asyncio.Event(), app=rig.app)

    asyncio.run(scenario())


def test_a_platforms_server_delivers_here_too(rig: Rig) -> None:
    rig.decide("alice", allows())

    async def scenario(line: Line) -> None:
        body = rig.batch(rig.event("problem_check", user="alice"))
        line.send(post(body, f"Authorization: Bearer {API_KEY}"))
        assert b'"accepted":1' in (await line.answer())[2]

    assert [batch.source for batch in run(rig, scenario)] == ["api:hedgerow"]
