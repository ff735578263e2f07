"""The server for collecting alone: HTTP over real connections, spoken well and badly."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from privet.collector.conversation import HEAD_BYTES, MOST_WAITING
from privet.collector.limits import LIMITS
from privet.consent.rules import ALL_CHOICES
from privet.events.log import LogError, LogFullError
from tests.collector.kit import API_KEY, ORIGIN, Rig, allows
from tests.collector.lines import Line, post, run


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
        (b"GET /t/health HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 2 * HEAD_BYTES, 431),
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


def test_a_platforms_server_delivers_here_too(rig: Rig) -> None:
    rig.decide("alice", allows())

    async def scenario(line: Line) -> None:
        body = rig.batch(rig.event("problem_check", user="alice"))
        line.send(post(body, f"Authorization: Bearer {API_KEY}"))
        assert b'"accepted":1' in (await line.answer())[2]

    assert [batch.source for batch in run(rig, scenario)] == ["api:hedgerow"]
