"""What the server for collecting alone bounds: time, connections, memory; and its port."""

import asyncio
from collections.abc import Callable

import pytest

from privet.collector.conversation import HEAD_BYTES, IDLE_SECONDS, MOST_WAITING, Conversation
from privet.collector.direct import CannotListenError, DirectServer, serve_direct
from privet.collector.limits import LIMITS
from tests.collector.kit import Rig
from tests.collector.lines import post


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
        hub = DirectServer(rig.app, parts, monotonic=lambda: seconds[0], most_connections=most)
        scenario(hub, seconds)
        await hub.end()
        await rig.app.stop()

    asyncio.run(whole())


def _meet(hub: DirectServer) -> tuple[Conversation, _Wire]:
    talk, wire = Conversation(hub), _Wire()
    talk.connection_made(wire)
    return talk, wire


def _let_pass(hub: DirectServer, clock: list[float], seconds: float) -> None:
    """Let the server look once a second for so long."""
    for _ in range(int(seconds)):
        clock[0] += 1.0
        hub.look()


def test_who_is_silent_for_long_is_let_go(rig: Rig) -> None:
    def scenario(hub: DirectServer, seconds: list[float]) -> None:
        _, wire = _meet(hub)
        _let_pass(hub, seconds, IDLE_SECONDS)
        assert not wire.is_closed
        _let_pass(hub, seconds, 1)
        assert (wire.is_closed, wire.written) == (True, b"")

    _on_wires(rig, scenario, 10)


def test_a_request_that_arrives_too_slowly_is_refused(rig: Rig) -> None:
    def scenario(hub: DirectServer, seconds: list[float]) -> None:
        talk, wire = _meet(hub)
        talk.data_received(post(b"{}")[:-1])
        _let_pass(hub, seconds, LIMITS.body_seconds)
        assert not wire.is_closed
        _let_pass(hub, seconds, 1)
        assert b" 408 " in wire.written
        assert wire.is_closed
        talk.data_received(b"}")
        assert wire.written.count(b"HTTP/1.1") == 1

    _on_wires(rig, scenario, 10)


def test_no_client_is_blamed_for_what_the_server_itself_slept_through(rig: Rig) -> None:
    def scenario(hub: DirectServer, seconds: list[float]) -> None:
        talk, wire = _meet(hub)
        talk.data_received(post(b"{}")[:-1])
        seconds[0] = 10 * LIMITS.body_seconds
        hub.look()
        talk.data_received(b"}")
        assert wire.written.count(b"HTTP/1.1") == 1
        assert b" 408 " not in wire.written

    _on_wires(rig, scenario, 10)


def test_no_client_is_blamed_while_it_is_not_read_from(agreed: Rig) -> None:
    """The disk is so slow that no answer comes: the half of a request waits with the others."""
    whole = post(agreed.batch(token=agreed.token()))

    def scenario(hub: DirectServer, seconds: list[float]) -> None:
        talk, wire = _meet(hub)
        talk.data_received(whole * (MOST_WAITING + 1) + whole[:-1])
        assert wire.is_paused
        _let_pass(hub, seconds, 2 * IDLE_SECONDS)
        talk.data_received(whole[-1:])

    _on_wires(agreed, scenario, 10)
    assert len(agreed.stored()) == MOST_WAITING + 2


def test_many_requests_that_arrive_together_are_not_one_long_head(rig: Rig) -> None:
    request = b"GET /t/health HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 1000 + b"\r\n\r\n"

    def scenario(hub: DirectServer, _: list[float]) -> None:
        talk, wire = _meet(hub)
        talk.data_received(request * 200 + request[:-1])
        assert (wire.written.count(b" 200 OK"), wire.is_closed) == (200, False)
        talk.data_received(request[-1:])
        assert wire.written.count(b" 200 OK") == 201

    _on_wires(rig, scenario, 10)


@pytest.mark.parametrize("piece_bytes", [1000, 50_000, 10 * HEAD_BYTES])
def test_a_head_without_end_is_refused_however_it_arrives(rig: Rig, piece_bytes: int) -> None:
    def scenario(hub: DirectServer, _: list[float]) -> None:
        talk, wire = _meet(hub)
        talk.data_received(b"GET /t/health HTTP/1.1\r\nHost: x\r\nX: ")
        for _start in range(0, 2 * HEAD_BYTES, piece_bytes):
            talk.data_received(b"x" * piece_bytes)
        assert (wire.written.count(b" 431 "), wire.is_closed) == (1, True)

    _on_wires(rig, scenario, 10)


def test_beyond_the_most_connections_nobody_is_let_in(rig: Rig) -> None:
    def scenario(hub: DirectServer, _: list[float]) -> None:
        (first, _wire), (_, refused) = _meet(hub), _meet(hub)
        assert refused.is_closed
        first.connection_lost(None)
        assert not _meet(hub)[1].is_closed

    _on_wires(rig, scenario, 1)


def test_more_than_memory_is_given_for_is_refused_and_nothing_stays_counted(agreed: Rig) -> None:
    def scenario(hub: DirectServer, _: list[float]) -> None:
        whole = post(agreed.batch(token=agreed.token()))
        (slow, _wire), (other, refused), (gone, _) = _meet(hub), _meet(hub), _meet(hub)
        gone.data_received(whole[:-1])
        gone.connection_lost(None)
        assert hub.held_bytes == 0
        hub.most_held_bytes = len(whole)
        slow.data_received(whole[:-1])
        other.data_received(whole)
        assert b" 503 " in refused.written
        assert refused.is_closed
        assert 0 < hub.held_bytes < len(whole)
        slow.connection_lost(None)
        assert hub.held_bytes == 0

    _on_wires(agreed, scenario, 10)


def test_what_waits_for_the_disk_is_counted_until_it_is_answered(agreed: Rig) -> None:
    async def whole() -> None:
        hub = DirectServer(agreed.app, await agreed.app.start())
        talk, wire = _meet(hub)
        talk.data_received(post(agreed.batch(token=agreed.token())))
        assert hub.held_bytes > 0
        await hub.end()
        assert b" 200 " in wire.written
        assert hub.held_bytes == 0
        await agreed.app.stop()

    asyncio.run(whole())
    assert len(agreed.stored()) == 1


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
